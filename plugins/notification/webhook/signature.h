// How a receiver knows that a call came from this server and was not changed or replayed.
#pragma once

#include <string>
#include <string_view>

namespace duban::notification_webhook {

// "sha256=" and, in lower-case hex, HMAC-SHA256(secret, timestamp + "." + body).
std::string Sign(std::string_view secret, std::string_view timestamp, std::string_view body);

}  // namespace duban::notification_webhook
