// A message as a Feishu 飞书 group robot takes it, and its signature.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "core/ports/notifier.h"

namespace duban::notification_feishu {

// Feishu limits the whole JSON.
inline constexpr std::size_t kMaxBodyBytes = 20 * 1024;
// Of the text before it is JSON, which at worst doubles it.
inline constexpr std::size_t kMaxTextBytes = 8'000;

// JSON. Normal messages are `post`: a title, plain text, an @; alarms are a card (`interactive`)
// with a red head. In both the case's texts stand where Feishu expects plain text, so nothing in
// them is markup. With a secret: `timestamp` (seconds) and `sign` stand in the body.
std::string ToJson(const ports::Message& message, std::string_view secret, std::int64_t timestamp);

// base64(HMAC-SHA256(timestamp + "\n" + secret, "")): the secret is in the key, the message is
// empty.
std::string Sign(std::string_view secret, std::int64_t timestamp);

}  // namespace duban::notification_feishu
