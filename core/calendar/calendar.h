// Working days of the People's Republic of China, from the State Council's yearly notices, and the time
// limits that laws and plans count with them.
//
// Rules (docs/definition-language.md, "time"): 民法典 art. 200–203 (the first day is not counted; hours run
// from the moment; a last day that is a holiday moves on; the day ends at 24:00), art. 1259 (以内 includes);
// 行政处罚法 (2021) art. 85 and 行政强制法 art. 69 make certain days working days: that is said per limit.
//
// Everything here is immutable after it was built and may be shared between threads.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/model/text.h"
#include "core/model/time.h"

namespace duban::calendar {

// A civil day, without a zone.
struct Date {
  int year = 1970;
  int month = 1;
  int day = 1;

  static std::optional<Date> Parse(std::string_view text);  // 2022-05-16, a real day
  std::string ToString() const;                             // 2022-05-16
  std::int64_t DayNumber() const;                           // days since 1970-01-01
  static Date FromDayNumber(std::int64_t days);
  int Weekday() const;                                      // 1 Monday … 7 Sunday
  auto operator<=>(const Date&) const = default;
};

// Days from first to last, both included.
struct DateRange {
  Date first;
  Date last;
  bool Contains(Date date) const { return first <= date && date <= last; }
  bool operator==(const DateRange&) const = default;
};

// What a day is, and why: "2022-10-08 Saturday, a make-up working day of 国庆节".
struct Day {
  Date date;
  bool working = true;
  std::string holiday;       // the holiday that makes it off, or that it makes up for; empty for a plain day
  // No published notice speaks for it, Monday to Friday are assumed to work: its year has none, or it is one
  // of the last seven days of December, of which the next year's notice disposes, and that one is missing.
  bool provisional = false;
};

// Days of one or more years. A year's file also speaks of the last days of the year before: all are merged.
class Calendar {
 public:
  // `files`: name → JSON text, as published by holiday-cn: {year, papers, days: [{name, date, isOffDay}]}.
  // A year with an empty `days` counts as not announced. A file speaks of its own year and of December of the
  // year before; two files may repeat, but not contradict each other. A name like 2022.json must fit its year.
  // On error: file, item, and what is wrong, for people. Limits: kMaxFiles, kMaxFileBytes, kMaxDaysPerFile.
  static constexpr std::size_t kMaxFiles = 200;
  static constexpr std::size_t kMaxFileBytes = 1 << 20;
  static constexpr std::size_t kMaxDaysPerFile = 400;
  static std::expected<Calendar, model::Text> Parse(const std::map<std::string, std::string>& files);
  // The calendar of an agency without files: every year is provisional.
  Calendar() = default;

  Day At(Date date) const;
  bool HasNotice(int year) const;
  std::vector<int> Years() const;  // with notice, ascending
  // SHA-256 (hexadecimal) of nothing but the content, so file names and layout do not matter: a deadline records
  // by which calendar it was computed. Empty for the calendar without files.
  const std::string& version() const { return version_; }

 private:
  struct Exception {
    bool working;
    std::string holiday;
  };
  std::map<Date, Exception> exceptions_;
  std::vector<int> years_;
  std::string version_;
};

enum class Unit { kMinutes, kHours, kCalendarDays, kWorkingDays, kMonths };
enum class Roll { kNone, kNextWorkingDay, kPreviousWorkingDay };  // when the last day is not a working day

// A statutory time limit: how much, of what, counted how.
struct TimeLimit {
  static constexpr std::int64_t kMaxAmount = 100'000;

  std::int64_t amount = 0;  // 0 … kMaxAmount; 0 days is "the same day" (until 24:00)
  Unit unit = Unit::kCalendarDays;
  bool first_day_counts = false;  // days and months only
  Roll roll = Roll::kNone;        // days and months only
  bool operator==(const TimeLimit&) const = default;
};

// "3 days", "3 working days", "24 hours", "6 months", "30 minutes", "same day"; singular too. Chinese as well:
// "3日", "3个工作日", "24小时", "6个月". nullopt on anything else.
std::optional<TimeLimit> ParseTimeLimit(std::string_view text);
// Amount and unit in English, as ParseTimeLimit reads it: "3 working days", "1 month", "same day".
std::string ToString(const TimeLimit& limit);

// A date with its proof.
struct Deadline {
  model::Timestamp due;       // for days: 24:00 of the last day, that is 00:00 of the day after, local time
  Date last_day;              // the last day on which the thing is in time
  bool provisional = false;   // a year without notice was touched
  model::Text derivation;     // for people: start, rule, every day that was skipped or moved, result
  bool operator==(const Deadline&) const = default;
};

// From `start` (an instant) in `zone` (IANA, e.g. "Asia/Shanghai"). Months end on the day of the same number,
// or the month's last one (民法典 art. 202); with the first day counted they end on the day before that one.
// kPreviousWorkingDay never moves a deadline before the day on which it started: there it stays where it is.
// Errors: an unknown zone, an amount out of range, a result beyond year 9999.
std::expected<Deadline, model::Text> Compute(const TimeLimit& limit, model::Timestamp start, const Calendar& calendar,
                                             std::string_view zone);

// A date written in a plan ("by 30 September"): in time until 24:00 of it, rolled as told. Errors: an unknown
// zone, a day that does not exist.
std::expected<Deadline, model::Text> OnDate(Date date, Roll roll, const Calendar& calendar, std::string_view zone);

// "on the 20th of each month": the first such day strictly after `after`; a day that a month does not
// have means its last one. day_of_month is 1 … 31, anything else is taken as the nearer of the two.
Date NextMonthly(int day_of_month, Date after);

// The reminder for a deadline, `working_days` before its last day (0: on it); a last day that is not a working
// day is first moved back to one. The result is the local day; reminders go out at `hour` o'clock.
Date ReminderDay(Date last_day, int working_days, const Calendar& calendar);

// The local day and clock of an instant, and back. A clock time that comes twice is its first coming, one that
// daylight saving leaves out is the instant of the change. nullopt: an unknown zone, no such day or hour
// (0:00 … 23:59, and 24:00), or outside model::Timestamp.
std::optional<Date> LocalDate(model::Timestamp t, std::string_view zone);
std::optional<model::Timestamp> LocalInstant(Date date, int hour, int minute, std::string_view zone);
// "2022-09-30 24:00" for a midnight that ends a day, else "2022-09-30 17:30"; in UTC as RFC 3339
// when the zone is unknown.
std::string LocalText(model::Timestamp t, std::string_view zone);

}  // namespace duban::calendar
