// The static types of operators.
#pragma once

#include <optional>

#include "core/expression/ast.h"
#include "core/expression/type.h"

namespace duban::expression {

// The type of `a op b`; nullopt when no operator takes these. Where an operand is dyn and several
// types could come out, dyn.
std::optional<Type> BinaryType(Op op, const Type& a, const Type& b);

// The type of container[index]. An object's field that is not known until run time is dyn.
std::optional<Type> IndexType(const Type& container, const Type& index);

// The type of a list that holds both: dyn where they have nothing in common.
Type Join(const Type& a, const Type& b);

// Whether one may stand for the other, so that comparing them makes sense.
inline bool Comparable(const Type& a, const Type& b) {
  return Assignable(a, b) || Assignable(b, a);
}

}  // namespace duban::expression
