// What is wrong with a text that somebody wrote, where, and what was meant.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/model/text.h"

namespace duban::definition {

enum class Severity : std::uint8_t { kError, kWarning };

// Lines and columns start at 1; columns count code points. Line 0: the file as a whole.
struct Place {
  std::string file;
  int line = 0;
  int column = 0;
  int length = 1;
  bool operator==(const Place&) const = default;
};

struct Diagnostic {
  Severity severity = Severity::kError;
  std::string code;  // stable, kebab-case, for programs and the documentation: "unknown-state"
  Place place;
  std::string source;  // the line that `place` points into, without its end
  model::Text message;
  model::Text hint;  // what was meant, what can be done; may be empty
};

// file:line:column: error: message [code]
//    12 |   to: decding
//       |       ^~~~~~~
//       = did you mean `deciding`?
// `language`: "zh" or "en". Wide characters are underlined at their width on a terminal.
std::string ToString(const Diagnostic& diagnostic, std::string_view language);

bool HasErrors(const std::vector<Diagnostic>& diagnostics);

// The candidate nearest to `word` by edit distance, or empty when none is near enough to be meant.
std::string_view Nearest(std::string_view word, const std::vector<std::string_view>& candidates);

}  // namespace duban::definition
