#include "core/s3/answers.h"

#include "core/temp.h"

namespace skerry::s3 {
namespace {

TEST(S3Answers, ReadsAListing) {
  const auto listing = parse_listing(
      "<?xml version=\"1.0\"?><ListBucketResult "
      "xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">"
      "<Name>b</Name><IsTruncated>true</IsTruncated>"
      "<NextContinuationToken>t&amp;1</NextContinuationToken>"
      "<Contents><Key>a/b</Key><Size>12</Size>"
      "<LastModified>2026-11-22T19:50:00.250Z</LastModified></Contents>"
      "<Contents><Key>c</Key><Size>0</Size>"
      "<LastModified>1970-01-01T00:00:01Z</LastModified></Contents>"
      "</ListBucketResult>");
  ASSERT_EQ(listing.objects.size(), 2u);
  EXPECT_EQ(listing.objects[0].key, "a/b");
  EXPECT_EQ(listing.objects[0].size, 12u);
  EXPECT_EQ(listing.objects[0].modified, 1'795'377'000'250);
  EXPECT_EQ(listing.objects[1].modified, 1000);
  EXPECT_EQ(listing.next, "t&1");
}

TEST(S3Answers, RefusesWhatIsNoListing) {
  const auto contents = [](const std::string& inner) {
    return "<ListBucketResult><Contents>" + inner +
           "</Contents></ListBucketResult>";
  };
  const std::string time = "<LastModified>2026-11-22T19:50:00Z</LastModified>";
  for (const std::string& xml :
       {std::string(), std::string("plain"), std::string("<html></html>"),
        std::string("<Error><Code>x</Code></Error>"),
        std::string("<ListBucketResult>"),
        contents("<Key>a</Key><Size>1</Size>"),
        contents("<Key>a</Key><Size>-1</Size>" + time),
        contents("<Key>a</Key><Size>1x</Size>" + time),
        contents("<Size>1</Size>" + time),
        contents("<Key>a</Key><Size>1</Size><LastModified>now</LastModified>"),
        std::string("<ListBucketResult><IsTruncated>true</IsTruncated>"
                    "</ListBucketResult>"),
        "<ListBucketResult>" + std::string(5u << 20, ' ') +
            "</ListBucketResult>"}) {
    EXPECT_EQ(test::code_of([&] { parse_listing(xml); }),
              ErrorCode::unavailable)
        << xml.substr(0, 80);
  }
}

TEST(S3Answers, ReadsFaults) {
  const auto fault = parse_fault(
      "<Error><Code>NoSuchBucket</Code><Message>gone</Message></Error>");
  ASSERT_TRUE(fault);
  EXPECT_EQ(fault->code, "NoSuchBucket");
  EXPECT_EQ(fault->message, "gone");
  EXPECT_FALSE(parse_fault(""));
  EXPECT_FALSE(parse_fault("<html><body>504</body></html>"));
}

TEST(S3Answers, SeesFailureUnderStatus200) {
  EXPECT_TRUE(is_answer("<CopyObjectResult/>", "CopyObjectResult"));
  EXPECT_FALSE(is_answer("<Error/>", "CopyObjectResult"));
  EXPECT_FALSE(is_answer("", "CopyObjectResult"));
}

TEST(S3Answers, ReadsUploadIds) {
  EXPECT_EQ(parse_upload_id("<InitiateMultipartUploadResult><UploadId>u</"
                            "UploadId></InitiateMultipartUploadResult>"),
            "u");
  EXPECT_EQ(test::code_of([] {
              parse_upload_id("<InitiateMultipartUploadResult/>");
            }),
            ErrorCode::unavailable);
}

TEST(S3Answers, ReadsTimes) {
  EXPECT_EQ(parse_http_time("Thu, 01 Jan 1970 00:00:02 GMT"), 2000);
  EXPECT_FALSE(parse_http_time("Thu, 01 Jan 1970"));
  EXPECT_FALSE(parse_iso_time("2026-11-22"));
  EXPECT_FALSE(parse_iso_time("2026-11-22T19:50:00+02:00"));
}

}  // namespace
}  // namespace skerry::s3
