// From the expressions that statecharts use (the ECMAScript data model of SCXML) to CEL. Translated
// is what means the same in both: literals, variables, members, `_event`, In(), comparisons,
// arithmetic, && || ! ?:, typeof x against 'undefined', .length. Everything else is refused by its
// name.
#pragma once

#include <expected>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>

namespace duban::import {

struct Names {
  std::map<std::string, std::string, std::less<>> fields;  // variable → field
  std::set<std::string, std::less<>> states;
};

// What cannot be translated: "`++` (a side effect in an expression)".
struct Refusal {
  std::string construct;
};

// Where a truth value is wanted: `x` means x != null && x != false && x != 0 && x != ''.
std::expected<std::string, Refusal> TranslateCondition(std::string_view source, const Names& names);
// A variable that is not declared becomes an expression that always fails, as it does in
// ECMAScript.
std::expected<std::string, Refusal> TranslateValue(std::string_view source, const Names& names);
// The literal (number, string, array, object …) in YAML's flow style; nothing when it is not a mere
// literal.
std::optional<std::string> LiteralAsYaml(std::string_view source);

// A CEL string literal.
std::string QuoteCel(std::string_view text);
// A YAML (and JSON) string in double quotes.
std::string QuoteYaml(std::string_view text);

// The CEL expression that always fails, naming the variable.
std::string Undeclared(std::string_view variable);

}  // namespace duban::import
