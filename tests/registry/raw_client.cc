#include "raw_client.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <sys/socket.h>

#include "core/error.h"
#include "core/os/file.h"
#include "core/text/encoding.h"

namespace skerry::registry {
namespace {

std::string lower(std::string text) {
  for (char& c : text) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return text;
}

// Everything until the server closes.
std::string read_all(int fd) {
  std::string all;
  char buffer[65536];
  while (true) {
    const auto got = ::recv(fd, buffer, sizeof buffer, 0);
    if (got <= 0) return all;
    all.append(buffer, static_cast<std::size_t>(got));
  }
}

Reply parse(const std::string& text) {
  Reply reply;
  const auto end = text.find("\r\n\r\n");
  if (end == std::string::npos) {
    fail(ErrorCode::io, "no answer but '{}'", text);
  }
  reply.status = std::stoi(text.substr(text.find(' ') + 1));
  auto at = text.find("\r\n") + 2;
  while (at < end) {
    const auto line_end = text.find("\r\n", at);
    const auto colon = text.find(": ", at);
    reply.headers[lower(text.substr(at, colon - at))] =
        text.substr(colon + 2, line_end - colon - 2);
    at = line_end + 2;
  }
  reply.body = text.substr(end + 4);
  return reply;
}

// The last answer: an interim "100 Continue" is skipped.
Reply receive(int fd) {
  auto text = read_all(fd);
  const std::string interim = "HTTP/1.1 100";
  if (text.compare(0, interim.size(), interim) == 0) {
    text.erase(0, text.find("\r\n\r\n") + 4);
  }
  return parse(text);
}

}  // namespace

std::string basic(std::string_view user, std::string_view password) {
  return "Basic " + to_base64(fmt::format("{}:{}", user, password));
}

Fd RawClient::open() const {
  Fd fd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port_));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(fd.get(), reinterpret_cast<sockaddr*>(&address),
                sizeof address) != 0) {
    fail_errno("connect");
  }
  return fd;
}

std::string RawClient::head(std::string_view method, std::string_view target,
                            const Headers& headers) const {
  auto text = fmt::format("{} {} HTTP/1.1\r\nHost: 127.0.0.1:{}\r\n"
                          "Connection: close\r\n",
                          method, target, port_);
  if (!authorization_.empty()) {
    text += fmt::format("Authorization: {}\r\n", authorization_);
  }
  for (const auto& [name, value] : headers) {
    text += fmt::format("{}: {}\r\n", name, value);
  }
  return text;
}

Reply RawClient::send(std::string_view method, std::string_view target,
                      std::string_view body, const Headers& headers) const {
  const auto fd = open();
  auto text = head(method, target, headers);
  if (!body.empty() || method == "POST" || method == "PUT") {
    text += fmt::format("Content-Length: {}\r\n", body.size());
  }
  write_all(fd.get(), text + "\r\n");
  try {
    write_all(fd.get(), body);
  } catch (const Error&) {
    // The server answered early and closed; the answer says why.
  }
  return receive(fd.get());
}

Reply RawClient::send_chunked(std::string_view method, std::string_view target,
                              const std::vector<std::string>& pieces,
                              const Headers& headers) const {
  const auto fd = open();
  auto text = head(method, target, headers) +
              "Transfer-Encoding: chunked\r\n\r\n";
  for (const auto& piece : pieces) {
    text += fmt::format("{:x}\r\n{}\r\n", piece.size(), piece);
  }
  write_all(fd.get(), text + "0\r\n\r\n");
  return receive(fd.get());
}

Fd RawClient::send_and_stall(std::string_view method, std::string_view target,
                             std::string_view body, std::size_t length) const {
  auto fd = open();
  write_all(fd.get(), head(method, target, {}) +
                          fmt::format("Content-Length: {}\r\n\r\n", length));
  write_all(fd.get(), body);
  return fd;
}

void RawClient::send_and_hang_up(std::string_view method,
                                 std::string_view target, std::string_view body,
                                 std::size_t length) const {
  const auto fd = send_and_stall(method, target, body, length);
  ::shutdown(fd.get(), SHUT_WR);
  read_all(fd.get());
}

}  // namespace skerry::registry
