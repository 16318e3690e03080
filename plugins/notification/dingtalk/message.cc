#include "plugins/notification/dingtalk/message.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "plugins/notification/hmac/hmac.h"
#include "plugins/notification/robot/text.h"

namespace duban::notification_dingtalk {
namespace {

using notification_robot::Shorten;
using notification_robot::ShortenWithCase;
using notification_robot::WithoutMarkup;

constexpr std::size_t kMaxSubjectBytes = 500;

bool IsMobile(std::string_view address) {
  const std::string_view digits = address.starts_with('+') ? address.substr(1) : address;
  return digits.size() >= 11 &&
         std::ranges::all_of(digits, [](char c) { return (c >= '0' && c <= '9') || c == '-'; });
}

// Markdown breaks a line at two spaces before its end.
std::string WithLineBreaks(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (c == '\n') out += "  ";
    out += c;
  }
  return out;
}

}  // namespace

std::string ToJson(const ports::Message& m) {
  using Json = nlohmann::ordered_json;
  const bool alarm = model::IsAlarm(m.urgency);
  const auto safe = [&](const std::string& text) { return alarm ? WithoutMarkup(text) : text; };
  const std::string subject = Shorten(safe(m.subject), kMaxSubjectBytes);
  const std::string body = ShortenWithCase(alarm ? WithLineBreaks(safe(m.body)) : m.body,
                                           kMaxTextBytes - kMaxSubjectBytes, m.case_id, m.language);
  const std::string call =
      m.address.empty() ? safe(Shorten(m.recipient_name, 100)) : "@" + m.address;
  Json at{{"atMobiles", Json::array()}, {"atUserIds", Json::array()}, {"isAtAll", false}};
  if (!m.address.empty()) at[IsMobile(m.address) ? "atMobiles" : "atUserIds"].push_back(m.address);
  Json json;
  if (alarm) {
    json = {
        {"msgtype", "markdown"},
        {"markdown",
         {{"title", subject}, {"text", fmt::format("#### {}\n\n{}\n\n{}", subject, body, call)}}}};
  } else {
    json = {{"msgtype", "text"},
            {"text", {{"content", fmt::format("{}\n{}\n{}", subject, body, call)}}}};
  }
  json["at"] = std::move(at);
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string Sign(std::string_view secret, std::int64_t timestamp_ms) {
  return notification_hmac::HmacBase64(secret, fmt::format("{}\n{}", timestamp_ms, secret));
}

std::string SignatureQuery(std::string_view secret, std::int64_t timestamp_ms) {
  if (secret.empty()) return {};
  std::string query = fmt::format("&timestamp={}&sign=", timestamp_ms);
  for (const char c : Sign(secret, timestamp_ms)) {
    // Of base64 only these mean something else in a URL.
    if (c == '+' || c == '/' || c == '=') {
      query += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    } else {
      query += c;
    }
  }
  return query;
}

}  // namespace duban::notification_dingtalk
