#include "core/http/openapi.h"

#include "core/temp.h"

namespace skerry::http {
namespace {

Route route(std::string method, std::string pattern) {
  return {std::move(method), std::move(pattern), Access::project_viewer,
          [](Request&, Response&) {}, "Does it"};
}

TEST(OpenApi, DescribesEveryRouteBelowApi) {
  Route post = route("POST", "/api/v1/projects/{project}/files/{path+}");
  post.request_schema = R"({"type":"object"})";
  const Json document = openapi_document(
      {route("GET", "/api/v1/projects/{project}/files/{path+}"), post,
       route("GET", "/git/{project}")},
      "1.2.3");
  EXPECT_EQ(document["openapi"], "3.1.0");
  EXPECT_EQ(document["info"]["version"], "1.2.3");
  ASSERT_EQ(document["paths"].size(), 1u);
  const Json& path = document["paths"]["/api/v1/projects/{project}/files/{path}"];
  EXPECT_EQ(path["get"]["summary"], "Does it");
  EXPECT_EQ(path["get"]["x-skerry-access"], "project_viewer");
  EXPECT_EQ(path["get"]["parameters"].size(), 2u);
  EXPECT_EQ(path["post"]["requestBody"]["content"]["application/json"]["schema"]
                ["type"],
            "object");
  EXPECT_NE(path["get"]["operationId"], path["post"]["operationId"]);
}

TEST(OpenApi, RefusesASchemaThatIsNone) {
  Route bad = route("GET", "/api/v1/x");
  bad.response_schema = "{";
  EXPECT_EQ(test::code_of([&] { openapi_document({bad}, "1"); }),
            ErrorCode::internal);
}

}  // namespace
}  // namespace skerry::http
