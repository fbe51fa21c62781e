#include "core/os/process.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>

#include "core/error.h"
#include "core/os/fd.h"

namespace skerry {
namespace {

using Deadline = std::chrono::steady_clock::time_point;
constexpr std::chrono::seconds kGrace{2};

struct Pipe {
  Fd read, write;
};

Pipe make_pipe() {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) fail_errno("pipe");
  return {Fd(ends[0]), Fd(ends[1])};
}

std::vector<char*> pointers(std::vector<std::string>& strings) {
  std::vector<char*> out;
  for (std::string& text : strings) out.push_back(text.data());
  out.push_back(nullptr);
  return out;
}

// Between fork and exec only async-signal-safe calls are made; everything that
// allocates was prepared before.
pid_t start(const std::string& program, std::vector<char*>& argv, char** envp,
            const char* folder, Pipe& in, Pipe& out, Pipe& err) {
  const pid_t daemon = ::getpid();
  const pid_t child = ::fork();
  if (child != 0) return child;
  ::setpgid(0, 0);
  // Bound to the thread that forked, which waits for the child anyway.
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != daemon) ::_exit(127);
  sigset_t none;
  sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  ::signal(SIGPIPE, SIG_DFL);
  ::dup2(in.read.get(), 0);
  ::dup2(out.write.get(), 1);
  ::dup2(err.write.get(), 2);
  if (*folder != '\0' && ::chdir(folder) != 0) ::_exit(126);
  ::execve(program.c_str(), argv.data(), envp);
  ::_exit(127);
}

// Moves bytes between the child and us until it closed both outputs, and turns
// time-out and stop request into signals.
class Conversation {
 public:
  Conversation(const Command& command, pid_t child, Fd in, Fd out, Fd err,
               std::stop_token stop)
      : command_(command),
        child_(child),
        in_(std::move(in)),
        out_(std::move(out)),
        err_(std::move(err)),
        stop_(std::move(stop)),
        deadline_(std::chrono::steady_clock::now() + command.timeout) {
    ::fcntl(in_.get(), F_SETFL, O_NONBLOCK);
    if (command_.input.empty()) in_.reset();
  }

  CommandResult run() {
    while (out_ || err_) {
      check_end();
      poll_once();
    }
    return std::move(result_);
  }

 private:
  void check_end() {
    const auto now = std::chrono::steady_clock::now();
    if (ended_ && now >= killed_at_) {
      ::kill(-child_, SIGKILL);
      // A grandchild that left the group may keep the pipes open.
      if (now >= killed_at_ + kGrace) {
        out_.reset();
        err_.reset();
      }
      return;
    }
    if (ended_) return;
    if (stop_.stop_requested()) {
      result_.stopped = true;
    } else if (now >= deadline_) {
      result_.timed_out = true;
    } else {
      return;
    }
    ended_ = true;
    killed_at_ = now + kGrace;
    ::kill(-child_, SIGTERM);
  }

  void poll_once() {
    std::array<pollfd, 3> fds{{{out_.get(), POLLIN, 0},
                               {err_.get(), POLLIN, 0},
                               {in_.get(), POLLOUT, 0}}};
    if (::poll(fds.data(), fds.size(), 50) <= 0) return;
    if (fds[0].revents != 0) {
      receive(out_, result_.output, command_.on_output);
    }
    if (fds[1].revents != 0) {
      receive(err_, result_.error_output, command_.on_error_output);
    }
    if (fds[2].revents != 0) send();
  }

  void receive(Fd& fd, std::string& kept,
               const std::function<void(std::string_view)>& sink) {
    char buffer[16 << 10];
    const ssize_t got = ::read(fd.get(), buffer, sizeof buffer);
    if (got < 0 && errno == EINTR) return;
    if (got <= 0) {
      fd.reset();
      return;
    }
    const std::string_view piece(buffer, static_cast<std::size_t>(got));
    if (sink) {
      sink(piece);
    } else {
      const std::size_t room = command_.output_limit -
                               std::min(command_.output_limit, kept.size());
      kept.append(piece.substr(0, room));
    }
  }

  void send() {
    const std::string_view rest =
        std::string_view(command_.input).substr(sent_);
    const ssize_t written = ::write(in_.get(), rest.data(), rest.size());
    if (written < 0 && (errno == EAGAIN || errno == EINTR)) return;
    if (written > 0) sent_ += static_cast<std::size_t>(written);
    if (written < 0 || sent_ == command_.input.size()) in_.reset();
  }

  const Command& command_;
  const pid_t child_;
  Fd in_, out_, err_;
  std::stop_token stop_;
  const Deadline deadline_;
  std::size_t sent_ = 0;
  bool ended_ = false;
  Deadline killed_at_{};
  CommandResult result_;
};

// Waits for the child; one that closed its outputs but lives on is killed
// after the grace time.
int reap(pid_t child) {
  int status = 0;
  for (int waited = 0;; ++waited) {
    const pid_t got = ::waitpid(child, &status, WNOHANG);
    if (got == child) break;
    if (got < 0 && errno != EINTR) return 127;
    if (waited == 2'000) ::kill(-child, SIGKILL);
    ::usleep(waited < 20 ? 200 : 1'000);
  }
  ::kill(-child, SIGKILL);  // what is left of its group
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

}  // namespace

CommandResult SystemProcessRunner::run(const Command& command,
                                       std::stop_token stop) const {
  const auto program = find_program(command.argv.at(0));
  if (!program) {
    fail(ErrorCode::not_found, "{} is not installed", command.argv[0]);
  }
  std::vector<std::string> arguments = command.argv;
  std::vector<char*> argv = pointers(arguments);
  std::vector<std::string> variables;
  if (command.environment) {
    for (const auto& [name, value] : *command.environment) {
      variables.push_back(name + "=" + value);
    }
  }
  std::vector<char*> envp = pointers(variables);
  Pipe in = make_pipe(), out = make_pipe(), err = make_pipe();
  const pid_t child =
      start(*program, argv, command.environment ? envp.data() : environ,
            command.folder.c_str(), in, out, err);
  if (child < 0) fail_errno("fork");
  in.read.reset();
  out.write.reset();
  err.write.reset();
  CommandResult result =
      Conversation(command, child, std::move(in.write), std::move(out.read),
                   std::move(err.read), std::move(stop))
          .run();
  result.exit_code = reap(child);
  return result;
}

std::optional<std::string> find_program(std::string_view name) {
  if (name.find('/') != std::string_view::npos) {
    std::string path(name);
    if (::access(path.c_str(), X_OK) == 0) return path;
    return std::nullopt;
  }
  const char* variable = std::getenv("PATH");
  std::string_view folders =
      variable != nullptr ? variable : "/usr/local/bin:/usr/bin:/bin";
  while (!folders.empty()) {
    const std::size_t end = folders.find(':');
    std::string path(folders.substr(0, end));
    path += '/';
    path += name;
    if (::access(path.c_str(), X_OK) == 0) return path;
    if (end == std::string_view::npos) break;
    folders.remove_prefix(end + 1);
  }
  return std::nullopt;
}

}  // namespace skerry
