// The examples of Amazon's "Signature Calculations for the Authorization
// Header" and "Authenticating Requests: Using Query Parameters".
#include "core/s3/signature.h"

#include <gtest/gtest.h>

#include "core/store/digest.h"

namespace skerry::s3 {
namespace {

constexpr UnixMillis kTime = 1'369'353'600'000;  // 2013-05-24T00:00:00Z
const Credentials kCredentials{"AKIAIOSFODNN7EXAMPLE",
                               "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
                               "us-east-1"};

std::string signature_of(Unsigned request) {
  request.headers.emplace_back("host", "examplebucket.s3.amazonaws.com");
  request.headers.emplace_back("x-amz-content-sha256", request.payload_hash);
  request.headers.emplace_back("x-amz-date", amz_date(kTime));
  const auto text = authorization(kCredentials, request, kTime);
  return text.substr(text.rfind('=') + 1);
}

TEST(Signature, SignsAGetWithARange) {
  EXPECT_EQ(signature_of({"GET", "/test.txt", {}, {{"range", "bytes=0-9"}},
                          digest_of("").hex}),
            "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41");
}

TEST(Signature, SignsAPut) {
  EXPECT_EQ(signature_of({"PUT", encoded_path("/test$file.text"), {},
                          {{"date", "Fri, 24 May 2013 00:00:00 GMT"},
                           {"x-amz-storage-class", "REDUCED_REDUNDANCY"}},
                          digest_of("Welcome to Amazon S3.").hex}),
            "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd");
}

TEST(Signature, SignsAQueryWithoutValue) {
  EXPECT_EQ(signature_of({"GET", "/", {{"lifecycle", ""}}, {},
                          digest_of("").hex}),
            "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543");
}

TEST(Signature, SortsTheQuery) {
  EXPECT_EQ(signature_of({"GET", "/", {{"prefix", "J"}, {"max-keys", "2"}}, {},
                          digest_of("").hex}),
            "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7");
}

TEST(Signature, NamesWhoSignsWhat) {
  const auto text = authorization(
      kCredentials,
      {"GET", "/", {}, {{"host", "h"}, {"x-amz-date", amz_date(kTime)}}, ""},
      kTime);
  EXPECT_TRUE(text.starts_with(
      "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/"
      "aws4_request,SignedHeaders=host;x-amz-date,Signature="))
      << text;
}

TEST(Signature, PresignsAUrl) {
  EXPECT_EQ(
      presigned_query(kCredentials,
                      {"GET", "/test.txt", {},
                       {{"host", "examplebucket.s3.amazonaws.com"}}},
                      kTime, std::chrono::seconds(86400)),
      "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%"
      "2F20130524%2Fus-east-1%2Fs3%2Faws4_request&X-Amz-Date=20130524T000000Z&"
      "X-Amz-Expires=86400&X-Amz-SignedHeaders=host&X-Amz-Signature="
      "aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404");
}

TEST(Signature, EncodesPathsAndQueriesAsS3Does) {
  EXPECT_EQ(encoded_path("/a b/c+d/é~"), "/a%20b/c%2Bd/%C3%A9~");
  EXPECT_EQ(encoded_query({{"b", "x/y"}, {"a", ""}}), "a=&b=x%2Fy");
}

}  // namespace
}  // namespace skerry::s3
