// CEL, the Common Expression Language (google/cel-spec, doc/langdef.md): guards, computed values and
// templates. Typed, free of side effects, bounded in time and memory.
//
// Compile once when a definition is read, evaluate often. A Program is immutable and may be shared between threads.
#pragma once

#include <cstdint>
#include <expected>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/expression/type.h"
#include "core/model/text.h"
#include "core/model/value.h"

namespace duban::expression {

// Limits; each is tested, and documented in docs/definition-language.md.
inline constexpr std::size_t kMaxSourceBytes = 16 * 1024;
inline constexpr int kMaxNesting = 128;           // parentheses, calls, lists, ternaries
inline constexpr int kMaxHeight = 512;            // of the tree: a + b + c … and a.b.c … count one per operator
// One per node evaluated, plus one per 16 bytes or item produced, compared or searched (more for a long pattern);
// a pattern that is not a literal costs at least 200.
inline constexpr std::int64_t kMaxCost = 100'000;
inline constexpr std::size_t kMaxTemplateBytes = 64 * 1024;

// Where in the source, and what. Lines and columns start at 1; columns count code points.
struct Problem {
  int line = 1;
  int column = 1;
  int length = 1;     // code points to underline
  model::Text message;  // what is wrong
  model::Text hint;     // what was meant ("did you mean `level`?"); may be empty
};

// What an expression may mention. A variable's slot is its index.
struct Variable {
  std::string name;  // may be qualified: "a.b"
  Type type;
};

// A function of the host, beside CEL's own; `id` is handed to Activation::Call.
struct Function {
  std::string name;
  std::vector<Type> parameters;
  Type result;
  int id = 0;
};

struct Environment {
  std::vector<Variable> variables;
  std::vector<Function> functions;
  // CEL's container: names are also looked up inside it ("a.b" makes `x` mean a.b.x, a.x or x). Usually empty.
  std::string container;
  // The zone that getHours() and its like use when none is given. IANA name; CEL's own default is UTC.
  std::string time_zone = "UTC";
  // Whether durations, timestamps, time zones and patterns that are written as literals are already checked when
  // the expression is compiled. CEL itself leaves that to the evaluation.
  bool check_literals = true;
};

// The world during one evaluation. Not owned; must outlive the call.
class Activation {
 public:
  virtual ~Activation() = default;
  // The variable's value, or nullptr when it has none now (an evaluation error "no such variable …").
  // The value must stay alive and unchanged until Evaluate returns.
  virtual const model::Value* Get(int slot) const = 0;
  // Calls a host function. An error text becomes the evaluation's error.
  virtual std::expected<model::Value, std::string> Call(int id, std::span<const model::Value> arguments) const;
};

class Program {
 public:
  Program() = default;
  bool empty() const { return code_ == nullptr; }
  const std::string& source() const;
  const Type& type() const;                // what the checker found
  const std::vector<int>& slots() const;   // the variables that it mentions, ascending
  const std::vector<std::string>& string_literals() const;  // in source order; for cross-checks such as In('state')

  // An error carries the place in the source. Never throws, never runs longer than kMaxCost allows.
  std::expected<model::Value, Problem> Evaluate(const Activation& activation) const;
  // The same for guards: no Value is made. An error when the result is not a bool.
  std::expected<bool, Problem> Test(const Activation& activation) const;

  struct Code;

 private:
  friend struct Compiler;
  std::shared_ptr<const Code> code_;
};

enum class Check { kTypes, kSyntaxOnly };

// All problems at once. `expected` is the type that the place wants (dyn: any).
std::expected<Program, std::vector<Problem>> Compile(std::string_view source, const Environment& environment,
                                                     const Type& expected = Type(), Check check = Check::kTypes);

// A text with `{{ expression }}` in it, as notifications and titles use: compiled to its parts. Values render
// as people read them: text as it is, numbers in decimal, null as nothing, timestamps in the environment's
// time zone as "2022-05-16 09:00", lists joined by "、". "{{{{" stands for a literal "{{". At most kMaxTemplateBytes.
class Template {
 public:
  const std::string& source() const { return source_; }
  const std::vector<Program>& programs() const { return programs_; }
  // `show` turns a value into words where the field's type asks for more than the value itself (a person's
  // name for an id); it is given the program, so that it can see which variable stands there, and may return
  // an empty string to leave the default. May be null.
  using Show = std::string (*)(const void* context, const Program& program, const model::Value& value);
  std::expected<std::string, Problem> Render(const Activation& activation, Show show = nullptr,
                                             const void* context = nullptr) const;

 private:
  friend struct Compiler;
  std::string source_;
  std::string time_zone_;
  std::vector<std::string> literals_;  // literals_[i] stands before programs_[i]; one more than programs_
  std::vector<Program> programs_;
};

std::expected<Template, std::vector<Problem>> CompileTemplate(std::string_view source, const Environment& environment);

}  // namespace duban::expression
