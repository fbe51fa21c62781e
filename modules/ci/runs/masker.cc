#include "runs/masker.h"

#include <algorithm>

namespace skerry::ci {
namespace {

struct Match {
  std::size_t start = std::string::npos;
  std::size_t length = 0;
};

// The leftmost, of those the longest.
Match first_match(const std::vector<std::string>& secrets,
                  std::string_view text, std::size_t from) {
  Match best;
  for (const std::string& secret : secrets) {
    const std::size_t at = text.find(secret, from);
    if (at == std::string_view::npos) continue;
    if (at < best.start || (at == best.start && secret.size() > best.length)) {
      best = {at, secret.size()};
    }
  }
  return best;
}

// Where an end of `text` begins that is the beginning of a secret.
std::size_t unfinished(const std::vector<std::string>& secrets,
                       std::string_view text, std::size_t from) {
  std::size_t start = text.size();
  for (const std::string& secret : secrets) {
    const std::size_t longest = std::min(secret.size() - 1, text.size() - from);
    for (std::size_t length = longest; length > 0; --length) {
      const std::size_t at = text.size() - length;
      if (at < start && text.substr(at) ==
                            std::string_view(secret).substr(0, length)) {
        start = at;
        break;
      }
    }
  }
  return start;
}

void replace_all(std::string& text, std::string_view what,
                 std::string_view with) {
  for (std::size_t at = 0; (at = text.find(what, at)) != std::string::npos;
       at += with.size()) {
    text.replace(at, what.size(), with);
  }
}

}  // namespace

Masker::Masker(std::vector<std::string> secrets) {
  set_secrets(std::move(secrets));
}

void Masker::set_secrets(std::vector<std::string> secrets) {
  secrets_ = std::move(secrets);
  std::erase_if(secrets_, [](const std::string& s) { return s.empty(); });
}

std::string Masker::feed(std::string_view bytes) {
  if (secrets_.empty() && pending_.empty()) return std::string(bytes);
  pending_ += bytes;
  return take(false);
}

std::string Masker::flush() { return take(true); }

std::string Masker::take(bool at_end) {
  std::string shown;
  std::size_t from = 0;
  for (;;) {
    const Match match = first_match(secrets_, pending_, from);
    const std::size_t keep =
        at_end ? pending_.size() : unfinished(secrets_, pending_, from);
    if (match.start < keep) {
      shown.append(pending_, from, match.start - from);
      shown += "****";
      from = match.start + match.length;
      continue;
    }
    shown.append(pending_, from, keep - from);
    pending_.erase(0, keep);
    return shown;
  }
}

std::string mask(std::vector<std::string> secrets, std::string_view text) {
  Masker masker(std::move(secrets));
  std::string shown = masker.feed(text);
  return shown + masker.flush();
}

std::vector<std::string> forms_of(std::string_view secret) {
  std::vector<std::string> forms{std::string(secret)};
  if (secret.find('\'') != std::string_view::npos) {
    for (const char* quoted : {"'\\''", "'\"'\"'"}) {
      std::string form(secret);
      replace_all(form, "'", quoted);
      forms.push_back(std::move(form));
    }
  }
  if (secret.find('\n') != std::string_view::npos) {
    for (std::size_t at = 0; at < secret.size();) {
      const std::size_t end = std::min(secret.find('\n', at), secret.size());
      std::string_view line = secret.substr(at, end - at);
      if (line.ends_with('\r')) line.remove_suffix(1);
      if (line.size() >= 4) forms.emplace_back(line);
      at = end + 1;
    }
  }
  return forms;
}

}  // namespace skerry::ci
