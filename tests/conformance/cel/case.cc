#include "tests/conformance/cel/case.h"

#include <fmt/format.h>

#include <cstdlib>
#include <optional>

#include "core/expression/expression.h"

namespace duban::conformance {
namespace {

using expression::Type;
using model::Value;
using Kind = Type::Kind;

std::optional<Value> ReadValue(const Message& m);

std::optional<Value> ReadList(const Message& m) {
  model::List out;
  for (const Field& field : m.fields) {
    const auto item = field.is_message ? ReadValue(field.message.front()) : std::nullopt;
    if (!item) return std::nullopt;
    out.push_back(*item);
  }
  return Value(std::move(out));
}

std::optional<Value> ReadMap(const Message& m) {
  model::Map out;
  for (const Field& field : m.fields) {
    if (!field.is_message) return std::nullopt;
    const Message* key = field.message.front().FindMessage("key");
    const Message* value = field.message.front().FindMessage("value");
    if (key == nullptr || value == nullptr) return std::nullopt;
    const auto k = ReadValue(*key);
    const auto v = ReadValue(*value);
    if (!k || !v) return std::nullopt;
    out.Set(*k, *v);
  }
  return Value(std::move(out));
}

// The message types that CEL has as its own.
std::optional<Value> ReadAny(const Message& m) {
  if (m.fields.empty() || !m.fields.front().is_message) return std::nullopt;
  const Field& field = m.fields.front();
  const Message& content = field.message.front();
  const std::int64_t seconds = std::atoll(content.Get("seconds").c_str());
  const std::int32_t nanos = std::atoi(content.Get("nanos").c_str());
  if (field.name.ends_with("/google.protobuf.Timestamp]"))
    return Value(model::Timestamp{seconds, nanos});
  if (field.name.ends_with("/google.protobuf.Duration]"))
    return Value(model::Duration{seconds, nanos});
  return std::nullopt;
}

// A Value message; nullopt when it needs a type that is not CEL's own.
std::optional<Value> ReadValue(const Message& m) {
  if (m.fields.empty()) return std::nullopt;
  const Field& field = m.fields.front();
  const std::string& text = field.scalar;
  if (field.name == "null_value") return Value();
  if (field.name == "bool_value") return Value(text == "true");
  if (field.name == "int64_value")
    return Value(std::int64_t{std::strtoll(text.c_str(), nullptr, 0)});
  if (field.name == "uint64_value")
    return Value(std::uint64_t{std::strtoull(text.c_str(), nullptr, 0)});
  if (field.name == "double_value") return Value(std::strtod(text.c_str(), nullptr));
  if (field.name == "string_value") return Value(text);
  if (field.name == "bytes_value") return Value(model::Bytes{text});
  if (field.name == "type_value") return Value(model::TypeName{text});
  if (!field.is_message) return std::nullopt;
  if (field.name == "list_value") return ReadList(field.message.front());
  if (field.name == "map_value") return ReadMap(field.message.front());
  if (field.name == "object_value") return ReadAny(field.message.front());
  return std::nullopt;
}

Type ReadType(const Message& m) {
  if (m.fields.empty()) return Type();
  const Field& field = m.fields.front();
  if (field.name == "primitive") {
    if (field.scalar == "BOOL") return Kind::kBool;
    if (field.scalar == "INT64") return Kind::kInt;
    if (field.scalar == "UINT64") return Kind::kUint;
    if (field.scalar == "DOUBLE") return Kind::kDouble;
    if (field.scalar == "STRING") return Kind::kString;
    if (field.scalar == "BYTES") return Kind::kBytes;
  }
  if (field.name == "null") return Kind::kNull;
  if (field.name == "type") return Kind::kType;
  if (field.scalar == "TIMESTAMP" || field.scalar == "google.protobuf.Timestamp")
    return Kind::kTimestamp;
  if (field.scalar == "DURATION" || field.scalar == "google.protobuf.Duration")
    return Kind::kDuration;
  if (!field.is_message) return Type();
  const Message& inner = field.message.front();
  const auto part = [&](const char* name) {
    const Message* type = inner.FindMessage(name);
    return type != nullptr ? ReadType(*type) : Type();
  };
  if (field.name == "list_type") return Type::List(part("elem_type"));
  if (field.name == "map_type") return Type::Map(part("key_type"), part("value_type"));
  return Type();
}

class Bindings : public expression::Activation {
 public:
  const Value* Get(int slot) const override {
    const auto& value = values.at(static_cast<std::size_t>(slot));
    return value ? &*value : nullptr;
  }
  std::vector<std::optional<Value>> values;
};

// Declares what type_env and bindings name. False when a value needs a type that is not CEL's own.
bool Declare(const Message& test, expression::Environment& environment, Bindings& bindings) {
  for (const Field& field : test.fields) {
    if (!field.is_message) continue;
    const Message& m = field.message.front();
    if (field.name == "type_env" && m.FindMessage("ident") != nullptr) {
      const Message* type = m.FindMessage("ident")->FindMessage("type");
      environment.variables.push_back({m.Get("name"), type ? ReadType(*type) : Type()});
      bindings.values.emplace_back();
    }
  }
  for (const Field& field : test.fields) {
    if (field.name != "bindings" || !field.is_message) continue;
    const Message& m = field.message.front();
    const Message* outer = m.FindMessage("value");
    const Message* inner = outer != nullptr ? outer->FindMessage("value") : nullptr;
    const auto value = inner != nullptr ? ReadValue(*inner) : std::nullopt;
    if (!value) return false;
    std::size_t slot = 0;
    while (slot < environment.variables.size() && environment.variables[slot].name != m.Get("key"))
      ++slot;
    if (slot == environment.variables.size()) {
      environment.variables.push_back({m.Get("key"), Type()});
      bindings.values.emplace_back();
    }
    bindings.values[slot] = value;
  }
  return true;
}

std::string Show(const Value& v) {
  return fmt::format("{} ({})", model::ToJson(v), KindName(v.kind()));
}

std::string CompareResult(const Message& test,
                          const std::expected<Value, expression::Problem>& result) {
  if (test.Find("eval_error") != nullptr || test.Find("any_eval_errors") != nullptr) {
    return result ? fmt::format("an error was expected, the value is {}", Show(*result)) : "";
  }
  const Message* typed = test.FindMessage("typed_result");
  const Message* wanted =
      typed != nullptr ? typed->FindMessage("result") : test.FindMessage("value");
  const auto expected = wanted != nullptr ? ReadValue(*wanted) : Value(true);
  if (!expected) return "the expected value is of a type that is not CEL's own";
  if (!result)
    return fmt::format("expected {}, got the error: {}", Show(*expected),
                       result.error().message.en);
  if (*result == *expected) return "";
  return fmt::format("expected {}, got {}", Show(*expected), Show(*result));
}

}  // namespace

std::string RunCase(const Message& test) {
  for (const char* unsupported : {"disable_macros", "unknown", "any_unknowns"}) {
    if (test.Find(unsupported) != nullptr) return fmt::format("needs {}", unsupported);
  }
  expression::Environment environment;
  environment.container = test.Get("container");
  environment.check_literals = false;
  Bindings bindings;
  if (!Declare(test, environment, bindings)) return "a variable is of a type that is not CEL's own";
  const bool checked = test.Get("disable_check") != "true";
  const auto program =
      expression::Compile(test.Get("expr"), environment, Type(),
                          checked ? expression::Check::kTypes : expression::Check::kSyntaxOnly);
  if (!program) {
    const expression::Problem& problem = program.error().front();
    return fmt::format("does not compile: {}:{}: {}", problem.line, problem.column,
                       problem.message.en);
  }
  if (const Message* typed = test.FindMessage("typed_result")) {
    const Message* deduced = typed->FindMessage("deduced_type");
    const std::string wanted =
        deduced != nullptr ? ReadType(*deduced).ToString() : program->type().ToString();
    if (wanted != program->type().ToString()) {
      return fmt::format("expected the type {}, got {}", wanted, program->type().ToString());
    }
    if (test.Get("check_only") == "true") return "";
  }
  return CompareResult(test, program->Evaluate(bindings));
}

}  // namespace duban::conformance
