#include "http.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool take(const char **at, const char *end, char stop, char *out,
                 size_t capacity) {
  const char *found = memchr(*at, stop, (size_t)(end - *at));
  if (!found) return false;
  const size_t size = (size_t)(found - *at);
  if (size == 0 || size >= capacity) return false;
  memcpy(out, *at, size);
  out[size] = '\0';
  *at = found + 1;
  return true;
}

bool parse_request(const char *bytes, size_t size, struct request *request) {
  const char *line_end = memchr(bytes, '\n', size);
  if (!line_end) return false;
  const char *at = bytes;
  if (!take(&at, line_end, ' ', request->method, sizeof request->method) ||
      !take(&at, line_end, ' ', request->path, sizeof request->path)) {
    return false;
  }
  if (request->path[0] != '/' || line_end - at < 8 ||
      memcmp(at, "HTTP/1.", 7) != 0) {
    return false;
  }
  request->path[strcspn(request->path, "?")] = '\0';
  return true;
}

bool head_is_complete(const char *bytes, size_t size) {
  return memmem(bytes, size, "\r\n\r\n", 4) != NULL ||
         memmem(bytes, size, "\n\n", 2) != NULL;
}

static size_t write_answer(const char *status, const char *body, bool head,
                           char *out, size_t capacity) {
  const int size = snprintf(out, capacity,
                            "HTTP/1.1 %s\r\n"
                            "Content-Type: text/plain; charset=utf-8\r\n"
                            "Content-Length: %zu\r\n"
                            "Connection: close\r\n"
                            "\r\n"
                            "%s",
                            status, strlen(body), head ? "" : body);
  return size > 0 && (size_t)size < capacity ? (size_t)size : 0;
}

size_t answer(const struct request *request, const struct identity *identity,
              char *out, size_t capacity) {
  if (!request) {
    return write_answer("400 Bad Request", "bad request\n", false, out,
                        capacity);
  }
  const bool head = strcmp(request->method, "HEAD") == 0;
  if (!head && strcmp(request->method, "GET") != 0) {
    return write_answer("405 Method Not Allowed", "only GET\n", false, out,
                        capacity);
  }
  if (strcmp(request->path, "/healthz") == 0) {
    return write_answer("200 OK", "ok\n", head, out, capacity);
  }
  if (strcmp(request->path, "/") != 0) {
    return write_answer("404 Not Found", "not found\n", head, out, capacity);
  }
  char body[512];
  snprintf(body, sizeof body, "%s from %s\n", identity->greeting,
           identity->commit);
  return write_answer("200 OK", body, head, out, capacity);
}

int parse_port(const char *text) {
  char *end = NULL;
  errno = 0;
  const long port = strtol(text, &end, 10);
  if (errno != 0 || end == text || *end != '\0') return -1;
  return port > 0 && port < 65536 ? (int)port : -1;
}
