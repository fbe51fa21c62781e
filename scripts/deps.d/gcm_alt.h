/* mbedTLS's AES-GCM by OpenSSL's libcrypto, which keeps the processor's AES and
 * carry-less multiplication units busy and is ten times as fast as mbedTLS's
 * own. mbedTLS includes this in place of its definition (MBEDTLS_GCM_ALT). */
#ifndef GCM_ALT_H
#define GCM_ALT_H

typedef struct mbedtls_gcm_context {
  struct gcm_alt_state *state; /* NULL until there is a key */
  int encrypts;
} mbedtls_gcm_context;

#endif
