// A client that sends exactly the bytes it is told to, for requests that no
// well-behaved client makes.
#pragma once

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

#include <charconv>
#include <chrono>
#include <map>
#include <string>
#include <string_view>

#include "core/os/fd.h"

namespace skerry::test {

struct RawAnswer {
  int status = 0;  // 0: the connection ended without one
  std::map<std::string, std::string> headers;  // names in lower case
  std::string body;
  bool whole = false;  // the body ended where the headers say
};

class RawClient {
 public:
  explicit RawClient(int port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socket_ = Fd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    EXPECT_EQ(::connect(socket_.get(), reinterpret_cast<sockaddr*>(&address),
                        sizeof address),
              0);
  }

  // False when the server has closed.
  bool send(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t sent =
          ::send(socket_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent <= 0) return false;
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
  }
  void finish_sending() { ::shutdown(socket_.get(), SHUT_WR); }

  // The next answer. `head`: it is one to HEAD and has no body.
  RawAnswer receive(bool head = false) {
    RawAnswer answer;
    std::size_t end;
    while ((end = buffer_.find("\r\n\r\n")) == std::string::npos) {
      if (!fill()) return answer;
    }
    parse_head(answer, std::string_view(buffer_).substr(0, end));
    buffer_.erase(0, end + 4);
    if (answer.status < 200 || answer.status == 204 || answer.status == 304 ||
        head) {
      answer.whole = true;
    } else if (answer.headers.contains("transfer-encoding")) {
      answer.whole = receive_chunks(answer.body);
    } else if (answer.headers.contains("content-length")) {
      const std::size_t length = std::stoul(answer.headers["content-length"]);
      while (buffer_.size() < length && fill()) {
      }
      answer.whole = buffer_.size() >= length;
      answer.body = buffer_.substr(0, length);
      buffer_.erase(0, length);
    } else {
      while (fill()) {
      }
      answer.body = std::exchange(buffer_, {});
      answer.whole = true;
    }
    return answer;
  }

  // Does this text come?
  bool receives(std::string_view text) {
    while (buffer_.find(text) == std::string::npos) {
      if (!fill()) return false;
    }
    return true;
  }

  // Has the server closed (within two seconds)?
  bool closed() {
    while (fill(2000)) {
    }
    return ended_;
  }

 private:
  bool fill(int timeout = 10'000) {
    pollfd wait{socket_.get(), POLLIN, 0};
    if (::poll(&wait, 1, timeout) <= 0) return false;
    char bytes[4096];
    const ssize_t got = ::recv(socket_.get(), bytes, sizeof bytes, 0);
    if (got <= 0) {
      ended_ = true;
      return false;
    }
    buffer_.append(bytes, static_cast<std::size_t>(got));
    return true;
  }

  static void parse_head(RawAnswer& answer, std::string_view head) {
    if (head.size() > 12) {
      std::from_chars(head.data() + 9, head.data() + 12, answer.status);
    }
    std::size_t at = head.find("\r\n");
    while (at != std::string_view::npos) {
      head.remove_prefix(at + 2);
      at = head.find("\r\n");
      const std::string_view line = head.substr(0, at);
      const std::size_t colon = std::min(line.find(':'), line.size());
      std::string name(line.substr(0, colon));
      for (char& c : name) c = static_cast<char>(std::tolower(c));
      answer.headers[name] =
          line.substr(std::min(colon + 2, line.size()));
    }
  }

  bool receive_chunks(std::string& body) {
    for (;;) {
      std::size_t end;
      while ((end = buffer_.find("\r\n")) == std::string::npos) {
        if (!fill()) return false;
      }
      const std::size_t size = std::stoul(buffer_.substr(0, end), nullptr, 16);
      while (buffer_.size() < end + 2 + size + 2) {
        if (!fill()) return false;
      }
      body.append(buffer_, end + 2, size);
      buffer_.erase(0, end + 2 + size + 2);
      if (size == 0) return true;
    }
  }

  Fd socket_;
  std::string buffer_;
  bool ended_ = false;
};

// One request on a connection of its own.
inline RawAnswer ask(int port, std::string_view bytes) {
  RawClient client(port);
  client.send(bytes);
  return client.receive(bytes.starts_with("HEAD "));
}

}  // namespace skerry::test
