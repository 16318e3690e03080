// The operators on values, with CEL's rules for equality and order across the numeric types.
#pragma once

#include <cstdint>
#include <vector>

#include "core/expression/ast.h"
#include "core/expression/failure.h"
#include "core/model/value.h"

namespace duban::expression {

// kError: the fault is in the Work.
enum class Truth : std::uint8_t { kFalse, kTrue, kError };

inline Truth ToTruth(bool v) { return v ? Truth::kTrue : Truth::kFalse; }

// ==. Numbers are equal when they lie at the same place of the number line; values of different
// types are not equal; NaN equals nothing. An error only when the budget is used up.
Truth Equal(const model::Value& a, const model::Value& b, Work& work);

// <, <=, >, >=.
Truth Ordered(Op op, const model::Value& a, const model::Value& b, Work& work);

// `item in container`.
Truth Contains(const model::Value& container, const model::Value& item, Work& work);

// container[index]; nullptr is an error. The result lives as long as the container.
const model::Value* At(const model::Value& container, const model::Value& index, Work& work);

// The value of `key`, where 1, 1u and 1.0 are the same key; nullptr when there is none.
const model::Value* FindKey(const model::Map& map, const model::Value& key);

// Whether the value can be the key of a map.
bool IsKey(const model::Value& value);

// The first key that comes twice, where 1 and 1u are the same; nullptr when none does.
const model::Value* FindRepeatedKey(const std::vector<model::Map::Entry>& entries);

// + - * / %. False is an error.
bool Arithmetic(Op op, const model::Value& a, const model::Value& b, model::Value& out, Work& work);
bool Negate(const model::Value& a, model::Value& out, Work& work);

// Counts the copying of a value against the budget.
bool ChargeCopy(const model::Value& value, Work& work);

// "int + string": what an error text says about operands that do not fit.
std::string DescribeOperands(Op op, const model::Value& a, const model::Value& b);

// The value shortened for an error text.
std::string Show(const model::Value& value);

}  // namespace duban::expression
