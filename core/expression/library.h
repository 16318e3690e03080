// CEL's standard functions. Operators are operators.h.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "core/expression/expression.h"
#include "core/expression/failure.h"
#include "core/expression/pattern.h"
#include "core/expression/zone.h"
#include "core/model/value.h"

namespace duban::expression {

// What one call may use. `pattern` is set when the pattern is a literal that was compiled already.
struct Call {
  std::span<const model::Value* const> arguments;
  Work& work;
  const Zone& zone;
  const Pattern* pattern = nullptr;

  template <class T>
  const T* If(std::size_t i) const {
    return i < arguments.size() ? arguments[i]->If<T>() : nullptr;
  }
};

// Chooses by the kinds of the arguments at run time. False: `work` holds the fault.
using Implementation = bool (*)(const Call& call, model::Value& out);

struct Overload {
  std::vector<Type::Kind> parameters;  // kDyn: anything
  Type::Kind result;
};

struct LibraryFunction {
  std::string_view name;
  bool global;    // f(a, b)
  bool receiver;  // a.f(b)
  std::vector<Overload> overloads;
  Implementation run;
  // What is wrong with the last argument when it is this literal; kNone when nothing.
  Fault (*check_literal)(const std::string& literal) = nullptr;
};

const std::vector<LibraryFunction>& Library();
// The index in Library(), or -1.
int FindInLibrary(std::string_view name, bool receiver);

// "size(int)": what an error text says about arguments that do not fit.
std::string DescribeCall(std::string_view name, std::span<const model::Value* const> arguments);

// The name that type() gives to a value's type.
std::string_view TypeNameOf(const model::Value& value);

// Conversions.
bool ToBool(const Call& call, model::Value& out);
bool ToInt(const Call& call, model::Value& out);
bool ToUint(const Call& call, model::Value& out);
bool ToDouble(const Call& call, model::Value& out);
bool ToText(const Call& call, model::Value& out);
bool ToBytes(const Call& call, model::Value& out);
bool ToTimestamp(const Call& call, model::Value& out);
bool ToDuration(const Call& call, model::Value& out);
bool ToType(const Call& call, model::Value& out);
Fault CheckDuration(const std::string& literal);
Fault CheckTimestamp(const std::string& literal);

// Texts and containers.
bool Size(const Call& call, model::Value& out);
bool ContainsText(const Call& call, model::Value& out);
bool StartsWith(const Call& call, model::Value& out);
bool EndsWith(const Call& call, model::Value& out);
bool Matches(const Call& call, model::Value& out);

// Times. Each takes a timestamp, with or without a zone; the last four also a duration.
bool GetFullYear(const Call& call, model::Value& out);
bool GetMonth(const Call& call, model::Value& out);
bool GetDate(const Call& call, model::Value& out);
bool GetDayOfMonth(const Call& call, model::Value& out);
bool GetDayOfWeek(const Call& call, model::Value& out);
bool GetDayOfYear(const Call& call, model::Value& out);
bool GetHours(const Call& call, model::Value& out);
bool GetMinutes(const Call& call, model::Value& out);
bool GetSeconds(const Call& call, model::Value& out);
bool GetMilliseconds(const Call& call, model::Value& out);
Fault CheckZone(const std::string& literal);

}  // namespace duban::expression
