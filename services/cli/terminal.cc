#include "services/cli/terminal.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>
#include <utility>

#include "core/calendar/calendar.h"

namespace duban::cli {
namespace {

std::string Painted(Style style, std::string_view text) {
  static constexpr std::array<std::string_view, 6> kCodes = {"", "1", "2", "31", "33", "32"};
  const std::string_view code = kCodes[static_cast<std::size_t>(style)];
  if (code.empty() || text.empty()) return std::string(text);
  return "\x1b[" + std::string(code) + "m" + std::string(text) + "\x1b[0m";
}

// One code point from the front; a byte that begins none stands for itself.
char32_t Next(std::string_view& text) {
  const auto lead = static_cast<unsigned char>(text.front());
  const std::size_t length = lead < 0x80   ? 1
                             : lead < 0xC0 ? 1
                             : lead < 0xE0 ? 2
                             : lead < 0xF0 ? 3
                                           : 4;
  if (length == 1 || text.size() < length) {
    text.remove_prefix(1);
    return lead;
  }
  char32_t point = lead & (0xFFU >> (length + 1));
  for (std::size_t i = 1; i < length; ++i) {
    point = point << 6 | (static_cast<unsigned char>(text[i]) & 0x3FU);
  }
  text.remove_prefix(length);
  return point;
}

// Unicode's East Asian Width (UAX 11), classes W and F, as blocks.
bool IsWide(char32_t c) {
  static constexpr std::array<std::pair<char32_t, char32_t>, 13> kWide = {{{0x1100, 0x115F},
                                                                           {0x2E80, 0x303E},
                                                                           {0x3041, 0x33FF},
                                                                           {0x3400, 0x4DBF},
                                                                           {0x4E00, 0x9FFF},
                                                                           {0xA000, 0xA4CF},
                                                                           {0xAC00, 0xD7A3},
                                                                           {0xF900, 0xFAFF},
                                                                           {0xFE30, 0xFE6F},
                                                                           {0xFF00, 0xFF60},
                                                                           {0xFFE0, 0xFFE6},
                                                                           {0x1F300, 0x1FAFF},
                                                                           {0x20000, 0x3FFFD}}};
  return std::ranges::any_of(kWide, [c](const auto& r) { return c >= r.first && c <= r.second; });
}

bool IsZeroWidth(char32_t c) {
  return (c >= 0x0300 && c <= 0x036F) || (c >= 0x200B && c <= 0x200F) ||
         (c >= 0xFE00 && c <= 0xFE0F) || c == 0x2060 || c == 0xFEFF || c < 0x20;
}

void SkipColour(std::string_view& text) {
  const std::size_t end = text.find('m');
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
}

}  // namespace

std::string Terminal::Paint(Style style, std::string_view text) const {
  return colour_out ? Painted(style, text) : std::string(text);
}

std::string Terminal::PaintError(Style style, std::string_view text) const {
  return colour_error ? Painted(style, text) : std::string(text);
}

std::string Terminal::Time(model::Timestamp time) const {
  return calendar::LocalText(time, time_zone);
}

std::string LanguageOfEnvironment() {
  for (const char* name : {"LC_ALL", "LC_MESSAGES", "LANG"}) {
    const char* value = std::getenv(name);
    if (value == nullptr || *value == '\0') continue;
    return std::string_view(value).starts_with("zh") ? "zh" : "en";
  }
  return "en";
}

bool WantsColour(int descriptor) {
  const char* no_colour = std::getenv("NO_COLOR");
  const char* term = std::getenv("TERM");
  return isatty(descriptor) != 0 && (no_colour == nullptr || *no_colour == '\0') &&
         (term == nullptr || std::string_view(term) != "dumb");
}

std::size_t DisplayWidth(std::string_view text) {
  std::size_t width = 0;
  while (!text.empty()) {
    if (text.starts_with("\x1b[")) {
      SkipColour(text);
      continue;
    }
    const char32_t c = Next(text);
    width += IsZeroWidth(c) ? 0 : IsWide(c) ? 2 : 1;
  }
  return width;
}

Table::Table(const Terminal& terminal, std::vector<std::string> header)
    : terminal_(terminal), header_(std::move(header)) {}

void Table::Add(std::vector<std::string> row) {
  row.resize(header_.size());
  for (std::string& cell : row) {
    std::ranges::replace_if(cell, [](char c) { return c == '\n' || c == '\r' || c == '\t'; }, ' ');
  }
  rows_.push_back(std::move(row));
}

std::string Table::ToString() const {
  std::vector<std::size_t> widths(header_.size());
  const auto measure = [&](const std::vector<std::string>& row) {
    for (std::size_t i = 0; i < row.size(); ++i)
      widths[i] = std::max(widths[i], DisplayWidth(row[i]));
  };
  measure(header_);
  std::ranges::for_each(rows_, measure);
  std::string text;
  const auto write = [&](const std::vector<std::string>& row, Style style) {
    std::size_t last = row.size();
    while (last > 1 && row[last - 1].empty()) --last;
    for (std::size_t i = 0; i < last; ++i) {
      text += terminal_.Paint(style, row[i]);
      if (i + 1 < last) text.append(widths[i] - DisplayWidth(row[i]) + 2, ' ');
    }
    text += '\n';
  };
  write(header_, Style::kBold);
  for (const auto& row : rows_) write(row, Style::kPlain);
  return text;
}

}  // namespace duban::cli
