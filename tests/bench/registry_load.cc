// registry_load: the client of registry_bench.py. It moves bytes as cheaply as
// it can, so that what is measured is the server.
//
//   registry_load push  PORT AUTH REPO FILE DIGEST CHUNK  0: one PATCH
//   registry_load pull  PORT AUTH PATH SIZE CLIENTS       bytes are discarded
//   registry_load small PORT AUTH REPO COUNT CLIENTS SEED 4 KiB blobs, POST+PUT
//   registry_load tags  PORT AUTH REPO COUNT CLIENTS CONFIG  manifests by tag
//   registry_load get   PORT AUTH METHOD PATH SECONDS CLIENTS
//
// Prints "<seconds> <operations> <p50 ms> <p99 ms>"; exits 1 on any answer that
// is not the one expected.
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <openssl/sha.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace {

using Clock = std::chrono::steady_clock;

[[noreturn]] void die(const std::string& what) {
  std::fprintf(stderr, "registry_load: %s\n", what.c_str());
  std::exit(1);
}

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

std::string sha256(const std::string& bytes) {
  unsigned char hash[32];
  SHA256(reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(),
         hash);
  std::string text = "sha256:";
  char pair[3];
  for (const unsigned char byte : hash) {
    std::snprintf(pair, sizeof pair, "%02x", byte);
    text += pair;
  }
  return text;
}

struct Answer {
  int status = 0;
  std::size_t length = 0;
  std::string location;
};

// One keep-alive connection.
class Connection {
 public:
  Connection(int port, std::string auth) : auth_(std::move(auth)) {
    fd_ = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(static_cast<std::uint16_t>(port));
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(fd_, reinterpret_cast<sockaddr*>(&to), sizeof to) != 0) {
      die("cannot connect");
    }
    const int on = 1;
    ::setsockopt(fd_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  }
  ~Connection() { ::close(fd_); }

  void send_head(const std::string& method, const std::string& path,
                 std::size_t length, const std::string& more = {}) {
    auto text = method + " " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\n";
    if (!auth_.empty()) text += "Authorization: " + auth_ + "\r\n";
    if (method != "GET" && method != "HEAD") {
      text += "Content-Length: " + std::to_string(length) + "\r\n";
    }
    send_text(text + more + "\r\n");
  }
  void send_text(const std::string& text) {
    for (std::size_t at = 0; at < text.size();) {
      const auto put = ::send(fd_, text.data() + at, text.size() - at,
                              MSG_NOSIGNAL);
      if (put <= 0) die("the server closed while a request was sent");
      at += static_cast<std::size_t>(put);
    }
  }
  void send_file(int file, off_t offset, std::size_t size) {
    while (size > 0) {
      const auto put = ::sendfile(fd_, file, &offset, size);
      if (put <= 0) die("the server closed while a blob was sent");
      size -= static_cast<std::size_t>(put);
    }
  }

  // Reads an answer; a body is thrown away (in the kernel when it is long).
  Answer receive(bool has_body) {
    while (buffer_.find("\r\n\r\n") == std::string::npos) fill();
    const auto end = buffer_.find("\r\n\r\n") + 4;
    auto head = buffer_.substr(0, end);
    Answer answer;
    answer.status = std::atoi(head.c_str() + 9);
    answer.location = header(head, "location: ");
    answer.length = std::strtoul(header(head, "content-length: ").c_str(),
                                 nullptr, 10);
    buffer_.erase(0, end);
    if (has_body && answer.status != 204) discard(answer.length);
    return answer;
  }

 private:
  static std::string header(const std::string& head, const std::string& name) {
    std::string lower = head;
    std::transform(lower.begin(), lower.end(), lower.begin(), ::tolower);
    const auto at = lower.find("\r\n" + name);
    if (at == std::string::npos) return {};
    const auto start = at + 2 + name.size();
    return head.substr(start, head.find("\r\n", start) - start);
  }
  void fill() {
    char bytes[65536];
    const auto got = ::recv(fd_, bytes, sizeof bytes, 0);
    if (got <= 0) die("the server closed without an answer");
    buffer_.append(bytes, static_cast<std::size_t>(got));
  }
  void discard(std::size_t size) {
    const auto have = std::min(size, buffer_.size());
    buffer_.erase(0, have);
    size -= have;
    static thread_local std::vector<char> sink(1 << 20);
    while (size > 0) {
      const auto got = ::recv(fd_, sink.data(), std::min(size, sink.size()),
                              MSG_TRUNC);
      if (got <= 0) die("the server closed within a body");
      size -= static_cast<std::size_t>(got);
    }
  }

  int fd_;
  std::string auth_;
  std::string buffer_;
};

// A Location may have a scheme and a host.
std::string path_of(const std::string& location) {
  const auto scheme = location.find("://");
  if (scheme == std::string::npos) return location;
  return location.substr(location.find('/', scheme + 3));
}

void expect(const Answer& answer, int status, const char* what) {
  if (answer.status == status) return;
  die(std::string(what) + ": status " + std::to_string(answer.status));
}

std::string start_upload(Connection& connection, const std::string& repo) {
  connection.send_head("POST", "/v2/" + repo + "/blobs/uploads/", 0);
  const auto answer = connection.receive(true);
  expect(answer, 202, "POST");
  return path_of(answer.location);
}

std::string with_digest(const std::string& path, const std::string& digest) {
  return path + (path.find('?') == std::string::npos ? "?" : "&") +
         "digest=" + digest;
}

class Times {
 public:
  void add(double milliseconds) {
    std::lock_guard lock(mutex_);
    all_.push_back(milliseconds);
  }
  void print(double seconds) {
    std::sort(all_.begin(), all_.end());
    const auto at = [&](double part) {
      return all_.empty() ? 0 : all_[static_cast<std::size_t>(
                                    part * double(all_.size() - 1))];
    };
    std::printf("%.4f %zu %.3f %.3f\n", seconds, all_.size(), at(0.5),
                at(0.99));
  }

 private:
  std::mutex mutex_;
  std::vector<double> all_;
};

// Runs `work(connection, index)` for each index, on so many connections.
void run(int port, const std::string& auth, std::size_t count, int clients,
         const std::function<void(Connection&, std::size_t)>& work) {
  Times times;
  std::atomic<std::size_t> next{0};
  const auto start = Clock::now();
  std::vector<std::thread> threads;
  for (int i = 0; i < clients; ++i) {
    threads.emplace_back([&] {
      Connection connection(port, auth);
      for (std::size_t n = next++; n < count; n = next++) {
        const auto begin = Clock::now();
        work(connection, n);
        times.add(seconds_since(begin) * 1e3);
      }
    });
  }
  for (auto& thread : threads) thread.join();
  times.print(seconds_since(start));
}

void push(int port, const std::string& auth, char** argv) {
  const std::string repo = argv[0], digest = argv[2];
  const int file = ::open(argv[1], O_RDONLY);
  struct stat info {};
  if (file < 0 || ::fstat(file, &info) != 0) die("cannot read the blob");
  const auto size = static_cast<std::size_t>(info.st_size);
  const auto asked = std::strtoul(argv[3], nullptr, 10);
  const auto chunk = asked == 0 ? size : asked;
  run(port, auth, 1, 1, [&](Connection& connection, std::size_t) {
    auto path = start_upload(connection, repo);
    for (std::size_t at = 0; at < size; at += chunk) {
      const auto part = std::min(chunk, size - at);
      const auto range = "Content-Range: " + std::to_string(at) + "-" +
                         std::to_string(at + part - 1) + "\r\n";
      connection.send_head("PATCH", path, part, asked == 0 ? "" : range);
      connection.send_file(file, static_cast<off_t>(at), part);
      const auto answer = connection.receive(true);
      expect(answer, 202, "PATCH");
      path = path_of(answer.location);
    }
    connection.send_head("PUT", with_digest(path, digest), 0);
    expect(connection.receive(true), 201, "PUT");
  });
}

void pull(int port, const std::string& auth, char** argv) {
  const std::string path = argv[0];
  const auto size = std::strtoul(argv[1], nullptr, 10);
  const int clients = std::atoi(argv[2]);
  run(port, auth, static_cast<std::size_t>(clients), clients,
      [&](Connection& connection, std::size_t) {
        connection.send_head("GET", path, 0);
        const auto answer = connection.receive(true);
        expect(answer, 200, "GET");
        if (answer.length != size) die("GET: wrong length");
      });
}

void small(int port, const std::string& auth, char** argv) {
  const std::string repo = argv[0], seed = argv[3];
  run(port, auth, std::strtoul(argv[1], nullptr, 10), std::atoi(argv[2]),
      [&](Connection& connection, std::size_t n) {
        auto bytes = seed + "/" + std::to_string(n) + "/";
        bytes.resize(4096, 'x');
        const auto path = start_upload(connection, repo);
        connection.send_head("PUT", with_digest(path, sha256(bytes)),
                             bytes.size());
        connection.send_text(bytes);
        expect(connection.receive(true), 201, "PUT");
      });
}

void tags(int port, const std::string& auth, char** argv) {
  const std::string repo = argv[0], config = argv[3];
  const std::string type = "application/vnd.oci.image.manifest.v1+json";
  run(port, auth, std::strtoul(argv[1], nullptr, 10), std::atoi(argv[2]),
      [&](Connection& connection, std::size_t n) {
        const auto bytes =
            R"({"schemaVersion":2,"mediaType":")" + type +
            R"(","config":{"mediaType":"application/vnd.oci.image.config.v1+json","digest":")" +
            config + R"(","size":4096},"layers":[],"annotations":{"n":")" +
            std::to_string(n) + R"("}})";
        connection.send_head("PUT",
                             "/v2/" + repo + "/manifests/t" + std::to_string(n),
                             bytes.size(), "Content-Type: " + type + "\r\n");
        connection.send_text(bytes);
        expect(connection.receive(true), 201, "PUT manifest");
      });
}

void get(int port, const std::string& auth, char** argv) {
  const std::string method = argv[0], path = argv[1];
  const auto end = Clock::now() + std::chrono::seconds(std::atoi(argv[2]));
  const int clients = std::atoi(argv[3]);
  Times times;
  const auto start = Clock::now();
  std::vector<std::thread> threads;
  for (int i = 0; i < clients; ++i) {
    threads.emplace_back([&] {
      Connection connection(port, auth);
      while (Clock::now() < end) {
        const auto begin = Clock::now();
        connection.send_head(
            method, path, 0,
            "Accept: application/vnd.oci.image.manifest.v1+json\r\n");
        expect(connection.receive(method == "GET"), 200, method.c_str());
        times.add(seconds_since(begin) * 1e3);
      }
    });
  }
  for (auto& thread : threads) thread.join();
  times.print(seconds_since(start));
}

}  // namespace

int main(int argc, char** argv) {
  const std::string mode = argc > 3 ? argv[1] : "";
  const int port = argc > 3 ? std::atoi(argv[2]) : 0;
  const std::string auth = argc > 3 ? argv[3] : "";
  if (mode == "push" && argc == 8) {
    push(port, auth, argv + 4);
  } else if (mode == "pull" && argc == 7) {
    pull(port, auth, argv + 4);
  } else if (mode == "small" && argc == 8) {
    small(port, auth, argv + 4);
  } else if (mode == "tags" && argc == 8) {
    tags(port, auth, argv + 4);
  } else if (mode == "get" && argc == 8) {
    get(port, auth, argv + 4);
  } else {
    die("wrong usage; see the top of registry_load.cc");
  }
  return 0;
}
