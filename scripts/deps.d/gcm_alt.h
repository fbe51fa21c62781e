/* mbedTLS's AES-GCM by OpenSSL's libcrypto, which keeps the processor's AES and
 * carry-less multiplication units busy and is ten times as fast as mbedTLS's
 * own. mbedTLS includes this in place of its definition (MBEDTLS_GCM_ALT). */
#ifndef GCM_ALT_H
#define GCM_ALT_H

typedef struct mbedtls_gcm_context {
  struct evp_cipher_ctx_st *evp; /* NULL until there is a key */
  /* OpenSSL tells the tag to who encrypts only. Who decrypts in parts and wants
   * it has the plaintext encrypted again, by this one. */
  struct evp_cipher_ctx_st *again;
  int encrypts;
} mbedtls_gcm_context;

#endif
