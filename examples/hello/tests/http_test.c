/* Tests of the pure part. `http_test FILE` also writes a JUnit XML report. */
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "http.h"

static char failure[512]; /* of the running test; empty: none */

static void expect(bool holds, int line, const char *what) {
  if (!holds && !*failure) {
    snprintf(failure, sizeof failure, "line %d: %s", line, what);
  }
}
#define EXPECT(condition) expect((condition), __LINE__, #condition)

static bool parse(const char *text, struct request *request) {
  return parse_request(text, strlen(text), request);
}

static void reads_a_request_line(void) {
  struct request request;
  EXPECT(parse("GET /a/b?c=d HTTP/1.1\r\n", &request));
  EXPECT(strcmp(request.method, "GET") == 0);
  EXPECT(strcmp(request.path, "/a/b") == 0);
}

static void refuses_what_is_no_request_line(void) {
  static const char *const bad[] = {
      "",
      "GET\r\n",
      "GET /\r\n",
      "GET / HTTP/2\r\n",
      "GET nothing HTTP/1.1\r\n",
      " / HTTP/1.1\r\n",
      "GET / HTTP/1.1", /* no end of line */
      "EXTREMELYLONG / HTTP/1.1\r\n",
  };
  struct request request;
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
    EXPECT(!parse(bad[i], &request));
  }
}

static void refuses_a_path_that_is_too_long(void) {
  char line[600];
  memset(line, 'a', sizeof line);
  memcpy(line, "GET /", 5);
  memcpy(line + sizeof line - 11, " HTTP/1.1\r\n", 11);
  struct request request;
  EXPECT(!parse_request(line, sizeof line, &request));
}

static void finds_the_end_of_the_head(void) {
  EXPECT(!head_is_complete("GET / HTTP/1.1\r\n", 16));
  EXPECT(head_is_complete("GET / HTTP/1.1\r\n\r\n", 18));
  EXPECT(head_is_complete("GET / HTTP/1.1\n\n", 16));
}

static const struct identity identity = {.greeting = "hello",
                                         .commit = "0123abcd"};

static const char *ask(const char *method, const char *path) {
  static char out[1024];
  struct request request;
  snprintf(request.method, sizeof request.method, "%s", method);
  snprintf(request.path, sizeof request.path, "%s", path);
  out[answer(&request, &identity, out, sizeof out)] = '\0';
  return out;
}

static bool ends_with(const char *text, const char *end) {
  const size_t size = strlen(text), tail = strlen(end);
  return size >= tail && strcmp(text + size - tail, end) == 0;
}

static void says_its_commit(void) {
  const char *text = ask("GET", "/");
  EXPECT(strncmp(text, "HTTP/1.1 200 OK\r\n", 17) == 0);
  EXPECT(strstr(text, "Content-Length: 20\r\n") != NULL);
  EXPECT(ends_with(text, "\r\n\r\nhello from 0123abcd\n"));
}

static void is_healthy(void) {
  EXPECT(ends_with(ask("GET", "/healthz"), "\r\n\r\nok\n"));
}

static void answers_head_without_a_body(void) {
  const char *text = ask("HEAD", "/");
  EXPECT(strstr(text, "Content-Length: 20\r\n") != NULL);
  EXPECT(ends_with(text, "\r\n\r\n"));
}

static void refuses_other_methods_and_paths(void) {
  EXPECT(strncmp(ask("POST", "/"), "HTTP/1.1 405", 12) == 0);
  EXPECT(strncmp(ask("GET", "/etc/passwd"), "HTTP/1.1 404", 12) == 0);
}

static void answers_a_bad_request(void) {
  char out[256];
  EXPECT(answer(NULL, &identity, out, sizeof out) > 0);
  EXPECT(strncmp(out, "HTTP/1.1 400", 12) == 0);
}

static void writes_nothing_that_does_not_fit(void) {
  char out[16];
  EXPECT(answer(NULL, &identity, out, sizeof out) == 0);
}

static void reads_a_port(void) {
  EXPECT(parse_port("8088") == 8088);
  EXPECT(parse_port("0") == -1);
  EXPECT(parse_port("65536") == -1);
  EXPECT(parse_port("80a") == -1);
  EXPECT(parse_port("") == -1);
}

struct test {
  const char *name;
  void (*run)(void);
};
#define TEST(name) {#name, name}
static const struct test tests[] = {
    TEST(reads_a_request_line),
    TEST(refuses_what_is_no_request_line),
    TEST(refuses_a_path_that_is_too_long),
    TEST(finds_the_end_of_the_head),
    TEST(says_its_commit),
    TEST(is_healthy),
    TEST(answers_head_without_a_body),
    TEST(refuses_other_methods_and_paths),
    TEST(answers_a_bad_request),
    TEST(writes_nothing_that_does_not_fit),
    TEST(reads_a_port),
};
enum { kTests = sizeof tests / sizeof *tests };

static double seconds_now(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void write_escaped(FILE *out, const char *text) {
  for (; *text; text++) {
    switch (*text) {
      case '&': fputs("&amp;", out); break;
      case '<': fputs("&lt;", out); break;
      case '>': fputs("&gt;", out); break;
      case '"': fputs("&quot;", out); break;
      default: fputc(*text, out);
    }
  }
}

static void write_case(FILE *out, const char *name, double seconds) {
  fprintf(out, "  <testcase classname=\"http\" name=\"%s\" time=\"%.6f\"", name,
          seconds);
  if (!*failure) {
    fputs("/>\n", out);
    return;
  }
  fputs(">\n    <failure message=\"", out);
  write_escaped(out, failure);
  fputs("\"/>\n  </testcase>\n", out);
}

int main(int argc, char **argv) {
  char cases[16384] = "";
  FILE *report = fmemopen(cases, sizeof cases, "w");
  if (!report) return 2;
  int failed = 0;
  const double begin = seconds_now();
  for (int i = 0; i < kTests; i++) {
    *failure = '\0';
    const double started = seconds_now();
    tests[i].run();
    write_case(report, tests[i].name, seconds_now() - started);
    printf("%s %s%s%s\n", *failure ? "FAIL" : "ok  ", tests[i].name,
           *failure ? ": " : "", failure);
    failed += *failure != '\0';
  }
  fclose(report);
  printf("%d passed, %d failed\n", kTests - failed, failed);
  if (argc > 1) {
    FILE *file = fopen(argv[1], "w");
    if (!file) {
      perror(argv[1]);
      return 2;
    }
    fprintf(file,
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
            "<testsuite name=\"hello\" tests=\"%d\" failures=\"%d\" "
            "errors=\"0\" skipped=\"0\" time=\"%.6f\">\n%s</testsuite>\n",
            kTests, failed, seconds_now() - begin, cases);
    if (fclose(file) != 0) return 2;
  }
  return failed ? 1 : 0;
}
