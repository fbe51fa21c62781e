// Certificates, and the server behind them with curl and our own client.
#include "core/http/tls.h"

#include <sys/stat.h>

#include "core/http/certificate.h"
#include "core/http/client.h"
#include "core/http/test_server.h"
#include "core/os/clock.h"
#include "core/os/process.h"
#include "core/temp.h"

namespace skerry::http {
namespace {

using test::code_of;
using test::route;
using test::Scratch;
using test::TestServer;

unsigned mode_of(const std::filesystem::path& file) {
  struct stat status {};
  ::stat(file.c_str(), &status);
  return status.st_mode & 0777;
}

TEST(Certificates, AreMadeOnceAndRenewedForANewName) {
  Scratch keys;
  ensure_certificates(keys.path(), {"localhost", "127.0.0.1"});
  EXPECT_EQ(mode_of(keys / "ca.key"), 0600u);
  EXPECT_EQ(mode_of(keys / "server.pem"), 0600u);
  EXPECT_EQ(mode_of(keys / "ca.crt"), 0644u);
  const std::string authority = read_file(keys / "ca.crt");
  const std::string first = read_file(keys / "server.pem");

  ensure_certificates(keys.path(), {"127.0.0.1"});
  EXPECT_EQ(read_file(keys / "server.pem"), first);
  ensure_certificates(keys.path(), {"127.0.0.1", "skerry.lan", "::1"});
  const std::string second = read_file(keys / "server.pem");
  EXPECT_NE(second, first);
  EXPECT_EQ(read_file(keys / "ca.crt"), authority);
  const Certificate certificate(second);
  EXPECT_TRUE(certificate.covers("SKERRY.lan"));
  EXPECT_TRUE(certificate.covers("::1"));
  EXPECT_FALSE(certificate.covers("127.0.0.2"));
  EXPECT_TRUE(certificate.is_signed_by(authority));
  EXPECT_FALSE(second.find("PRIVATE KEY") == std::string::npos);
}

TEST(Certificates, ThatExpireSoonAreRenewed) {
  Scratch keys;
  ensure_certificates(keys.path(), {"localhost"});
  const std::string authority = read_file(keys / "ca.crt");
  const PrivateKey signer = PrivateKey::parse(read_file(keys / "ca.key"));
  const PrivateKey key = PrivateKey::generate();
  const auto now = SystemClock().now() / 1000;
  const CertificateRequest old{"localhost", {"localhost"}, false, now - 86400,
                               now + 29 * 86400};
  const std::string pem = make_certificate(old, key, signer, authority);
  write_file_atomically(keys / "server.pem", pem + key.pem(), 0600);
  ensure_certificates(keys.path(), {"localhost"});
  EXPECT_GT(Certificate(read_file(keys / "server.pem")).expires(),
            now + 800 * 86400);
}

// DER has an integer in the fewest bytes; clients refuse one that has more.
TEST(Certificates, HaveSerialNumbersWithoutLeadingZeros) {
  for (int i = 0; i < 1000; ++i) {
    const char first = random_serial()[0];
    EXPECT_TRUE(first >= '4' && first <= '7') << first;
  }
}

TEST(Certificates, ThatCannotBeReadAreSaidSo) {
  EXPECT_EQ(code_of([] { Certificate("nonsense"); }), ErrorCode::invalid);
  EXPECT_EQ(code_of([] { PrivateKey::parse("nonsense"); }), ErrorCode::invalid);
}

struct TlsServer {
  TlsServer() : made((ensure_certificates(keys.path(), {"127.0.0.1"}), 0)) {}
  ServerOptions options() {
    auto options = test::quick_options();
    options.listen = "https://127.0.0.1:0";
    options.certificate = keys / "server.pem";
    return options;
  }
  static std::vector<Route> routes() {
    Route echo = route("POST", "/echo", [](Request& q, Response& r) {
      r.send("application/octet-stream", q.read_body(10'000'000));
    });
    echo.max_body = 10'000'000;
    return {echo, route("GET", "/hello", [](Request& q, Response& r) {
              r.send("text/plain", q.base_url);
            })};
  }
  Scratch keys;
  int made;
  TestServer server{routes(), options()};
};

CommandResult curl(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), {"curl", "-sS", "--noproxy", "*"});
  Command command;
  command.argv = std::move(arguments);
  return SystemProcessRunner().run(command);
}

TEST(Tls, ServesCurlThatTrustsTheAuthority) {
  TlsServer tls;
  const std::string url = tls.server.server.url();
  const std::string ca = tls.keys / "ca.crt";
  for (const char* version : {"1.2", "1.3"}) {
    const auto result =
        curl({"--cacert", ca, "--tls-max", version, url + "/hello"});
    EXPECT_EQ(result.output, url) << result.error_output;
  }
  EXPECT_NE(curl({url + "/hello"}).exit_code, 0);
  EXPECT_NE(curl({"--cacert", ca, "--tls-max", "1.1", "--tlsv1.0",
                  url + "/hello"}).exit_code, 0);
}

TEST(Tls, ServesOurOwnClient) {
  TlsServer tls;
  const auto client = make_client("test");
  ClientRequest request;
  request.method = "POST";
  request.url = tls.server.server.url() + "/echo";
  request.ca_pem = read_file(tls.keys / "ca.crt");
  request.body = std::string(3'000'000, 'x');
  EXPECT_TRUE(client->send(request).body == request.body);
  request.ca_pem.clear();
  EXPECT_EQ(code_of([&] { client->send(request); }), ErrorCode::unavailable);
  request.verify_tls = false;
  EXPECT_EQ(client->send(request).status, 200);
}

TEST(Tls, IsNotHeldUpByAHandshakeThatStalls) {
  TlsServer tls;
  std::vector<std::unique_ptr<test::RawClient>> silent;
  for (int i = 0; i < 5; ++i) {
    silent.push_back(std::make_unique<test::RawClient>(tls.server.port()));
  }
  const auto before = std::clock();
  std::this_thread::sleep_for(std::chrono::milliseconds(300));
  // A handshake that spins would take all of the time.
  EXPECT_LT(std::clock() - before, CLOCKS_PER_SEC / 5);
  EXPECT_EQ(curl({"--cacert", tls.keys / "ca.crt",
                  tls.server.server.url() + "/hello"}).exit_code, 0);
  silent.clear();
}

TEST(Tls, WantsACertificateThatIsThere) {
  auto options = test::quick_options();
  options.listen = "https://127.0.0.1:0";
  options.certificate = "/nonexistent.pem";
  EXPECT_EQ(code_of([&] { TestServer({}, options); }), ErrorCode::not_found);
}

}  // namespace
}  // namespace skerry::http
