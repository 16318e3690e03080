#include "core/calendar/calendar.h"

#include <gtest/gtest.h>

#include <sstream>

#include "tests/unit/calendar/official.h"

namespace duban::calendar {
namespace {

TEST(DateTest, ParsesRealDaysOnly) {
  EXPECT_EQ(Date::Parse("2022-05-16"), (Date{2022, 5, 16}));
  EXPECT_EQ(Date::Parse("2024-02-29"), (Date{2024, 2, 29}));
  EXPECT_EQ(Date::Parse("2000-02-29"), (Date{2000, 2, 29}));
  for (const char* wrong :
       {"", "2022-5-16", "2022-02-29", "1900-02-29", "2022-13-01", "2022-00-10", "2022-04-31",
        "2022-05-16 ", "0000-01-01", "22-05-16", "2022/05/16", "-022-05-16", "2022-05-1a"}) {
    EXPECT_EQ(Date::Parse(wrong), std::nullopt) << wrong;
  }
}

TEST(DateTest, DayNumbersGoRoundAndGrow) {
  EXPECT_EQ((Date{1970, 1, 1}).DayNumber(), 0);
  EXPECT_EQ((Date{1970, 1, 1}).Weekday(), 4);
  EXPECT_EQ(D("2022-05-16").Weekday(), 1);
  Date before = Date::FromDayNumber(D("1899-12-31").DayNumber());
  for (std::int64_t n = before.DayNumber() + 1; n <= D("2101-01-01").DayNumber(); ++n) {
    const Date day = Date::FromDayNumber(n);
    ASSERT_EQ(day.DayNumber(), n);
    ASSERT_EQ(Date::Parse(day.ToString()), day);
    ASSERT_LT(before, day);
    ASSERT_EQ(day.Weekday(), before.Weekday() % 7 + 1);
    before = day;
  }
}

TEST(NextMonthlyTest, IsStrictlyAfterAndKeepsToTheMonth) {
  EXPECT_EQ(NextMonthly(20, D("2022-05-16")), D("2022-05-20"));
  EXPECT_EQ(NextMonthly(20, D("2022-05-20")), D("2022-06-20"));
  EXPECT_EQ(NextMonthly(20, D("2022-12-20")), D("2023-01-20"));
  EXPECT_EQ(NextMonthly(31, D("2022-02-01")), D("2022-02-28"));
  EXPECT_EQ(NextMonthly(31, D("2024-02-01")), D("2024-02-29"));
  EXPECT_EQ(NextMonthly(30, D("2022-02-28")), D("2022-03-30"));
  EXPECT_EQ(NextMonthly(31, D("2022-04-30")), D("2022-05-31"));
  EXPECT_EQ(NextMonthly(0, D("2022-04-30")), D("2022-05-01"));
  EXPECT_EQ(NextMonthly(99, D("2022-04-29")), D("2022-04-30"));
}

TEST(OfficialCalendarTest, WorkingDaysOfEachYear) {
  const std::map<int, int> expected = {
      {2022, 249}, {2023, 249}, {2024, 251}, {2025, 248}, {2026, 248}};
  for (const auto& [year, count] : expected) {
    int working = 0;
    for (std::int64_t n = Date{year, 1, 1}.DayNumber(); n <= Date{year, 12, 31}.DayNumber(); ++n) {
      working += Official().At(Date::FromDayNumber(n)).working;
    }
    EXPECT_EQ(working, count) << year;
  }
  EXPECT_EQ(Official().Years(), (std::vector<int>{2022, 2023, 2024, 2025, 2026}));
  EXPECT_TRUE(Official().HasNotice(2026));
  EXPECT_FALSE(Official().HasNotice(2027));
}

// Each day of five years against a table that was derived from the notices on its own.
TEST(OfficialCalendarTest, AgreesWithTheTableOfExceptions) {
  std::map<Date, std::pair<bool, std::string>> table;
  std::istringstream lines(ReadSource("tests/unit/calendar/cn-calendar-exceptions-2022-2026.tsv"));
  for (std::string line; std::getline(lines, line);) {
    std::istringstream fields(line);
    std::string date, weekday, type, name;
    fields >> date >> weekday >> type >> name;
    const auto day = Date::Parse(date);
    if (!day) continue;
    EXPECT_EQ(std::to_string(day->Weekday()), weekday) << date;
    table[*day] = {type == "work", name};
  }
  ASSERT_EQ(table.size(), 180u);
  for (std::int64_t n = D("2022-01-01").DayNumber(); n <= D("2026-12-31").DayNumber(); ++n) {
    const Date date = Date::FromDayNumber(n);
    const Day day = Official().At(date);
    const auto it = table.find(date);
    EXPECT_EQ(day.working, it == table.end() ? date.Weekday() <= 5 : it->second.first)
        << date.ToString();
    EXPECT_EQ(day.holiday, it == table.end() ? "" : it->second.second) << date.ToString();
    EXPECT_EQ(day.provisional, date >= D("2026-12-25")) << date.ToString();
  }
}

TEST(OfficialCalendarTest, DatesOfTheCampaign) {
  const std::map<std::string, bool> expected = {
      {"2022-05-01", false}, {"2022-05-15", false}, {"2022-05-16", true},  {"2022-05-20", true},
      {"2022-06-20", true},  {"2022-07-20", true},  {"2022-08-20", false}, {"2022-09-20", true},
      {"2022-09-30", true},  {"2022-10-20", true},  {"2022-11-20", false}, {"2022-11-30", true},
      {"2022-12-20", true},  {"2022-12-31", false}};
  for (const auto& [date, working] : expected)
    EXPECT_EQ(Official().At(D(date.c_str())).working, working) << date;
  // The last day of 2022 is told by the notice for 2023.
  EXPECT_EQ(Official().At(D("2022-12-31")).holiday, "元旦");
}

TEST(CalendarTest, WithoutNoticesEveryDayIsProvisional) {
  const Calendar none;
  EXPECT_EQ(none.version(), "");
  EXPECT_TRUE(none.Years().empty());
  const Day national_day = none.At(D("2022-10-03"));
  EXPECT_TRUE(national_day.working);
  EXPECT_TRUE(national_day.provisional);
  EXPECT_FALSE(none.At(D("2022-10-08")).working);
  // A year that is listed in a file but not announced is no better.
  EXPECT_TRUE(Official().At(D("2027-03-01")).provisional);
}

TEST(CalendarTest, TheEndOfDecemberWaitsForTheNextNotice) {
  auto files = OfficialFiles();
  files.erase("2023.json");
  const Calendar calendar = Calendar::Parse(files).value();
  EXPECT_FALSE(calendar.At(D("2022-12-24")).provisional);
  EXPECT_TRUE(calendar.At(D("2022-12-25")).provisional);
  EXPECT_FALSE(Official().At(D("2022-12-30")).provisional);
  EXPECT_FALSE(Official().At(D("2022-12-31")).provisional);
}

TEST(ReminderDayTest, MovesBackToAWorkingDay) {
  EXPECT_EQ(ReminderDay(D("2022-08-20"), 0, Official()), D("2022-08-19"));
  EXPECT_EQ(ReminderDay(D("2022-11-20"), 0, Official()), D("2022-11-18"));
  EXPECT_EQ(ReminderDay(D("2022-12-31"), 0, Official()), D("2022-12-30"));
  EXPECT_EQ(ReminderDay(D("2022-09-30"), 0, Official()), D("2022-09-30"));
  EXPECT_EQ(ReminderDay(D("2022-09-30"), 3, Official()), D("2022-09-27"));
  EXPECT_EQ(ReminderDay(D("2022-10-10"), 3, Official()), D("2022-09-30"));
  EXPECT_EQ(ReminderDay(D("2022-10-07"), 1, Official()), D("2022-09-29"));
  EXPECT_EQ(ReminderDay(D("2022-09-30"), -1, Official()), D("2022-09-30"));
}

}  // namespace
}  // namespace duban::calendar
