#include "upstream/upstream.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/text/encoding.h"

namespace skerry::registry {
namespace {

// How long a registry that did not answer is left alone, in seconds.
constexpr std::int64_t kRestAfterSilence = 5;
constexpr std::int64_t kRestAfterLimit = 60;
constexpr std::int64_t kLongestRest = 3600;
constexpr std::size_t kMostTokens = 1000;
constexpr std::chrono::seconds kConnect{5};
// Nothing at all for so long: of a blob, of everything else.
constexpr std::chrono::seconds kBlobStall{30};
constexpr std::chrono::seconds kStall{15};
constexpr std::size_t kQuoted = 200;

// The beginning of what a server says, fit for one line.
std::string excerpt(std::string_view body) {
  std::string text;
  for (const char c : body.substr(0, kQuoted)) {
    const auto byte = static_cast<unsigned char>(c);
    text += byte < ' ' || byte >= 0x7f ? ' ' : c;
  }
  return text;
}

std::int64_t retry_after(const http::ClientResponse& response) {
  const auto it = response.headers.find("retry-after");
  if (it == response.headers.end()) return kRestAfterLimit;
  const auto seconds = parse_decimal(it->second);
  if (!seconds) return kRestAfterLimit;  // a date
  return std::clamp<std::int64_t>(static_cast<std::int64_t>(*seconds), 1,
                                  kLongestRest);
}

const Challenge* pick(const std::vector<Challenge>& offered) {
  for (const char* scheme : {"bearer", "basic"}) {
    for (const auto& one : offered) {
      if (one.scheme == scheme) return &one;
    }
  }
  return nullptr;
}

}  // namespace

Upstream::Status Upstream::status() const {
  MutexLock lock(mutex_);
  return status_;
}

void Upstream::note(const Trouble& trouble) {
  services_.metrics
      .counter("skerry_registry_upstream_troubles_total",
               "Requests to upstream registries without a good answer")
      .add();
  MutexLock lock(mutex_);
  status_.last_trouble = services_.clock.now();
  status_.trouble = trouble.message;
}

void Upstream::rest_for(std::int64_t seconds, const Trouble& trouble) {
  MutexLock lock(mutex_);
  rest_until_ = services_.clock.now() + seconds * 1000;
  rest_why_ = trouble;
}

std::optional<Trouble> Upstream::resting() {
  MutexLock lock(mutex_);
  const auto left = rest_until_ - services_.clock.now();
  if (left <= 0) return {};
  auto why = rest_why_;
  if (why.status == 429) why.retry_after = (left + 999) / 1000;
  return why;
}

std::string Upstream::basic() const {
  return "Basic " +
         to_base64(fmt::format("{}:{}", config_.user, config_.password));
}

Trouble Upstream::refused(int status,
                          const http::ClientResponse& response) const {
  return {403, "DENIED",
          fmt::format("the upstream registry {} refuses {} ({}): {}",
                      config_.url,
                      config_.user.empty()
                          ? std::string("reading without an account")
                          : fmt::format("the account '{}'", config_.user),
                      status, excerpt(response.body))};
}

// What a status other than 401 means.
Upstream::Answer Upstream::judge(http::ClientResponse response) {
  const int status = response.status;
  if ((status >= 200 && status < 300) || status == 404 || status == 405) {
    MutexLock lock(mutex_);
    status_.last_answer = services_.clock.now();
    return response;
  }
  if (status == 401 || status == 403) {
    auto trouble = refused(status, response);
    note(trouble);
    return trouble;
  }
  Trouble trouble;
  if (status == 429) {
    trouble = {429, "TOOMANYREQUESTS",
               fmt::format("the upstream registry {} limits how often it may "
                           "be asked",
                           config_.url),
               retry_after(response)};
    rest_for(trouble.retry_after, trouble);
  } else {
    trouble = {502, "UNAVAILABLE",
               fmt::format("the upstream registry {} answers {}: {}",
                           config_.url, status, excerpt(response.body))};
  }
  note(trouble);
  return trouble;
}

Upstream::Answer Upstream::send(const Question& question,
                                const std::string& authorization,
                                const std::stop_token& stop) {
  http::ClientRequest request;
  request.method = question.method;
  request.url = config_.url +
                (question.target.empty()
                     ? fmt::format("/v2/{}{}",
                                   upstream_name(config_, question.repository),
                                   question.rest)
                     : question.target);
  request.headers = question.headers;
  if (!authorization.empty()) {
    request.headers.emplace_back("Authorization", authorization);
  }
  request.ca_pem = config_.ca_pem;
  request.connect_timeout = kConnect;
  request.stall_timeout = question.sink ? kBlobStall : kStall;
  request.max_body = question.max_body;
  // Our own faults (a full disk) must not count as the upstream's.
  bool own_fault = false;
  const auto guarded = [&](auto&& call, const auto& value) {
    try {
      call(value);
    } catch (...) {
      own_fault = true;
      throw;
    }
  };
  bool answered = false;
  request.on_head = [&](const http::ClientResponse& head) {
    answered = true;
    if (question.on_head) guarded(question.on_head, head);
  };
  if (question.sink) {
    request.body_sink = [&](std::string_view bytes) {
      guarded(question.sink, bytes);
    };
  }
  try {
    return services_.http_client.send(request, stop);
  } catch (const Error& error) {
    if (own_fault) throw;
    Trouble trouble{502, "UNAVAILABLE",
                    fmt::format("the upstream registry {} does not answer: {}",
                                config_.url, error.message())};
    if (answered) {
      trouble.message =
          fmt::format("the upstream registry {} broke off its answer: {}",
                      config_.url, error.message());
    } else if (!stop.stop_requested()) {
      rest_for(kRestAfterSilence, trouble);
    }
    note(trouble);
    return trouble;
  }
}

std::optional<std::string> Upstream::known_token(const std::string& scope) {
  MutexLock lock(mutex_);
  const auto it = tokens_.find(scope);
  if (it == tokens_.end()) return {};
  if (it->second.expires > services_.clock.now()) return it->second.header;
  tokens_.erase(it);
  return {};
}

std::variant<std::string, Trouble> Upstream::first_authorization(
    const std::string& scope, const std::stop_token& stop) {
  if (auto header = known_token(scope)) return *header;
  std::optional<Challenge> known;
  {
    MutexLock lock(mutex_);
    known = known_;
  }
  if (!known) return std::string();
  if (known->scheme == "basic") {
    return config_.user.empty() ? std::string() : basic();
  }
  // It will want a token for this scope too: get it without being told.
  MutexLock lock(fetching_);
  if (auto header = known_token(scope)) return *header;
  if (auto trouble = resting()) return *trouble;  // who came before got none
  auto challenge = *known;
  challenge.params["scope"] = scope;
  return fetch_token(challenge, scope, stop);
}

std::variant<std::string, Trouble> Upstream::answer_challenge(
    const http::ClientResponse& response, const std::string& scope,
    const std::stop_token& stop) {
  const auto it = response.headers.find("www-authenticate");
  const auto offered = parse_challenges(
      it == response.headers.end() ? std::string() : it->second);
  const auto* challenge = pick(offered);
  if (challenge == nullptr) return refused(401, response);
  {
    MutexLock lock(mutex_);
    known_ = *challenge;
    tokens_.erase(scope);  // it was not good enough
  }
  if (challenge->scheme == "basic") {
    if (config_.user.empty()) return refused(401, response);
    return basic();
  }
  MutexLock lock(fetching_);
  // Somebody who was refused at the same time may have been faster.
  if (auto header = known_token(scope)) return *header;
  if (auto trouble = resting()) return *trouble;
  return fetch_token(*challenge, scope, stop);
}

http::ClientRequest Upstream::token_request(const Challenge& challenge,
                                            const std::string& scope) const {
  const auto realm = challenge.param("realm");
  const auto asked = challenge.param("scope");
  http::ClientRequest request;
  request.url = fmt::format(
      "{}{}service={}&scope={}", realm,
      realm.find('?') == std::string::npos ? '?' : '&',
      percent_encode(challenge.param("service")),
      percent_encode(asked.empty() ? scope : asked));
  if (!config_.user.empty()) {
    request.url += "&account=" + percent_encode(config_.user);
    request.user = config_.user;
    request.password = config_.password;
  }
  request.ca_pem = config_.ca_pem;
  request.connect_timeout = kConnect;
  request.stall_timeout = kStall;
  request.max_body = 1u << 20;
  return request;
}

std::variant<std::string, Trouble> Upstream::fetch_token(
    const Challenge& challenge, const std::string& scope,
    const std::stop_token& stop) {
  const auto realm = challenge.param("realm");
  const bool secure = realm.starts_with("https://");
  if (!secure && (!realm.starts_with("http://") ||
                  config_.url.starts_with("https://"))) {
    return Trouble{
        502, "UNAVAILABLE",
        fmt::format("the upstream registry {} wants a token from '{}', which "
                    "is not an https address: nothing is sent there",
                    config_.url, excerpt(realm))};
  }
  http::ClientResponse response;
  try {
    response = services_.http_client.send(token_request(challenge, scope), stop);
  } catch (const Error& error) {
    Trouble trouble{502, "UNAVAILABLE",
                    fmt::format("the token service of the upstream registry "
                                "{} does not answer: {}",
                                config_.url, error.message())};
    if (!stop.stop_requested()) rest_for(kRestAfterSilence, trouble);
    note(trouble);
    return trouble;
  }
  if (response.status != 200) {
    auto judged = judge(std::move(response));
    if (auto* trouble = std::get_if<Trouble>(&judged)) return *trouble;
    return refused(std::get<http::ClientResponse>(judged).status,
                   std::get<http::ClientResponse>(judged));
  }
  const auto issued = parse_token_answer(response.body);
  if (!issued) {
    return Trouble{502, "UNAVAILABLE",
                   fmt::format("the token service of the upstream registry {} "
                               "answers without a token",
                               config_.url)};
  }
  auto header = "Bearer " + issued->token;
  // A token that is about to end is not taken on the way.
  const auto margin = std::min<std::int64_t>(10, issued->seconds / 10 + 1);
  MutexLock lock(mutex_);
  if (tokens_.size() >= kMostTokens) tokens_.clear();
  tokens_[scope] = {header, services_.clock.now() +
                                (issued->seconds - margin) * 1000};
  return header;
}

Upstream::Answer Upstream::ask(const Question& question, std::stop_token stop) {
  if (config_.password_lost) {
    return Trouble{502, "UNAVAILABLE",
                   fmt::format("the password for the upstream registry {} "
                               "cannot be read any more: set it again",
                               config_.url)};
  }
  if (!question.insist) {
    if (auto trouble = resting()) return *trouble;
  }
  const auto scope = fmt::format(
      "repository:{}:pull", upstream_name(config_, question.repository));
  auto authorization = first_authorization(scope, stop);
  if (auto* trouble = std::get_if<Trouble>(&authorization)) return *trouble;
  auto answer = send(question, std::get<std::string>(authorization), stop);
  auto* response = std::get_if<http::ClientResponse>(&answer);
  if (response == nullptr) return answer;
  if (response->status != 401) return judge(std::move(*response));
  authorization = answer_challenge(*response, scope, stop);
  if (auto* trouble = std::get_if<Trouble>(&authorization)) {
    note(*trouble);
    return *trouble;
  }
  answer = send(question, std::get<std::string>(authorization), stop);
  response = std::get_if<http::ClientResponse>(&answer);
  if (response == nullptr) return answer;
  return judge(std::move(*response));
}

}  // namespace skerry::registry
