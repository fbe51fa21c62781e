// registry_test_server PORT FOLDER: the registry alone with the fake accounts,
// for trying clients by hand.
#include <csignal>
#include <cstdio>
#include <cstdlib>

#include "world.h"

int main(int argc, char** argv) {
  if (argc != 3) {
    std::fprintf(stderr, "usage: registry_test_server PORT FOLDER\n");
    return 2;
  }
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  sigprocmask(SIG_BLOCK, &signals, nullptr);
  std::filesystem::create_directories(argv[2]);
  skerry::registry::World world(argv[2], {}, std::atoi(argv[1]));
  std::printf("http://127.0.0.1:%d\n", world.port());
  std::fflush(stdout);
  int signal = 0;
  sigwait(&signals, &signal);
  return 0;
}
