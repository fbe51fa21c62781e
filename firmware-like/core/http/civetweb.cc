#include "core/http/civetweb.h"

#include <arpa/inet.h>
#include <civetweb.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <poll.h>
#include <psa/crypto.h>
#include <sys/sendfile.h>
#include <sys/socket.h>

#include <algorithm>
#include <cctype>
#include <climits>
#include <cstring>
#include <set>
#include <stop_token>
#include <thread>

#include "core/error.h"
#include "core/http/read_watch.h"
#include "core/http/waiting_room.h"
#include "core/os/fd.h"
#include "core/os/file.h"
#include "core/os/mutex.h"
#include "core/telemetry/log.h"

// Added to civetweb by scripts/deps.d/civetweb_unit.c.
extern "C" void mg_aside_resume(mg_aside* aside);
extern "C" void mg_aside_discard(mg_aside* aside);
extern "C" int mg_connection_socket(const mg_connection* connection);
extern "C" const char* mg_connection_buffer(const mg_connection* connection,
                                            int* header, int* filled,
                                            int* size);

namespace skerry::http {
namespace {

std::string_view view(const char* text) {
  return text != nullptr ? std::string_view(text) : std::string_view();
}

std::string_view without_trailing_space(std::string_view text) {
  const std::size_t last = text.find_last_not_of(" \t");
  return text.substr(0, last == std::string_view::npos ? 0 : last + 1);
}

// civetweb stops at the first line it cannot read as a header and ignores the
// rest; a body length hidden there would let two servers disagree about where
// a request ends. So what it parsed must be all there was.
bool parsed_whole(const mg_connection* connection,
                  const mg_request_info& info) {
  int header = 0, filled = 0, size = 0;
  const char* begin = mg_connection_buffer(connection, &header, &filled, &size);
  const char* end = begin + header;
  if (info.request_method < begin || info.request_method >= end) return false;
  const char* last = info.num_headers > 0
                         ? info.http_headers[info.num_headers - 1].value
                         : info.http_version;
  constexpr int kEmptyLine = 4;  // "\r\n\r\n", or less
  return end - (last + std::strlen(last)) <= kEmptyLine;
}

// "Name : value", which RFC 9112 section 5.1 has servers refuse.
bool space_before_colon(const mg_header& header) {
  const char* end = header.name + std::strlen(header.name);
  return end[1] == '\0' && header.value > end + 1;
}

bool only_text(std::string_view bytes) {
  return std::all_of(bytes.begin(), bytes.end(), [](unsigned char c) {
    return c >= 128 || c == '\r' || c == '\n' || std::isprint(c) != 0;
  });
}

void refuse(RequestHead& head, int status, std::string text) {
  if (head.fault != 0) return;
  head.fault = status;
  head.fault_text = std::move(text);
}

}  // namespace

Connection::Connection(mg_connection* connection,
                       std::chrono::milliseconds stall, ReadWatch& watch)
    : connection_(connection),
      stall_(stall),
      socket_(mg_connection_socket(connection)),
      tls_(mg_get_request_info(connection)->is_ssl != 0),
      watch_(watch) {}

RequestHead Connection::head() const {
  const mg_request_info& info = *mg_get_request_info(connection_);
  RequestHead head;
  head.method = view(info.request_method);
  head.path = view(info.local_uri_raw);
  head.query = view(info.query_string);
  head.version = view(info.http_version);
  head.remote_address = info.remote_addr;
  head.remote_port = info.remote_port;
  head.local_port = info.server_port;
  head.tls = tls_;
  head.headers.reserve(static_cast<std::size_t>(info.num_headers));
  for (int i = 0; i < info.num_headers; ++i) {
    const mg_header& header = info.http_headers[i];
    head.headers.emplace_back(header.name,
                              without_trailing_space(header.value));
    if (space_before_colon(header)) {
      refuse(head, 400, "there is a space between a header's name and colon");
    }
  }
  if (!parsed_whole(connection_, info)) {
    if (info.num_headers == MG_MAX_HEADERS) {
      refuse(head, 431, "the request has too many headers");
    } else {
      refuse(head, 400, "a header line of the request cannot be read");
    }
  }
  return head;
}

RequestHead Connection::broken_head(int status, std::string_view text) const {
  RequestHead head;
  head.remote_address = mg_get_request_info(connection_)->remote_addr;
  head.tls = tls_;
  int header = 0, filled = 0, size = 0;
  const char* begin =
      mg_connection_buffer(connection_, &header, &filled, &size);
  if (header < 0 && filled >= size) {
    refuse(head, 431, "the request's headers are too long");
  } else if (header < 0 &&
             only_text({begin, static_cast<std::size_t>(filled)})) {
    refuse(head, 408, "the request's headers did not end in time");
  } else if (status == 505) {
    refuse(head, 505, "this server speaks HTTP/1.1");
  } else {
    refuse(head, 400, fmt::format("the request is not valid HTTP ({})", text));
  }
  return head;
}

int Connection::read(char* buffer, std::size_t size) {
  watch_.begin(socket_);
  const int got = mg_read(connection_, buffer, size);
  too_slow_ = watch_.end(socket_);
  return got;
}

void Connection::write(std::string_view bytes) {
  while (!bytes.empty()) {
    const std::string_view part = bytes.substr(0, INT_MAX);
    const int sent = mg_write(connection_, part.data(), part.size());
    if (sent > 0) written_ += static_cast<std::uint64_t>(sent);
    if (sent != static_cast<int>(part.size())) {
      fail_broken("it took no more of the answer");
    }
    bytes.remove_prefix(part.size());
  }
}

void Connection::write_file(int file, std::uint64_t offset,
                            std::uint64_t size) {
  if (!tls_) {
    write_file_plain(file, offset, size);
    return;
  }
  std::string buffer(std::min<std::uint64_t>(size, 64u << 10), '\0');
  while (size > 0) {
    const ssize_t got =
        ::pread(file, buffer.data(), std::min<std::uint64_t>(buffer.size(), size),
                static_cast<off_t>(offset));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) fail_errno("read a file to send");
    if (got == 0) fail(ErrorCode::io, "a file became shorter while it was sent");
    const auto count = static_cast<std::size_t>(got);
    write(std::string_view(buffer).substr(0, count));
    offset += count;
    size -= count;
  }
}

void Connection::write_file_plain(int file, std::uint64_t offset,
                                  std::uint64_t size) {
  off_t position = static_cast<off_t>(offset);
  while (size > 0) {
    const ssize_t sent = ::sendfile(socket_, file, &position,
                                    std::min<std::uint64_t>(size, 1u << 30));
    if (sent > 0) {
      written_ += static_cast<std::uint64_t>(sent);
      size -= static_cast<std::uint64_t>(sent);
    } else if (sent == 0) {
      fail(ErrorCode::io, "a file became shorter while it was sent");
    } else if (errno == EAGAIN) {
      wait_writable();
    } else if (errno != EINTR) {
      fail_broken(std::strerror(errno));
    }
  }
}

void Connection::wait_writable() {
  pollfd wait{socket_, POLLOUT, 0};
  if (::poll(&wait, 1, static_cast<int>(stall_.count())) == 0) {
    fail_broken("it stopped reading");
  }
}

void Connection::fail_broken(std::string_view why) {
  broken_ = true;
  fail(ErrorCode::io, "the client went away: {}", why);
}

void Connection::close_after() {
  closing_ = true;
  mg_disable_connection_keep_alive(connection_);
}

void Connection::linger() {
  constexpr auto kLonger = std::chrono::seconds(5);
  constexpr int kPauseMillis = 1000;
  close_after();
  // On TLS the end of the stream belongs to the TLS layer, which sends its
  // own farewell when civetweb closes.
  if (!tls_) ::shutdown(socket_, SHUT_WR);
  const auto deadline = std::chrono::steady_clock::now() + kLonger;
  std::string discarded(16u << 10, '\0');
  while (std::chrono::steady_clock::now() < deadline) {
    pollfd wait{socket_, POLLIN, 0};
    if (::poll(&wait, 1, kPauseMillis) <= 0) return;
    const ssize_t got =
        ::recv(socket_, discarded.data(), discarded.size(), MSG_DONTWAIT);
    if (got <= 0) return;
  }
}

// --- Listener ----------------------------------------------------------------

namespace {

// What civetweb knows a listener as.
class Host {
 public:
  // Takes the connection, or says no.
  virtual bool wait_aside(mg_aside* aside, int socket, bool accepted) = 0;

 protected:
  ~Host() = default;
};

}  // namespace

// Called by civetweb; see scripts/deps.d/civetweb_unit.c.
extern "C" int mg_aside_offer(void* host, mg_aside* aside, int socket,
                              int accepted) {
  return static_cast<Host*>(host)->wait_aside(aside, socket, accepted != 0) ? 1
                                                                            : 0;
}

struct Listener::Impl final : Host {
  // Counts civetweb's users in the process.
  struct Library {
    Library() { mg_init_library(0); }
    ~Library() { mg_exit_library(); }
    Library(const Library&) = delete;
    Library& operator=(const Library&) = delete;
  };

  Impl(const ListenerOptions& options, Serve serve_request)
      : serve(std::move(serve_request)),
        stall(options.stall_timeout),
        threads(options.threads),
        watch(2 * options.stall_timeout),
        room(options.idle_timeout, options.max_waiting,
             [this](int, mg_aside* aside) {
               ++busy;
               mg_aside_resume(aside);
             },
             [this](int socket, mg_aside* aside) { discard(socket, aside); }),
        address(options.address) {
    start(options);
    mg_server_port bound{};
    mg_get_server_ports(context, 1, &bound);
    address.port = bound.port;
  }
  ~Impl() {
    if (context != nullptr) stop();
  }
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  void start(const ListenerOptions& options);
  void stop();
  bool wait_aside(mg_aside* aside, int socket, bool accepted) override;
  void discard(int socket, mg_aside* aside);
  bool crowded() const { return 2 * busy.load() > threads; }
  void wake_acceptor() const;
  void run(mg_connection* connection, int status, const char* text);

  static Impl& of(const mg_connection* connection) {
    // A connection has no request info yet when it opens.
    void* host = mg_get_user_data(mg_get_context(connection));
    return *static_cast<Impl*>(static_cast<Host*>(host));
  }
  static int on_request(mg_connection* connection) {
    of(connection).run(connection, 0, "");
    return 200;  // handled; civetweb uses the number for its log only
  }
  static int on_error(mg_connection* connection, int status,
                      const char* text) {
    of(connection).run(connection, status, text);
    return 0;  // handled
  }
  static int on_open(const mg_connection* connection, void** data) {
    Impl& impl = of(connection);
    MutexLock lock(impl.mutex);
    impl.sockets.insert(mg_connection_socket(connection));
    *data = &impl;
    return 0;
  }
  static void on_close(const mg_connection* connection) {
    Impl& impl = of(connection);
    --impl.busy;
    if (mg_get_user_connection_data(connection) == nullptr) return;
    MutexLock lock(impl.mutex);
    impl.sockets.erase(mg_connection_socket(connection));
  }
  static int on_log(const mg_connection* connection, const char* message) {
    if (connection != nullptr) {
      log::debug("http", {{"message", message}});
    } else {
      log::warning("http", {{"message", message}});
    }
    return 1;  // civetweb need not write it
  }

  Library library;
  const Serve serve;
  const std::chrono::milliseconds stall;
  const int threads;
  ReadWatch watch;
  std::atomic<int> busy{0};  // connections given to civetweb's threads
  Mutex mutex;
  // Connections that said something and are open, waiting ones too.
  std::set<int> sockets GUARDED_BY(mutex);
  WaitingRoom room;
  ListenAddress address;
  mg_context* context = nullptr;
};

// One that was just accepted, or whose request is answered: aside with it,
// unless there is something to read or there are threads to spare. Handing a
// connection over takes longer than answering a small request.
bool Listener::Impl::wait_aside(mg_aside* aside, int socket, bool accepted) {
  constexpr int kSpareMillis = 100;
  if (accepted) {
    if (crowded() && room.enter(socket, aside)) return true;
    ++busy;
    return false;
  }
  pollfd readable{socket, POLLIN, 0};
  if (::poll(&readable, 1, crowded() ? 0 : kSpareMillis) != 0) return false;
  if (!room.enter(socket, aside)) return false;
  --busy;
  return true;
}

void Listener::Impl::discard(int socket, mg_aside* aside) {
  {
    MutexLock lock(mutex);
    sockets.erase(socket);  // before its number can come back
  }
  mg_aside_discard(aside);
}

void Listener::Impl::run(mg_connection* raw, int status, const char* text) {
  Connection connection(raw, stall, watch);
  serve(connection, status == 0 ? connection.head()
                                : connection.broken_head(status, text));
}

void Listener::Impl::start(const ListenerOptions& options) {
  const std::string where = address.url();
  if (address.tls) {
    if (psa_crypto_init() != PSA_SUCCESS) {
      fail(ErrorCode::internal, "the TLS library cannot start");
    }
    read_file(options.certificate, 1u << 20);  // says what is wrong with it
  }
  const std::string listen =
      where.substr(where.find("//") + 2) + (address.tls ? "s" : "");
  const std::string workers = std::to_string(options.threads);
  const std::string header = std::to_string(options.max_header_bytes);
  const std::string stalled = std::to_string(options.stall_timeout.count());
  const std::string idle = std::to_string(options.idle_timeout.count());
  const std::string certificate = options.certificate.string();
  std::vector<const char*> config = {
      "listening_ports", listen.c_str(),
      "num_threads", workers.c_str(),
      "connection_queue", "128",
      "listen_backlog", "512",
      "max_request_size", header.c_str(),
      "request_timeout_ms", stalled.c_str(),
      "keep_alive_timeout_ms", idle.c_str(),
      "enable_keep_alive", "yes",
      "tcp_nodelay", "1",
      "decode_url", "no",
      "enable_auth_domain_check", "no",
  };
  if (address.tls) {
    config.insert(config.end(), {"ssl_certificate", certificate.c_str()});
  }
  config.push_back(nullptr);

  mg_callbacks callbacks{};
  callbacks.begin_request = on_request;
  callbacks.http_error = on_error;
  callbacks.init_connection = on_open;
  callbacks.connection_close = on_close;
  callbacks.log_message = on_log;
  mg_init_data init{&callbacks, static_cast<Host*>(this), config.data()};
  std::string reason(256, '\0');
  mg_error_data error{0, 0, reason.data(), reason.size()};
  context = mg_start2(&init, &error);
  if (context == nullptr) {
    fail(ErrorCode::unavailable,
         "cannot listen on {}: {}; choose another address with --listen", where,
         reason.c_str());
  }
}

// The accepting thread looks at the stop flag only every two seconds, or when
// somebody connects.
void Listener::Impl::wake_acceptor() const {
  const std::string host = address.local_host();
  sockaddr_in v4{};
  v4.sin_family = AF_INET;
  v4.sin_port = htons(static_cast<std::uint16_t>(address.port));
  sockaddr_in6 v6{};
  v6.sin6_family = AF_INET6;
  v6.sin6_port = v4.sin_port;
  const bool is_v4 = inet_pton(AF_INET, host.c_str(), &v4.sin_addr) == 1;
  if (!is_v4 && inet_pton(AF_INET6, host.c_str(), &v6.sin6_addr) != 1) return;
  Fd socket(::socket(is_v4 ? AF_INET : AF_INET6,
                     SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!socket) return;
  if (is_v4) {
    ::connect(socket.get(), reinterpret_cast<sockaddr*>(&v4), sizeof v4);
  } else {
    ::connect(socket.get(), reinterpret_cast<sockaddr*>(&v6), sizeof v6);
  }
  std::this_thread::sleep_for(std::chrono::milliseconds(10));
}

void Listener::Impl::stop() {
  // The waiting room's thread may be handing over a connection and need one of
  // the threads that the waker frees.
  std::jthread waker([this](const std::stop_token& stopped) {
    while (!stopped.stop_requested()) {
      {
        MutexLock lock(mutex);
        for (const int socket : sockets) ::shutdown(socket, SHUT_RDWR);
      }
      wake_acceptor();
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
  });
  room.close();
  mg_stop(context);
  context = nullptr;
}

Listener::Listener(const ListenerOptions& options, Serve serve)
    : impl_(std::make_unique<Impl>(options, std::move(serve))) {}
Listener::~Listener() = default;
int Listener::port() const { return impl_->address.port; }

}  // namespace skerry::http
