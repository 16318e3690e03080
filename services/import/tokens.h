// Words of an ECMAScript expression.
#pragma once

#include <expected>
#include <string>
#include <string_view>
#include <vector>

#include "services/import/ecmascript.h"

namespace duban::import {

struct Token {
  enum class Kind { kEnd, kName, kNumber, kString, kSymbol };
  Kind kind = Kind::kEnd;
  std::string text;  // of a string: its value

  bool Is(std::string_view symbol) const { return kind == Kind::kSymbol && text == symbol; }
};

// Ends with kEnd. Limit: kMaxTokens.
inline constexpr std::size_t kMaxTokens = 2'000;
std::expected<std::vector<Token>, Refusal> Tokenize(std::string_view source);

}  // namespace duban::import
