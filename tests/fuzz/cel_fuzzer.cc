// Any bytes as an expression and as a template: whatever they are, compiling and evaluating ends,
// with a value or with problems whose places lie in the source; and a value is of the type that the
// checker found.
#include <array>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string_view>

#include "core/expression/expression.h"

namespace {

using duban::expression::Check;
using duban::expression::Environment;
using duban::expression::Problem;
using duban::expression::Program;
using duban::expression::Type;
using duban::model::Value;
using Kind = Type::Kind;

void Require(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "does not hold: %s\n", what);
  std::abort();
}

class Case : public duban::expression::Activation {
 public:
  const Value* Get(int slot) const override { return &values_.at(static_cast<std::size_t>(slot)); }
  std::expected<Value, std::string> Call(int, std::span<const Value> arguments) const override {
    if (arguments.empty()) return std::unexpected("nothing given");
    return Value(arguments[0].kind() == Value::Kind::kString);
  }

 private:
  std::array<Value, 6> values_ = {
      Value(duban::model::Map{
          {"level", "major"}, {"count", 4}, {"found", duban::model::Timestamp{1'652'662'800, 5}}}),
      Value(duban::model::List{1, std::uint64_t{2}, 2.5, "督办", duban::model::Bytes{"\xff"},
                               Value(), true}),
      Value(duban::model::List{1, 2, 3}),
      Value(duban::model::Map{{1, "a"}, {"k", duban::model::Map{{"x", 1}}}, {true, Value()}}),
      Value("text"),
      Value(duban::model::Duration{3600, 0}),
  };
};

const Environment& Declared() {
  static const Environment environment = [] {
    Environment out;
    out.variables = {
        {"h", Type::Object(
                  {{"level", Kind::kString}, {"count", Kind::kInt}, {"found", Kind::kTimestamp}})},
        {"d", Type()},
        {"xs", Type::List(Kind::kInt)},
        {"m", Type()},
        {"s.t", Kind::kString},
        {"w", Kind::kDuration}};
    out.functions = {{"f", {Type()}, Kind::kBool, 1}};
    out.time_zone = "Asia/Shanghai";
    return out;
  }();
  return environment;
}

Kind KindOf(const Value& value) {
  constexpr std::array kKinds = {Kind::kNull,     Kind::kBool,   Kind::kInt,   Kind::kUint,
                                 Kind::kDouble,   Kind::kString, Kind::kBytes, Kind::kTimestamp,
                                 Kind::kDuration, Kind::kType,   Kind::kList,  Kind::kMap};
  return kKinds.at(static_cast<std::size_t>(value.kind()));
}

void RequirePlace(std::string_view source, const Problem& problem) {
  Require(problem.line >= 1 && problem.column >= 1 && problem.length >= 1, "a place counts from 1");
  Require(static_cast<std::size_t>(problem.line) <= source.size() + 1, "the line exists");
  Require(static_cast<std::size_t>(problem.column) <= source.size() + 1, "the column exists");
  Require(!problem.message.zh.empty() && !problem.message.en.empty(),
          "a problem has words in both languages");
}

void Run(std::string_view source, Check check) {
  const Case activation;
  const auto program = duban::expression::Compile(source, Declared(), Type(), check);
  if (!program) {
    for (const Problem& problem : program.error()) RequirePlace(source, problem);
    return;
  }
  const auto value = program->Evaluate(activation);
  const auto truth = program->Test(activation);
  if (!value) {
    RequirePlace(source, value.error());
    Require(!truth, "what cannot be evaluated cannot be tested");
    return;
  }
  const bool* held = value->If<bool>();
  Require(truth ? held != nullptr && *held == *truth : held == nullptr, "Test and Evaluate agree");
  if (check == Check::kSyntaxOnly) return;
  Kind wanted = program->type().kind();
  if (wanted == Kind::kObject) wanted = Kind::kMap;
  const bool sound = wanted == Kind::kDyn || KindOf(*value) == wanted || value->is_null();
  Require(sound, "a value is of the type that the checker found");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view source(reinterpret_cast<const char*>(data), size);
  Run(source, Check::kTypes);
  Run(source, Check::kSyntaxOnly);
  const auto text = duban::expression::CompileTemplate(source, Declared());
  if (!text) {
    for (const Problem& problem : text.error()) RequirePlace(source, problem);
  } else if (const auto rendered = text->Render(Case()); !rendered) {
    RequirePlace(source, rendered.error());
  }
  return 0;
}
