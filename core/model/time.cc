#include "core/model/time.h"

#include <date/date.h>
#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace duban::model {
namespace {

std::optional<Timestamp> Normalised(std::int64_t seconds, std::int64_t nanos) {
  seconds += nanos / kNanosPerSecond;
  nanos %= kNanosPerSecond;
  if (nanos < 0) {
    nanos += kNanosPerSecond;
    --seconds;
  }
  if (seconds < Timestamp::kMinSeconds || seconds > Timestamp::kMaxSeconds) return std::nullopt;
  return Timestamp{seconds, static_cast<std::int32_t>(nanos)};
}

// Reads exactly `width` digits at the front of `text` and removes them.
bool TakeNumber(std::string_view& text, std::size_t width, int& out) {
  if (text.size() < width) return false;
  for (char c : text.substr(0, width)) {
    if (c < '0' || c > '9') return false;
  }
  std::from_chars(text.data(), text.data() + width, out);
  text.remove_prefix(width);
  return true;
}

bool TakeChar(std::string_view& text, std::string_view any_of) {
  if (text.empty() || any_of.find(text.front()) == std::string_view::npos) return false;
  text.remove_prefix(1);
  return true;
}

}  // namespace

std::optional<Timestamp> Add(Timestamp t, Duration d) {
  std::int64_t seconds = 0;
  if (__builtin_add_overflow(t.seconds, d.seconds, &seconds)) return std::nullopt;
  return Normalised(seconds, std::int64_t{t.nanos} + d.nanos);
}

std::optional<Timestamp> Subtract(Timestamp t, Duration d) {
  std::int64_t seconds = 0;
  if (__builtin_sub_overflow(t.seconds, d.seconds, &seconds)) return std::nullopt;
  return Normalised(seconds, std::int64_t{t.nanos} - d.nanos);
}

std::optional<Duration> Difference(Timestamp a, Timestamp b) {
  std::int64_t seconds = a.seconds - b.seconds;
  std::int64_t nanos = std::int64_t{a.nanos} - b.nanos;
  if (seconds > 0 && nanos < 0) {
    --seconds;
    nanos += kNanosPerSecond;
  } else if (seconds < 0 && nanos > 0) {
    ++seconds;
    nanos -= kNanosPerSecond;
  }
  return Duration{seconds, static_cast<std::int32_t>(nanos)};
}

std::optional<Timestamp> ParseRfc3339(std::string_view text) {
  int year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0;
  if (!TakeNumber(text, 4, year) || !TakeChar(text, "-") || !TakeNumber(text, 2, month) ||
      !TakeChar(text, "-") || !TakeNumber(text, 2, day) || !TakeChar(text, "Tt ") ||
      !TakeNumber(text, 2, hour) || !TakeChar(text, ":") || !TakeNumber(text, 2, minute) ||
      !TakeChar(text, ":") || !TakeNumber(text, 2, second)) {
    return std::nullopt;
  }
  std::int64_t nanos = 0;
  if (TakeChar(text, ".")) {
    std::int64_t unit = kNanosPerSecond;
    int digit = 0;
    bool any = false;
    while (TakeNumber(text, 1, digit)) {
      unit /= 10;
      nanos += unit * digit;
      any = true;
    }
    if (!any) return std::nullopt;
  }
  int offset = 0;
  if (!TakeChar(text, "Zz")) {
    const bool west = !text.empty() && text.front() == '-';
    int hours = 0, minutes = 0;
    if (!TakeChar(text, "+-") || !TakeNumber(text, 2, hours) || !TakeChar(text, ":") ||
        !TakeNumber(text, 2, minutes) || hours > 23 || minutes > 59) {
      return std::nullopt;
    }
    offset = (hours * 3600 + minutes * 60) * (west ? -1 : 1);
  }
  const date::year_month_day ymd{date::year{year}, date::month{static_cast<unsigned>(month)},
                                 date::day{static_cast<unsigned>(day)}};
  if (!text.empty() || !ymd.ok() || hour > 23 || minute > 59 || second > 59) return std::nullopt;
  const std::int64_t days = date::sys_days{ymd}.time_since_epoch().count();
  return Normalised(
      days * 86'400 + std::int64_t{hour} * 3600 + std::int64_t{minute} * 60 + second - offset,
      nanos);
}

std::string FormatRfc3339(Timestamp t, std::int32_t offset_seconds) {
  const std::int64_t local =
      std::clamp(t.seconds, Timestamp::kMinSeconds, Timestamp::kMaxSeconds) + offset_seconds;
  const date::sys_seconds when{std::chrono::seconds{local}};
  const auto day = date::floor<date::days>(when);
  const date::year_month_day ymd{day};
  const date::hh_mm_ss hms{when - day};
  std::string out = fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}", int{ymd.year()},
                                unsigned{ymd.month()}, unsigned{ymd.day()}, hms.hours().count(),
                                hms.minutes().count(), hms.seconds().count());
  if (t.nanos != 0) {
    std::string fraction = fmt::format("{:09}", t.nanos);
    while (fraction.back() == '0') fraction.pop_back();
    out += '.' + fraction;
  }
  if (offset_seconds == 0) return out + 'Z';
  const std::int32_t size = offset_seconds < 0 ? -offset_seconds : offset_seconds;
  return out +
         fmt::format("{}{:02}:{:02}", offset_seconds < 0 ? '-' : '+', size / 3600, size / 60 % 60);
}

}  // namespace duban::model
