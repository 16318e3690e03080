#include "core/expression/operators.h"

#include <fmt/format.h>

#include <cmath>
#include <compare>
#include <optional>
#include <set>
#include <string>

namespace duban::expression {
namespace {

using model::Value;
using Kind = Value::Kind;

bool IsNumber(Kind kind) {
  return kind == Kind::kInt || kind == Kind::kUint || kind == Kind::kDouble;
}

double AsDouble(const Value& v) {
  if (const auto* d = v.If<double>()) return *d;
  if (const auto* i = v.If<std::int64_t>()) return static_cast<double>(*i);
  return static_cast<double>(*v.If<std::uint64_t>());
}

std::partial_ordering CompareIntToUint(std::int64_t a, std::uint64_t b) {
  if (a < 0) return std::partial_ordering::less;
  return static_cast<std::uint64_t>(a) <=> b;
}

// Both are numbers. Against a double, integers are compared as doubles.
std::partial_ordering CompareNumbers(const Value& a, const Value& b) {
  const Kind left = a.kind();
  const Kind right = b.kind();
  if (left == Kind::kDouble || right == Kind::kDouble) return AsDouble(a) <=> AsDouble(b);
  if (left == Kind::kInt && right == Kind::kInt)
    return *a.If<std::int64_t>() <=> *b.If<std::int64_t>();
  if (left == Kind::kUint && right == Kind::kUint)
    return *a.If<std::uint64_t>() <=> *b.If<std::uint64_t>();
  if (left == Kind::kInt) return CompareIntToUint(*a.If<std::int64_t>(), *b.If<std::uint64_t>());
  return 0 <=> CompareIntToUint(*b.If<std::int64_t>(), *a.If<std::uint64_t>());
}

// nullopt: the two cannot be ordered.
std::optional<std::partial_ordering> Compare(const Value& a, const Value& b) {
  if (IsNumber(a.kind()) && IsNumber(b.kind())) return CompareNumbers(a, b);
  if (a.kind() != b.kind()) return std::nullopt;
  switch (a.kind()) {
    case Kind::kBool:
      return *a.If<bool>() <=> *b.If<bool>();
    case Kind::kString:
      return *a.If<std::string>() <=> *b.If<std::string>();
    case Kind::kBytes:
      return *a.If<model::Bytes>() <=> *b.If<model::Bytes>();
    case Kind::kTimestamp:
      return *a.If<model::Timestamp>() <=> *b.If<model::Timestamp>();
    case Kind::kDuration:
      return *a.If<model::Duration>() <=> *b.If<model::Duration>();
    default:
      return std::nullopt;
  }
}

Truth EqualLists(const model::List& a, const model::List& b, Work& work) {
  if (a.size() != b.size()) return Truth::kFalse;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (!work.Charge(1)) return Truth::kError;
    const Truth same = Equal(a[i], b[i], work);
    if (same != Truth::kTrue) return same;
  }
  return Truth::kTrue;
}

Truth EqualMaps(const model::Map& a, const model::Map& b, Work& work) {
  if (a.size() != b.size()) return Truth::kFalse;
  for (const auto& [key, value] : a) {
    if (!work.Charge(1)) return Truth::kError;
    const Value* other = FindKey(b, key);
    if (other == nullptr) return Truth::kFalse;
    const Truth same = Equal(value, *other, work);
    if (same != Truth::kTrue) return same;
  }
  return Truth::kTrue;
}

Truth EqualTexts(const std::string& a, const std::string& b, Work& work) {
  if (a.size() != b.size()) return Truth::kFalse;
  if (!work.ChargeBytes(a.size())) return Truth::kError;
  return ToTruth(a == b);
}

std::size_t BytesIn(const Value& v) {
  if (const auto* text = v.If<std::string>()) return text->size();
  if (const auto* bytes = v.If<model::Bytes>()) return bytes->data.size();
  return 0;
}

// Whether <, <=, > or >= holds of what is ordered so.
Truth Holds(Op op, std::partial_ordering order) {
  switch (op) {
    case Op::kLess:
      return ToTruth(order < 0);
    case Op::kLessEqual:
      return ToTruth(order <= 0);
    case Op::kGreater:
      return ToTruth(order > 0);
    default:
      return ToTruth(order >= 0);
  }
}

// The integer that an int, a uint or a whole double stands for.
std::optional<std::int64_t> AsIndex(const Value& v) {
  if (const auto* i = v.If<std::int64_t>()) return *i;
  if (const auto* u = v.If<std::uint64_t>()) {
    if (*u <= static_cast<std::uint64_t>(INT64_MAX)) return static_cast<std::int64_t>(*u);
    return std::nullopt;
  }
  const auto* d = v.If<double>();
  if (d == nullptr || std::trunc(*d) != *d || !(std::abs(*d) < 9223372036854775808.0))
    return std::nullopt;
  return static_cast<std::int64_t>(*d);
}

}  // namespace

Truth Equal(const Value& a, const Value& b, Work& work) {
  const Kind kind = a.kind();
  if (kind != b.kind()) {
    if (!IsNumber(kind) || !IsNumber(b.kind())) return Truth::kFalse;
    return ToTruth(CompareNumbers(a, b) == 0);
  }
  switch (kind) {
    case Kind::kString:
      return EqualTexts(*a.If<std::string>(), *b.If<std::string>(), work);
    case Kind::kInt:
      return ToTruth(*a.If<std::int64_t>() == *b.If<std::int64_t>());
    case Kind::kDouble:
      return ToTruth(*a.If<double>() == *b.If<double>());
    case Kind::kBytes:
      return EqualTexts(a.If<model::Bytes>()->data, b.If<model::Bytes>()->data, work);
    case Kind::kList:
      return EqualLists(*a.IfList(), *b.IfList(), work);
    case Kind::kMap:
      return EqualMaps(*a.IfMap(), *b.IfMap(), work);
    default:
      return ToTruth(a.storage() == b.storage());
  }
}

Truth Ordered(Op op, const Value& a, const Value& b, Work& work) {
  const auto *i = a.If<std::int64_t>(), *j = b.If<std::int64_t>();
  if (i != nullptr && j != nullptr) return Holds(op, *i <=> *j);
  if (!work.ChargeBytes(std::min(BytesIn(a), BytesIn(b)))) return Truth::kError;
  if (const auto order = Compare(a, b)) return Holds(op, *order);
  work.Fail(Fault::kNoOverload, DescribeOperands(op, a, b));
  return Truth::kError;
}

Truth Contains(const Value& container, const Value& item, Work& work) {
  if (const auto* list = container.IfList()) {
    for (const Value& candidate : *list) {
      if (!work.Charge(1)) return Truth::kError;
      const Truth same = Equal(candidate, item, work);
      if (same != Truth::kFalse) return same;
    }
    return Truth::kFalse;
  }
  if (const auto* map = container.IfMap()) return ToTruth(FindKey(*map, item) != nullptr);
  work.Fail(Fault::kNoOverload, DescribeOperands(Op::kIn, item, container));
  return Truth::kError;
}

const Value* At(const Value& container, const Value& index, Work& work) {
  if (const auto* map = container.IfMap()) {
    const Value* found = FindKey(*map, index);
    if (found == nullptr) work.Fail(Fault::kNoKey, Show(index));
    return found;
  }
  const auto* list = container.IfList();
  if (list == nullptr) {
    work.Fail(Fault::kNoOverload, DescribeOperands(Op::kIndex, container, index));
    return nullptr;
  }
  const auto position = AsIndex(index);
  if (!position) {
    work.Fail(Fault::kNotAnIndex, Show(index));
    return nullptr;
  }
  if (*position < 0 || static_cast<std::uint64_t>(*position) >= list->size()) {
    work.Fail(Fault::kIndexOutOfRange, fmt::format("{} / {}", *position, list->size()));
    return nullptr;
  }
  return &(*list)[static_cast<std::size_t>(*position)];
}

const Value* FindKey(const model::Map& map, const Value& key) {
  if (const auto* text = key.If<std::string>()) return map.Find(std::string_view(*text));
  if (!IsNumber(key.kind())) return key.kind() == Kind::kBool ? map.Find(key) : nullptr;
  if (key.kind() != Kind::kDouble) {
    if (const Value* found = map.Find(key)) return found;
  }
  if (const auto whole = AsIndex(key)) {
    if (key.kind() != Kind::kInt) {
      if (const Value* found = map.Find(Value(*whole))) return found;
    }
    if (*whole < 0 || key.kind() == Kind::kUint) return nullptr;
    return map.Find(Value(static_cast<std::uint64_t>(*whole)));
  }
  const auto* d = key.If<double>();
  const bool only_uint = d != nullptr && *d >= 9223372036854775808.0 && *d < 18446744073709551616.0;
  return only_uint ? map.Find(Value(static_cast<std::uint64_t>(*d))) : nullptr;
}

bool IsKey(const Value& value) {
  return value.kind() == Kind::kString || value.kind() == Kind::kInt ||
         value.kind() == Kind::kUint || value.kind() == Kind::kBool;
}

const Value* FindRepeatedKey(const std::vector<model::Map::Entry>& entries) {
  // JSON writes both kinds of integer alike and quotes texts, so it tells apart what must be told
  // apart.
  constexpr std::size_t kFew = 8;
  std::set<std::string> seen;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    const Value& key = entries[i].first;
    if (entries.size() > kFew) {
      if (!seen.insert(ToJson(key)).second) return &key;
      continue;
    }
    Work free;
    for (std::size_t k = 0; k < i; ++k) {
      if (Equal(entries[k].first, key, free) == Truth::kTrue) return &key;
    }
  }
  return nullptr;
}

bool ChargeCopy(const Value& value, Work& work) { return work.ChargeBytes(BytesIn(value)); }

std::string DescribeOperands(Op op, const Value& a, const Value& b) {
  if (op == Op::kIndex) return fmt::format("{}[{}]", KindName(a.kind()), KindName(b.kind()));
  return fmt::format("{} {} {}", KindName(a.kind()), Spelling(op), KindName(b.kind()));
}

std::string Show(const Value& value) {
  constexpr std::size_t kShown = 60;
  if (value.kind() == Kind::kList || value.kind() == Kind::kMap || value.kind() == Kind::kBytes) {
    return std::string(KindName(value.kind()));
  }
  if (BytesIn(value) > kShown) return fmt::format("{}…", KindName(value.kind()));
  return ToJson(value);
}

}  // namespace duban::expression
