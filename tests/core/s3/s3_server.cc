#include "core/s3/s3_server.h"

#include <arpa/inet.h>
#include <sys/socket.h>

#include "core/http/client.h"
#include "core/os/fd.h"
#include "core/os/process.h"

namespace skerry::test {
namespace {

namespace fs = std::filesystem;

std::string program() {
  static const std::string path = [] {
    Command command;
    command.argv = {std::string(SKERRY_SOURCES) + "/tests/tools/go_tool.sh",
                    "versitygw"};
    command.timeout = std::chrono::minutes(9);  // when it is built first
    const auto result = SystemProcessRunner().run(command);
    if (!result.ok()) fail(ErrorCode::unavailable, "{}", result.error_output);
    return result.output.substr(0, result.output.find('\n'));
  }();
  return path;
}

int free_port() {
  const Fd socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* plain = reinterpret_cast<sockaddr*>(&address);
  if (::bind(socket.get(), plain, size) != 0 ||
      ::getsockname(socket.get(), plain, &size) != 0) {
    fail_errno("a free port");
  }
  return ntohs(address.sin_port);
}

}  // namespace

S3Server::S3Server() : port_(free_port()) {
  fs::create_directories(object(""));
  fs::create_directories(folder_ / "meta");
  start();
}

std::string S3Server::url() const {
  return "http://127.0.0.1:" + std::to_string(port_);
}

void S3Server::start() {
  Command command;
  command.argv = {program(),        "--port",
                  "127.0.0.1:" + std::to_string(port_),
                  "--access",       access_key(),
                  "--secret",       secret_key(),
                  "--keep-alive",   "--quiet",
                  "posix",          "--sidecar",
                  folder_ / "meta", folder_ / "data"};
  command.timeout = std::chrono::minutes(10);
  running_.emplace([command](const std::stop_token& stop) {
    SystemProcessRunner().run(command, stop);
  });
  const auto client = http::make_client("test");
  const bool up = eventually([&] {
    try {
      client->send({.url = url()});
      return true;
    } catch (const Error&) {
      return false;
    }
  });
  if (!up) fail(ErrorCode::unavailable, "versitygw does not start");
}

void S3Server::stop() { running_.reset(); }

std::size_t S3Server::count(const std::string& prefix) const {
  const auto top = object(prefix);
  if (!fs::exists(top)) return 0;
  std::size_t files = 0;
  for (const auto& entry : fs::recursive_directory_iterator(top)) {
    if (entry.is_regular_file()) ++files;
  }
  return files;
}

}  // namespace skerry::test
