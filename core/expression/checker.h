// Resolves names and functions and finds the type of every expression.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/expression/ast.h"
#include "core/expression/operator_types.h"
#include "core/expression/scope.h"

namespace duban::expression {

class Checker {
 public:
  // All must outlive the checker.
  Checker(std::string_view source, Origin origin, const Environment& environment, Check check)
      : source_(source),
        origin_(origin),
        environment_(environment),
        check_(check),
        scope_(environment) {}

  // Completes the tree. With kSyntaxOnly nothing is a problem, and what is not declared becomes
  // kUnknown.
  void Run(Expr& root) { Visit(root); }
  // Whether a result of this type may stand where `expected` is wanted.
  void Expect(const Expr& root, const Type& expected);

  std::vector<Problem> TakeProblems() { return std::move(problems_); }

 private:
  struct Local {
    std::string name;
    Type type;
  };

  void Visit(Expr& e);
  void VisitName(Expr& e);
  void VisitSelect(Expr& e);
  void VisitBinary(Expr& e);
  void VisitUnary(Expr& e);
  void VisitConditional(Expr& e);
  void VisitIndex(Expr& e);
  void VisitList(Expr& e);
  void VisitMap(Expr& e);
  void VisitCall(Expr& e);
  void VisitMacro(Expr& e);

  bool ResolveQualified(Expr& e);
  int FindLocal(std::string_view name) const;
  void Undeclared(Expr& e);
  Type FieldType(const Expr& e, const Type& operand);
  bool CallHost(Expr& e, const std::vector<int>& candidates);
  void CallLibrary(Expr& e);
  void NoSuchFunction(Expr& e);
  void WrongArguments(const Expr& e, const std::string& available);
  void ExpectBool(const Expr& e, std::string_view where);

  void Report(Place place, model::Text message, model::Text hint = {});

  std::string_view source_;
  Origin origin_;
  const Environment& environment_;
  Check check_;
  Scope scope_;
  std::vector<Local> locals_;
  std::vector<Problem> problems_;
};

}  // namespace duban::expression
