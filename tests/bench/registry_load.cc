// registry_load: the client of registry_bench.py. It moves bytes as cheaply as
// it can, so that what is measured is the server.
//
//   registry_load push  PORT AUTH REPO FILE DIGEST CHUNK  0: one PATCH
//   registry_load many  PORT AUTH REPO FILE SIZE CLIENTS  a part of FILE each
//   registry_load pull  PORT AUTH PATH SIZE CLIENTS       bytes are discarded
//   registry_load small PORT AUTH REPO COUNT CLIENTS SEED 4 KiB blobs, POST+PUT
//   registry_load tags  PORT AUTH REPO COUNT CLIENTS CONFIG  manifests by tag
//   registry_load get   PORT AUTH METHOD PATH SECONDS CLIENTS
//   registry_load warm  MIB                               touches memory
//
// PORT is one of 127.0.0.1, as "tls:8443" by TLS 1.3 with AES-128-GCM, whoever
// the server is; certificates are not checked.
//
// Prints "<seconds> <operations> <p50 ms> <p99 ms>"; exits 1 on any answer that
// is not the one expected.
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <openssl/sha.h>
#include <openssl/ssl.h>
#include <sys/mman.h>
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
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
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

std::string sha256(std::string_view bytes) {
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

// Where the server is.
struct Server {
  std::string port;  // "8080" or "tls:8443"
  std::string auth;  // the Authorization header's value, or nothing
  bool tls() const { return port.rfind("tls:", 0) == 0; }
  int number() const { return std::atoi(port.c_str() + (tls() ? 4 : 0)); }
};

struct TlsFree {
  void operator()(SSL* tls) const { SSL_free(tls); }
};
using Tls = std::unique_ptr<SSL, TlsFree>;

Tls start_tls(int fd) {
  static SSL_CTX* const context = [] {
    SSL_CTX* made = SSL_CTX_new(TLS_client_method());
    SSL_CTX_set_min_proto_version(made, TLS1_3_VERSION);
    SSL_CTX_set_ciphersuites(made, "TLS_AES_128_GCM_SHA256");
    return made;
  }();
  Tls tls(SSL_new(context));
  if (SSL_set_fd(tls.get(), fd) != 1 || SSL_connect(tls.get()) != 1) {
    die("the TLS handshake failed");
  }
  return tls;
}

// One keep-alive connection.
class Connection {
 public:
  explicit Connection(const Server& server) : auth_(server.auth) {
    fd_ = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(static_cast<std::uint16_t>(server.number()));
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(fd_, reinterpret_cast<sockaddr*>(&to), sizeof to) != 0) {
      die("cannot connect");
    }
    const int on = 1;
    ::setsockopt(fd_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (server.tls()) tls_ = start_tls(fd_);
  }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
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
  void send_text(std::string_view text) {
    for (std::size_t at = 0; at < text.size();) {
      const auto put =
          tls_ ? SSL_write(tls_.get(), text.data() + at,
                           static_cast<int>(text.size() - at))
               : ::send(fd_, text.data() + at, text.size() - at, MSG_NOSIGNAL);
      if (put <= 0) die("the server closed while a request was sent");
      at += static_cast<std::size_t>(put);
    }
  }
  void send_file(int file, off_t offset, std::size_t size) {
    if (tls_) die("pushes are not measured over TLS");
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
    const auto got = receive_some(bytes, sizeof bytes, 0);
    if (got <= 0) die("the server closed without an answer");
    buffer_.append(bytes, static_cast<std::size_t>(got));
  }
  void discard(std::size_t size) {
    const auto have = std::min(size, buffer_.size());
    buffer_.erase(0, have);
    size -= have;
    static thread_local std::vector<char> sink(1 << 20);
    while (size > 0) {
      const auto got =
          receive_some(sink.data(), std::min(size, sink.size()), MSG_TRUNC);
      if (got <= 0) die("the server closed within a body");
      size -= static_cast<std::size_t>(got);
    }
  }

  ssize_t receive_some(char* bytes, std::size_t size, int flags) {
    if (tls_) return SSL_read(tls_.get(), bytes, static_cast<int>(size));
    return ::recv(fd_, bytes, size, flags);
  }

  int fd_;
  Tls tls_;
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
void run(const Server& server, std::size_t count, int clients,
         const std::function<void(Connection&, std::size_t)>& work) {
  Times times;
  std::atomic<std::size_t> next{0};
  const auto start = Clock::now();
  std::vector<std::thread> threads;
  for (int i = 0; i < clients; ++i) {
    threads.emplace_back([&] {
      Connection connection(server);
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

std::size_t size_of(int file) {
  struct stat info {};
  if (file < 0 || ::fstat(file, &info) != 0) die("cannot read the blob");
  return static_cast<std::size_t>(info.st_size);
}

void push(const Server& server, char** argv) {
  const std::string repo = argv[0], digest = argv[2];
  const int file = ::open(argv[1], O_RDONLY);
  const auto size = size_of(file);
  const auto asked = std::strtoul(argv[3], nullptr, 10);
  const auto chunk = asked == 0 ? size : asked;
  run(server, 1, 1, [&](Connection& connection, std::size_t) {
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

// All clients push at the same time, each its own part of the file.
void many(const Server& server, char** argv) {
  const std::string repo = argv[0];
  const int file = ::open(argv[1], O_RDONLY);
  const auto size = std::strtoul(argv[2], nullptr, 10);
  const int clients = std::atoi(argv[3]);
  const auto whole = size_of(file);
  if (size * static_cast<std::size_t>(clients) > whole) die("FILE is too short");
  void* bytes = ::mmap(nullptr, whole, PROT_READ, MAP_SHARED, file, 0);
  if (bytes == MAP_FAILED) die("cannot read the blob");
  std::vector<std::string> digests;
  for (int i = 0; i < clients; ++i) {
    digests.push_back(sha256(
        {static_cast<const char*>(bytes) + static_cast<std::size_t>(i) * size,
         size}));
  }
  run(server, static_cast<std::size_t>(clients), clients,
      [&](Connection& connection, std::size_t n) {
        const auto path = start_upload(connection, repo);
        connection.send_head("PATCH", path, size);
        connection.send_file(file, static_cast<off_t>(n * size), size);
        const auto answer = connection.receive(true);
        expect(answer, 202, "PATCH");
        connection.send_head(
            "PUT", with_digest(path_of(answer.location), digests[n]), 0);
        expect(connection.receive(true), 201, "PUT");
      });
}

// Gives the kernel free pages that the hypervisor has backed.
void warm(std::size_t bytes) {
  void* memory = ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
  if (memory == MAP_FAILED) die("cannot get memory to warm");
  ::munmap(memory, bytes);
}

void pull(const Server& server, char** argv) {
  const std::string path = argv[0];
  const auto size = std::strtoul(argv[1], nullptr, 10);
  const int clients = std::atoi(argv[2]);
  run(server, static_cast<std::size_t>(clients), clients,
      [&](Connection& connection, std::size_t) {
        connection.send_head("GET", path, 0);
        const auto answer = connection.receive(true);
        expect(answer, 200, "GET");
        if (answer.length != size) die("GET: wrong length");
      });
}

void small(const Server& server, char** argv) {
  const std::string repo = argv[0], seed = argv[3];
  run(server, std::strtoul(argv[1], nullptr, 10), std::atoi(argv[2]),
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

void tags(const Server& server, char** argv) {
  const std::string repo = argv[0], config = argv[3];
  const std::string type = "application/vnd.oci.image.manifest.v1+json";
  run(server, std::strtoul(argv[1], nullptr, 10), std::atoi(argv[2]),
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

void get(const Server& server, char** argv) {
  const std::string method = argv[0], path = argv[1];
  const auto end = Clock::now() + std::chrono::seconds(std::atoi(argv[2]));
  const int clients = std::atoi(argv[3]);
  Times times;
  const auto start = Clock::now();
  std::vector<std::thread> threads;
  for (int i = 0; i < clients; ++i) {
    threads.emplace_back([&] {
      Connection connection(server);
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
  const Server server =
      argc > 3 ? Server{argv[2], argv[3]} : Server{};
  if (argc == 3 && std::string(argv[1]) == "warm") {
    warm(std::strtoul(argv[2], nullptr, 10) << 20);
  } else if (mode == "push" && argc == 8) {
    push(server, argv + 4);
  } else if (mode == "many" && argc == 8) {
    many(server, argv + 4);
  } else if (mode == "pull" && argc == 7) {
    pull(server, argv + 4);
  } else if (mode == "small" && argc == 8) {
    small(server, argv + 4);
  } else if (mode == "tags" && argc == 8) {
    tags(server, argv + 4);
  } else if (mode == "get" && argc == 8) {
    get(server, argv + 4);
  } else {
    die("wrong usage; see the top of registry_load.cc");
  }
  return 0;
}
