// sprig: passwords and what is encrypted under them.
#include <mbedtls/aes.h>
#include <sodium.h>

#include <algorithm>

#include "core/text/encoding.h"
#include "gotemplate/crypto/bcrypt.h"
#include "gotemplate/funcs/common.h"
#include "gotemplate/funcs/encoding.h"
#include "gotemplate/funcs/families.h"

namespace skerry::chart {

namespace {

using In = Invocation&;
constexpr Type S = Type::string;
constexpr std::size_t kAesBlock = 16, kAesKey = 32;
// What a slow function weighs against the limits.
constexpr std::uint64_t kBcryptSteps = 200'000, kScryptSteps = 500'000;

const unsigned char* unsigned_bytes(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}
unsigned char* unsigned_bytes(std::string& text) {
  return reinterpret_cast<unsigned char*>(text.data());
}

std::string bcrypt(In in, const std::string& password) {
  in.execution().charge_steps(kBcryptSteps);
  if (password.size() > kBcryptMaxPassword) {
    return "failed to encrypt string with bcrypt: bcrypt: password length "
           "exceeds 72 bytes";
  }
  return bcrypt_hash(
      password, in.execution().environment().random_bytes(kBcryptSaltBytes));
}

Value htpasswd(In in) {
  auto& user = in.string(0);
  if (user.find(':') != user.npos) return "invalid username: " + user;
  return user + ":" + bcrypt(in, in.string(1));
}

// The Master Password algorithm: templates of character classes.
std::string_view class_characters(char name) {
  switch (name) {
    case 'V': return "AEIOU";
    case 'C': return "BCDFGHJKLMNPQRSTVWXYZ";
    case 'v': return "aeiou";
    case 'c': return "bcdfghjklmnpqrstvwxyz";
    case 'a': return "AEIOUaeiouBCDFGHJKLMNPQRSTVWXYZbcdfghjklmnpqrstvwxyz";
    case 'n': return "0123456789";
    case 'o': return "@&%?,=[]_:-+*$#!'^~;()/.";
    default:
      return "AEIOUaeiouBCDFGHJKLMNPQRSTVWXYZbcdfghjklmnpqrstvwxyz0123456789!@"
             "#$%^&*()";
  }
}

std::vector<std::string> password_templates(std::string_view type) {
  std::string_view all;
  if (type == "maximum") all = "anoxxxxxxxxxxxxxxxxx axxxxxxxxxxxxxxxxxno";
  if (type == "long") {
    all = "CvcvnoCvcvCvcv CvcvCvcvnoCvcv CvcvCvcvCvcvno CvccnoCvcvCvcv "
          "CvccCvcvnoCvcv CvccCvcvCvcvno CvcvnoCvccCvcv CvcvCvccnoCvcv "
          "CvcvCvccCvcvno CvcvnoCvcvCvcc CvcvCvcvnoCvcc CvcvCvcvCvccno "
          "CvccnoCvccCvcv CvccCvccnoCvcv CvccCvccCvcvno CvcvnoCvccCvcc "
          "CvcvCvccnoCvcc CvcvCvccCvccno CvccnoCvcvCvcc CvccCvcvnoCvcc "
          "CvccCvcvCvccno";
  }
  if (type == "medium") all = "CvcnoCvc CvcCvcno";
  if (type == "short") all = "Cvcn";
  if (type == "basic") all = "aaanaaan aannaaan aaannaaa";
  if (type == "pin") all = "nnnn";
  return all.empty() ? std::vector<std::string>() : go_split(all, " ", -1);
}

std::string big_endian(std::uint64_t value) {
  std::string out;
  for (int shift = 24; shift >= 0; shift -= 8) {
    out += static_cast<char>((value >> shift) & 0xFF);
  }
  return out;
}

Value derive_password(In in) {
  constexpr std::string_view kSeed = "com.lyndir.masterpassword";
  constexpr std::uint64_t kCost = 32768;
  auto templates = password_templates(in.string(1));
  if (templates.empty()) {
    return "cannot find password template " + in.string(1);
  }
  auto &password = in.string(2), &user = in.string(3), &site = in.string(4);
  in.execution().charge_steps(kScryptSteps);
  std::string salt = std::string(kSeed) + big_endian(user.size()) + user;
  std::string key(64, '\0');
  if (crypto_pwhash_scryptsalsa208sha256_ll(
          unsigned_bytes(password), password.size(), unsigned_bytes(salt),
          salt.size(), kCost, 8, 2, unsigned_bytes(key), key.size()) != 0) {
    fail_call("failed to derive password: there is no memory for scrypt");
  }
  std::string message = std::string(kSeed) + big_endian(site.size()) + site +
                        big_endian(in[0].unsigned_integer());
  crypto_auth_hmacsha256_state state;
  crypto_auth_hmacsha256_init(&state, unsigned_bytes(key), key.size());
  crypto_auth_hmacsha256_update(&state, unsigned_bytes(message),
                                message.size());
  unsigned char seed[crypto_auth_hmacsha256_BYTES];
  crypto_auth_hmacsha256_final(&state, seed);
  std::string out;
  for (char name : templates[seed[0] % templates.size()]) {
    auto characters = class_characters(name);
    out += characters[seed[out.size() + 1] % characters.size()];
  }
  return out;
}

class Aes {
 public:
  Aes(const std::string& password, bool encrypts) {
    std::string key = password;
    key.resize(kAesKey, '\0');
    mbedtls_aes_init(&context_);
    if (encrypts) {
      mbedtls_aes_setkey_enc(&context_, unsigned_bytes(key), kAesKey * 8);
    } else {
      mbedtls_aes_setkey_dec(&context_, unsigned_bytes(key), kAesKey * 8);
    }
  }
  ~Aes() { mbedtls_aes_free(&context_); }
  Aes(const Aes&) = delete;
  Aes& operator=(const Aes&) = delete;

  std::string run(int mode, std::string vector, const std::string& text) {
    std::string out(text.size(), '\0');
    mbedtls_aes_crypt_cbc(&context_, mode, text.size(),
                          unsigned_bytes(vector), unsigned_bytes(text),
                          unsigned_bytes(out));
    return out;
  }

 private:
  mbedtls_aes_context context_;
};

Value encrypt(In in) {
  std::string text = in.string(1);
  if (text.empty()) return "";
  std::size_t padding = kAesBlock - text.size() % kAesBlock;
  text.append(padding, static_cast<char>(padding));
  std::string vector = in.execution().environment().random_bytes(kAesBlock);
  return to_base64(
      vector + Aes(in.string(0), true).run(MBEDTLS_AES_ENCRYPT, vector, text));
}

Value decrypt(In in) {
  if (in.string(1).empty()) return "";
  std::string problem;
  std::string bytes = decode_go_base64(in.string(1), problem);
  if (!problem.empty()) fail_call("{}", problem);
  if (bytes.size() < kAesBlock) {
    fail_call("runtime error: slice bounds out of range [:{}] with capacity {}",
              kAesBlock, bytes.size());
  }
  std::string text = bytes.substr(kAesBlock);
  if (text.size() % kAesBlock != 0) {
    fail_call("crypto/cipher: input not full blocks");
  }
  if (text.empty()) fail_call("runtime error: index out of range [-1]");
  text = Aes(in.string(0), false)
             .run(MBEDTLS_AES_DECRYPT, bytes.substr(0, kAesBlock), text);
  auto padding = static_cast<unsigned char>(text.back());
  if (padding > text.size()) {
    fail_call("runtime error: slice bounds out of range [:{}]",
              static_cast<std::int64_t>(text.size()) - padding);
  }
  text.resize(text.size() - padding);
  return text;
}

}  // namespace

std::span<const Function> password_functions() {
  static const Function kTable[] = {
      {"bcrypt", {S}, false,
       [](In in) { return Value(bcrypt(in, in.string(0))); }},
      {"htpasswd", {S, S}, false, htpasswd},
      {"derivePassword", {Type::uint32, S, S, S, S}, false, derive_password},
      {"encryptAES", {S, S}, false, encrypt},
      {"decryptAES", {S, S}, false, decrypt},
  };
  return kTable;
}

}  // namespace skerry::chart
