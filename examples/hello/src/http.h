/* The pure part of the service: from the bytes of a request to the bytes of
   its answer. */
#ifndef HELLO_HTTP_H
#define HELLO_HTTP_H

#include <stdbool.h>
#include <stddef.h>

struct request {
  char method[8];
  char path[256];  /* without its query */
};

/* Reads the request line. False when it is not one, or too long. */
bool parse_request(const char *bytes, size_t size, struct request *request);

/* True once the empty line after the headers has come. */
bool head_is_complete(const char *bytes, size_t size);

/* Who we are, for the answer to "GET /". */
struct identity {
  const char *greeting;
  const char *commit;
};

/* Writes the answer (a null request is a bad one) and returns its length, 0
   when it does not fit. */
size_t answer(const struct request *request, const struct identity *identity,
              char *out, size_t capacity);

/* A port number in text, or -1. */
int parse_port(const char *text);

#endif
