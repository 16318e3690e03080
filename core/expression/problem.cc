#include "core/expression/problem.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/model/utf8.h"

namespace duban::expression {
namespace {

// Levenshtein's distance, case ignored for ASCII.
std::size_t Distance(std::string_view a, std::string_view b) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t above = row[j];
      const std::size_t change = lower(a[i - 1]) == lower(b[j - 1]) ? 0 : 1;
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, diagonal + change});
      diagonal = above;
    }
  }
  return row[b.size()];
}

}  // namespace

Origin PositionOf(std::string_view source, std::size_t at) {
  const std::string_view before = source.substr(0, at);
  const std::size_t newline = before.rfind('\n');
  const std::size_t start = newline == std::string_view::npos ? 0 : newline + 1;
  return {1 + static_cast<int>(std::count(before.begin(), before.end(), '\n')),
          1 + static_cast<int>(model::CountCodePoints(before.substr(start)))};
}

Problem ProblemAt(std::string_view source, Place place, Origin origin, model::Text message,
                  model::Text hint) {
  const std::size_t at = std::min<std::size_t>(place.at, source.size());
  const Origin here = PositionOf(source, at);
  std::string_view marked = source.substr(at, place.length);
  marked = marked.substr(0, marked.find('\n'));
  Problem out;
  out.line = origin.line + here.line - 1;
  out.column = here.line == 1 ? origin.column + here.column - 1 : here.column;
  out.length = std::max(1, static_cast<int>(model::CountCodePoints(marked)));
  out.message = std::move(message);
  out.hint = std::move(hint);
  return out;
}

std::string Closest(std::string_view word, const std::vector<std::string>& candidates) {
  constexpr std::size_t kLongestWord = 64;
  if (word.size() > kLongestWord) return {};
  std::size_t best = 1 + std::min<std::size_t>(3, word.size() / 3 + (word.size() > 1 ? 1 : 0));
  std::string out;
  for (const std::string& candidate : candidates) {
    if (candidate.size() > kLongestWord || candidate == word) continue;
    const std::size_t distance = Distance(word, candidate);
    if (distance < best) {
      best = distance;
      out = candidate;
    }
  }
  return out;
}

model::Text DidYouMean(std::string_view word) {
  if (word.empty()) return {};
  return {fmt::format("是不是想写 `{}`？", word), fmt::format("did you mean `{}`?", word)};
}

}  // namespace duban::expression
