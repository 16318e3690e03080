#include "services/cli/terminal.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <utility>

#include "core/calendar/calendar.h"
#include "core/model/utf8.h"

namespace duban::cli {
namespace {

std::string Painted(Style style, std::string_view text) {
  static constexpr std::array<std::string_view, 6> kCodes = {"", "1", "2", "31", "33", "32"};
  const std::string_view code = kCodes[static_cast<std::size_t>(style)];
  if (code.empty() || text.empty()) return std::string(text);
  return "\x1b[" + std::string(code) + "m" + std::string(text) + "\x1b[0m";
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
    width += static_cast<std::size_t>(model::ColumnsOf(model::TakeCharacter(text)));
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
