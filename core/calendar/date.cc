#include <date/date.h>
#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "core/calendar/calendar.h"

namespace duban::calendar {
namespace {

date::year_month_day ToYmd(const Date& d) {
  return {date::year{d.year}, date::month{static_cast<unsigned>(d.month)},
          date::day{static_cast<unsigned>(d.day)}};
}

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

}  // namespace

std::optional<Date> Date::Parse(std::string_view text) {
  static constexpr std::string_view kShape = "dddd-dd-dd";
  if (text.size() != kShape.size()) return std::nullopt;
  for (std::size_t i = 0; i < kShape.size(); ++i) {
    if (kShape[i] == 'd' ? !IsDigit(text[i]) : text[i] != kShape[i]) return std::nullopt;
  }
  Date d;
  std::from_chars(text.data(), text.data() + 4, d.year);
  std::from_chars(text.data() + 5, text.data() + 7, d.month);
  std::from_chars(text.data() + 8, text.data() + 10, d.day);
  if (d.year == 0 || !ToYmd(d).ok()) return std::nullopt;
  return d;
}

std::string Date::ToString() const { return fmt::format("{:04}-{:02}-{:02}", year, month, day); }

std::int64_t Date::DayNumber() const {
  return date::sys_days{ToYmd(*this)}.time_since_epoch().count();
}

Date Date::FromDayNumber(std::int64_t days) {
  const date::year_month_day ymd{date::sys_days{date::days{days}}};
  return {int{ymd.year()}, static_cast<int>(unsigned{ymd.month()}),
          static_cast<int>(unsigned{ymd.day()})};
}

int Date::Weekday() const {
  return static_cast<int>(date::weekday{date::sys_days{date::days{DayNumber()}}}.iso_encoding());
}

Date NextMonthly(int day_of_month, Date after) {
  const auto wanted = static_cast<unsigned>(std::clamp(day_of_month, 1, 31));
  date::year_month month{date::year{after.year}, date::month{static_cast<unsigned>(after.month)}};
  for (;; month += date::months{1}) {
    const unsigned last{(month / date::last).day()};
    const Date next{int{month.year()}, static_cast<int>(unsigned{month.month()}),
                    static_cast<int>(std::min(wanted, last))};
    if (next > after) return next;
  }
}

}  // namespace duban::calendar
