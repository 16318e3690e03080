#include "core/expression/library.h"

namespace duban::expression {
namespace {

using model::Value;

// Hands the local time of a timestamp to `part`, or fails.
template <class Part>
bool OfTimestamp(const Call& call, std::string_view name, Value& out, Part part) {
  const auto* at = call.If<model::Timestamp>(0);
  if (at != nullptr && call.arguments.size() == 1) {
    out = std::int64_t{part(call.zone.Local(*at))};
    return true;
  }
  const auto* zone_name = call.If<std::string>(1);
  if (at == nullptr || zone_name == nullptr || call.arguments.size() != 2) {
    return call.work.Fail(Fault::kNoOverload, DescribeCall(name, call.arguments));
  }
  const auto zone = Zone::Find(*zone_name);
  if (!zone) return call.work.Fail(Fault::kZone, *zone_name);
  out = std::int64_t{part(zone->Local(*at))};
  return true;
}

const model::Duration* AsDuration(const Call& call) {
  return call.arguments.size() == 1 ? call.If<model::Duration>(0) : nullptr;
}

bool Whole(const model::Duration& d, std::int64_t unit_seconds, Value& out) {
  out = d.seconds / unit_seconds;
  return true;
}

}  // namespace

bool GetFullYear(const Call& call, Value& out) {
  return OfTimestamp(call, "getFullYear", out, [](const LocalTime& t) { return t.year; });
}

bool GetMonth(const Call& call, Value& out) {
  return OfTimestamp(call, "getMonth", out, [](const LocalTime& t) { return t.month - 1; });
}

bool GetDate(const Call& call, Value& out) {
  return OfTimestamp(call, "getDate", out, [](const LocalTime& t) { return t.day; });
}

bool GetDayOfMonth(const Call& call, Value& out) {
  return OfTimestamp(call, "getDayOfMonth", out, [](const LocalTime& t) { return t.day - 1; });
}

bool GetDayOfWeek(const Call& call, Value& out) {
  return OfTimestamp(call, "getDayOfWeek", out, [](const LocalTime& t) { return t.day_of_week; });
}

bool GetDayOfYear(const Call& call, Value& out) {
  return OfTimestamp(call, "getDayOfYear", out, [](const LocalTime& t) { return t.day_of_year; });
}

bool GetHours(const Call& call, Value& out) {
  if (const auto* d = AsDuration(call)) return Whole(*d, 3600, out);
  return OfTimestamp(call, "getHours", out, [](const LocalTime& t) { return t.hour; });
}

bool GetMinutes(const Call& call, Value& out) {
  if (const auto* d = AsDuration(call)) return Whole(*d, 60, out);
  return OfTimestamp(call, "getMinutes", out, [](const LocalTime& t) { return t.minute; });
}

bool GetSeconds(const Call& call, Value& out) {
  if (const auto* d = AsDuration(call)) return Whole(*d, 1, out);
  return OfTimestamp(call, "getSeconds", out, [](const LocalTime& t) { return t.second; });
}

bool GetMilliseconds(const Call& call, Value& out) {
  constexpr std::int32_t kNanosPerMilli = 1'000'000;
  if (const auto* d = AsDuration(call)) {
    out = std::int64_t{d->nanos / kNanosPerMilli};
    return true;
  }
  const auto* at = call.If<model::Timestamp>(0);
  return OfTimestamp(call, "getMilliseconds", out,
                     [at](const LocalTime&) { return at->nanos / kNanosPerMilli; });
}

Fault CheckZone(const std::string& literal) {
  return Zone::Find(literal) ? Fault::kNone : Fault::kZone;
}

}  // namespace duban::expression
