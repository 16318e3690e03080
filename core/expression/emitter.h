// From the checked tree to Program::Code; what is constant is computed here, once.
#pragma once

#include <vector>

#include "core/expression/ast.h"
#include "core/expression/code.h"
#include "core/expression/failure.h"

namespace duban::expression {

class Emitter {
 public:
  // Both must outlive the emitter.
  Emitter(Program::Code& code, const Environment& environment)
      : code_(code), environment_(environment) {}

  void Run(const Expr& root) { code_.root = Emit(root); }
  // Literals that no evaluation could use: times, zones and patterns that are wrong.
  std::vector<Problem> TakeProblems() { return std::move(problems_); }

 private:
  // How far each array of the code reached, so that folding can cut it back.
  struct Mark {
    std::size_t nodes;
    std::size_t children;
    std::size_t constants;
    std::size_t patterns;
  };

  std::uint32_t Emit(const Expr& e);
  Node MakeNode(const Expr& e);
  void EmitCall(const Expr& e, Node& node);
  void EmitChildren(const Expr& e, Node& node);
  std::uint32_t EmitOptional(const ExprPtr& e) { return e ? Emit(*e) : kAbsent; }
  std::uint32_t AddConstant(model::Value value);
  std::uint32_t Add(Node node);
  bool IsConstant(std::uint32_t node) const { return code_.nodes[node].op == Op::kConstant; }
  bool CanFold(const Node& node) const;
  std::uint32_t Fold(std::uint32_t node, const Mark& mark);
  void EmitPattern(const Expr& literal, const std::string& text, Node& node);
  void Report(const Expr& literal, Fault fault, const std::string& detail);

  Program::Code& code_;
  const Environment& environment_;
  std::int64_t folding_budget_ = kMaxCost;
  std::vector<Problem> problems_;
};

}  // namespace duban::expression
