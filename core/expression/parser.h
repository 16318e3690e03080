// From tokens to the tree: recursive descent, of bounded depth, macros expanded on the way.
#pragma once

#include <expected>
#include <string>
#include <string_view>
#include <vector>

#include "core/expression/ast.h"
#include "core/expression/lexer.h"

namespace duban::expression {

struct Parsed {
  ExprPtr root;
  std::vector<std::string> string_literals;
};

// At most kMaxNesting levels of recursion and kMaxHeight levels of tree.
std::expected<Parsed, Problem> Parse(std::string_view source, Origin origin);

// Turns a call of a macro into its node; nullptr when it is not a macro. `call` is emptied when it
// is one.
std::expected<ExprPtr, Problem> ExpandMacro(Expr& call, const Lexer& lexer);

const std::vector<std::string>& MacroNames();

}  // namespace duban::expression
