/* The functions of mbedtls/gcm.h; see gcm_alt.h. Other ciphers than AES are
 * refused: the build leaves them out.
 *
 * OpenSSL's low-level functions are used because EVP would link all of its
 * providers: 3 MB. */
#include "mbedtls/gcm.h"

#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/aes.h>
#include <openssl/crypto.h>
#include <openssl/modes.h>
#include <stdlib.h>
#include <string.h>

#include "mbedtls/platform_util.h"

enum { kFailed = MBEDTLS_ERR_GCM_BAD_INPUT, kTag = 16 };

struct gcm_alt_state {
  AES_KEY key;
  ctr128_f ctr; /* NULL: block by block */
  GCM128_CONTEXT *gcm;
};

#if defined(__x86_64__)
/* What EVP calls on a processor with AES instructions; in no header. */
int aesni_set_encrypt_key(const unsigned char *key, int bits, AES_KEY *out);
void aesni_encrypt(const unsigned char *in, unsigned char *out,
                   const AES_KEY *key);
void aesni_ctr32_encrypt_blocks(const unsigned char *in, unsigned char *out,
                                size_t blocks, const void *key,
                                const unsigned char *iv);
#endif

static block128_f set_key(struct gcm_alt_state *state, const unsigned char *key,
                          int bits)
{
#if defined(__x86_64__)
  if (__builtin_cpu_supports("aes") && __builtin_cpu_supports("ssse3")) {
    state->ctr = aesni_ctr32_encrypt_blocks;
    return aesni_set_encrypt_key(key, bits, &state->key) == 0
               ? (block128_f)aesni_encrypt
               : NULL;
  }
#endif
  state->ctr = NULL;
  return AES_set_encrypt_key(key, bits, &state->key) == 0
             ? (block128_f)AES_encrypt
             : NULL;
}

void mbedtls_gcm_init(mbedtls_gcm_context *ctx)
{
  memset(ctx, 0, sizeof *ctx);
}

void mbedtls_gcm_free(mbedtls_gcm_context *ctx)
{
  if (ctx == NULL)
    return;
  if (ctx->state != NULL) {
    CRYPTO_gcm128_release(ctx->state->gcm); /* wipes it */
    mbedtls_platform_zeroize(ctx->state, sizeof *ctx->state);
    free(ctx->state);
  }
  memset(ctx, 0, sizeof *ctx);
}

int mbedtls_gcm_setkey(mbedtls_gcm_context *ctx, mbedtls_cipher_id_t cipher,
                       const unsigned char *key, unsigned int bits)
{
  block128_f block;
  mbedtls_gcm_free(ctx);
  if (cipher != MBEDTLS_CIPHER_ID_AES ||
      (bits != 128 && bits != 192 && bits != 256))
    return kFailed;
  if ((ctx->state = calloc(1, sizeof *ctx->state)) == NULL)
    return kFailed;
  if ((block = set_key(ctx->state, key, (int)bits)) != NULL &&
      (ctx->state->gcm = CRYPTO_gcm128_new(&ctx->state->key, block)) != NULL)
    return 0;
  mbedtls_gcm_free(ctx);
  return kFailed;
}

int mbedtls_gcm_starts(mbedtls_gcm_context *ctx, int mode,
                       const unsigned char *iv, size_t iv_len)
{
  if (ctx->state == NULL || iv_len == 0)
    return kFailed;
  ctx->encrypts = mode == MBEDTLS_GCM_ENCRYPT;
  CRYPTO_gcm128_setiv(ctx->state->gcm, iv, iv_len);
  return 0;
}

int mbedtls_gcm_update_ad(mbedtls_gcm_context *ctx, const unsigned char *add,
                          size_t add_len)
{
  if (add_len == 0)
    return 0;
  return CRYPTO_gcm128_aad(ctx->state->gcm, add, add_len) == 0 ? 0 : kFailed;
}

static int crypt(mbedtls_gcm_context *ctx, const unsigned char *input,
                 unsigned char *output, size_t length)
{
  GCM128_CONTEXT *gcm = ctx->state->gcm;
  const ctr128_f ctr = ctx->state->ctr;
  if (length == 0)
    return 0;
  /* OpenSSL takes the same buffer for both, mbedTLS also an output that
   * overlaps with the input. */
  if (input != output && input < output + length && output < input + length) {
    memmove(output, input, length);
    input = output;
  }
  if (ctx->encrypts)
    return ctr ? CRYPTO_gcm128_encrypt_ctr32(gcm, input, output, length, ctr)
               : CRYPTO_gcm128_encrypt(gcm, input, output, length);
  return ctr ? CRYPTO_gcm128_decrypt_ctr32(gcm, input, output, length, ctr)
             : CRYPTO_gcm128_decrypt(gcm, input, output, length);
}

int mbedtls_gcm_update(mbedtls_gcm_context *ctx, const unsigned char *input,
                       size_t input_length, unsigned char *output,
                       size_t output_size, size_t *output_length)
{
  if (output_size < input_length)
    return MBEDTLS_ERR_GCM_BUFFER_TOO_SMALL;
  *output_length = input_length;
  return crypt(ctx, input, output, input_length) == 0 ? 0 : kFailed;
}

int mbedtls_gcm_finish(mbedtls_gcm_context *ctx, unsigned char *output,
                       size_t output_size, size_t *output_length,
                       unsigned char *tag, size_t tag_len)
{
  (void)output;
  (void)output_size;
  *output_length = 0;
  if (tag_len < 4 || tag_len > kTag)
    return kFailed;
  CRYPTO_gcm128_tag(ctx->state->gcm, tag, tag_len);
  return 0;
}

int mbedtls_gcm_crypt_and_tag(mbedtls_gcm_context *ctx, int mode,
                              size_t length, const unsigned char *iv,
                              size_t iv_len, const unsigned char *add,
                              size_t add_len, const unsigned char *input,
                              unsigned char *output, size_t tag_len,
                              unsigned char *tag)
{
  size_t done;
  int rc = mbedtls_gcm_starts(ctx, mode, iv, iv_len);
  if (rc == 0)
    rc = mbedtls_gcm_update_ad(ctx, add, add_len);
  if (rc == 0)
    rc = mbedtls_gcm_update(ctx, input, length, output, length, &done);
  if (rc == 0)
    rc = mbedtls_gcm_finish(ctx, NULL, 0, &done, tag, tag_len);
  return rc;
}

int mbedtls_gcm_auth_decrypt(mbedtls_gcm_context *ctx, size_t length,
                             const unsigned char *iv, size_t iv_len,
                             const unsigned char *add, size_t add_len,
                             const unsigned char *tag, size_t tag_len,
                             const unsigned char *input, unsigned char *output)
{
  unsigned char wanted[kTag];
  int rc = mbedtls_gcm_crypt_and_tag(ctx, MBEDTLS_GCM_DECRYPT, length, iv,
                                     iv_len, add, add_len, input, output,
                                     tag_len, wanted);
  if (rc == 0 && CRYPTO_memcmp(wanted, tag, tag_len) != 0) {
    mbedtls_platform_zeroize(output, length);
    rc = MBEDTLS_ERR_GCM_AUTH_FAILED;
  }
  return rc;
}
