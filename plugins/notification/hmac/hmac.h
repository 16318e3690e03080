// The HMAC that signatures are made of.
#pragma once

#include <string>
#include <string_view>

namespace duban::notification_hmac {

// HMAC-SHA256(key, message), in base64 or in lower-case hex.
std::string HmacBase64(std::string_view key, std::string_view message);
std::string HmacHex(std::string_view key, std::string_view message);

}  // namespace duban::notification_hmac
