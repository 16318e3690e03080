#include <gtest/gtest.h>

#include <random>

#include "core/calendar/calendar.h"
#include "tests/unit/calendar/official.h"

namespace duban::calendar {
namespace {

constexpr Unit kDayUnits[] = {Unit::kCalendarDays, Unit::kWorkingDays, Unit::kMonths};
constexpr Roll kRolls[] = {Roll::kNone, Roll::kNextWorkingDay, Roll::kPreviousWorkingDay};

Date Later(Date date, std::int64_t days) { return Date::FromDayNumber(date.DayNumber() + days); }

Date LastDay(const TimeLimit& limit, Date start) {
  return Compute(limit, LocalInstant(start, 10, 0, kShanghai).value(), Official(), kShanghai)
      .value()
      .last_day;
}

int WorkingDays(Date first, Date last) {
  int count = 0;
  for (Date d = first; d <= last; d = Later(d, 1)) count += Official().At(d).working;
  return count;
}

// Starting later or getting more never ends earlier. (Rolling back stops at the start, so a later
// start may then keep an earlier day: it is left out here.)
TEST(DeadlineProperties, Monotonic) {
  for (Unit unit : kDayUnits) {
    for (Roll roll : {Roll::kNone, Roll::kNextWorkingDay}) {
      for (bool first_counts : {false, true}) {
        Date before{1, 1, 1};
        for (Date start = D("2023-12-20"); start < D("2024-11-01"); start = Later(start, 1)) {
          Date less{1, 1, 1};
          for (std::int64_t amount : {0, 1, 2, 5, 12}) {
            const Date last = LastDay({amount, unit, first_counts, roll}, start);
            ASSERT_GE(last, start);
            ASSERT_GE(last, less) << start.ToString() << ' ' << amount;
            less = last;
          }
          ASSERT_GE(less, before) << start.ToString();
          before = less;
        }
      }
    }
  }
}

// Between the start and a deadline of n working days lie n working days, and it ends with one.
TEST(DeadlineProperties, WorkingDaysAddUp) {
  std::mt19937 random(20220516);
  for (int round = 0; round < 2000; ++round) {
    const Date start = Later(D("2022-01-01"), static_cast<std::int64_t>(random() % 1500));
    const auto amount = static_cast<std::int64_t>(1 + random() % 60);
    const bool first_counts = random() % 2 == 0;
    const Date last = LastDay({amount, Unit::kWorkingDays, first_counts}, start);
    ASSERT_EQ(WorkingDays(first_counts ? start : Later(start, 1), last), amount)
        << start.ToString();
    ASSERT_TRUE(Official().At(last).working);
    const auto more = static_cast<std::int64_t>(1 + random() % 20);
    ASSERT_EQ(LastDay({more, Unit::kWorkingDays}, last),
              LastDay({amount + more, Unit::kWorkingDays, first_counts}, start));
  }
}

TEST(DeadlineProperties, RolledDaysAreTheNearestWorkingDays) {
  for (Date day = D("2022-01-05"); day < D("2026-12-20"); day = Later(day, 1)) {
    for (Roll roll : kRolls) {
      const Date rolled = OnDate(day, roll, Official(), kShanghai).value().last_day;
      if (roll == Roll::kNone || Official().At(day).working) {
        ASSERT_EQ(rolled, day);
        continue;
      }
      ASSERT_TRUE(Official().At(rolled).working) << day.ToString();
      ASSERT_EQ(rolled > day, roll == Roll::kNextWorkingDay);
      ASSERT_EQ(WorkingDays(std::min(day, rolled), std::max(day, rolled)), 1) << day.ToString();
    }
  }
}

// A reminder n working days ahead leaves exactly n + 1 working days up to a last day that is one.
TEST(DeadlineProperties, RemindersLeaveTheDaysTheyPromise) {
  for (Date day = D("2022-03-01"); day < D("2026-12-01"); day = Later(day, 3)) {
    for (int ahead : {0, 1, 3, 10}) {
      const Date reminder = ReminderDay(day, ahead, Official());
      ASSERT_TRUE(Official().At(reminder).working);
      ASSERT_EQ(WorkingDays(reminder, day), ahead + 1) << day.ToString();
    }
  }
}

TEST(DeadlineProperties, EveryLimitHasAProofThatEndsWithItsDate) {
  std::mt19937 random(1);
  for (int round = 0; round < 3000; ++round) {
    const TimeLimit limit{static_cast<std::int64_t>(random() % 90), static_cast<Unit>(random() % 5),
                          random() % 2 == 0, kRolls[random() % 3]};
    const model::Timestamp start{1'640'000'000 + static_cast<std::int64_t>(random() % 200'000'000),
                                 0};
    const auto deadline = Compute(limit, start, Official(), kShanghai);
    ASSERT_TRUE(deadline.has_value());
    const std::string end = LocalText(deadline->due, kShanghai);
    ASSERT_NE(deadline->derivation.en.find(end), std::string::npos) << deadline->derivation.en;
    ASSERT_NE(deadline->derivation.zh.find(end), std::string::npos) << deadline->derivation.zh;
    ASSERT_EQ(end.substr(0, 10), deadline->last_day.ToString());
    ASSERT_GE(deadline->due, start);
  }
}

}  // namespace
}  // namespace duban::calendar
