#include <cmath>

#include "core/expression/durations.h"
#include "core/expression/operators.h"

namespace duban::expression {
namespace {

using model::Value;

bool Overflow(Work& work, const char* type) { return work.Fail(Fault::kOverflow, type); }

template <class T>
bool Integers(Op op, T a, T b, const char* type, Value& out, Work& work) {
  T result{};
  bool overflow = false;
  switch (op) {
    case Op::kAdd:
      overflow = __builtin_add_overflow(a, b, &result);
      break;
    case Op::kSubtract:
      overflow = __builtin_sub_overflow(a, b, &result);
      break;
    case Op::kMultiply:
      overflow = __builtin_mul_overflow(a, b, &result);
      break;
    default:
      if (b == 0)
        return work.Fail(op == Op::kDivide ? Fault::kDivideByZero : Fault::kModulusByZero, {});
      if constexpr (std::is_signed_v<T>) {
        overflow = b == -1 && a == std::numeric_limits<T>::min();
        if (overflow) break;
      }
      result = op == Op::kDivide ? a / b : a % b;
  }
  if (overflow) return Overflow(work, type);
  out = result;
  return true;
}

// False without a fault: there is no such operation.
bool Doubles(Op op, double a, double b, Value& out) {
  switch (op) {
    case Op::kAdd:
      out = a + b;
      return true;
    case Op::kSubtract:
      out = a - b;
      return true;
    case Op::kMultiply:
      out = a * b;
      return true;
    case Op::kDivide:
      out = a / b;
      return true;
    default:
      return false;
  }
}

template <class T>
bool Store(const std::optional<T>& result, const char* type, Value& out, Work& work) {
  if (!result) return Overflow(work, type);
  out = *result;
  return true;
}

bool StoreSpan(const std::optional<model::Duration>& result, Value& out, Work& work) {
  if (result && !FitsDuration(*result)) return Overflow(work, "duration");
  return Store(result, "duration", out, work);
}

// False without a fault: there is no such operation.
bool Times(Op op, const Value& a, const Value& b, Value& out, Work& work) {
  const auto* t = a.If<model::Timestamp>();
  const auto* u = b.If<model::Timestamp>();
  const auto* d = a.If<model::Duration>();
  const auto* e = b.If<model::Duration>();
  if (op == Op::kAdd) {
    if (t && e) return Store(model::Add(*t, *e), "timestamp", out, work);
    if (d && u) return Store(model::Add(*u, *d), "timestamp", out, work);
    if (d && e) return Store(Sum(*d, *e), "duration", out, work);
  } else if (op == Op::kSubtract) {
    if (t && u) return StoreSpan(model::Difference(*t, *u), out, work);
    if (t && e) return Store(model::Subtract(*t, *e), "timestamp", out, work);
    if (d && e) {
      const auto minus = Negated(*e);
      return Store(minus ? Sum(*d, *minus) : std::nullopt, "duration", out, work);
    }
  }
  return false;
}

// False without a fault: there is no such operation.
bool Concatenate(const Value& a, const Value& b, Value& out, Work& work) {
  const auto* s = a.If<std::string>();
  const auto* t = b.If<std::string>();
  if (s && t) {
    if (!work.ChargeBytes(s->size() + t->size())) return false;
    out = *s + *t;
    return true;
  }
  const auto* m = a.If<model::Bytes>();
  const auto* n = b.If<model::Bytes>();
  if (m && n) {
    if (!work.ChargeBytes(m->data.size() + n->data.size())) return false;
    out = model::Bytes{m->data + n->data};
    return true;
  }
  const auto* k = a.IfList();
  const auto* l = b.IfList();
  if (!k || !l) return false;
  if (!work.Charge(static_cast<std::int64_t>(k->size() + l->size()))) return false;
  model::List joined;
  joined.reserve(k->size() + l->size());
  for (const auto* part : {k, l}) {
    for (const Value& item : *part) {
      if (!ChargeCopy(item, work)) return false;
      joined.push_back(item);
    }
  }
  out = Value(std::move(joined));
  return true;
}

}  // namespace

bool Arithmetic(Op op, const Value& a, const Value& b, Value& out, Work& work) {
  bool done = false;
  if (const auto *i = a.If<std::int64_t>(), *j = b.If<std::int64_t>(); i && j) {
    done = Integers(op, *i, *j, "int", out, work);
  } else if (const auto* u = a.If<std::uint64_t>(), *v = b.If<std::uint64_t>(); u && v) {
    done = Integers(op, *u, *v, "uint", out, work);
  } else if (const auto* d = a.If<double>(), *e = b.If<double>(); d && e) {
    done = Doubles(op, *d, *e, out);
  } else {
    done = Times(op, a, b, out, work);
    if (!done && work.fault == Fault::kNone && op == Op::kAdd) done = Concatenate(a, b, out, work);
  }
  if (!done && work.fault == Fault::kNone)
    work.Fail(Fault::kNoOverload, DescribeOperands(op, a, b));
  return done;
}

bool Negate(const Value& a, Value& out, Work& work) {
  if (const auto* i = a.If<std::int64_t>()) {
    if (*i == INT64_MIN) return Overflow(work, "int");
    out = -*i;
    return true;
  }
  if (const auto* d = a.If<double>()) {
    out = -*d;
    return true;
  }
  return work.Fail(Fault::kNoOverload, "-" + std::string(KindName(a.kind())));
}

}  // namespace duban::expression
