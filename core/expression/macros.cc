#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "core/expression/parser.h"

namespace duban::expression {
namespace {

struct Macro {
  std::string_view name;
  Op op;
  int variables;
  std::size_t arguments;  // after the range
  bool predicate;         // the argument behind the variables is a predicate
  bool transform;         // the last argument is a transformation
};

constexpr std::array kMacros = {
    Macro{"all", Op::kAll, 1, 2, true, false},
    Macro{"all", Op::kAll, 2, 3, true, false},
    Macro{"exists", Op::kExists, 1, 2, true, false},
    Macro{"exists", Op::kExists, 2, 3, true, false},
    Macro{"exists_one", Op::kExistsOne, 1, 2, true, false},
    Macro{"exists_one", Op::kExistsOne, 2, 3, true, false},
    Macro{"existsOne", Op::kExistsOne, 1, 2, true, false},
    Macro{"existsOne", Op::kExistsOne, 2, 3, true, false},
    Macro{"filter", Op::kCollect, 1, 2, true, false},
    Macro{"map", Op::kCollect, 1, 2, false, true},
    Macro{"map", Op::kCollect, 1, 3, true, true},
    Macro{"transformList", Op::kCollect, 2, 3, false, true},
    Macro{"transformList", Op::kCollect, 2, 4, true, true},
    Macro{"transformMap", Op::kTransformMap, 2, 3, false, true},
    Macro{"transformMap", Op::kTransformMap, 2, 4, true, true},
};

bool IsSimpleName(const Expr& e) { return e.op == Op::kName && !e.rooted; }

std::expected<ExprPtr, Problem> ExpandHas(Expr& call, const Lexer& lexer) {
  if (call.args.size() != 1 || call.args[0]->op != Op::kSelect) {
    return std::unexpected(
        lexer.At(call.place, {"has() 里要写一个字段", "has() takes the selection of a field"},
                 {"例如 has(case.level)", "for example has(case.level)"}));
  }
  ExprPtr out = std::move(call.args[0]);
  out->op = Op::kHas;
  return out;
}

}  // namespace

const std::vector<std::string>& MacroNames() {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> out{"has"};
    for (const Macro& macro : kMacros) out.emplace_back(macro.name);
    return out;
  }();
  return names;
}

std::expected<ExprPtr, Problem> ExpandMacro(Expr& call, const Lexer& lexer) {
  if (!call.receiver) return call.name == "has" && !call.rooted ? ExpandHas(call, lexer) : nullptr;
  const std::size_t arguments = call.args.size() - 1;
  const auto macro = std::find_if(kMacros.begin(), kMacros.end(), [&](const Macro& m) {
    return m.name == call.name && m.arguments == arguments;
  });
  if (macro == kMacros.end()) return nullptr;
  auto out = std::make_unique<Expr>();
  out->op = macro->op;
  out->place = call.place;
  out->height = call.height;
  for (int i = 0; i < macro->variables; ++i) {
    Expr& variable = *call.args[static_cast<std::size_t>(i) + 1];
    if (!IsSimpleName(variable)) {
      return std::unexpected(
          lexer.At(variable.place,
                   {fmt::format("{}() 的这个参数要写一个新的变量名", call.name),
                    fmt::format("this argument of {}() is the name of a new variable", call.name)},
                   {"例如 list.all(x, x > 0)", "for example list.all(x, x > 0)"}));
    }
    (i == 0 ? out->name : out->second) = variable.name;
  }
  if (out->name == out->second) {
    return std::unexpected(lexer.At(
        call.args[2]->place, {"两个变量要用不同的名称", "the two variables need different names"}));
  }
  std::size_t next = 1 + static_cast<std::size_t>(macro->variables);
  out->args.push_back(std::move(call.args[0]));
  out->args.push_back(macro->predicate ? std::move(call.args[next++]) : nullptr);
  out->args.push_back(macro->transform ? std::move(call.args[next]) : nullptr);
  return out;
}

}  // namespace duban::expression
