// One attempt to deliver one event.
#pragma once

#include <stop_token>
#include <string>
#include <string_view>

#include "core/boot/module.h"
#include "notify/outbox.h"
#include "notify/webhook.h"

namespace skerry::registry {

// Posts the event (notice.h) and says what became of it; never throws for what
// the receiver does. Any 2xx or 3xx accepts it, but redirects, which are not
// followed. The answer's body is not read.
//
//   Content-Type: application/vnd.docker.distribution.events.v2+json
//   X-Skerry-Signature-256: sha256=<HMAC-SHA256 of the body, hexadecimal>
Delivery send_event(Services& services, const Webhook& webhook,
                    std::string_view event, std::stop_token stop = {});

}  // namespace skerry::registry
