#include "core/model/utf8.h"

#include <algorithm>
#include <array>
#include <utility>

namespace duban::model {
namespace {

bool IsContinuation(char c) { return (static_cast<unsigned char>(c) & 0xC0U) == 0x80; }

}  // namespace

std::size_t CharacterLength(std::string_view text) {
  if (text.empty()) return 0;
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned first = byte(0);
  if (first < 0x80) return 1;
  const std::size_t length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
  if (first < 0xC2 || first > 0xF4 || text.size() < length) return 0;
  for (std::size_t i = 1; i < length; ++i) {
    if (!IsContinuation(text[i])) return 0;
  }
  const unsigned second = byte(1);
  if ((first == 0xE0 && second < 0xA0) || (first == 0xED && second > 0x9F) ||
      (first == 0xF0 && second < 0x90) || (first == 0xF4 && second > 0x8F))
    return 0;
  return length;
}

char32_t TakeCharacter(std::string_view& text) {
  const std::size_t length = CharacterLength(text);
  const auto first = static_cast<unsigned char>(text.front());
  char32_t point = length < 2 ? first : first & (0xFFU >> (length + 1));
  for (std::size_t i = 1; i < length; ++i)
    point = point << 6 | (static_cast<unsigned char>(text[i]) & 0x3FU);
  text.remove_prefix(std::max<std::size_t>(length, 1));
  return point;
}

std::size_t FindInvalidUtf8(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t length = CharacterLength(text.substr(i));
    if (length == 0) return i;
    i += length;
  }
  return std::string_view::npos;
}

std::size_t CountCodePoints(std::string_view text) {
  return text.size() - static_cast<std::size_t>(std::ranges::count_if(text, IsContinuation));
}

std::string_view Prefix(std::string_view text, std::size_t bytes) {
  if (text.size() <= bytes) return text;
  std::size_t end = bytes;
  while (end > 0 && bytes - end < 3 && IsContinuation(text[end])) --end;
  if (IsContinuation(text[end])) end = bytes;  // not UTF-8: there is no character to keep whole
  return text.substr(0, end);
}

std::string Clip(std::string_view text, std::size_t bytes) {
  if (text.size() <= bytes) return std::string(text);
  return std::string(Prefix(text, bytes)) + "…";
}

int ColumnsOf(char32_t character) {
  using Block = std::pair<char32_t, char32_t>;
  static constexpr std::array<Block, 6> kNone = {{{0x0000, 0x001F},
                                                  {0x0300, 0x036F},
                                                  {0x200B, 0x200F},
                                                  {0x2060, 0x2060},
                                                  {0xFE00, 0xFE0F},
                                                  {0xFEFF, 0xFEFF}}};
  static constexpr std::array<Block, 11> kWide = {{{0x1100, 0x115F},
                                                   {0x2E80, 0x303E},
                                                   {0x3041, 0x4DBF},
                                                   {0x4E00, 0xA4CF},
                                                   {0xAC00, 0xD7A3},
                                                   {0xF900, 0xFAFF},
                                                   {0xFE30, 0xFE6F},
                                                   {0xFF00, 0xFF60},
                                                   {0xFFE0, 0xFFE6},
                                                   {0x1F300, 0x1FAFF},
                                                   {0x20000, 0x3FFFD}}};
  const auto is_in = [character](const Block& block) {
    return character >= block.first && character <= block.second;
  };
  if (std::ranges::any_of(kNone, is_in)) return 0;
  return std::ranges::any_of(kWide, is_in) ? 2 : 1;
}

}  // namespace duban::model
