#include "core/expression/operator_types.h"

#include <array>

namespace duban::expression {
namespace {

using Kind = Type::Kind;

struct Row {
  Op op;
  Kind left;
  Kind right;
  Kind result;
};

constexpr std::array kArithmetic = {
    Row{Op::kAdd, Kind::kInt, Kind::kInt, Kind::kInt},
    Row{Op::kAdd, Kind::kUint, Kind::kUint, Kind::kUint},
    Row{Op::kAdd, Kind::kDouble, Kind::kDouble, Kind::kDouble},
    Row{Op::kAdd, Kind::kString, Kind::kString, Kind::kString},
    Row{Op::kAdd, Kind::kBytes, Kind::kBytes, Kind::kBytes},
    Row{Op::kAdd, Kind::kTimestamp, Kind::kDuration, Kind::kTimestamp},
    Row{Op::kAdd, Kind::kDuration, Kind::kTimestamp, Kind::kTimestamp},
    Row{Op::kAdd, Kind::kDuration, Kind::kDuration, Kind::kDuration},
    Row{Op::kAdd, Kind::kList, Kind::kList, Kind::kList},
    Row{Op::kSubtract, Kind::kInt, Kind::kInt, Kind::kInt},
    Row{Op::kSubtract, Kind::kUint, Kind::kUint, Kind::kUint},
    Row{Op::kSubtract, Kind::kDouble, Kind::kDouble, Kind::kDouble},
    Row{Op::kSubtract, Kind::kTimestamp, Kind::kTimestamp, Kind::kDuration},
    Row{Op::kSubtract, Kind::kTimestamp, Kind::kDuration, Kind::kTimestamp},
    Row{Op::kSubtract, Kind::kDuration, Kind::kDuration, Kind::kDuration},
    Row{Op::kMultiply, Kind::kInt, Kind::kInt, Kind::kInt},
    Row{Op::kMultiply, Kind::kUint, Kind::kUint, Kind::kUint},
    Row{Op::kMultiply, Kind::kDouble, Kind::kDouble, Kind::kDouble},
    Row{Op::kDivide, Kind::kInt, Kind::kInt, Kind::kInt},
    Row{Op::kDivide, Kind::kUint, Kind::kUint, Kind::kUint},
    Row{Op::kDivide, Kind::kDouble, Kind::kDouble, Kind::kDouble},
    Row{Op::kModulo, Kind::kInt, Kind::kInt, Kind::kInt},
    Row{Op::kModulo, Kind::kUint, Kind::kUint, Kind::kUint},
};

bool Fits(Kind have, Kind want) { return have == want || have == Kind::kDyn; }

bool HasOrder(Kind kind) {
  switch (kind) {
    case Kind::kNull:
    case Kind::kType:
    case Kind::kList:
    case Kind::kMap:
    case Kind::kObject:
      return false;
    default:
      return true;
  }
}

std::optional<Type> ArithmeticType(Op op, const Type& a, const Type& b) {
  std::optional<Type> out;
  for (const Row& row : kArithmetic) {
    if (row.op != op || !Fits(a.kind(), row.left) || !Fits(b.kind(), row.right)) continue;
    if (out && out->kind() != row.result) return Type();
    out = row.result == Kind::kList ? Type::List(Join(a.element(), b.element())) : Type(row.result);
  }
  return out;
}

std::optional<Type> MembershipType(const Type& item, const Type& container) {
  switch (container.kind()) {
    case Kind::kDyn:
      return Kind::kBool;
    case Kind::kList:
      if (!Comparable(item, container.element())) return std::nullopt;
      return Kind::kBool;
    case Kind::kMap:
      if (!Comparable(item, container.key())) return std::nullopt;
      return Kind::kBool;
    case Kind::kObject:
      if (!Fits(item.kind(), Kind::kString)) return std::nullopt;
      return Kind::kBool;
    default:
      return std::nullopt;
  }
}

// Of an object, what its fields have in common.
Type AnyField(const Type& object) {
  std::optional<Type> out;
  for (const Type::Field& field : object.fields()) out = out ? Join(*out, field.type) : field.type;
  return out.value_or(Type());
}

}  // namespace

std::optional<Type> BinaryType(Op op, const Type& a, const Type& b) {
  switch (op) {
    case Op::kEqual:
    case Op::kNotEqual:
      // Anything may be compared with null: a field of any type may be unset.
      if (a.kind() == Kind::kNull || b.kind() == Kind::kNull) return Kind::kBool;
      if (!Comparable(a, b)) return std::nullopt;
      return Kind::kBool;
    case Op::kLess:
    case Op::kLessEqual:
    case Op::kGreater:
    case Op::kGreaterEqual:
      if (!HasOrder(a.kind()) || !HasOrder(b.kind())) return std::nullopt;
      if (!Fits(a.kind(), b.kind()) && !Fits(b.kind(), a.kind())) return std::nullopt;
      return Kind::kBool;
    case Op::kIn:
      return MembershipType(a, b);
    default:
      return ArithmeticType(op, a, b);
  }
}

std::optional<Type> IndexType(const Type& container, const Type& index) {
  switch (container.kind()) {
    case Kind::kDyn:
      return Type();
    case Kind::kList:
      if (!Fits(index.kind(), Kind::kInt)) return std::nullopt;
      return container.element();
    case Kind::kMap:
      if (!Assignable(index, container.key())) return std::nullopt;
      return container.element();
    case Kind::kObject:
      if (!Fits(index.kind(), Kind::kString)) return std::nullopt;
      return Type();
    default:
      return std::nullopt;
  }
}

Type Join(const Type& a, const Type& b) {
  if (a.kind() == b.kind()) {
    if (a.kind() == Kind::kList) return Type::List(Join(a.element(), b.element()));
    if (a.kind() == Kind::kMap)
      return Type::Map(Join(a.key(), b.key()), Join(a.element(), b.element()));
    if (a.kind() == Kind::kObject && !(Assignable(a, b) && Assignable(b, a))) {
      return Type::Map(Kind::kString, Join(AnyField(a), AnyField(b)));
    }
    return a;
  }
  if (a.kind() == Kind::kNull && Assignable(a, b)) return b;
  if (b.kind() == Kind::kNull && Assignable(b, a)) return a;
  return Type();
}

}  // namespace duban::expression
