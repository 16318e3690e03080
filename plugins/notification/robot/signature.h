// The HMAC that robots' signatures are made of.
#pragma once

#include <string>
#include <string_view>

namespace duban::notification_robot {

// base64(HMAC-SHA256(key, message))
std::string HmacBase64(std::string_view key, std::string_view message);

}  // namespace duban::notification_robot
