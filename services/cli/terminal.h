// What the program writes for people: language, colour, width.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/model/text.h"
#include "core/model/time.h"

namespace duban::cli {

// id → what people call it.
using Names = std::map<std::string, model::Text>;

enum class Style { kPlain, kBold, kDim, kRed, kYellow, kGreen };

// Set once, before the first verb runs.
struct Terminal {
  std::string language = "en";              // "zh" or "en"
  std::string time_zone = "Asia/Shanghai";  // of every time shown
  bool json = false;                        // --output json
  bool colour_out = false;
  bool colour_error = false;

  // The text in the user's language.
  std::string In(const model::Text& text) const { return text.In(language); }
  std::string Say(std::string_view zh, std::string_view en) const {
    return std::string(language == "zh" ? zh : en);
  }
  // For standard output; without colours the text itself.
  std::string Paint(Style style, std::string_view text) const;
  std::string PaintError(Style style, std::string_view text) const;
  // Local time; a midnight that ends a day is its 24:00.
  std::string Time(model::Timestamp time) const;
};

// "zh" when LC_ALL, LC_MESSAGES or LANG (the first that is set) names Chinese, else "en".
std::string LanguageOfEnvironment();
// Whether colours are wanted on this descriptor: a terminal, NO_COLOR not set, TERM not "dumb".
bool WantsColour(int descriptor);

// Columns that UTF-8 text takes on a terminal: wide characters (CJK, full-width forms, emoji) take
// two, combining marks none. Colour sequences take none.
std::size_t DisplayWidth(std::string_view text);

// Rows under a header, aligned by display width, two spaces between columns; the last column is not
// padded. Line breaks inside a cell become spaces.
class Table {
 public:
  Table(const Terminal& terminal, std::vector<std::string> header);
  void Add(std::vector<std::string> row);
  bool empty() const { return rows_.empty(); }
  // Text for standard output, each line ended.
  std::string ToString() const;

 private:
  const Terminal& terminal_;
  std::vector<std::string> header_;
  std::vector<std::vector<std::string>> rows_;
};

}  // namespace duban::cli
