#include <algorithm>

#include "core/expression/checker.h"
#include "core/expression/compiler.h"
#include "core/expression/emitter.h"
#include "core/expression/evaluation.h"
#include "core/expression/parser.h"
#include "core/model/utf8.h"

namespace duban::expression {
namespace {

using Problems = std::vector<Problem>;

std::optional<Problem> CheckSource(std::string_view source, Origin origin) {
  if (source.size() > kMaxSourceBytes) {
    return ProblemAt(source, {0, 1}, origin,
                     {"表达式太长（上限 16 KiB）", "the expression is longer than 16 KiB"},
                     {"请拆成几个表达式", "split it into several expressions"});
  }
  const std::size_t invalid = model::FindInvalidUtf8(source);
  if (invalid == std::string_view::npos) return std::nullopt;
  return ProblemAt(source.substr(0, invalid), {static_cast<std::uint32_t>(invalid), 1}, origin,
                   {"这里不是 UTF-8 文本", "this is not UTF-8 text"},
                   {"请把文件存为 UTF-8", "save the file as UTF-8"});
}

const Program::Code& EmptyCode() {
  static const Program::Code code;
  return code;
}

Problem NothingCompiled() {
  return {1, 1, 1, {"没有可计算的表达式", "there is no expression to evaluate"}, {}};
}

}  // namespace

std::expected<model::Value, std::string> Activation::Call(int,
                                                          std::span<const model::Value>) const {
  return std::unexpected("this function cannot be called here");
}

std::expected<Program, Problems> Compiler::Compile(std::string_view source, Origin origin,
                                                   const Environment& environment,
                                                   const Type& expected, Check check) {
  if (auto problem = CheckSource(source, origin))
    return std::unexpected(Problems{std::move(*problem)});
  auto code = std::make_shared<Program::Code>();
  const auto zone = Zone::Find(environment.time_zone);
  if (!zone) {
    return std::unexpected(
        Problems{ProblemAt(source, {0, 1}, origin, Describe(Fault::kZone, environment.time_zone))});
  }
  auto parsed = Parse(source, origin);
  if (!parsed) return std::unexpected(Problems{std::move(parsed.error())});
  Checker checker(source, origin, environment, check);
  checker.Run(*parsed->root);
  checker.Expect(*parsed->root, expected);
  Problems problems = checker.TakeProblems();
  if (!problems.empty()) return std::unexpected(std::move(problems));
  code->source = source;
  code->origin = origin;
  code->zone = *zone;
  code->type = parsed->root->type;
  code->string_literals = std::move(parsed->string_literals);
  Emitter emitter(*code, environment);
  emitter.Run(*parsed->root);
  problems = emitter.TakeProblems();
  if (!problems.empty()) return std::unexpected(std::move(problems));
  std::sort(code->slots.begin(), code->slots.end());
  Program out;
  out.code_ = std::move(code);
  return out;
}

std::expected<Program, Problems> Compile(std::string_view source, const Environment& environment,
                                         const Type& expected, Check check) {
  return Compiler::Compile(source, {}, environment, expected, check);
}

const std::string& Program::source() const { return (code_ ? *code_ : EmptyCode()).source; }
const Type& Program::type() const { return (code_ ? *code_ : EmptyCode()).type; }
const std::vector<int>& Program::slots() const { return (code_ ? *code_ : EmptyCode()).slots; }
const std::vector<std::string>& Program::string_literals() const {
  return (code_ ? *code_ : EmptyCode()).string_literals;
}

std::expected<model::Value, Problem> Program::Evaluate(const Activation& activation) const {
  std::expected<model::Value, Problem> value;  // all that is returned: made where it is wanted
  if (code_ == nullptr) {
    value = std::unexpected(NothingCompiled());
    return value;
  }
  Evaluation evaluation(*code_, activation);
  if (!evaluation.Run(code_->root, *value)) value = std::unexpected(evaluation.Failure());
  return value;
}

std::expected<bool, Problem> Program::Test(const Activation& activation) const {
  if (code_ == nullptr) return std::unexpected(NothingCompiled());
  Evaluation evaluation(*code_, activation);
  const Truth truth = evaluation.Test(code_->root);
  if (truth == Truth::kError) return std::unexpected(evaluation.Failure());
  return truth == Truth::kTrue;
}

}  // namespace duban::expression
