#include "core/boot/signals.h"

#include <poll.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "core/error.h"

namespace skerry::boot {

Signals::Signals() {
  ::signal(SIGPIPE, SIG_IGN);  // a client that went away is a write error
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGTERM);
  sigaddset(&set, SIGINT);
  if (::pthread_sigmask(SIG_BLOCK, &set, nullptr) != 0) fail_errno("sigmask");
  fd_ = Fd(::signalfd(-1, &set, SFD_CLOEXEC));
  if (!fd_) fail_errno("signalfd");
}

int Signals::wait(std::chrono::milliseconds timeout) {
  pollfd ready{fd_.get(), POLLIN, 0};
  if (::poll(&ready, 1, static_cast<int>(timeout.count())) <= 0) return 0;
  signalfd_siginfo info{};
  if (::read(fd_.get(), &info, sizeof info) != sizeof info) return 0;
  return static_cast<int>(info.ssi_signo);
}

}  // namespace skerry::boot
