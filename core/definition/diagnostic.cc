#include "core/definition/diagnostic.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "core/model/utf8.h"

namespace duban::definition {
namespace {

// The spaces before the column and the marks below the place, as wide as what stands above them.
std::string Underline(std::string_view source, int column, int length) {
  std::string line;
  int at = 1;
  while (at < column && !source.empty()) {
    const char32_t point = model::TakeCharacter(source);
    line += point == '\t' ? std::string(1, '\t')
                          : std::string(static_cast<std::size_t>(model::ColumnsOf(point)), ' ');
    ++at;
  }
  int width = 0;
  for (int i = 0; i < length && !source.empty(); ++i)
    width += model::ColumnsOf(model::TakeCharacter(source));
  return line + '^' + std::string(static_cast<std::size_t>(std::max(width - 1, 0)), '~');
}

std::size_t EditDistance(std::string_view a, std::string_view b) {
  // Optimal string alignment: a swap of two neighbours counts once.
  std::vector<std::size_t> before(b.size() + 1);
  std::vector<std::size_t> previous(b.size() + 1);
  std::vector<std::size_t> current(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) previous[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    current[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t change = previous[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      current[j] = std::min({previous[j] + 1, current[j - 1] + 1, change});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        current[j] = std::min(current[j], before[j - 2] + 1);
      }
    }
    before.swap(previous);
    previous.swap(current);
  }
  return previous[b.size()];
}

}  // namespace

std::string ToString(const Diagnostic& diagnostic, std::string_view language) {
  const bool en = language == "en";
  const Place& place = diagnostic.place;
  std::string text = place.file;
  if (place.line > 0) text += fmt::format(":{}:{}", place.line, place.column);
  const bool error = diagnostic.severity == Severity::kError;
  text +=
      fmt::format(": {}: {} [{}]\n", en ? (error ? "error" : "warning") : (error ? "错误" : "警告"),
                  diagnostic.message.In(language), diagnostic.code);
  if (place.line > 0 && !diagnostic.source.empty()) {
    text += fmt::format("{:>5} | {}\n", place.line, diagnostic.source);
    text += fmt::format("      | {}\n", Underline(diagnostic.source, place.column, place.length));
  }
  if (!diagnostic.hint.empty()) text += fmt::format("      = {}\n", diagnostic.hint.In(language));
  return text;
}

bool HasErrors(const std::vector<Diagnostic>& diagnostics) {
  return std::any_of(diagnostics.begin(), diagnostics.end(),
                     [](const Diagnostic& d) { return d.severity == Severity::kError; });
}

std::string_view Nearest(std::string_view word, const std::vector<std::string_view>& candidates) {
  constexpr std::size_t kLongest = 64;
  if (word.empty() || word.size() > kLongest) return {};
  std::string_view best;
  std::size_t best_distance = std::numeric_limits<std::size_t>::max();
  for (const std::string_view candidate : candidates) {
    if (candidate.size() > kLongest || candidate == word) continue;
    const std::size_t distance = EditDistance(word, candidate);
    const std::size_t near = std::max<std::size_t>(1, std::max(word.size(), candidate.size()) / 3);
    if (distance <= near && distance < best_distance && distance < word.size()) {
      best = candidate;
      best_distance = distance;
    }
  }
  return best;
}

}  // namespace duban::definition
