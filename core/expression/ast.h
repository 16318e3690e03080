// The tree of an expression, as the parser builds it and the checker completes it.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "core/expression/problem.h"
#include "core/model/value.h"

namespace duban::expression {

// What an expression does. The tree and the compiled nodes share these.
enum class Op : std::uint8_t {
  kConstant,
  kName,      // not yet resolved; the checker turns it into one of the following three
  kVariable,  // index: slot
  kLocal,     // index: of a macro's variable, from the outermost
  kUnknown,   // a name or function that nobody declared, met only when types are not checked
  kSelect,    // a.name
  kHas,       // has(a.name)
  kIndex,
  kList,
  kMap,  // args: key, value, key, value …
  kAnd,
  kOr,
  kNot,
  kNegate,
  kConditional,
  kEqual,
  kNotEqual,
  kLess,
  kLessEqual,
  kGreater,
  kGreaterEqual,
  kIn,
  kAdd,
  kSubtract,
  kMultiply,
  kDivide,
  kModulo,
  kCall,  // index: of the library's function
  kHost,  // index: of the environment's function
  // Macros over args[0]; args[1] is the predicate, args[2] the transformation; either may be
  // missing.
  kAll,
  kExists,
  kExistsOne,
  kCollect,  // filter, map, transformList
  kTransformMap,
};

struct Expr;
using ExprPtr = std::unique_ptr<Expr>;

struct Expr {
  Op op = Op::kConstant;
  Place place;            // what to underline when something is wrong here
  int height = 1;         // of the tree below
  bool rooted = false;    // a name written with a leading dot
  bool receiver = false;  // a call written a.f(b): a is args[0]
  bool quoted = false;    // a field written in backticks
  std::string name;       // the name, field, function, or the macro's first variable
  std::string second;     // the macro's second variable
  model::Value constant;
  std::vector<ExprPtr> args;

  // Found by the checker.
  Type type;
  int index = 0;
};

bool IsMacro(Op op);
// The operator as people write it, and CEL's name for it in error texts: "+", "==", "in" …
std::string_view Spelling(Op op);

}  // namespace duban::expression
