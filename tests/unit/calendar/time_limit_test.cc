#include <gtest/gtest.h>

#include "core/calendar/calendar.h"

namespace duban::calendar {
namespace {

TEST(ParseTimeLimitTest, ReadsBothLanguages) {
  const std::map<std::string, TimeLimit> expected = {
      {"3 days", {3, Unit::kCalendarDays}},
      {"1 day", {1, Unit::kCalendarDays}},
      {"3 working days", {3, Unit::kWorkingDays}},
      {"1 working day", {1, Unit::kWorkingDays}},
      {"24 hours", {24, Unit::kHours}},
      {"1 hour", {1, Unit::kHours}},
      {"6 months", {6, Unit::kMonths}},
      {"1 month", {1, Unit::kMonths}},
      {"30 minutes", {30, Unit::kMinutes}},
      {"1 minute", {1, Unit::kMinutes}},
      {"same day", {}},
      {"0 days", {}},
      {"3日", {3, Unit::kCalendarDays}},
      {"3天", {3, Unit::kCalendarDays}},
      {"3个工作日", {3, Unit::kWorkingDays}},
      {"3 个工作日", {3, Unit::kWorkingDays}},
      {"24小时", {24, Unit::kHours}},
      {"6个月", {6, Unit::kMonths}},
      {"30分钟", {30, Unit::kMinutes}},
      {"当日", {}},
      {" 100000  days ", {100'000, Unit::kCalendarDays}}};
  for (const auto& [text, limit] : expected) EXPECT_EQ(ParseTimeLimit(text), limit) << text;
}

TEST(ParseTimeLimitTest, RefusesTheRest) {
  for (const char* wrong : {"",
                            " ",
                            "days",
                            "3",
                            "3 ",
                            "3days",
                            "-1 days",
                            "-0 days",
                            "+3 days",
                            "1.5 hours",
                            "100001 days",
                            "99999999999999999999 days",
                            "3 weeks",
                            "3 days later",
                            "3 Days",
                            "three days",
                            "3 working  days",
                            "3 日内",
                            "3月",
                            "日",
                            "3 days\n"}) {
    EXPECT_EQ(ParseTimeLimit(wrong), std::nullopt) << wrong;
  }
}

TEST(ParseTimeLimitTest, ReadsWhatToStringWrites) {
  for (Unit unit :
       {Unit::kMinutes, Unit::kHours, Unit::kCalendarDays, Unit::kWorkingDays, Unit::kMonths}) {
    for (std::int64_t amount :
         {std::int64_t{0}, std::int64_t{1}, std::int64_t{2}, TimeLimit::kMaxAmount}) {
      const TimeLimit limit{amount, unit};
      EXPECT_EQ(ParseTimeLimit(ToString(limit)), limit) << ToString(limit);
    }
  }
  EXPECT_EQ(ToString({1, Unit::kMonths}), "1 month");
  EXPECT_EQ(ToString({0, Unit::kCalendarDays}), "same day");
}

}  // namespace
}  // namespace duban::calendar
