// Time zones: IANA names, "UTC", and fixed offsets such as "-02:00".
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "core/model/time.h"

namespace date {
class time_zone;
}

namespace duban::expression {

// The parts of a point in time as a calendar and a clock on the wall show them.
struct LocalTime {
  int year = 1970;
  int month = 1;
  int day = 1;
  int day_of_week = 0;  // 0: Sunday
  int day_of_year = 0;  // 0: 1 January
  int hour = 0;
  int minute = 0;
  int second = 0;
};

// A small value. UTC unless found otherwise.
class Zone {
 public:
  static std::optional<Zone> Find(std::string_view name);
  LocalTime Local(model::Timestamp t) const;

 private:
  const date::time_zone* named_ = nullptr;
  std::int32_t offset_seconds_ = 0;
};

}  // namespace duban::expression
