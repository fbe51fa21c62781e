// One upstream registry: asking it, signing in as it wants (distribution
// "Token Authentication Specification", Basic), and leaving it alone for a
// while when it does not answer or says that it is asked too often.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <optional>
#include <stop_token>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "core/boot/module.h"
#include "core/os/mutex.h"
#include "registry/challenge.h"
#include "upstream/config.h"
#include "upstream/trouble.h"

namespace skerry::registry {

// Thread-safe.
class Upstream {
 public:
  Upstream(Services& services, UpstreamConfig config)
      : services_(services), config_(std::move(config)) {}
  const UpstreamConfig& config() const { return config_; }

  struct Question {
    std::string method = "GET";
    std::string repository;  // in the project; canonical
    std::string rest;        // "/manifests/latest", behind the name
    std::string target{};    // instead of both: "/v2/..." as a Link gave it
    std::vector<std::pair<std::string, std::string>> headers{};
    std::uint64_t max_body = 4u << 20;
    std::function<void(const http::ClientResponse&)> on_head{};
    std::function<void(std::string_view)> sink{};
    // Asked even while the upstream is left alone: it goes on with what has
    // begun.
    bool insist = false;
  };
  // An answer of 2xx, 404 or 405, or what was wrong. What on_head or sink
  // throw comes out.
  using Answer = std::variant<http::ClientResponse, Trouble>;
  Answer ask(const Question& question, std::stop_token stop = {});

  // For the page: when it last answered, and what was wrong last.
  struct Status {
    UnixMillis last_answer = 0;
    UnixMillis last_trouble = 0;
    std::string trouble;
  };
  Status status() const EXCLUDES(mutex_);

 private:
  struct Token {
    std::string header;
    UnixMillis expires = 0;
  };
  Answer send(const Question& question, const std::string& authorization,
              const std::stop_token& stop);
  Answer judge(http::ClientResponse response);
  // The Authorization to send at first: what is known from before.
  std::variant<std::string, Trouble> first_authorization(
      const std::string& scope, const std::stop_token& stop);
  std::variant<std::string, Trouble> answer_challenge(
      const http::ClientResponse& response, const std::string& scope,
      const std::stop_token& stop);
  http::ClientRequest token_request(const Challenge& challenge,
                                    const std::string& scope) const;
  std::variant<std::string, Trouble> fetch_token(const Challenge& challenge,
                                                 const std::string& scope,
                                                 const std::stop_token& stop);
  std::optional<std::string> known_token(const std::string& scope);
  std::string basic() const;
  Trouble refused(int status, const http::ClientResponse& response) const;
  std::optional<Trouble> resting() EXCLUDES(mutex_);
  void note(const Trouble& trouble) EXCLUDES(mutex_);
  void rest_for(std::int64_t seconds, const Trouble& trouble)
      EXCLUDES(mutex_);

  Services& services_;
  const UpstreamConfig config_;
  Mutex fetching_;  // one token is fetched at a time
  mutable Mutex mutex_;
  Status status_ GUARDED_BY(mutex_);
  UnixMillis rest_until_ GUARDED_BY(mutex_) = 0;
  Trouble rest_why_ GUARDED_BY(mutex_);
  std::optional<Challenge> known_ GUARDED_BY(mutex_);
  std::map<std::string, Token> tokens_ GUARDED_BY(mutex_);
};

}  // namespace skerry::registry
