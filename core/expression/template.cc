#include <fmt/format.h>

#include "core/expression/compiler.h"
#include "core/expression/durations.h"
#include "core/expression/lexer.h"
#include "core/expression/zone.h"

namespace duban::expression {
namespace {

using Problems = std::vector<Problem>;

constexpr std::string_view kOpening = "{{";

// The length of the expression at the front of `text`, up to the "}}" that is neither in a string
// nor closes a map. nullopt when there is none.
std::optional<std::size_t> ExpressionLength(std::string_view text) {
  Lexer lexer(text);
  int open = 0;
  while (true) {
    const auto token = lexer.Next();
    if (!token) {
      // Let the compiler report what is wrong, on what lies before the next "}}".
      const std::size_t end = text.find("}}");
      if (end == std::string_view::npos) return std::nullopt;
      return end;
    }
    if (token->kind == Token::Kind::kEnd) return std::nullopt;
    if (token->Is("{")) ++open;
    if (!token->Is("}")) continue;
    if (open == 0) {
      if (!text.substr(token->place.at).starts_with("}}")) return std::nullopt;
      return token->place.at;
    }
    --open;
  }
}

std::string_view Trimmed(std::string_view text) {
  constexpr std::string_view kSpace = " \t\r\n";
  const std::size_t first = text.find_first_not_of(kSpace);
  if (first == std::string_view::npos) return text.substr(0, 0);
  return text.substr(first, text.find_last_not_of(kSpace) - first + 1);
}

std::string FormatLocal(model::Timestamp t, const Zone& zone) {
  const LocalTime local = zone.Local(t);
  return fmt::format("{:04}-{:02}-{:02} {:02}:{:02}", local.year, local.month, local.day,
                     local.hour, local.minute);
}

struct Renderer {
  const Zone& zone;

  std::string operator()(model::Null) const { return {}; }
  std::string operator()(bool v) const { return v ? "true" : "false"; }
  std::string operator()(std::int64_t v) const { return fmt::to_string(v); }
  std::string operator()(std::uint64_t v) const { return fmt::to_string(v); }
  std::string operator()(double v) const { return fmt::to_string(v); }
  std::string operator()(const std::string& v) const { return v; }
  std::string operator()(const model::Bytes& v) const { return model::ToJson(v); }
  std::string operator()(model::Timestamp v) const { return FormatLocal(v, zone); }
  std::string operator()(model::Duration v) const { return FormatForPeople(v); }
  std::string operator()(const model::TypeName& v) const { return v.name; }
  std::string operator()(const model::Value::ListPtr& v) const {
    std::string out;
    for (const model::Value& item : *v) {
      if (!out.empty()) out += "、";
      out += std::visit(*this, item.storage());
    }
    return out;
  }
  std::string operator()(const model::Value::MapPtr& v) const {
    return model::ToJson(model::Value(*v));
  }
};

}  // namespace

std::expected<Template, Problems> Compiler::CompileTemplate(std::string_view source,
                                                            const Environment& environment) {
  if (source.size() > kMaxTemplateBytes) {
    return std::unexpected(Problems{ProblemAt(
        source, {0, 1}, {}, {"文本太长（上限 64 KiB）", "the text is longer than 64 KiB"})});
  }
  Template out;
  out.source_ = source;
  out.time_zone_ = environment.time_zone;
  Problems problems;
  std::string literal;
  for (std::size_t at = 0; at < source.size() && problems.size() < kMaxProblems;) {
    const std::string_view rest = source.substr(at);
    if (!rest.starts_with(kOpening)) {
      literal += rest.front();
      ++at;
    } else if (rest.starts_with("{{{{")) {
      literal += kOpening;
      at += 4;
    } else {
      const auto length = ExpressionLength(rest.substr(kOpening.size()));
      if (!length) {
        problems.push_back(
            ProblemAt(source, {static_cast<std::uint32_t>(at), 2}, {},
                      {"“{{”没有对应的“}}”", "this `{{` has no matching `}}`"},
                      {"要写“{{”本身，请写成“{{{{”", "write `{{{{` for a literal `{{`"}));
        break;
      }
      const std::string_view expression = Trimmed(rest.substr(kOpening.size(), *length));
      const auto start = static_cast<std::size_t>(expression.data() - source.data());
      auto program =
          Compile(expression, PositionOf(source, start), environment, Type(), Check::kTypes);
      if (program) {
        out.literals_.push_back(std::move(literal));
        out.programs_.push_back(std::move(*program));
        literal.clear();
      } else {
        problems.insert(problems.end(), program.error().begin(), program.error().end());
      }
      at += kOpening.size() + *length + 2;
    }
  }
  if (!problems.empty()) return std::unexpected(std::move(problems));
  out.literals_.push_back(std::move(literal));
  return out;
}

std::expected<Template, Problems> CompileTemplate(std::string_view source,
                                                  const Environment& environment) {
  return Compiler::CompileTemplate(source, environment);
}

std::expected<std::string, Problem> Template::Render(const Activation& activation, Show show,
                                                     const void* context) const {
  const Zone zone = Zone::Find(time_zone_).value_or(Zone());
  std::string out;
  for (std::size_t i = 0; i < programs_.size(); ++i) {
    out += literals_[i];
    const auto value = programs_[i].Evaluate(activation);
    if (!value) return std::unexpected(value.error());
    std::string shown = show != nullptr ? show(context, programs_[i], *value) : std::string();
    if (shown.empty()) shown = std::visit(Renderer{zone}, value->storage());
    out += shown;
  }
  if (!literals_.empty()) out += literals_.back();
  return out;
}

}  // namespace duban::expression
