// Points in time and spans of it, with the range of CEL (years 0001 to 9999) and its resolution,
// the nanosecond. Plain values; where the time comes from is ports/clock.h, what a working day is
// calendar/.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace duban::model {

inline constexpr std::int64_t kNanosPerSecond = 1'000'000'000;

// seconds and nanos have the same sign; |nanos| < 1e9.
struct Duration {
  std::int64_t seconds = 0;
  std::int32_t nanos = 0;

  static constexpr Duration Seconds(std::int64_t s) { return {s, 0}; }
  static constexpr Duration Hours(std::int64_t h) { return {h * 3600, 0}; }
  static constexpr Duration Millis(std::int64_t ms) {
    return {ms / 1000, static_cast<std::int32_t>(ms % 1000 * 1'000'000)};
  }
  auto operator<=>(const Duration&) const = default;
};

// Seconds since 1970-01-01T00:00:00Z without leap seconds, and 0 <= nanos < 1e9 forward from there.
struct Timestamp {
  std::int64_t seconds = 0;
  std::int32_t nanos = 0;

  static constexpr std::int64_t kMinSeconds = -62'135'596'800;  // 0001-01-01T00:00:00Z
  static constexpr std::int64_t kMaxSeconds = 253'402'300'799;  // 9999-12-31T23:59:59Z

  static constexpr Timestamp FromUnixMillis(std::int64_t ms) {
    std::int64_t s = ms / 1000;
    std::int64_t rest = ms % 1000;
    if (rest < 0) {
      rest += 1000;
      --s;
    }
    return {s, static_cast<std::int32_t>(rest * 1'000'000)};
  }
  constexpr std::int64_t UnixMillis() const { return seconds * 1000 + nanos / 1'000'000; }
  auto operator<=>(const Timestamp&) const = default;
};

// The sum or difference, or nullopt where it leaves the range that the type can hold.
std::optional<Timestamp> Add(Timestamp t, Duration d);
std::optional<Timestamp> Subtract(Timestamp t, Duration d);
std::optional<Duration> Difference(Timestamp a, Timestamp b);

// RFC 3339, for example 2022-05-16T09:00:00.5+08:00; a zone is required. nullopt on anything else.
std::optional<Timestamp> ParseRfc3339(std::string_view text);
// "2022-05-16T01:00:00Z"; with an offset in seconds east of UTC "2022-05-16T09:00:00+08:00".
std::string FormatRfc3339(Timestamp t, std::int32_t offset_seconds = 0);

}  // namespace duban::model
