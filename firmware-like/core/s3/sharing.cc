#include "core/s3/sharing.h"

#include <thread>

#include "core/error.h"
#include "core/os/random.h"
#include "core/telemetry/log.h"

namespace skerry::s3 {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr milliseconds kFirstLook{20}, kLongestLook{1000};
// Together with kDeadline less than kStale.
constexpr std::chrono::seconds kSlow{30};
// A condemnation that is in the way goes or gets stale before.
constexpr std::chrono::seconds kPatience = kStale + kDeadline;

bool stale(const Object& condemnation, UnixMillis now) {
  return now - condemnation.modified > milliseconds(kStale).count();
}

}  // namespace

std::string Sharing::need(const Digest& digest) {
  std::string marker = server_ + "." + random_name(8);
  client_.put(keys_.holders(digest) + marker, server_);
  const auto end = steady_clock::now() + kPatience;
  auto look = kFirstLook;
  while (condemned(digest)) {
    if (steady_clock::now() > end) {
      fail(ErrorCode::unavailable,
           "blob {} is being deleted by another server of this S3 store; try "
           "again later",
           digest.to_string());
    }
    std::this_thread::sleep_for(look);
    look = std::min(look * 2, kLongestLook);
  }
  return marker;
}

bool Sharing::condemned(const Digest& digest) {
  const auto page = client_.list(keys_.condemned(digest));
  bool found = false;
  for (const auto& object : page.listing.objects) {
    if (stale(object, page.now)) {
      client_.remove(object.key);
    } else {
      found = true;
    }
  }
  return found;
}

bool Sharing::held(const Digest& digest) {
  return !client_.list(keys_.holders(digest), {}, 1).listing.objects.empty();
}

bool Sharing::let_go(const Digest& digest, const std::string& marker) {
  forget(digest, marker);
  if (held(digest)) return false;
  const std::string condemnation = keys_.condemned(digest) + condemner_;
  const auto begin = steady_clock::now();
  const UnixMillis written = client_.put(condemnation, server_);
  // The bucket's word for the time may be as much later than the condemnation.
  const bool slow = steady_clock::now() - begin > kSlow;
  const bool wanted = slow || held(digest);
  // When this fails it is not known whether the data goes after all: the
  // condemnation stays, until it is stale.
  if (!wanted) client_.remove_before(keys_.blob(digest), written, kDeadline);
  client_.remove(condemnation);
  if (slow) {
    fail(ErrorCode::unavailable, "the S3 store is too slow to delete blob {}",
         digest.to_string());
  }
  return !wanted;
}

void Sharing::forget(const Digest& digest, const std::string& marker) {
  client_.remove(keys_.holders(digest) + marker);
}

void Sharing::while_condemned(const Digest& digest,
                              const std::function<void()>& action) {
  const std::string condemnation = keys_.condemned(digest) + condemner_;
  client_.put(condemnation, server_);
  action();
  client_.remove(condemnation);
}

void Sharing::each_marker(
    const std::function<void(const Digest&, const std::string&)>& visit) {
  std::string token;
  do {
    const auto page = client_.list(keys_.all_holders(), token);
    for (const auto& object : page.listing.objects) {
      const auto mark = keys_.holder(object.key);
      if (!mark) continue;
      const auto& name = mark->name;
      if (name == server_ || name.starts_with(server_ + ".")) {
        visit(mark->digest, name);
      }
    }
    token = page.listing.next;
  } while (!token.empty());
}

void Sharing::remove_stale() {
  std::string token;
  do {
    const auto page = client_.list(keys_.all_condemned(), token);
    for (const auto& object : page.listing.objects) {
      if (stale(object, page.now)) client_.remove(object.key);
    }
    token = page.listing.next;
  } while (!token.empty());
}

}  // namespace skerry::s3
