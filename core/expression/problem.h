// Places in a source, and the problems that are reported at them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/expression/expression.h"

namespace duban::expression {

// More than this are not reported at once.
inline constexpr std::size_t kMaxProblems = 20;

// A stretch of the source, in bytes.
struct Place {
  std::uint32_t at = 0;
  std::uint32_t length = 1;
};

// Where a source begins inside a larger text (an expression in a template).
struct Origin {
  int line = 1;
  int column = 1;
};

// Counts lines and code points up to `place` and adds them to `origin`.
Problem ProblemAt(std::string_view source, Place place, Origin origin, model::Text message,
                  model::Text hint = {});

// Line and column, counted from 1, of the byte at `at`.
Origin PositionOf(std::string_view source, std::size_t at);

// The candidate that `word` is a misspelling of, or empty when none is close.
std::string Closest(std::string_view word, const std::vector<std::string>& candidates);

// "did you mean `word`?", or an empty text for an empty word.
model::Text DidYouMean(std::string_view word);

}  // namespace duban::expression
