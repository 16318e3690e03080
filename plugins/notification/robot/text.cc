#include "plugins/notification/robot/text.h"

#include <fmt/format.h>

namespace duban::notification_robot {
namespace {

constexpr std::string_view kEllipsis = "…";
constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

// The length of the UTF-8 character at the front, 0 when there is none. No surrogates, no overlong
// forms.
std::size_t CharacterAt(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned first = byte(0);
  if (first < 0x80) return 1;
  const std::size_t size = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
  if (first < 0xC2 || first > 0xF4 || text.size() < size) return 0;
  for (std::size_t i = 1; i < size; ++i) {
    if ((byte(i) & 0xC0U) != 0x80) return 0;
  }
  const unsigned second = byte(1);
  if ((first == 0xE0 && second < 0xA0) || (first == 0xED && second > 0x9F) ||
      (first == 0xF0 && second < 0x90) || (first == 0xF4 && second > 0x8F))
    return 0;
  return size;
}

std::string_view Prefix(std::string_view text, std::size_t bytes) {
  if (text.size() <= bytes) return text;
  while (bytes > 0 && (static_cast<unsigned char>(text[bytes]) & 0xC0U) == 0x80) --bytes;
  return text.substr(0, bytes);
}

std::string ShortenWith(std::string_view text, std::size_t bytes, std::string_view end) {
  if (text.size() <= bytes) return std::string(text);
  const std::size_t room = bytes > end.size() ? bytes - end.size() : 0;
  return std::string(Prefix(text, room)) + std::string(Prefix(end, bytes));
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
    const std::size_t size = CharacterAt(text);
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
