// Quiet hours and the times of digests: by local time and the calendar, on any date.
#include "core/engine/schedule.h"

#include <gtest/gtest.h>

namespace duban::engine {
namespace {

model::Timestamp At(std::string_view text) { return *model::ParseRfc3339(text); }

// 2022-10-01 to 10-07 off, Saturday 10-08 and Sunday 10-09 worked.
calendar::Calendar October() {
  std::string days;
  for (int day = 1; day <= 9; ++day) {
    days += (day > 1 ? "," : "") + std::string(R"({"name":"国庆节","date":"2022-10-0)") +
            std::to_string(day) + R"(","isOffDay":)" + (day < 8 ? "true" : "false") + "}";
  }
  auto parsed = calendar::Calendar::Parse(
      {{"2022.json", R"({"year":2022,"papers":[],"days":[)" + days + "]}"}});
  EXPECT_TRUE(parsed) << (parsed ? "" : parsed.error().en);
  return parsed ? *parsed : calendar::Calendar();
}

TEST(Quiet, OverMidnightAndWithinADay) {
  const calendar::Calendar calendar = October();
  Schedule schedule;
  EXPECT_FALSE(IsQuiet(schedule, At("2022-10-11T03:00:00+08:00"), calendar));
  schedule.quiet = Schedule::Hours{22 * 60, 7 * 60};
  EXPECT_FALSE(IsQuiet(schedule, At("2022-10-11T21:59:59+08:00"), calendar));
  EXPECT_TRUE(IsQuiet(schedule, At("2022-10-11T22:00:00+08:00"), calendar));
  EXPECT_TRUE(IsQuiet(schedule, At("2022-10-12T06:59:59+08:00"), calendar));
  EXPECT_FALSE(IsQuiet(schedule, At("2022-10-12T07:00:00+08:00"), calendar));
  EXPECT_TRUE(IsQuiet(schedule, At("2022-10-11T14:30:00Z"), calendar)) << "22:30 in Shanghai";
  schedule.time_zone = "UTC";
  EXPECT_FALSE(IsQuiet(schedule, At("2022-10-11T14:30:00Z"), calendar));
  schedule.time_zone = "Asia/Shanghai";
  schedule.quiet = Schedule::Hours{12 * 60, 14 * 60};
  EXPECT_TRUE(IsQuiet(schedule, At("2022-10-11T13:00:00+08:00"), calendar));
  EXPECT_FALSE(IsQuiet(schedule, At("2022-10-11T23:00:00+08:00"), calendar));
}

TEST(Quiet, DaysOffGoByTheCalendarNotTheWeekday) {
  const calendar::Calendar calendar = October();
  Schedule schedule;
  schedule.quiet_days_off = true;
  EXPECT_TRUE(IsQuiet(schedule, At("2022-10-06T10:00:00+08:00"), calendar)) << "a Thursday off";
  EXPECT_FALSE(IsQuiet(schedule, At("2022-10-08T10:00:00+08:00"), calendar)) << "a Saturday worked";
  EXPECT_TRUE(IsQuiet(schedule, At("2022-10-15T10:00:00+08:00"), calendar));
}

TEST(Digest, DailyWeeklyMonthly) {
  const calendar::Calendar calendar = October();
  Schedule schedule;
  const auto after = [&](std::string_view written) {
    return model::FormatRfc3339(DigestAfter(schedule, At(written), calendar));
  };
  EXPECT_EQ(after("2022-10-11T08:29:59+08:00"), "2022-10-11T00:30:00Z");
  EXPECT_EQ(after("2022-10-11T08:30:00+08:00"), "2022-10-12T00:30:00Z") << "strictly after";
  schedule.digest_on = Schedule::DigestOn::kWeekday;
  schedule.digest_day = 5;
  EXPECT_EQ(after("2022-10-11T09:00:00+08:00"), "2022-10-14T00:30:00Z");
  schedule.digest_on = Schedule::DigestOn::kDayOfMonth;
  schedule.digest_day = 20;
  EXPECT_EQ(after("2022-10-20T09:00:00+08:00"), "2022-11-20T00:30:00Z");
  schedule.digest_day = 31;
  EXPECT_EQ(after("2022-11-02T09:00:00+08:00"), "2022-11-30T00:30:00Z") << "the month's last";
  EXPECT_EQ(after("2023-02-01T09:00:00+08:00"), "2023-02-28T00:30:00Z");
}

TEST(Digest, OfADayOffGoesOnTheNextWorkingDay) {
  const calendar::Calendar calendar = October();
  Schedule schedule;
  schedule.quiet_days_off = true;
  schedule.digest_on = Schedule::DigestOn::kDayOfMonth;
  schedule.digest_day = 1;
  for (const char* written : {"2022-09-30T09:00:00+08:00", "2022-10-05T09:00:00+08:00"}) {
    EXPECT_EQ(model::FormatRfc3339(DigestAfter(schedule, At(written), calendar)),
              "2022-10-08T00:30:00Z");
  }
  EXPECT_EQ(model::FormatRfc3339(DigestAfter(schedule, At("2022-10-08T09:00:00+08:00"), calendar)),
            "2022-11-01T00:30:00Z");
}

TEST(Digest, IsAlwaysAfterAndTheSameForAllThatGoTogether) {
  const calendar::Calendar calendar = October();
  for (const auto on : {Schedule::DigestOn::kDaily, Schedule::DigestOn::kWeekday,
                        Schedule::DigestOn::kDayOfMonth}) {
    for (const bool off : {false, true}) {
      Schedule schedule;
      schedule.digest_on = on;
      schedule.digest_day = 3;
      schedule.quiet_days_off = off;
      model::Timestamp written = At("2022-08-01T00:10:00+08:00");
      model::Timestamp before = written;
      for (int i = 0; i < 800; ++i, written.seconds += 5 * 3600) {
        const model::Timestamp at = DigestAfter(schedule, written, calendar);
        EXPECT_GT(at, written);
        EXPECT_GE(at, before);
        const model::Timestamp just_before{at.seconds - 1, 0};
        EXPECT_EQ(DigestAfter(schedule, just_before, calendar), at);
        before = at;
      }
    }
  }
}

}  // namespace
}  // namespace duban::engine
