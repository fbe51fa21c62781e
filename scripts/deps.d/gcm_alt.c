/* The functions of mbedtls/gcm.h; see gcm_alt.h. Other ciphers than AES are
 * refused: the build leaves them out. */
#include "mbedtls/gcm.h"

#include <limits.h>
#include <openssl/evp.h>
#include <string.h>

#include "mbedtls/platform_util.h"

enum { kFailed = MBEDTLS_ERR_GCM_BAD_INPUT, kTag = 16, kPart = 1024 };

void mbedtls_gcm_init(mbedtls_gcm_context *ctx)
{
  memset(ctx, 0, sizeof *ctx);
}

void mbedtls_gcm_free(mbedtls_gcm_context *ctx)
{
  if (ctx == NULL)
    return;
  EVP_CIPHER_CTX_free(ctx->evp); /* wipes the key */
  EVP_CIPHER_CTX_free(ctx->again);
  memset(ctx, 0, sizeof *ctx);
}

static const EVP_CIPHER *aes_gcm(unsigned int bits)
{
  switch (bits) {
  case 128: return EVP_aes_128_gcm();
  case 192: return EVP_aes_192_gcm();
  case 256: return EVP_aes_256_gcm();
  default: return NULL;
  }
}

int mbedtls_gcm_setkey(mbedtls_gcm_context *ctx, mbedtls_cipher_id_t cipher,
                       const unsigned char *key, unsigned int bits)
{
  const EVP_CIPHER *kind = aes_gcm(bits);
  if (cipher != MBEDTLS_CIPHER_ID_AES || kind == NULL)
    return kFailed;
  if (ctx->evp == NULL && (ctx->evp = EVP_CIPHER_CTX_new()) == NULL)
    return kFailed;
  return EVP_CipherInit_ex(ctx->evp, kind, NULL, key, NULL, 1) == 1 ? 0
                                                                     : kFailed;
}

static int begin(mbedtls_gcm_context *ctx, int mode, const unsigned char *iv,
                 size_t iv_len)
{
  ctx->encrypts = mode == MBEDTLS_GCM_ENCRYPT;
  if (ctx->evp == NULL || iv_len == 0 || iv_len > INT_MAX)
    return kFailed;
  /* Before the nonce's length can differ from the usual, it must be said. */
  if (EVP_CIPHER_CTX_iv_length(ctx->evp) != (int)iv_len &&
      EVP_CIPHER_CTX_ctrl(ctx->evp, EVP_CTRL_AEAD_SET_IVLEN, (int)iv_len,
                          NULL) != 1)
    return kFailed;
  return EVP_CipherInit_ex(ctx->evp, NULL, NULL, NULL, iv, ctx->encrypts) == 1
             ? 0
             : kFailed;
}

int mbedtls_gcm_starts(mbedtls_gcm_context *ctx, int mode,
                       const unsigned char *iv, size_t iv_len)
{
  const int rc = begin(ctx, mode, iv, iv_len);
  if (rc != 0 || ctx->encrypts)
    return rc;
  if (ctx->again == NULL && (ctx->again = EVP_CIPHER_CTX_new()) == NULL)
    return kFailed;
  return EVP_CIPHER_CTX_copy(ctx->again, ctx->evp) == 1 &&
                 EVP_CipherInit_ex(ctx->again, NULL, NULL, NULL, iv, 1) == 1
             ? 0
             : kFailed;
}

/* `output` NULL: additional data. */
static int feed(EVP_CIPHER_CTX *evp, unsigned char *output,
                const unsigned char *input, size_t length)
{
  int done = 0;
  if (length == 0)
    return 0;
  if (length > INT_MAX ||
      EVP_CipherUpdate(evp, output, &done, input, (int)length) != 1)
    return kFailed;
  return 0;
}

int mbedtls_gcm_update_ad(mbedtls_gcm_context *ctx, const unsigned char *add,
                          size_t add_len)
{
  const int rc = feed(ctx->evp, NULL, add, add_len);
  return rc == 0 && !ctx->encrypts ? feed(ctx->again, NULL, add, add_len) : rc;
}

/* In parts, by way of a buffer: OpenSSL refuses buffers that overlap and are
 * not the same, which mbedTLS allows when the output lies before the input. */
static int feed_parts(mbedtls_gcm_context *ctx, unsigned char *output,
                      const unsigned char *input, size_t length)
{
  unsigned char part[kPart];
  int rc = 0;
  while (rc == 0 && length > 0) {
    const size_t size = length < kPart ? length : kPart;
    memcpy(part, input, size);
    rc = feed(ctx->evp, part, part, size);
    memcpy(output, part, size);
    if (rc == 0 && !ctx->encrypts)
      rc = feed(ctx->again, part, part, size);
    input += size;
    output += size;
    length -= size;
  }
  mbedtls_platform_zeroize(part, sizeof part);
  return rc;
}

static int overlap(const unsigned char *one, const unsigned char *other,
                   size_t length)
{
  return one != other && one < other + length && other < one + length;
}

int mbedtls_gcm_update(mbedtls_gcm_context *ctx, const unsigned char *input,
                       size_t input_length, unsigned char *output,
                       size_t output_size, size_t *output_length)
{
  if (output_size < input_length)
    return MBEDTLS_ERR_GCM_BUFFER_TOO_SMALL;
  *output_length = input_length;
  if (input_length > INT_MAX)
    return kFailed;
  if (!ctx->encrypts || overlap(input, output, input_length))
    return feed_parts(ctx, output, input, input_length);
  return feed(ctx->evp, output, input, input_length);
}

int mbedtls_gcm_finish(mbedtls_gcm_context *ctx, unsigned char *output,
                       size_t output_size, size_t *output_length,
                       unsigned char *tag, size_t tag_len)
{
  unsigned char none[kTag];
  int done = 0;
  EVP_CIPHER_CTX *evp = ctx->encrypts ? ctx->evp : ctx->again;
  (void)output;
  (void)output_size;
  *output_length = 0;
  if (tag_len < 4 || tag_len > kTag ||
      EVP_CipherFinal_ex(evp, none, &done) != 1 ||
      EVP_CIPHER_CTX_ctrl(evp, EVP_CTRL_AEAD_GET_TAG, (int)tag_len,
                          tag) != 1)
    return kFailed;
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
  unsigned char none[kTag];
  int done = 0;
  int rc = begin(ctx, MBEDTLS_GCM_DECRYPT, iv, iv_len);
  if (rc == 0)
    rc = feed(ctx->evp, NULL, add, add_len);
  if (rc == 0 && length <= INT_MAX && overlap(input, output, length)) {
    memmove(output, input, length);
    input = output;
  }
  if (rc == 0)
    rc = feed(ctx->evp, output, input, length);
  if (rc != 0)
    return rc;
  if (tag_len < 4 || tag_len > kTag ||
      EVP_CIPHER_CTX_ctrl(ctx->evp, EVP_CTRL_AEAD_SET_TAG, (int)tag_len,
                          (void *)tag) != 1)
    return kFailed;
  if (EVP_CipherFinal_ex(ctx->evp, none, &done) != 1) {
    mbedtls_platform_zeroize(output, length);
    return MBEDTLS_ERR_GCM_AUTH_FAILED;
  }
  return 0;
}
