#include "core/definition/report.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "core/model/utf8.h"

namespace duban::definition {
namespace {

model::Text Clipped(const model::Text& text) {
  return {model::Clip(text.zh, Report::kMaxMessage), model::Clip(text.en, Report::kMaxMessage)};
}

}  // namespace

std::size_t FirstBadByte(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    const auto first = static_cast<unsigned char>(text[i]);
    if (first < 0x20 ? first != '\t' && first != '\n' && first != '\r' : first == 0x7F) return i;
    const std::size_t length = model::CharacterLength(text.substr(i));
    if (length == 0) return i;
    i += length;
  }
  return std::string_view::npos;
}

model::Text DidYouMean(std::string_view word, const std::vector<std::string_view>& candidates) {
  const std::string_view near = Nearest(word, candidates);
  if (near.empty()) return {};
  return Say("是不是想写 `{}`？", "did you mean `{}`?", near);
}

model::Text DidYouMeanOrList(std::string_view word,
                             const std::vector<std::string_view>& candidates) {
  model::Text near = DidYouMean(word, candidates);
  if (!near.empty() || candidates.empty()) return near;
  constexpr std::size_t kShown = 12;
  std::string list;
  for (std::size_t i = 0; i < std::min(kShown, candidates.size()); ++i) {
    if (i > 0) list += ", ";
    list += candidates[i];
  }
  if (candidates.size() > kShown) list += " …";
  return Say("可用：{}", "there are: {}", list);
}

void Report::AddFile(const std::string& file, std::string_view text) {
  std::vector<std::string_view>& lines = lines_[file];
  lines.clear();
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    std::string_view line = text.substr(0, end);
    if (line.ends_with('\r')) line.remove_suffix(1);
    lines.push_back(line);
    if (end == std::string_view::npos) break;
    text.remove_prefix(end + 1);
  }
}

void Report::Error(std::string_view code, const Place& place, const model::Text& message,
                   const model::Text& hint) {
  ++errors_;
  Add(Severity::kError, code, place, message, hint);
}

void Report::Warning(std::string_view code, const Place& place, const model::Text& message,
                     const model::Text& hint) {
  Add(Severity::kWarning, code, place, message, hint);
}

void Report::Add(Severity severity, std::string_view code, const Place& place,
                 const model::Text& message, const model::Text& hint) {
  if (full()) {
    ++left_out_;
    // The first error is worth more than a warning.
    if (severity == Severity::kWarning || errors_ > 1) return;
    diagnostics_.pop_back();
  }
  Diagnostic& diagnostic = diagnostics_.emplace_back();
  diagnostic.severity = severity;
  diagnostic.code = code;
  diagnostic.place = place;
  diagnostic.message = Clipped(message);
  diagnostic.hint = Clipped(hint);
}

std::string_view Report::Line(const std::string& file, int line) const {
  const auto found = lines_.find(file);
  if (found == lines_.end() || line < 1) return {};
  const auto index = static_cast<std::size_t>(line) - 1;
  return index < found->second.size() ? found->second[index] : std::string_view();
}

std::vector<Diagnostic> Report::Take() {
  const auto key = [](const Diagnostic& d) {
    return std::tie(d.place.file, d.place.line, d.place.column, d.code, d.message.en);
  };
  std::vector<Diagnostic> all = std::exchange(diagnostics_, {});
  std::stable_sort(all.begin(), all.end(),
                   [&](const Diagnostic& a, const Diagnostic& b) { return key(a) < key(b); });
  all.erase(std::unique(all.begin(), all.end(),
                        [&](const Diagnostic& a, const Diagnostic& b) { return key(a) == key(b); }),
            all.end());
  for (Diagnostic& diagnostic : all) {
    const std::string_view line = Line(diagnostic.place.file, diagnostic.place.line);
    if (line.size() <= kMaxSourceLine && FirstBadByte(line) == std::string_view::npos)
      diagnostic.source = line;
  }
  if (left_out_ > 0) {
    Diagnostic& more = all.emplace_back();
    more.code = "too-many-diagnostics";
    more.severity = errors_ > 0 ? Severity::kError : Severity::kWarning;
    more.place = {all.front().place.file, 0, 0, 1};
    more.message = Say("还有 {} 条没有显示", "{} more are not shown", left_out_);
  }
  left_out_ = 0;
  return all;
}

}  // namespace duban::definition
