#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/calendar/calendar.h"
#include "tests/unit/calendar/official.h"

namespace duban::calendar {
namespace {

using testing::HasSubstr;

constexpr bool kCounted = true;
constexpr bool kNotCounted = false;

Deadline From(TimeLimit limit, const char* day, int hour = 9) {
  return Compute(limit, At(day, hour), Official(), kShanghai).value();
}

std::string LastDay(TimeLimit limit, const char* day) {
  const Deadline deadline = From(limit, day);
  EXPECT_EQ(deadline.due, LocalInstant(deadline.last_day, 24, 0, kShanghai));
  return deadline.last_day.ToString();
}

TEST(DerivationTest, WorkingDaysAcrossTheNationalHoliday) {
  const Deadline d = From({3, Unit::kWorkingDays}, "2022-09-30");
  EXPECT_EQ(d.derivation.en,
            "3 working days from Fri 2022-09-30 (first day not counted): 10-01…10-07 off (国庆节), "
            "10-08 and 10-09 "
            "are make-up working days → counted 10-08, 10-09, 10-10 → due by 2022-10-10 24:00");
  EXPECT_EQ(d.derivation.zh,
            "自 2022-09-30（星期五）起 3 个工作日（首日不计）：10-01…10-07 "
            "休息（国庆节），10-08、10-09 为调休上班 → "
            "计入 10-08、10-09、10-10 → 至 2022-10-10 24:00 止");
  EXPECT_FALSE(d.provisional);
}

TEST(DerivationTest, Hours) {
  const Deadline d = From({2, Unit::kHours}, "2022-05-16");
  EXPECT_EQ(d.derivation.en, "2 hours from 2022-05-16 09:00 → 2022-05-16 11:00");
  EXPECT_EQ(d.derivation.zh, "自 2022-05-16 09:00 起 2 小时 → 2022-05-16 11:00");
  EXPECT_EQ(From({24, Unit::kHours}, "2022-05-16", 0).derivation.en,
            "24 hours from 2022-05-16 00:00 → 2022-05-16 24:00");
}

TEST(DerivationTest, CalendarDaysRolled) {
  EXPECT_EQ(
      From({3, Unit::kCalendarDays, kNotCounted, Roll::kNextWorkingDay}, "2022-09-30")
          .derivation.en,
      "3 days from Fri 2022-09-30 (first day not counted) → last day 10-03: 10-03…10-07 off "
      "(国庆节), 10-08 is a "
      "make-up working day → moved on to the next working day 10-08 → due by 2022-10-08 24:00");
  EXPECT_EQ(
      OnDate(D("2022-08-20"), Roll::kPreviousWorkingDay, Official(), kShanghai)->derivation.zh,
      "定于 2022-08-20（星期六） → 末日 08-20：08-20 周末休息 → 提前至上一工作日 08-19 → 至 "
      "2022-08-19 24:00 止");
  EXPECT_EQ(OnDate(D("2022-12-31"), Roll::kNextWorkingDay, Official(), kShanghai)->derivation.en,
            "set for Sat 2022-12-31 → last day 12-31: 12-31…2023-01-02 off (元旦) → moved on to "
            "the next working day "
            "2023-01-03 → due by 2023-01-03 24:00");
}

TEST(DerivationTest, SameDayAndMonths) {
  EXPECT_EQ(From({}, "2022-09-30").derivation.en,
            "same day, Fri 2022-09-30 → due by 2022-09-30 24:00");
  EXPECT_EQ(From({1, Unit::kMonths}, "2022-01-31").derivation.en,
            "1 month from Mon 2022-01-31 (first day not counted): 2022-02 has no such day, its "
            "last day counts → due by "
            "2022-02-28 24:00");
}

TEST(DerivationTest, LongLimitsStayReadable) {
  const Deadline quarter = From({60, Unit::kWorkingDays}, "2022-08-26");
  EXPECT_THAT(quarter.derivation.en,
              HasSubstr("09-10…09-12 off (中秋节), 10-01…10-07 off (国庆节), 10-08 and 10-09 are"));
  EXPECT_THAT(quarter.derivation.en,
              HasSubstr("weekends off (20 days) → counted 08-29…11-24 (60 days)"));
  const Deadline years = From({1200, Unit::kWorkingDays}, "2022-01-04");
  EXPECT_THAT(years.derivation.en, HasSubstr("more holidays and make-up days"));
  EXPECT_LT(years.derivation.en.size(), 3000u);
}

TEST(DerivationTest, Provisional) {
  const Deadline d = From({2, Unit::kWorkingDays}, "2026-12-30");
  EXPECT_TRUE(d.provisional);
  EXPECT_EQ(d.last_day, D("2027-01-01"));
  EXPECT_THAT(d.derivation.en, HasSubstr("24:00 (provisional: no holiday notice for 2027 yet)"));
  EXPECT_THAT(d.derivation.zh, HasSubstr("（暂定：2027 年放假通知尚未公布）"));
  EXPECT_THAT(From({600, Unit::kWorkingDays}, "2026-12-30").derivation.en,
              HasSubstr("no holiday notice for 2027…2029"));
  // What does not ask the calendar does not wait for a notice.
  EXPECT_FALSE(From({3, Unit::kCalendarDays}, "2027-03-01").provisional);
  EXPECT_FALSE(From({3, Unit::kHours}, "2027-03-01").provisional);
  EXPECT_TRUE(
      From({3, Unit::kCalendarDays, kNotCounted, Roll::kNextWorkingDay}, "2027-03-01").provisional);
}

TEST(ComputeTest, FirstDayCountedOrNot) {
  EXPECT_EQ(LastDay({3, Unit::kCalendarDays, kNotCounted}, "2022-05-16"), "2022-05-19");
  EXPECT_EQ(LastDay({3, Unit::kCalendarDays, kCounted}, "2022-05-16"), "2022-05-18");
  EXPECT_EQ(LastDay({1, Unit::kWorkingDays, kNotCounted}, "2022-05-16"), "2022-05-17");
  EXPECT_EQ(LastDay({1, Unit::kWorkingDays, kCounted}, "2022-05-16"), "2022-05-16");
  EXPECT_EQ(LastDay({1, Unit::kWorkingDays, kCounted}, "2022-05-15"), "2022-05-16");
  EXPECT_EQ(LastDay({1, Unit::kMonths, kNotCounted}, "2022-05-16"), "2022-06-16");
  EXPECT_EQ(LastDay({1, Unit::kMonths, kCounted}, "2022-05-16"), "2022-06-15");
  EXPECT_EQ(LastDay({0, Unit::kMonths, kCounted}, "2022-05-16"), "2022-05-16");
  EXPECT_EQ(LastDay({0, Unit::kWorkingDays}, "2022-05-15"), "2022-05-15");
}

TEST(ComputeTest, Months) {
  EXPECT_EQ(LastDay({1, Unit::kMonths}, "2022-01-31"), "2022-02-28");
  EXPECT_EQ(LastDay({1, Unit::kMonths}, "2024-01-31"), "2024-02-29");
  EXPECT_EQ(LastDay({1, Unit::kMonths}, "2022-01-28"), "2022-02-28");
  EXPECT_EQ(LastDay({12, Unit::kMonths}, "2024-02-29"), "2025-02-28");
  EXPECT_EQ(LastDay({48, Unit::kMonths}, "2024-02-29"), "2028-02-29");
  EXPECT_EQ(LastDay({6, Unit::kMonths}, "2022-08-31"), "2023-02-28");
  EXPECT_EQ(LastDay({1, Unit::kMonths}, "2022-12-15"), "2023-01-15");
  // Counting the first day, a whole month ends with its last day.
  EXPECT_EQ(LastDay({1, Unit::kMonths, kCounted}, "2022-02-01"), "2022-02-28");
  EXPECT_EQ(LastDay({1, Unit::kMonths, kCounted}, "2022-03-01"), "2022-03-31");
  EXPECT_EQ(LastDay({1, Unit::kMonths, kCounted}, "2022-01-31"), "2022-02-28");
}

TEST(ComputeTest, LeapDays) {
  EXPECT_EQ(LastDay({1, Unit::kCalendarDays}, "2024-02-28"), "2024-02-29");
  EXPECT_EQ(LastDay({1, Unit::kCalendarDays}, "2023-02-28"), "2023-03-01");
  EXPECT_EQ(LastDay({366, Unit::kCalendarDays}, "2024-01-01"), "2025-01-01");
}

TEST(ComputeTest, RollRules) {
  const auto roll = [](const char* day, Roll rule) {
    return OnDate(D(day), rule, Official(), kShanghai).value().last_day.ToString();
  };
  struct Case {
    const char *day, *previous, *next;
  };
  for (const Case& c : std::vector<Case>{{"2022-05-01", "2022-04-29", "2022-05-05"},
                                         {"2022-08-20", "2022-08-19", "2022-08-22"},
                                         {"2022-11-20", "2022-11-18", "2022-11-21"},
                                         {"2022-12-31", "2022-12-30", "2023-01-03"},
                                         {"2022-10-08", "2022-10-08", "2022-10-08"},
                                         {"2022-09-30", "2022-09-30", "2022-09-30"}}) {
    EXPECT_EQ(roll(c.day, Roll::kNone), c.day);
    EXPECT_EQ(roll(c.day, Roll::kPreviousWorkingDay), c.previous);
    EXPECT_EQ(roll(c.day, Roll::kNextWorkingDay), c.next);
  }
}

TEST(ComputeTest, RollingBackStopsAtTheStart) {
  EXPECT_EQ(LastDay({3, Unit::kCalendarDays, kNotCounted, Roll::kPreviousWorkingDay}, "2022-09-29"),
            "2022-09-30");
  // Sunday, a day after a Saturday: the Friday before lies before the start.
  const Deadline d =
      From({1, Unit::kCalendarDays, kNotCounted, Roll::kPreviousWorkingDay}, "2022-08-20");
  EXPECT_EQ(d.last_day, D("2022-08-21"));
  EXPECT_THAT(d.derivation.en, HasSubstr("not moved before the day of the start"));
}

TEST(ComputeTest, HoursRunFromTheMoment) {
  const Deadline d = From({24, Unit::kHours, kCounted, Roll::kNextWorkingDay}, "2022-09-30", 17);
  EXPECT_EQ(d.due, At("2022-10-01", 17));
  EXPECT_EQ(d.last_day, D("2022-10-01"));
  EXPECT_EQ(From({24, Unit::kHours}, "2022-05-16", 0).last_day, D("2022-05-16"));
  EXPECT_EQ(From({30, Unit::kMinutes}, "2022-05-16").due, At("2022-05-16", 9, 30));
}

TEST(ComputeTest, TheLocalDayIsTheZones) {
  const auto start = At("2022-05-16", 1);
  EXPECT_EQ(Compute({1, Unit::kCalendarDays}, start, Official(), kShanghai)->last_day,
            D("2022-05-17"));
  EXPECT_EQ(Compute({1, Unit::kCalendarDays}, start, Official(), "UTC")->last_day, D("2022-05-16"));
  // A day of 25 hours ends when its clock says so.
  EXPECT_EQ(Compute({}, At("2022-10-30", 0, 0, "Europe/Berlin"), Official(), "Europe/Berlin")->due,
            model::ParseRfc3339("2022-10-30T23:00:00Z"));
}

TEST(ComputeTest, Errors) {
  const auto error = [](TimeLimit limit, const char* day, const char* zone) {
    const auto d = Compute(limit, At(day, 9), Official(), zone);
    return d ? model::Text() : d.error();
  };
  EXPECT_THAT(error({1, Unit::kHours}, "2022-05-16", "Asia/Gaomi").en,
              HasSubstr("no time zone `Asia/Gaomi`"));
  EXPECT_THAT(error({1, Unit::kHours}, "2022-05-16", "Asia/Gaomi").zh, HasSubstr("Asia/Shanghai"));
  EXPECT_THAT(error({-1, Unit::kHours}, "2022-05-16", kShanghai).en,
              HasSubstr("write 0 to 100000"));
  EXPECT_THAT(error({100'001, Unit::kCalendarDays}, "2022-05-16", kShanghai).en,
              HasSubstr("out of range"));
  for (TimeLimit far : {TimeLimit{100'000, Unit::kMonths}, TimeLimit{100'000, Unit::kCalendarDays},
                        TimeLimit{100'000, Unit::kWorkingDays}, TimeLimit{100'000, Unit::kHours}}) {
    EXPECT_THAT(error(far, "9998-01-01", kShanghai).en, HasSubstr("beyond year 9999"))
        << ToString(far);
  }
  EXPECT_EQ(error({100'000, Unit::kWorkingDays}, "2022-05-16", kShanghai), model::Text());
  EXPECT_THAT(OnDate({2022, 2, 30}, Roll::kNone, Official(), kShanghai).error().en,
              HasSubstr("2022-02-30 is not a day"));
  EXPECT_THAT(OnDate(D("2022-02-28"), Roll::kNone, Official(), "Nowhere").error().en,
              HasSubstr("no time zone"));
}

}  // namespace
}  // namespace duban::calendar
