/* civetweb as Skerry builds it: the library's one source file with what this
 * file adds. scripts/deps marks the four places in it that call the functions
 * named mg_aside_*.
 *
 * - The TLS handshake waits for its non-blocking socket (it would spin, and for
 *   ever) and gives up after ten seconds.
 * - Nothing is written to standard error.
 * - A connection's socket and its buffer can be asked for: for sendfile(2), and
 *   to tell a request that is too long from one that was parsed only in part.
 * - A connection that has nothing to read can be put aside: it then holds no
 *   thread until whoever took it hands it back or discards it. */
#include <mbedtls/net_sockets.h>
#include <mbedtls/ssl.h>
#include <poll.h>
#include <stdio.h>
#include <time.h>

static int patient_handshake(mbedtls_ssl_context *ssl)
{
  const time_t deadline = time(NULL) + 10;
  for (;;) {
    struct pollfd wait = {*(int *)ssl->MBEDTLS_PRIVATE(p_bio), 0, 0};
    const int rc = mbedtls_ssl_handshake(ssl);
    if (rc == MBEDTLS_ERR_SSL_WANT_READ)
      wait.events = POLLIN;
    else if (rc == MBEDTLS_ERR_SSL_WANT_WRITE)
      wait.events = POLLOUT;
    else
      return rc;
    if (time(NULL) >= deadline)
      return MBEDTLS_ERR_SSL_TIMEOUT;
    (void)poll(&wait, 1, 1000);
  }
}
#define mbedtls_ssl_handshake patient_handshake
#define fprintf(stream, ...) \
  ((stream) == stderr ? 0 : fprintf((stream), __VA_ARGS__))

struct mg_context;
struct mg_connection;
struct socket;
static void mg_aside_accepted(struct mg_context *ctx, const struct socket *so);
static int mg_aside_put(struct mg_connection *conn);
static void mg_aside_take_up(struct mg_connection *conn);

#include "civetweb.c"

/* A connection that no thread of civetweb holds. */
struct mg_aside {
  struct mg_context *ctx;
  struct socket socket;
  mbedtls_ssl_context *ssl; /* NULL before the handshake, and without TLS */
};

/* Given by the user of this library; `user` is the context's user data. To take
 * the connection, it returns 1 and later calls mg_aside_resume or
 * mg_aside_discard, from any thread, once. `accepted`: it is new. */
extern int mg_aside_offer(void *user, struct mg_aside *aside, int socket,
                          int accepted);

static int offer(struct mg_context *ctx, const struct socket *so,
                 mbedtls_ssl_context *ssl, int accepted)
{
  struct mg_aside *aside = (struct mg_aside *)mg_malloc(sizeof *aside);
  if (aside == NULL)
    return 0;
  aside->socket = *so;
  aside->socket.aside = NULL;
  aside->ctx = ctx;
  aside->ssl = ssl;
  /* TLS reads and writes the socket through this pointer. */
  if (ssl != NULL)
    mbedtls_ssl_set_bio(ssl, &aside->socket.sock, mbedtls_net_send,
                        mbedtls_net_recv, NULL);
  if (mg_aside_offer(ctx->user_data, aside, aside->socket.sock, accepted))
    return 1; /* it may be gone by now */
  mg_free(aside);
  return 0;
}

/* In accept_new_connection, in place of produce_socket. */
static void mg_aside_accepted(struct mg_context *ctx, const struct socket *so)
{
  if (!offer(ctx, so, NULL, 1))
    produce_socket(ctx, so);
}

/* At the end of a request that leaves the connection open: 1 when the worker
 * must forget it. */
static int mg_aside_put(struct mg_connection *conn)
{
  mbedtls_ssl_context *ssl = conn->ssl;
  if (conn->data_len > 0 ||
      (ssl != NULL && mbedtls_ssl_check_pending(ssl) != 0))
    return 0;
  if (!offer(conn->phys_ctx, &conn->client, ssl, 0)) {
    if (ssl != NULL)
      mbedtls_ssl_set_bio(ssl, &conn->client.sock, mbedtls_net_send,
                          mbedtls_net_recv, NULL);
    return 0;
  }
  mg_set_user_connection_data(conn, NULL);
  conn->ssl = NULL;
  conn->client.sock = INVALID_SOCKET;
  return 1;
}

/* In a worker, for a connection with a handshake behind it. */
static void mg_aside_take_up(struct mg_connection *conn)
{
  struct mg_aside *aside = (struct mg_aside *)conn->client.aside;
  conn->client.aside = NULL;
  conn->ssl = aside->ssl;
  mg_free(aside);
  mbedtls_ssl_set_bio(conn->ssl, &conn->client.sock, mbedtls_net_send,
                      mbedtls_net_recv, NULL);
  init_connection(conn);
  conn->connection_type = CONNECTION_TYPE_REQUEST;
  conn->protocol_type = PROTOCOL_TYPE_HTTP1;
  process_new_connection(conn);
}

/* Gives the connection to a worker; waits for one when the queue is full. */
void mg_aside_resume(struct mg_aside *aside)
{
  struct mg_context *ctx = aside->ctx;
  struct socket so = aside->socket;
  if (aside->ssl != NULL)
    so.aside = aside;
  else
    mg_free(aside);
  produce_socket(ctx, &so);
}

void mg_aside_discard(struct mg_aside *aside)
{
  if (aside->ssl != NULL)
    mbed_ssl_close(aside->ssl);
  closesocket(aside->socket.sock);
  mg_free(aside);
}

int mg_connection_socket(const struct mg_connection *conn)
{
  return conn->client.sock;
}

/* The buffer's start; the length of the header in it (negative when it is not
 * whole), of all that was read, and of the buffer. */
const char *mg_connection_buffer(const struct mg_connection *conn,
                                 int *header, int *filled, int *size)
{
  *header = conn->request_len;
  *filled = conn->data_len;
  *size = conn->buf_size;
  return conn->buf;
}
