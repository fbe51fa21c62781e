#include "client/sign/key_files.h"

#include <fcntl.h>
#include <termios.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <optional>

#include "core/error.h"
#include "core/os/fd.h"
#include "core/os/file.h"

namespace skerry::app {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kLongestPassword = 4096;
constexpr unsigned kOwnerOnly = 0600;

// Nothing that is typed is shown while it lives.
class SilentTerminal {
 public:
  SilentTerminal() : terminal_(::open("/dev/tty", O_RDWR | O_CLOEXEC)) {
    if (!terminal_ || tcgetattr(terminal_.get(), &before_) != 0) {
      fail(ErrorCode::invalid,
           "the key needs a password, and there is no terminal to ask at: set "
           "COSIGN_PASSWORD, or give --password-file");
    }
    termios silent = before_;
    silent.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    tcsetattr(terminal_.get(), TCSAFLUSH, &silent);
  }
  ~SilentTerminal() { tcsetattr(terminal_.get(), TCSAFLUSH, &before_); }
  SilentTerminal(const SilentTerminal&) = delete;
  SilentTerminal& operator=(const SilentTerminal&) = delete;

  std::string ask(const std::string& question) {
    write_all(terminal_.get(), question + ": ");
    std::string line;
    for (char c = 0; ::read(terminal_.get(), &c, 1) == 1 && c != '\n';) {
      if (line.size() < kLongestPassword) line += c;
    }
    write_all(terminal_.get(), "\n");
    return line;
  }

 private:
  const Fd terminal_;
  termios before_{};
};

std::optional<std::string> given_password(const std::string& file) {
  if (!file.empty()) {
    auto text = read_file(file, kLongestPassword);
    if (text.ends_with('\n')) text.pop_back();
    if (text.ends_with('\r')) text.pop_back();
    return text;
  }
  const char* value = std::getenv("COSIGN_PASSWORD");
  if (value == nullptr) return {};
  return value;
}

std::string new_password(const std::string& file) {
  if (auto given = given_password(file)) return std::move(*given);
  SilentTerminal terminal;
  auto password = terminal.ask("Password for the new private key");
  if (terminal.ask("Again") != password) {
    fail(ErrorCode::invalid, "the two passwords differ");
  }
  return password;
}

}  // namespace

registry::PrivateKey read_private_key(const std::string& file,
                                      const std::string& password_file) {
  try {
    return registry::PrivateKey::parse(
        read_file(file, registry::kLargestKeyFile), [&] {
          if (auto given = given_password(password_file)) {
            return std::move(*given);
          }
          return SilentTerminal().ask("Password for " + file);
        });
  } catch (const Error& error) {
    throw error.in(file);
  }
}

std::vector<registry::NamedKey> read_public_keys(
    const std::vector<std::string>& files) {
  std::vector<registry::NamedKey> keys;
  for (const auto& file : files) {
    try {
      keys.push_back({file, registry::PublicKey::parse(read_file(
                                file, registry::kLargestKeyFile))});
    } catch (const Error& error) {
      throw error.in(file);
    }
  }
  return keys;
}

registry::PublicKey write_key_pair(const std::string& prefix,
                                   const std::string& password_file) {
  const auto secret = prefix + ".key", open = prefix + ".pub";
  for (const auto& file : {secret, open}) {
    if (fs::exists(file)) {
      fail(ErrorCode::conflict, "{} exists: a key is never overwritten", file);
    }
  }
  const auto key = registry::PrivateKey::generate();
  write_file_atomically(secret,
                        key.encrypted_pem(new_password(password_file)),
                        kOwnerOnly);
  write_file_atomically(open, key.public_key().pem());
  return key.public_key();
}

}  // namespace skerry::app
