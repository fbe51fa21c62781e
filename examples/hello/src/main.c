/* hello: answers "GET /" with the commit it was built from.
 *
 * Environment: PORT (default 8088), GREETING (default "hello").
 * SIGTERM and SIGINT end it in an orderly way: a container's first process
 * gets no default action for signals. */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "http.h"

#ifndef COMMIT_ID
#define COMMIT_ID "an unknown commit"
#endif

enum { kPatienceSeconds = 2, kRequestBytes = 8192, kAnswerBytes = 1024 };

static volatile sig_atomic_t stopping = 0;

static void stop(int signal_number) {
  (void)signal_number;
  stopping = 1;
}

static const char *setting(const char *name, const char *otherwise) {
  const char *value = getenv(name);
  return value && *value ? value : otherwise;
}

static int listen_on(int port) {
  const int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (listener < 0) return -1;
  const int on = 1;
  setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  struct sockaddr_in address = {.sin_family = AF_INET,
                                .sin_port = htons((uint16_t)port),
                                .sin_addr.s_addr = htonl(INADDR_ANY)};
  if (bind(listener, (struct sockaddr *)&address, sizeof address) != 0 ||
      listen(listener, 64) != 0) {
    close(listener);
    return -1;
  }
  return listener;
}

static void send_all(int client, const char *bytes, size_t size) {
  while (size > 0) {
    const ssize_t sent = send(client, bytes, size, MSG_NOSIGNAL);
    if (sent <= 0) return;
    bytes += sent;
    size -= (size_t)sent;
  }
}

/* One request a connection; a client that stalls is let go. */
static void serve(int client, const struct identity *identity) {
  const struct timeval patience = {.tv_sec = kPatienceSeconds};
  setsockopt(client, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  setsockopt(client, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
  char bytes[kRequestBytes];
  size_t size = 0;
  while (size < sizeof bytes && !head_is_complete(bytes, size)) {
    const ssize_t got = recv(client, bytes + size, sizeof bytes - size, 0);
    if (got <= 0) return;
    size += (size_t)got;
  }
  struct request request;
  const bool good = parse_request(bytes, size, &request);
  char out[kAnswerBytes];
  send_all(client, out,
           answer(good ? &request : NULL, identity, out, sizeof out));
}

int main(void) {
  const struct identity identity = {.greeting = setting("GREETING", "hello"),
                                    .commit = COMMIT_ID};
  const int port = parse_port(setting("PORT", "8088"));
  if (port < 0) {
    fprintf(stderr, "hello: PORT must be a number from 1 to 65535\n");
    return 2;
  }
  /* Without SA_RESTART, so that a signal ends poll(). */
  const struct sigaction on_stop = {.sa_handler = stop};
  sigaction(SIGTERM, &on_stop, NULL);
  sigaction(SIGINT, &on_stop, NULL);
  const int listener = listen_on(port);
  if (listener < 0) {
    fprintf(stderr, "hello: port %d: %s\n", port, strerror(errno));
    return 1;
  }
  printf("hello %s listens on port %d\n", identity.commit, port);
  fflush(stdout);
  struct pollfd waiting = {.fd = listener, .events = POLLIN};
  while (!stopping) {
    /* The time-out covers a signal that comes just before poll(). */
    if (poll(&waiting, 1, 500) <= 0) continue;
    const int client = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
    if (client < 0) continue;
    serve(client, &identity);
    close(client);
  }
  close(listener);
  puts("hello: stopped");
  return 0;
}
