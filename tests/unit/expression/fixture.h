// A small world for expressions: an environment with some variables, and their values.
#pragma once

#include <gtest/gtest.h>

#include <map>
#include <string>
#include <string_view>

#include "core/expression/expression.h"

namespace duban::expression {

using Kind = Type::Kind;

class World : public Activation {
 public:
  const model::Value* Get(int slot) const override {
    const auto found = values.find(slot);
    return found == values.end() ? nullptr : &found->second;
  }

  // Declares a variable without a value.
  World& Declare(std::string name, Type type = Type()) {
    environment.variables.push_back({std::move(name), std::move(type)});
    return *this;
  }
  World& With(std::string name, model::Value value, Type type = Type()) {
    values[static_cast<int>(environment.variables.size())] = std::move(value);
    return Declare(std::move(name), std::move(type));
  }

  // The value as JSON, "error: …" with the English text, or "L:C+N: …" of the first compile
  // problem.
  std::string Eval(std::string_view source, Check check = Check::kTypes) const {
    const auto program = Compile(source, environment, Type(), check);
    if (!program) return Show(program.error().front());
    const auto value = program->Evaluate(*this);
    return value ? model::ToJson(*value) : "error: " + value.error().message.en;
  }

  std::string Test(std::string_view source) const {
    const auto program = Compile(source, environment);
    if (!program) return Show(program.error().front());
    const auto truth = program->Test(*this);
    return !truth ? "error: " + truth.error().message.en : *truth ? "true" : "false";
  }

  std::string TypeOf(std::string_view source) const {
    const auto program = Compile(source, environment);
    return program ? program->type().ToString() : Show(program.error().front());
  }

  static std::string Show(const Problem& p) {
    std::string out = std::to_string(p.line) + ":" + std::to_string(p.column) + "+" +
                      std::to_string(p.length) + ": " + p.message.en;
    return p.hint.en.empty() ? out : out + " (" + p.hint.en + ")";
  }

  Environment environment;
  std::map<int, model::Value> values;
};

}  // namespace duban::expression
