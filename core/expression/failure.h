// Why an evaluation stops without a value, and how much work it may still do.
#pragma once

#include <cstdint>
#include <string>

#include "core/expression/expression.h"

namespace duban::expression {

enum class Fault : std::uint8_t {
  kNone,
  kNoVariable,
  kNoKey,
  kNoOverload,
  kUnknownName,
  kDivideByZero,
  kModulusByZero,
  kOverflow,
  kIndexOutOfRange,
  kNotAnIndex,
  kRepeatedKey,
  kNotAKey,
  kConversion,
  kRange,
  kPattern,
  kZone,
  kUtf8,
  kNotBool,
  kHost,
  kCost,
};

// `detail` is what the fault is about: a name, a value, the types of the arguments, the host's
// words.
model::Text Describe(Fault fault, const std::string& detail);

// The budget of one evaluation and its first error that is still open.
struct Work {
  std::int64_t left = kMaxCost;
  Fault fault = Fault::kNone;
  std::string detail;

  // False, with the fault set, when the budget does not suffice. Cost is never absorbed by && or
  // ||.
  bool Charge(std::int64_t cost) {
    left -= cost;
    if (left >= 0) [[likely]]
      return true;
    return Fail(Fault::kCost, {});
  }
  bool ChargeBytes(std::size_t bytes) { return Charge(static_cast<std::int64_t>(bytes / 16)); }
  bool Fail(Fault why, std::string about) {
    fault = why;
    detail = std::move(about);
    return false;
  }
  void Forget() {
    fault = Fault::kNone;
    detail.clear();
  }
};

}  // namespace duban::expression
