#include <fmt/format.h>

#include <charconv>
#include <cmath>

#include "core/expression/durations.h"
#include "core/expression/library.h"
#include "core/expression/problem.h"
#include "core/model/utf8.h"

namespace duban::expression {
namespace {

using model::Value;

// What an error says about a text: it, shortened.
std::string Quote(std::string_view text, std::string_view target) {
  return fmt::format("\"{}\" → {}", model::Clip(text, 60), target);
}

bool Wrong(const Call& call, std::string_view name) {
  return call.work.Fail(Fault::kNoOverload, DescribeCall(name, call.arguments));
}

// The whole text as a number; a leading plus is allowed.
template <class T>
bool ParseNumber(std::string_view text, T& out) {
  if (text.starts_with('+')) {
    text.remove_prefix(1);
    if (text.starts_with('-')) return false;
  }
  const char* end = text.data() + text.size();
  const auto result = std::from_chars(text.data(), end, out);
  return result.ec == std::errc{} && result.ptr == end && !text.empty();
}

template <class T>
bool FromText(const Call& call, const std::string& text, std::string_view target, Value& out) {
  T number{};
  if (!call.work.ChargeBytes(text.size())) return false;
  if (!ParseNumber(text, number)) return call.work.Fail(Fault::kConversion, Quote(text, target));
  out = number;
  return true;
}

constexpr double kTwoTo63 = 9223372036854775808.0;
constexpr double kTwoTo64 = 18446744073709551616.0;

}  // namespace

bool ToBool(const Call& call, Value& out) {
  if (const auto* v = call.If<bool>(0)) {
    out = *v;
    return true;
  }
  const auto* text = call.If<std::string>(0);
  if (text == nullptr) return Wrong(call, "bool");
  for (std::string_view yes : {"1", "t", "T", "true", "TRUE", "True"}) {
    if (*text == yes) {
      out = true;
      return true;
    }
  }
  for (std::string_view no : {"0", "f", "F", "false", "FALSE", "False"}) {
    if (*text == no) {
      out = false;
      return true;
    }
  }
  return call.work.Fail(Fault::kConversion, Quote(*text, "bool"));
}

bool ToInt(const Call& call, Value& out) {
  if (const auto* v = call.If<std::int64_t>(0)) {
    out = *v;
  } else if (const auto* u = call.If<std::uint64_t>(0)) {
    if (*u > static_cast<std::uint64_t>(INT64_MAX))
      return call.work.Fail(Fault::kRange, fmt::format("{} → int", *u));
    out = static_cast<std::int64_t>(*u);
  } else if (const auto* d = call.If<double>(0)) {
    if (!(*d > -kTwoTo63 && *d < kTwoTo63))
      return call.work.Fail(Fault::kRange, fmt::format("{} → int", *d));
    out = static_cast<std::int64_t>(*d);
  } else if (const auto* text = call.If<std::string>(0)) {
    return FromText<std::int64_t>(call, *text, "int", out);
  } else if (const auto* t = call.If<model::Timestamp>(0)) {
    out = t->seconds;
  } else {
    return Wrong(call, "int");
  }
  return true;
}

bool ToUint(const Call& call, Value& out) {
  if (const auto* v = call.If<std::uint64_t>(0)) {
    out = *v;
  } else if (const auto* i = call.If<std::int64_t>(0)) {
    if (*i < 0) return call.work.Fail(Fault::kRange, fmt::format("{} → uint", *i));
    out = static_cast<std::uint64_t>(*i);
  } else if (const auto* d = call.If<double>(0)) {
    if (!(*d >= 0 && *d < kTwoTo64))
      return call.work.Fail(Fault::kRange, fmt::format("{} → uint", *d));
    out = static_cast<std::uint64_t>(*d);
  } else if (const auto* text = call.If<std::string>(0)) {
    return FromText<std::uint64_t>(call, *text, "uint", out);
  } else {
    return Wrong(call, "uint");
  }
  return true;
}

bool ToDouble(const Call& call, Value& out) {
  if (const auto* v = call.If<double>(0)) {
    out = *v;
  } else if (const auto* i = call.If<std::int64_t>(0)) {
    out = static_cast<double>(*i);
  } else if (const auto* u = call.If<std::uint64_t>(0)) {
    out = static_cast<double>(*u);
  } else if (const auto* text = call.If<std::string>(0)) {
    return FromText<double>(call, *text, "double", out);
  } else {
    return Wrong(call, "double");
  }
  return true;
}

bool ToText(const Call& call, Value& out) {
  if (const auto* v = call.If<std::string>(0)) {
    if (!call.work.ChargeBytes(v->size())) return false;
    out = *v;
  } else if (const auto* b = call.If<bool>(0)) {
    out = *b ? "true" : "false";
  } else if (const auto* i = call.If<std::int64_t>(0)) {
    out = fmt::to_string(*i);
  } else if (const auto* u = call.If<std::uint64_t>(0)) {
    out = fmt::to_string(*u);
  } else if (const auto* d = call.If<double>(0)) {
    out = fmt::to_string(*d);
  } else if (const auto* bytes = call.If<model::Bytes>(0)) {
    if (!call.work.ChargeBytes(2 * bytes->data.size())) return false;
    if (model::FindInvalidUtf8(bytes->data) != std::string_view::npos)
      return call.work.Fail(Fault::kUtf8, {});
    out = bytes->data;
  } else if (const auto* t = call.If<model::Timestamp>(0)) {
    out = model::FormatRfc3339(*t);
  } else if (const auto* span = call.If<model::Duration>(0)) {
    out = FormatSeconds(*span);
  } else {
    return Wrong(call, "string");
  }
  return true;
}

bool ToBytes(const Call& call, Value& out) {
  const auto* text = call.If<std::string>(0);
  const auto* bytes = call.If<model::Bytes>(0);
  if (text == nullptr && bytes == nullptr) return Wrong(call, "bytes");
  const std::string& data = text ? *text : bytes->data;
  if (!call.work.ChargeBytes(data.size())) return false;
  out = model::Bytes{data};
  return true;
}

bool ToTimestamp(const Call& call, Value& out) {
  if (const auto* t = call.If<model::Timestamp>(0)) {
    out = *t;
    return true;
  }
  if (const auto* seconds = call.If<std::int64_t>(0)) {
    if (*seconds < model::Timestamp::kMinSeconds || *seconds > model::Timestamp::kMaxSeconds) {
      return call.work.Fail(Fault::kRange, fmt::format("{} → timestamp", *seconds));
    }
    out = model::Timestamp{*seconds, 0};
    return true;
  }
  const auto* text = call.If<std::string>(0);
  if (text == nullptr) return Wrong(call, "timestamp");
  const auto parsed = model::ParseRfc3339(*text);
  if (!parsed) return call.work.Fail(Fault::kConversion, Quote(*text, "timestamp"));
  out = *parsed;
  return true;
}

bool ToDuration(const Call& call, Value& out) {
  if (const auto* d = call.If<model::Duration>(0)) {
    out = *d;
    return true;
  }
  const auto* text = call.If<std::string>(0);
  if (text == nullptr) return Wrong(call, "duration");
  const auto parsed = ParseDuration(*text);
  if (!parsed) return call.work.Fail(Fault::kConversion, Quote(*text, "duration"));
  if (!FitsDuration(*parsed)) return call.work.Fail(Fault::kRange, Quote(*text, "duration"));
  out = *parsed;
  return true;
}

bool ToType(const Call& call, Value& out) {
  if (call.arguments.size() != 1) return Wrong(call, "type");
  out = model::TypeName{std::string(TypeNameOf(*call.arguments[0]))};
  return true;
}

Fault CheckDuration(const std::string& literal) {
  const auto parsed = ParseDuration(literal);
  if (!parsed) return Fault::kConversion;
  return FitsDuration(*parsed) ? Fault::kNone : Fault::kRange;
}

Fault CheckTimestamp(const std::string& literal) {
  return model::ParseRfc3339(literal) ? Fault::kNone : Fault::kConversion;
}

}  // namespace duban::expression
