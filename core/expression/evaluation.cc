#include "core/expression/evaluation.h"

#include "core/expression/library.h"

namespace duban::expression {

Problem Evaluation::Failure() const {
  const Place place = failed_ != nullptr ? failed_->place : Place{};
  return ProblemAt(code_.source, place, code_.origin, Describe(work_.fault, work_.detail));
}

Evaluation::Reference Evaluation::Fail(const Node& n, Fault fault, std::string detail) {
  work_.Fail(fault, std::move(detail));
  return FailedAt(n);
}

bool Evaluation::Copy(std::uint32_t node, Value& out) {
  const Reference value = Eval(node, out);
  if (value == nullptr) return false;
  if (value == &out) return true;
  if (!ChargeCopy(*value, work_)) {
    FailedAt(nodes_[node]);
    return false;
  }
  out = *value;
  return true;
}

// The value of a node that borrows: a constant, a variable, or what is selected from one.
Evaluation::Reference Evaluation::Borrow(std::uint32_t node) {
  const Node& n = nodes_[node];
  if (!work_.Charge(1)) return FailedAt(n);
  switch (n.op) {
    case Op::kConstant:
      return &code_.constants[n.a];
    case Op::kVariable: {
      const Reference value = activation_.Get(static_cast<int>(n.a));
      return value != nullptr ? value : NoVariable(n);
    }
    case Op::kLocal:
      return locals_[n.a];
    default:
      return BorrowField(n);
  }
}

Evaluation::Reference Evaluation::BorrowField(const Node& n) {
  const Reference operand = Borrow(n.a);
  return operand == nullptr ? nullptr : Field(n, *operand);
}

Evaluation::Reference Evaluation::Eval(std::uint32_t node, Value& scratch) {
  const Node& n = nodes_[node];
  if (n.borrows) return Borrow(node);
  if (!work_.Charge(1)) return FailedAt(n);
  switch (n.op) {
    case Op::kUnknown:
      return Fail(n, Fault::kUnknownName, *code_.constants[n.a].If<std::string>());
    case Op::kSelect:
      return EvalSelect(n, scratch);
    case Op::kIndex:
      return EvalIndex(n, scratch);
    case Op::kList:
      return EvalList(n, scratch);
    case Op::kMap:
      return EvalMap(n, scratch);
    case Op::kCall:
      return EvalCall(n, scratch);
    case Op::kHost:
      return EvalHost(n, scratch);
    case Op::kCollect:
      return EvalCollect(n, scratch);
    case Op::kTransformMap:
      return EvalTransformMap(n, scratch);
    case Op::kConditional: {
      const Truth condition = Test(n.a);
      if (condition == Truth::kError) return nullptr;
      return Eval(condition == Truth::kTrue ? n.b : n.c, scratch);
    }
    case Op::kNegate:
    case Op::kAdd:
    case Op::kSubtract:
    case Op::kMultiply:
    case Op::kDivide:
    case Op::kModulo:
      return EvalArithmetic(n, scratch);
    default:
      break;
  }
  const Truth truth = TestNode(n);
  if (truth == Truth::kError) return nullptr;
  scratch = truth == Truth::kTrue;
  return &scratch;
}

Truth Evaluation::Test(std::uint32_t node) {
  const Node& n = nodes_[node];
  switch (n.op) {
    case Op::kAnd:
    case Op::kOr:
    case Op::kNot:
    case Op::kHas:
    case Op::kEqual:
    case Op::kNotEqual:
    case Op::kLess:
    case Op::kLessEqual:
    case Op::kGreater:
    case Op::kGreaterEqual:
    case Op::kIn:
    case Op::kAll:
    case Op::kExists:
    case Op::kExistsOne:
      if (!work_.Charge(1)) return ErrorAt(n);
      return TestNode(n);
    default:
      break;
  }
  Value scratch;
  const Reference value = Eval(node, scratch);
  if (value == nullptr) return Truth::kError;
  if (const bool* truth = value->If<bool>()) return ToTruth(*truth);
  work_.Fail(Fault::kNotBool, std::string(KindName(value->kind())));
  return ErrorAt(n);
}

// One of the operators that yield a bool; its own cost is already charged.
Truth Evaluation::TestNode(const Node& n) {
  switch (n.op) {
    case Op::kAnd:
    case Op::kOr:
      return TestJoined(n);
    case Op::kHas:
      return TestHas(n);
    case Op::kAll:
    case Op::kExists:
      return TestQuantifier(n);
    case Op::kExistsOne:
      return TestExistsOne(n);
    case Op::kNot: {
      const Truth truth = Test(n.a);
      if (truth == Truth::kError) return truth;
      return ToTruth(truth == Truth::kFalse);
    }
    default:
      return TestCompare(n);
  }
}

// The deciding value (false for &&, true for ||) wins over an error, an error over the other value.
Truth Evaluation::TestJoined(const Node& n) {
  const Truth deciding = n.op == Op::kAnd ? Truth::kFalse : Truth::kTrue;
  Absorbed absorbed;
  for (std::uint32_t i = 0; i < n.count; ++i) {
    const Truth truth = Test(code_.children[n.a + i]);
    if (truth == deciding) return truth;
    if (truth == Truth::kError && !Absorb(absorbed)) return truth;
  }
  if (absorbed) [[unlikely]]
    return Restore(*absorbed);
  return n.op == Op::kAnd ? Truth::kTrue : Truth::kFalse;
}

// Sets the error aside, for it may not matter. False: it always does, the budget is used up.
bool Evaluation::Absorb(Absorbed& absorbed) {
  if (work_.fault == Fault::kCost) return false;
  if (!absorbed) absorbed.emplace(Setback{work_.fault, std::move(work_.detail), failed_});
  work_.Forget();
  return true;
}

Truth Evaluation::Restore(Setback& setback) {
  work_.Fail(setback.fault, std::move(setback.detail));
  return ErrorAt(*setback.node);
}

Truth Evaluation::TestCompare(const Node& n) {
  if (nodes_[n.a].borrows && nodes_[n.b].borrows) {
    const Reference left = Borrow(n.a);
    if (left == nullptr) return Truth::kError;
    const Reference right = Borrow(n.b);
    return right == nullptr ? Truth::kError : Compare(n, *left, *right);
  }
  Value left_scratch;
  const Reference left = Eval(n.a, left_scratch);
  if (left == nullptr) return Truth::kError;
  Value right_scratch;
  const Reference right = Eval(n.b, right_scratch);
  return right == nullptr ? Truth::kError : Compare(n, *left, *right);
}

Truth Evaluation::Compare(const Node& n, const Value& left, const Value& right) {
  Truth out = Truth::kError;
  switch (n.op) {
    case Op::kEqual:
      out = Equal(left, right, work_);
      break;
    case Op::kNotEqual:
      out = Equal(left, right, work_);
      if (out != Truth::kError) out = ToTruth(out == Truth::kFalse);
      break;
    case Op::kIn:
      out = Contains(right, left, work_);
      break;
    default:
      out = Ordered(n.op, left, right, work_);
  }
  return out == Truth::kError ? ErrorAt(n) : out;
}

Truth Evaluation::TestHas(const Node& n) {
  Value scratch;
  const Reference operand = Eval(n.a, scratch);
  if (operand == nullptr) return Truth::kError;
  const std::string& field = *code_.constants[n.b].If<std::string>();
  if (const auto* map = operand->IfMap())
    return ToTruth(map->Find(std::string_view(field)) != nullptr);
  Fail(n, Fault::kNoOverload, "has(" + std::string(KindName(operand->kind())) + "." + field + ")");
  return Truth::kError;
}

Evaluation::Reference Evaluation::NoVariable(const Node& n) {
  for (const auto& [slot, name] : code_.variables) {
    if (slot == static_cast<int>(n.a)) return Fail(n, Fault::kNoVariable, name);
  }
  return Fail(n, Fault::kNoVariable, {});
}

Evaluation::Reference Evaluation::Field(const Node& n, const Value& operand) {
  const std::string& field = *code_.constants[n.b].If<std::string>();
  const auto* map = operand.IfMap();
  if (map == nullptr) {
    return Fail(n, Fault::kNoOverload, std::string(KindName(operand.kind())) + "." + field);
  }
  const Reference found = map->Find(std::string_view(field));
  return found != nullptr ? found : Fail(n, Fault::kNoKey, field);
}

// What is selected from a value that was newly made must outlive it: it is copied into `scratch`.
Evaluation::Reference Evaluation::EvalSelect(const Node& n, Value& scratch) {
  Value made;
  const Reference operand = Eval(n.a, made);
  if (operand == nullptr) return nullptr;
  const Reference found = Field(n, *operand);
  if (found == nullptr || operand != &made) return found;
  if (!ChargeCopy(*found, work_)) return FailedAt(n);
  scratch = *found;
  return &scratch;
}

Evaluation::Reference Evaluation::EvalIndex(const Node& n, Value& scratch) {
  Value made;
  const Reference container = Eval(n.a, made);
  if (container == nullptr) return nullptr;
  Value index_scratch;
  const Reference index = Eval(n.b, index_scratch);
  if (index == nullptr) return nullptr;
  const Reference found = At(*container, *index, work_);
  if (found == nullptr) return FailedAt(n);
  if (container != &made) return found;
  if (!ChargeCopy(*found, work_)) return FailedAt(n);
  scratch = *found;
  return &scratch;
}

Evaluation::Reference Evaluation::EvalArithmetic(const Node& n, Value& scratch) {
  if (n.op != Op::kNegate && nodes_[n.a].borrows && nodes_[n.b].borrows) {
    const Reference left = Borrow(n.a);
    if (left == nullptr) return nullptr;
    const Reference right = Borrow(n.b);
    if (right == nullptr) return nullptr;
    return Arithmetic(n.op, *left, *right, scratch, work_) ? &scratch : FailedAt(n);
  }
  Value left_scratch;
  const Reference left = Eval(n.a, left_scratch);
  if (left == nullptr) return nullptr;
  if (n.op == Op::kNegate) return Negate(*left, scratch, work_) ? &scratch : FailedAt(n);
  Value right_scratch;
  const Reference right = Eval(n.b, right_scratch);
  if (right == nullptr) return nullptr;
  return Arithmetic(n.op, *left, *right, scratch, work_) ? &scratch : FailedAt(n);
}

Evaluation::Reference Evaluation::EvalList(const Node& n, Value& scratch) {
  model::List items(n.count);
  for (std::uint32_t i = 0; i < n.count; ++i) {
    if (!Copy(code_.children[n.a + i], items[i])) return nullptr;
  }
  scratch = Value(std::move(items));
  return &scratch;
}

Evaluation::Reference Evaluation::EvalMap(const Node& n, Value& scratch) {
  std::vector<model::Map::Entry> entries(n.count / 2);
  for (std::uint32_t i = 0; i < entries.size(); ++i) {
    const std::uint32_t key = code_.children[n.a + 2 * i];
    if (!Copy(key, entries[i].first)) return nullptr;
    if (!Copy(code_.children[n.a + 2 * i + 1], entries[i].second)) return nullptr;
    if (!IsKey(entries[i].first)) return Fail(nodes_[key], Fault::kNotAKey, Show(entries[i].first));
  }
  if (const Value* repeated = FindRepeatedKey(entries))
    return Fail(n, Fault::kRepeatedKey, Show(*repeated));
  scratch = Value(model::Map(std::move(entries)));
  return &scratch;
}

Evaluation::Reference Evaluation::EvalCall(const Node& n, Value& scratch) {
  constexpr std::size_t kMostArguments = 4;
  std::array<Value, kMostArguments> made;
  std::array<Reference, kMostArguments> arguments{};
  const LibraryFunction& function = Library()[n.b];
  if (n.count > kMostArguments) return Fail(n, Fault::kNoOverload, std::string(function.name));
  for (std::uint32_t i = 0; i < n.count; ++i) {
    arguments[i] = Eval(code_.children[n.a + i], made[i]);
    if (arguments[i] == nullptr) return nullptr;
  }
  const Call call{{arguments.data(), n.count},
                  work_,
                  code_.zone,
                  n.c == kAbsent ? nullptr : &code_.patterns[n.c]};
  return function.run(call, scratch) ? &scratch : FailedAt(n);
}

Evaluation::Reference Evaluation::EvalHost(const Node& n, Value& scratch) {
  std::vector<Value> arguments(n.count);
  for (std::uint32_t i = 0; i < n.count; ++i) {
    if (!Copy(code_.children[n.a + i], arguments[i])) return nullptr;
  }
  auto result = activation_.Call(code_.host_functions[n.b].id, arguments);
  if (!result) return Fail(n, Fault::kHost, std::move(result.error()));
  scratch = std::move(*result);
  return &scratch;
}

}  // namespace duban::expression
