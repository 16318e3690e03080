// What a source is compiled to: a flat array of nodes, operands before operators.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/expression/ast.h"
#include "core/expression/pattern.h"
#include "core/expression/zone.h"

namespace duban::expression {

inline constexpr std::uint32_t kAbsent = UINT32_MAX;

// The meaning of a, b and c by op:
//   kConstant        a: constant
//   kVariable        a: slot                       kLocal  a: local
//   kUnknown         a: constant that holds the name
//   kSelect, kHas    a: operand, b: constant that holds the field
//   unary            a: operand
//   binary, kIndex   a, b: operands
//   kConditional     a, b, c
//   kList, kMap, kAnd, kOr, kCall, kHost   a: first in `children`, count: how many, b: function, c:
//   pattern macros           a: range, b: predicate, c: transformation, count: how many variables,
//   index: first local
struct Node {
  Op op = Op::kConstant;
  bool borrows = false;  // its value exists already: nothing is made to get it
  std::uint16_t index = 0;
  std::uint32_t count = 0;
  std::uint32_t a = kAbsent;
  std::uint32_t b = kAbsent;
  std::uint32_t c = kAbsent;
  Place place;
};

struct HostFunction {
  std::string name;
  int id = 0;
};

struct Program::Code {
  std::string source;
  Origin origin;
  Type type;
  std::vector<int> slots;
  std::vector<std::string> string_literals;

  std::vector<Node> nodes;
  std::uint32_t root = 0;
  std::vector<std::uint32_t> children;
  std::vector<model::Value> constants;
  std::vector<Pattern> patterns;
  std::vector<HostFunction> host_functions;
  std::vector<std::pair<int, std::string>> variables;  // slot and name, for error texts
  Zone zone;
};

}  // namespace duban::expression
