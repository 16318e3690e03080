#include "core/calendar/calendar.h"

#include <algorithm>

namespace duban::calendar {

bool Calendar::HasNotice(int year) const {
  return std::binary_search(years_.begin(), years_.end(), year);
}

std::vector<int> Calendar::Years() const { return years_; }

Day Calendar::At(Date date) const {
  if (auto it = exceptions_.find(date); it != exceptions_.end()) {
    return {date, it->second.working, it->second.holiday, false};
  }
  const bool awaits_next_year = date.month == 12 && date.day >= 25 && !HasNotice(date.year + 1);
  return {date, date.Weekday() <= 5, {}, !HasNotice(date.year) || awaits_next_year};
}

Date ReminderDay(Date last_day, int working_days, const Calendar& calendar) {
  std::int64_t day = last_day.DayNumber();
  const auto to_working_day = [&] {
    while (!calendar.At(Date::FromDayNumber(day)).working) --day;
  };
  to_working_day();
  for (int i = 0; i < working_days; ++i) {
    --day;
    to_working_day();
  }
  return Date::FromDayNumber(day);
}

}  // namespace duban::calendar
