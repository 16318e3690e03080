// One evaluation of a program.
#pragma once

#include <array>
#include <optional>
#include <span>

#include "core/expression/code.h"
#include "core/expression/failure.h"
#include "core/expression/operators.h"

namespace duban::expression {

// Values are passed by reference: what a variable holds is not copied to be compared or selected
// from.
class Evaluation {
 public:
  // Both must outlive it.
  Evaluation(const Program::Code& code, const Activation& activation,
             std::int64_t budget = kMaxCost)
      : code_(code), nodes_(code.nodes.data()), activation_(activation) {
    work_.left = budget;
  }

  // `out` becomes the value; false is an error: see Failure().
  bool Run(std::uint32_t node, model::Value& out) { return Copy(node, out); }
  Truth Test(std::uint32_t node);
  Problem Failure() const;
  std::int64_t left() const { return work_.left; }

 private:
  using Value = model::Value;
  using Reference = const Value*;  // nullptr: an error

  // The value of a node; `scratch` holds it when it is newly made.
  Reference Eval(std::uint32_t node, Value& scratch);
  Reference Borrow(std::uint32_t node);
  Reference BorrowField(const Node& n);
  Reference Field(const Node& n, const Value& operand);
  Reference NoVariable(const Node& n);
  Reference EvalSelect(const Node& n, Value& scratch);
  Reference EvalIndex(const Node& n, Value& scratch);
  Reference EvalArithmetic(const Node& n, Value& scratch);
  Reference EvalList(const Node& n, Value& scratch);
  Reference EvalMap(const Node& n, Value& scratch);
  Reference EvalCall(const Node& n, Value& scratch);
  Reference EvalHost(const Node& n, Value& scratch);
  Reference EvalTruth(std::uint32_t node, Value& scratch);

  Truth TestNode(const Node& n);
  Truth TestValue(const Node& n);
  Truth TestJoined(const Node& n);
  Truth TestCompare(const Node& n);
  Truth Compare(const Node& n, const Value& left, const Value& right);
  Truth TestHas(const Node& n);

  // Macros, in comprehension.cc. `visit` is called for each item and returns whether to go on.
  template <class Visit>
  bool ForEach(const Node& n, Visit visit);
  Truth TestQuantifier(const Node& n);
  Truth TestExistsOne(const Node& n);
  Reference EvalCollect(const Node& n, Value& scratch);
  Reference EvalTransformMap(const Node& n, Value& scratch);
  Truth Accepts(const Node& n);

  // A copy of the value of a node, which is charged; false is an error.
  bool Copy(std::uint32_t node, Value& out);
  Reference Fail(const Node& n, Fault fault, std::string detail);
  // Notes where the fault in `work_` arose.
  Reference FailedAt(const Node& n) {
    failed_ = &n;
    return nullptr;
  }
  Truth ErrorAt(const Node& n) {
    failed_ = &n;
    return Truth::kError;
  }
  // An error that && or || or a quantifier may yet absorb.
  struct Setback {
    Fault fault;
    std::string detail;
    const Node* node;
  };
  using Absorbed = std::optional<Setback>;
  bool Absorb(Absorbed& absorbed);
  Truth Restore(Setback& setback);

  const Program::Code& code_;
  const Node* nodes_;
  const Activation& activation_;
  Work work_;
  const Node* failed_ = nullptr;
  // The values of the macros' variables; a variable is set before it is read.
  static constexpr std::size_t kMaxLocals = 2 * kMaxNesting;
  std::array<Reference, kMaxLocals> locals_;
};

}  // namespace duban::expression
