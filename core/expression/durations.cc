#include "core/expression/durations.h"

#include <fmt/format.h>

#include <array>
#include <cstdlib>

namespace duban::expression {
namespace {

__extension__ typedef __int128 Wide;

struct Unit {
  std::string_view name;
  std::int64_t nanos;
};

// A unit that begins with another one's name stands before it.
constexpr std::array kUnits = {Unit{"ms", 1'000'000},
                               Unit{"us", 1'000},
                               Unit{"µs", 1'000},
                               Unit{"μs", 1'000},
                               Unit{"ns", 1},
                               Unit{"h", 3600 * model::kNanosPerSecond},
                               Unit{"m", 60 * model::kNanosPerSecond},
                               Unit{"s", model::kNanosPerSecond}};

// More than any duration, less than what would make sums overflow.
constexpr Wide kHuge = Wide{1} << 100;

model::Duration FromNanos(Wide nanos) {
  return {static_cast<std::int64_t>(nanos / model::kNanosPerSecond),
          static_cast<std::int32_t>(nanos % model::kNanosPerSecond)};
}

Wide ToNanos(model::Duration d) { return Wide{d.seconds} * model::kNanosPerSecond + d.nanos; }

bool IsDigit(std::string_view text) { return !text.empty() && text[0] >= '0' && text[0] <= '9'; }

// One "12.5h" at the front of `text`, which it removes.
std::optional<Wide> TakePart(std::string_view& text) {
  Wide whole = 0;
  Wide fraction = 0;
  Wide scale = 1;
  bool any = false;
  for (; IsDigit(text); text.remove_prefix(1), any = true) {
    if (whole < kHuge / 10) whole = whole * 10 + (text[0] - '0');
  }
  if (text.starts_with('.')) {
    text.remove_prefix(1);
    for (; IsDigit(text); text.remove_prefix(1), any = true) {
      if (scale >= 1'000'000'000'000'000) continue;
      fraction = fraction * 10 + (text[0] - '0');
      scale *= 10;
    }
  }
  if (!any) return std::nullopt;
  for (const Unit& unit : kUnits) {
    if (!text.starts_with(unit.name)) continue;
    text.remove_prefix(unit.name.size());
    if (whole > kHuge / unit.nanos) return kHuge;
    return whole * unit.nanos + fraction * unit.nanos / scale;
  }
  return std::nullopt;
}

std::string Seconds(Wide magnitude) {
  std::string out = fmt::to_string(static_cast<std::uint64_t>(magnitude / model::kNanosPerSecond));
  const auto nanos = static_cast<std::int32_t>(magnitude % model::kNanosPerSecond);
  if (nanos == 0) return out + 's';
  std::string fraction = fmt::format("{:09}", nanos);
  while (fraction.back() == '0') fraction.pop_back();
  return out + '.' + fraction + 's';
}

}  // namespace

std::optional<model::Duration> ParseDuration(std::string_view text) {
  const bool negative = text.starts_with('-');
  if (negative || text.starts_with('+')) text.remove_prefix(1);
  if (text == "0") return model::Duration{};
  if (text.empty()) return std::nullopt;
  Wide total = 0;
  while (!text.empty()) {
    const auto part = TakePart(text);
    if (!part) return std::nullopt;
    total = total > kHuge || *part > kHuge ? kHuge : total + *part;
  }
  const Wide largest = Wide{INT64_MAX} * model::kNanosPerSecond;
  if (total > largest) total = largest;
  return FromNanos(negative ? -total : total);
}

std::string FormatSeconds(model::Duration d) {
  const Wide nanos = ToNanos(d);
  return (nanos < 0 ? "-" : "") + Seconds(nanos < 0 ? -nanos : nanos);
}

std::string FormatForPeople(model::Duration d) {
  Wide nanos = ToNanos(d);
  std::string out = nanos < 0 ? "-" : "";
  if (nanos < 0) nanos = -nanos;
  const Wide minute = Wide{60} * model::kNanosPerSecond;
  const auto hours = static_cast<std::uint64_t>(nanos / (60 * minute));
  const auto minutes = static_cast<std::uint64_t>(nanos / minute % 60);
  if (hours > 0) out += fmt::format("{}h", hours);
  if (minutes > 0) out += fmt::format("{}m", minutes);
  if (nanos % minute != 0 || (hours == 0 && minutes == 0)) out += Seconds(nanos % minute);
  return out;
}

bool FitsDuration(model::Duration d) {
  const Wide nanos = ToNanos(d);
  return nanos >= INT64_MIN && nanos <= INT64_MAX;
}

std::optional<model::Duration> Sum(model::Duration a, model::Duration b) {
  const Wide nanos = ToNanos(a) + ToNanos(b);
  if (nanos < INT64_MIN || nanos > INT64_MAX) return std::nullopt;
  return FromNanos(nanos);
}

std::optional<model::Duration> Negated(model::Duration d) {
  const Wide nanos = -ToNanos(d);
  if (nanos < INT64_MIN || nanos > INT64_MAX) return std::nullopt;
  return FromNanos(nanos);
}

}  // namespace duban::expression
