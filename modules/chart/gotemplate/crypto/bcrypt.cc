#include "gotemplate/crypto/bcrypt.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace skerry::chart {

namespace {

// The words of a repeated key, one after another.
class WordStream {
 public:
  explicit WordStream(std::string_view bytes) : bytes_(bytes) {}
  std::uint32_t next() {
    std::uint32_t word = 0;
    for (int i = 0; i < 4; ++i) {
      word = (word << 8) | static_cast<unsigned char>(bytes_[at_]);
      at_ = (at_ + 1) % bytes_.size();
    }
    return word;
  }

 private:
  std::string_view bytes_;
  std::size_t at_ = 0;
};

// Blowfish with the expensive key schedule.
class EksBlowfish {
 public:
  EksBlowfish(std::string_view key, std::string_view salt, int cost) {
    auto words = pi_words();
    std::copy(words.begin(), words.begin() + 18, p_.begin());
    std::copy(words.begin() + 18, words.end(), s_.begin());
    expand(key, salt);
    static constexpr char kZeros[16] = {};
    std::string_view zeros(kZeros, sizeof kZeros);
    for (std::uint64_t i = 0; i < std::uint64_t{1} << cost; ++i) {
      expand(key, zeros);
      expand(salt, zeros);
    }
  }

  void encrypt(std::uint32_t& left, std::uint32_t& right) const {
    left ^= p_[0];
    for (std::size_t i = 1; i < 17; i += 2) {
      right ^= mix(left) ^ p_[i];
      left ^= mix(right) ^ p_[i + 1];
    }
    std::uint32_t last = right ^ p_[17];
    right = left;
    left = last;
  }

 private:
  std::uint32_t mix(std::uint32_t x) const {
    return ((s_[x >> 24] + s_[256 + ((x >> 16) & 0xFF)]) ^
            s_[512 + ((x >> 8) & 0xFF)]) +
           s_[768 + (x & 0xFF)];
  }

  void expand(std::string_view key, std::string_view salt) {
    WordStream keys(key), salts(salt);
    for (auto& word : p_) word ^= keys.next();
    std::uint32_t left = 0, right = 0;
    auto fill = [&](auto& words) {
      for (std::size_t i = 0; i < words.size(); i += 2) {
        left ^= salts.next();
        right ^= salts.next();
        encrypt(left, right);
        words[i] = left;
        words[i + 1] = right;
      }
    };
    fill(p_);
    fill(s_);
  }

  std::array<std::uint32_t, 18> p_;
  std::array<std::uint32_t, 4 * 256> s_;
};

// Base64 with an alphabet and an end of its own.
std::string encode(std::string_view bytes) {
  constexpr std::string_view kAlphabet =
      "./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
  std::string out;
  std::uint32_t held = 0;
  unsigned count = 0;
  for (char c : bytes) {
    held = (held << 8) | static_cast<unsigned char>(c);
    for (count += 8; count >= 6; count -= 6) {
      out += kAlphabet[(held >> (count - 6)) & 63];
    }
  }
  if (count > 0) out += kAlphabet[(held << (6 - count)) & 63];
  return out;
}

}  // namespace

std::string bcrypt_hash(std::string_view password, std::string_view salt,
                        int cost) {
  std::string key(password);
  key += '\0';
  EksBlowfish cipher(key, salt, cost);
  WordStream magic("OrpheanBeholderScryDoubt");
  constexpr std::size_t kHashBytes = 23;  // the last byte is left out
  std::string hash;
  for (int block = 0; block < 3; ++block) {
    std::uint32_t left = magic.next(), right = magic.next();
    for (int i = 0; i < 64; ++i) cipher.encrypt(left, right);
    for (auto word : {left, right}) {
      for (int shift = 24; shift >= 0; shift -= 8) {
        hash += static_cast<char>((word >> shift) & 0xFF);
      }
    }
  }
  hash.resize(kHashBytes);
  return fmt::format("$2a${:02}${}{}", cost, encode(salt), encode(hash));
}

}  // namespace skerry::chart
