#include "core/engine/schedule.h"

namespace duban::engine {
namespace {

using calendar::Date;
using model::Timestamp;

constexpr int kMinutesPerHour = 60;
constexpr int kLongestHoliday = 15;  // days; the longest since 2000 has 9
constexpr int kLookAhead = 70;       // days: two months and what a holiday adds

Date Plus(Date date, int days) { return Date::FromDayNumber(date.DayNumber() + days); }

std::optional<Timestamp> At(const Schedule& schedule, Date date, int minute) {
  return calendar::LocalInstant(date, minute / kMinutesPerHour, minute % kMinutesPerHour,
                                schedule.time_zone);
}

bool IsDigestDay(const Schedule& schedule, Date date) {
  switch (schedule.digest_on) {
    case Schedule::DigestOn::kDaily:
      return true;
    case Schedule::DigestOn::kWeekday:
      return date.Weekday() == schedule.digest_day;
    case Schedule::DigestOn::kDayOfMonth:
      return date.day == schedule.digest_day ||
             (date.day < schedule.digest_day && Plus(date, 1).day == 1);
  }
  return true;
}

}  // namespace

bool IsQuiet(const Schedule& schedule, Timestamp now, const calendar::Calendar& calendar) {
  if (!schedule.quiet && !schedule.quiet_days_off) return false;
  const auto date = calendar::LocalDate(now, schedule.time_zone);
  if (!date) return false;
  if (schedule.quiet_days_off && !calendar.At(*date).working) return true;
  if (!schedule.quiet) return false;
  const auto from = At(schedule, *date, schedule.quiet->from);
  const auto until = At(schedule, *date, schedule.quiet->until);
  if (!from || !until) return false;
  return schedule.quiet->from < schedule.quiet->until ? *from <= now && now < *until
                                                      : *from <= now || now < *until;
}

Timestamp DigestAfter(const Schedule& schedule, Timestamp written,
                      const calendar::Calendar& calendar) {
  const auto today = calendar::LocalDate(written, schedule.time_zone);
  if (!today) return written;
  // A day before today may have moved to one after it.
  for (int days = -kLongestHoliday; days <= kLookAhead; ++days) {
    Date date = Plus(*today, days);
    if (!IsDigestDay(schedule, date)) continue;
    for (int moved = 0; moved < kLongestHoliday && schedule.quiet_days_off; ++moved) {
      if (calendar.At(date).working) break;
      date = Plus(date, 1);
    }
    const auto at = At(schedule, date, schedule.digest_minute);
    if (at && *at > written) return *at;
  }
  return written;
}

}  // namespace duban::engine
