#include "plugins/notification/webhook/signature.h"

#include <fmt/format.h>

#include "plugins/notification/hmac/hmac.h"

namespace duban::notification_webhook {

std::string Sign(std::string_view secret, std::string_view timestamp, std::string_view body) {
  return "sha256=" + notification_hmac::HmacHex(secret, fmt::format("{}.{}", timestamp, body));
}

}  // namespace duban::notification_webhook
