#include "services/cli/diagnostics.h"

#include <algorithm>
#include <iostream>
#include <nlohmann/json.hpp>

namespace duban::cli {
namespace {

using definition::Diagnostic;
using definition::Severity;

std::ptrdiff_t Count(const std::vector<Diagnostic>& diagnostics, Severity severity) {
  return std::ranges::count(diagnostics, severity, &Diagnostic::severity);
}

// Colours the first line, which names the place.
std::string Painted(const Terminal& t, const Diagnostic& diagnostic, bool error) {
  std::string text = ToString(diagnostic, t.language);
  if (!text.ends_with('\n')) text += '\n';
  const Style style = diagnostic.severity == Severity::kError ? Style::kRed : Style::kYellow;
  const std::size_t end = text.find('\n');
  const std::string first = text.substr(0, end);
  return (error ? t.PaintError(style, first) : t.Paint(style, first)) + text.substr(end);
}

std::string Summary(const Terminal& t, std::ptrdiff_t errors, std::ptrdiff_t warnings) {
  const std::string e = std::to_string(errors);
  const std::string w = std::to_string(warnings);
  if (t.language == "zh") return e + " 个错误，" + w + " 个警告\n";
  return e + (errors == 1 ? " error, " : " errors, ") + w +
         (warnings == 1 ? " warning\n" : " warnings\n");
}

}  // namespace

std::string ToText(const Terminal& terminal, const std::vector<Diagnostic>& diagnostics,
                   bool error) {
  std::string text;
  for (const Diagnostic& diagnostic : diagnostics) text += Painted(terminal, diagnostic, error);
  return text + Summary(terminal, Count(diagnostics, Severity::kError),
                        Count(diagnostics, Severity::kWarning));
}

std::string ToJson(const std::vector<Diagnostic>& diagnostics) {
  nlohmann::json list = nlohmann::json::array();
  for (const Diagnostic& d : diagnostics) {
    list.push_back({{"severity", d.severity == Severity::kError ? "error" : "warning"},
                    {"code", d.code},
                    {"file", d.place.file},
                    {"line", d.place.line},
                    {"column", d.place.column},
                    {"length", d.place.length},
                    {"source", d.source},
                    {"message", {{"zh", d.message.zh}, {"en", d.message.en}}},
                    {"hint", {{"zh", d.hint.zh}, {"en", d.hint.en}}}});
  }
  const nlohmann::json json = {{"diagnostics", std::move(list)},
                               {"errors", Count(diagnostics, Severity::kError)},
                               {"warnings", Count(diagnostics, Severity::kWarning)}};
  return json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

Outcome Report(const Terminal& terminal, const std::vector<Diagnostic>& diagnostics) {
  std::cout << (terminal.json ? ToJson(diagnostics) + "\n" : ToText(terminal, diagnostics, false));
  if (!definition::HasErrors(diagnostics)) return {};
  return std::unexpected(Failure{ExitCode::kRefused, "", ""});
}

Failure Refused(const Terminal& terminal, const std::vector<Diagnostic>& diagnostics) {
  std::string text = terminal.Say("有错误：\n", "there are errors:\n");
  text += ToText(terminal, diagnostics, true);
  text.pop_back();
  return {ExitCode::kRefused, text, ToJson(diagnostics)};
}

}  // namespace duban::cli
