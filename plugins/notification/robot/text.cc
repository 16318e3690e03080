#include "plugins/notification/robot/text.h"

#include <fmt/format.h>

#include "core/model/utf8.h"

namespace duban::notification_robot {
namespace {

constexpr std::string_view kEllipsis = "…";
constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

std::string ShortenWith(std::string_view text, std::size_t bytes, std::string_view end) {
  if (text.size() <= bytes) return std::string(text);
  const std::size_t room = bytes > end.size() ? bytes - end.size() : 0;
  return std::string(model::Prefix(text, room)) + std::string(model::Prefix(end, bytes));
}

std::string_view Wide(char c) {
  switch (c) {
    case '<':
      return "＜";
    case '>':
      return "＞";
    case '[':
      return "［";
    case ']':
      return "］";
    case '*':
      return "＊";
    case '_':
      return "＿";
    case '`':
      return "｀";
    case '#':
      return "＃";
    case '~':
      return "～";
    case '\\':
      return "＼";
    case '|':
      return "｜";
    default:
      return {};
  }
}

}  // namespace

std::string Clean(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const std::size_t size = model::CharacterLength(text);
    if (size == 0) {
      out += kReplacement;
      text.remove_prefix(1);
      continue;
    }
    const char c = text.front();
    const bool control = size == 1 && (static_cast<unsigned char>(c) < ' ' || c == '\x7f');
    if (!control || c == '\n' || c == '\t') out += text.substr(0, size);
    text.remove_prefix(size);
  }
  return out;
}

std::string Shorten(std::string_view text, std::size_t bytes) {
  return ShortenWith(text, bytes, kEllipsis);
}

std::string ShortenWithCase(std::string_view text, std::size_t bytes, std::string_view case_id,
                            std::string_view language) {
  if (case_id.empty()) return Shorten(text, bytes);
  return ShortenWith(
      text, bytes,
      fmt::format("{}\n{}{}", kEllipsis, language == "en" ? "Case " : "案件 ", case_id));
}

std::string WithoutMarkup(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const std::string_view wide = Wide(c);
    if (wide.empty()) {
      out += c;
    } else {
      out += wide;
    }
  }
  return out;
}

}  // namespace duban::notification_robot
