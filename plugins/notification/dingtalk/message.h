// A message as a DingTalk 钉钉 group robot takes it, and the signature of its address.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "core/ports/notifier.h"

namespace duban::notification_dingtalk {

// Of the text before it is JSON, which at worst doubles it: the whole stays below the 20 KB that
// DingTalk takes.
inline constexpr std::size_t kMaxTextBytes = 8'000;

// JSON. Normal messages are `text`, in which nothing is markup; alarms are `markdown` with a
// heading, whose title also shows in the list of chats. Both name the person in `at` and, because
// DingTalk shows no @ without it, in the text: a mobile number (digits) or a userid.
std::string ToJson(const ports::Message& message);

// base64(HMAC-SHA256(secret, timestamp + "\n" + secret)), not yet encoded for a URL.
std::string Sign(std::string_view secret, std::int64_t timestamp_ms);
// "&timestamp=…&sign=…", encoded; empty without a secret.
std::string SignatureQuery(std::string_view secret, std::int64_t timestamp_ms);

}  // namespace duban::notification_dingtalk
