// Where the parts of the loader put what they find wrong.
#pragma once

#include <fmt/format.h>

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/definition/diagnostic.h"

namespace duban::definition {

// The same arguments in two languages.
template <class... A>
model::Text Say(fmt::format_string<const A&...> zh, fmt::format_string<const A&...> en,
                const A&... arguments) {
  return {fmt::format(zh, arguments...), fmt::format(en, arguments...)};
}

// The offset of the first byte that is not UTF-8 or not allowed in YAML; npos when all is well.
std::size_t FirstBadByte(std::string_view text);

// "did you mean `x`?" when one of the candidates is near; otherwise empty.
model::Text DidYouMean(std::string_view word, const std::vector<std::string_view>& candidates);
// The same, or the list of what there is.
model::Text DidYouMeanOrList(std::string_view word,
                             const std::vector<std::string_view>& candidates);

class Report {
 public:
  static constexpr std::size_t kMaxDiagnostics = 200;  // what comes after is counted only
  static constexpr std::size_t kMaxSourceLine = 400;   // bytes; a longer line is not shown
  static constexpr std::size_t kMaxMessage = 1'000;    // bytes

  // The text must stay alive until Take.
  void AddFile(const std::string& file, std::string_view text);

  void Error(std::string_view code, const Place& place, const model::Text& message,
             const model::Text& hint = {});
  void Warning(std::string_view code, const Place& place, const model::Text& message,
               const model::Text& hint = {});
  std::size_t errors() const { return errors_; }
  // No more is kept: no need to look for hints.
  bool full() const { return diagnostics_.size() >= kMaxDiagnostics; }

  // The `line`-th line of the file without its end; empty when there is none.
  std::string_view Line(const std::string& file, int line) const;

  // By file, line, column, code; each once.
  std::vector<Diagnostic> Take();

 private:
  void Add(Severity severity, std::string_view code, const Place& place, const model::Text& message,
           const model::Text& hint);

  std::map<std::string, std::vector<std::string_view>> lines_;
  std::vector<Diagnostic> diagnostics_;
  std::size_t errors_ = 0;
  std::size_t left_out_ = 0;
};

}  // namespace duban::definition
