#include <gtest/gtest.h>

#include "core/calendar/calendar.h"
#include "tests/unit/calendar/official.h"

namespace duban::calendar {
namespace {

model::Timestamp Utc(const char* text) { return model::ParseRfc3339(text).value(); }

TEST(ZoneTest, ThereAndBack) {
  EXPECT_EQ(LocalDate(Utc("2022-05-15T16:00:00Z"), kShanghai), D("2022-05-16"));
  EXPECT_EQ(LocalDate(Utc("2022-05-15T15:59:59.999Z"), kShanghai), D("2022-05-15"));
  EXPECT_EQ(LocalInstant(D("2022-05-16"), 9, 30, kShanghai), Utc("2022-05-16T09:30:00+08:00"));
  EXPECT_EQ(LocalInstant(D("2022-05-16"), 24, 0, kShanghai),
            LocalInstant(D("2022-05-17"), 0, 0, kShanghai));
  // China kept daylight saving time from 1986 to 1991.
  EXPECT_EQ(LocalInstant(D("1988-07-01"), 12, 0, kShanghai), Utc("1988-07-01T12:00:00+09:00"));
}

TEST(ZoneTest, RefusesWhatDoesNotExist) {
  for (const char* zone : {"", "Asia/Gaomi", "../../etc/passwd", "asia/shanghai", "+08:00"}) {
    EXPECT_EQ(LocalDate({}, zone), std::nullopt) << zone;
    EXPECT_EQ(LocalInstant(D("2022-05-16"), 9, 0, zone), std::nullopt) << zone;
    EXPECT_EQ(LocalText({}, zone), "1970-01-01T00:00:00Z") << zone;
  }
  EXPECT_EQ(LocalInstant(D("2022-05-16"), 24, 1, kShanghai), std::nullopt);
  EXPECT_EQ(LocalInstant(D("2022-05-16"), 25, 0, kShanghai), std::nullopt);
  EXPECT_EQ(LocalInstant(D("2022-05-16"), -1, 0, kShanghai), std::nullopt);
  EXPECT_EQ(LocalInstant(D("2022-05-16"), 0, 60, kShanghai), std::nullopt);
  EXPECT_EQ(LocalInstant({2022, 2, 30}, 0, 0, kShanghai), std::nullopt);
  EXPECT_EQ(LocalInstant({10000, 1, 1}, 0, 0, kShanghai), std::nullopt);
  EXPECT_EQ(LocalInstant(D("0001-01-01"), 0, 0, kShanghai), std::nullopt);
  EXPECT_EQ(LocalInstant(D("9999-12-31"), 24, 0, "UTC"), std::nullopt);
}

TEST(ZoneTest, TextOfMidnightsAndClocks) {
  EXPECT_EQ(LocalText(Utc("2022-09-30T16:00:00Z"), kShanghai), "2022-09-30 24:00");
  EXPECT_EQ(LocalText(Utc("2022-09-30T16:00:00.1Z"), kShanghai), "2022-10-01 00:00");
  EXPECT_EQ(LocalText(Utc("2022-09-30T09:30:59Z"), kShanghai), "2022-09-30 17:30");
  EXPECT_EQ(LocalText(Utc("2022-01-01T00:00:00Z"), "UTC"), "2021-12-31 24:00");
}

TEST(ZoneTest, DaylightSaving) {
  // 02:30 was left out on 2022-03-27 in Berlin, and came twice on 2022-10-30.
  EXPECT_EQ(LocalInstant(D("2022-03-27"), 2, 30, "Europe/Berlin"), Utc("2022-03-27T01:00:00Z"));
  EXPECT_EQ(LocalInstant(D("2022-10-30"), 2, 30, "Europe/Berlin"), Utc("2022-10-30T00:30:00Z"));
  // 2018-11-04 began at 01:00 in São Paulo: the day before ended there.
  EXPECT_EQ(LocalInstant(D("2018-11-03"), 24, 0, "America/Sao_Paulo"), Utc("2018-11-04T03:00:00Z"));
}

}  // namespace
}  // namespace duban::calendar
