// A message as a WeCom 企业微信 group robot takes it.
#pragma once

#include <cstddef>
#include <string>

#include "core/ports/notifier.h"

namespace duban::notification_wecom {

// WeCom counts the content's UTF-8 bytes.
inline constexpr std::size_t kMaxTextBytes = 2048;
inline constexpr std::size_t kMaxMarkdownBytes = 4096;

// JSON. Normal messages are `text`: read everywhere, WeChat included, and nothing in them is
// markup. Alarms are `markdown`, whose first line is orange; WeCom alone shows it. Both name the
// person as
// <@userid>, which WeCom turns into an @.
std::string ToJson(const ports::Message& message);

}  // namespace duban::notification_wecom
