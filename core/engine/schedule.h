// When messages may leave: quiet hours, and when digests go out. Local time, by the calendar.
#pragma once

#include <optional>
#include <string>

#include "core/calendar/calendar.h"
#include "core/model/time.h"

namespace duban::engine {

struct Schedule {
  // Minutes of the local day; from > until: over midnight; `until` itself is not quiet.
  struct Hours {
    int from = 0;
    int until = 0;
  };
  enum class DigestOn : std::uint8_t { kDaily, kWeekday, kDayOfMonth };

  std::string time_zone = "Asia/Shanghai";
  std::optional<Hours> quiet;
  bool quiet_days_off = false;  // whole days that are not working days are quiet too
  DigestOn digest_on = DigestOn::kDaily;
  int digest_day = 1;       // kWeekday: 1 Monday … 7; kDayOfMonth: 1 … 31, at most the month's last
  int digest_minute = 510;  // of the local day: 08:30
};

// Whether what is neither urgent nor statutory waits. An unknown zone is never quiet.
bool IsQuiet(const Schedule& schedule, model::Timestamp now, const calendar::Calendar& calendar);

// When the digest with what was written at `written` goes out: the first time after it. With quiet
// days off, a digest whose day is one goes on the next working day.
model::Timestamp DigestAfter(const Schedule& schedule, model::Timestamp written,
                             const calendar::Calendar& calendar);

}  // namespace duban::engine
