#include "plugins/notification/email/mime.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "core/model/utf8.h"

namespace duban::notification_email {
namespace {

constexpr std::size_t kMaxMailbox = 254;   // RFC 5321, 4.5.3.1.3 less the brackets
constexpr std::size_t kBytesPerWord = 42;  // 56 characters of base64: under 75 with "=?UTF-8?B?…?="
constexpr std::size_t kBytesPerLine = 57;  // 76 characters of base64
constexpr std::size_t kMaxPlainHeader = 60;

bool IsControl(char c) { return static_cast<unsigned char>(c) < ' ' || c == '\x7f'; }

std::string Base64(std::string_view bytes) {
  static constexpr std::string_view kAlphabet =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text;
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    std::uint32_t group = 0;
    const std::size_t n = std::min<std::size_t>(3, bytes.size() - i);
    for (std::size_t k = 0; k < 3; ++k)
      group = group << 8 | (k < n ? static_cast<unsigned char>(bytes[i + k]) : 0u);
    for (std::size_t k = 0; k < 4; ++k)
      text += k <= n ? kAlphabet[group >> (18 - 6 * k) & 63] : '=';
  }
  return text;
}

// "Mon, 16 May 2022 01:00:00 +0000"
std::string Date(model::Timestamp t) {
  static constexpr std::array kDays = {"Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"};
  static constexpr std::array kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                         "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  constexpr std::int64_t kDay = 86'400;
  const std::string text = model::FormatRfc3339({t.seconds, 0});  // 2022-05-16T01:00:00Z
  const std::int64_t day = t.seconds >= 0 ? t.seconds / kDay : (t.seconds - kDay + 1) / kDay;
  const auto weekday = static_cast<std::size_t>((day % 7 + 7) % 7);
  const auto month = static_cast<std::size_t>(std::stoi(text.substr(5, 2)) - 1);
  return fmt::format("{}, {} {} {} {} +0000", kDays.at(weekday), text.substr(8, 2),
                     kMonths.at(month), text.substr(0, 4), text.substr(11, 8));
}

std::string Named(const std::string& name, const std::string& address) {
  return name.empty() ? fmt::format("<{}>", address)
                      : fmt::format("{}\r\n <{}>", EncodeHeader(name), address);
}

std::string MessageId(const std::string& key, const std::string& from) {
  std::string id;
  for (const char c : key) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       c == '-' || c == '.';
    id += plain ? std::string(1, c) : fmt::format("_{:02x}", static_cast<unsigned char>(c));
  }
  return fmt::format("<{}{}>", id, from.substr(from.find('@')));
}

}  // namespace

bool IsMailbox(std::string_view address) {
  const std::size_t at = address.find('@');
  if (at == 0 || at == std::string_view::npos || at + 1 == address.size()) return false;
  if (address.size() > kMaxMailbox || address.find('@', at + 1) != std::string_view::npos)
    return false;
  return std::ranges::none_of(address, [](char c) {
    return IsControl(c) || std::string_view(" <>()[]\\,;:\"").find(c) != std::string_view::npos;
  });
}

std::string EncodeHeader(std::string_view text) {
  const bool plain =
      text.size() <= kMaxPlainHeader && text.find("=?") == std::string_view::npos &&
      std::ranges::all_of(text, [](char c) {
        return c == ' ' || (c > ' ' && c < '\x7f' &&
                            std::string_view("()<>[]:;@\\,\"").find(c) == std::string_view::npos);
      });
  if (plain) return std::string(text);
  std::string encoded;
  while (!text.empty()) {
    const std::size_t size = model::Prefix(text, kBytesPerWord).size();
    if (!encoded.empty()) encoded += "\r\n ";
    encoded += fmt::format("=?UTF-8?B?{}?=", Base64(text.substr(0, size)));
    text.remove_prefix(size);
  }
  return encoded;
}

std::string ToMail(const ports::Message& message, const Sender& sender) {
  std::string mail;
  const auto header = [&](std::string_view name, std::string_view value) {
    mail += fmt::format("{}: {}\r\n", name, value);
  };
  header("Date", Date(message.created_at));
  header("From", Named(sender.name, sender.address));
  header("To", Named(message.recipient_name, message.address));
  header("Subject", EncodeHeader(message.subject));
  header("Message-ID", MessageId(message.idempotency_key, sender.address));
  header("MIME-Version", "1.0");
  header("Content-Type", "text/plain; charset=UTF-8");
  header("Content-Transfer-Encoding", "base64");
  if (message.language == "zh" || message.language == "en")
    header("Content-Language", message.language);
  if (message.urgency == ports::Urgency::kUrgent) header("Importance", "high");
  header("Auto-Submitted", "auto-generated");
  mail += "\r\n";
  const std::string_view body = message.body;
  for (std::size_t i = 0; i < body.size(); i += kBytesPerLine)
    mail += Base64(body.substr(i, kBytesPerLine)) + "\r\n";
  return mail;
}

}  // namespace duban::notification_email
