#include "core/expression/emitter.h"

#include <algorithm>

#include "core/expression/evaluation.h"
#include "core/expression/library.h"

namespace duban::expression {
namespace {

class NoVariables : public Activation {
 public:
  const model::Value* Get(int) const override { return nullptr; }
};

std::uint32_t Size(std::size_t size) { return static_cast<std::uint32_t>(size); }

}  // namespace

std::uint32_t Emitter::AddConstant(model::Value value) {
  code_.constants.push_back(std::move(value));
  return Size(code_.constants.size() - 1);
}

std::uint32_t Emitter::Add(Node node) {
  node.borrows = node.op == Op::kConstant || node.op == Op::kVariable || node.op == Op::kLocal ||
                 (node.op == Op::kSelect && code_.nodes[node.a].borrows);
  code_.nodes.push_back(node);
  return Size(code_.nodes.size() - 1);
}

std::uint32_t Emitter::Emit(const Expr& e) {
  if (e.op == Op::kCall && e.index < 0) return Emit(*e.args[0]);  // dyn(x)
  const Mark mark{code_.nodes.size(), code_.children.size(), code_.constants.size(),
                  code_.patterns.size()};
  const Node node = MakeNode(e);
  const std::uint32_t added = Add(node);
  return CanFold(node) ? Fold(added, mark) : added;
}

Node Emitter::MakeNode(const Expr& e) {
  Node node;
  node.op = e.op;
  node.place = e.place;
  switch (e.op) {
    case Op::kConstant:
      node.a = AddConstant(e.constant);
      break;
    case Op::kUnknown:
      node.a = AddConstant(e.name);
      break;
    case Op::kVariable:
      node.a = static_cast<std::uint32_t>(e.index);
      if (std::find(code_.slots.begin(), code_.slots.end(), e.index) == code_.slots.end()) {
        code_.slots.push_back(e.index);
        code_.variables.emplace_back(e.index, e.name);
      }
      break;
    case Op::kLocal:
      node.a = static_cast<std::uint32_t>(e.index);
      break;
    case Op::kSelect:
    case Op::kHas:
      node.a = Emit(*e.args[0]);
      node.b = AddConstant(e.name);
      break;
    case Op::kList:
    case Op::kMap:
    case Op::kAnd:
    case Op::kOr:
      EmitChildren(e, node);
      break;
    case Op::kCall:
    case Op::kHost:
      EmitCall(e, node);
      break;
    default:
      node.a = Emit(*e.args[0]);
      if (e.args.size() > 1) node.b = EmitOptional(e.args[1]);
      if (e.args.size() > 2) node.c = EmitOptional(e.args[2]);
      if (IsMacro(e.op)) {
        node.count = e.second.empty() ? 1 : 2;
        node.index = static_cast<std::uint16_t>(e.index);
      }
  }
  return node;
}

void Emitter::EmitChildren(const Expr& e, Node& node) {
  std::vector<std::uint32_t> children;
  children.reserve(e.args.size());
  for (const ExprPtr& child : e.args) children.push_back(Emit(*child));
  node.a = Size(code_.children.size());
  node.count = Size(children.size());
  code_.children.insert(code_.children.end(), children.begin(), children.end());
}

void Emitter::EmitCall(const Expr& e, Node& node) {
  EmitChildren(e, node);
  if (e.op == Op::kHost) {
    const Function& function = environment_.functions[static_cast<std::size_t>(e.index)];
    code_.host_functions.push_back({function.name, function.id});
    node.b = Size(code_.host_functions.size() - 1);
    return;
  }
  node.b = static_cast<std::uint32_t>(e.index);
  const Expr* last = e.args.empty() ? nullptr : e.args.back().get();
  if (last == nullptr || last->op != Op::kConstant) return;
  const auto* literal = last->constant.If<std::string>();
  if (literal == nullptr) return;
  if (e.name == "matches") return EmitPattern(*last, *literal, node);
  const auto check = Library()[static_cast<std::size_t>(e.index)].check_literal;
  const Fault fault = check != nullptr ? check(*literal) : Fault::kNone;
  const bool conversion = fault == Fault::kConversion || fault == Fault::kRange;
  if (fault != Fault::kNone) {
    Report(*last, fault, conversion ? "\"" + *literal + "\" → " + e.name : *literal);
  }
}

void Emitter::EmitPattern(const Expr& literal, const std::string& text, Node& node) {
  auto pattern = Pattern::Compile(text);
  if (!pattern) return Report(literal, Fault::kPattern, pattern.error());
  code_.patterns.push_back(std::move(*pattern));
  node.c = Size(code_.patterns.size() - 1);
}

void Emitter::Report(const Expr& literal, Fault fault, const std::string& detail) {
  if (!environment_.check_literals) return;
  problems_.push_back(
      ProblemAt(code_.source, literal.place, code_.origin, Describe(fault, detail)));
}

bool Emitter::CanFold(const Node& node) const {
  switch (node.op) {
    case Op::kConstant:
    case Op::kVariable:
    case Op::kLocal:
    case Op::kUnknown:
    case Op::kHost:
      return false;
    case Op::kList:
    case Op::kMap:
    case Op::kAnd:
    case Op::kOr:
    case Op::kCall:
      for (std::uint32_t i = 0; i < node.count; ++i) {
        if (!IsConstant(code_.children[node.a + i])) return false;
      }
      return true;
    default:
      if (IsMacro(node.op)) return false;
      for (std::uint32_t child :
           {node.a, node.op == Op::kSelect || node.op == Op::kHas ? kAbsent : node.b, node.c}) {
        if (child != kAbsent && !IsConstant(child)) return false;
      }
      return true;
  }
}

// Replaces a node over constants by its value. One that fails is left for the evaluation, which may
// absorb it.
std::uint32_t Emitter::Fold(std::uint32_t node, const Mark& mark) {
  const NoVariables none;
  Evaluation evaluation(code_, none, folding_budget_);
  model::Value value;
  const bool folds = evaluation.Run(node, value);
  folding_budget_ = std::max<std::int64_t>(0, evaluation.left());
  if (!folds) return node;
  const Place place = code_.nodes[node].place;
  code_.nodes.resize(mark.nodes);
  code_.children.resize(mark.children);
  code_.constants.resize(mark.constants);
  while (code_.patterns.size() > mark.patterns) code_.patterns.pop_back();
  Node folded;
  folded.place = place;
  folded.a = AddConstant(std::move(value));
  return Add(folded);
}

}  // namespace duban::expression
