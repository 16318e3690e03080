#include "core/model/time.h"

#include <gtest/gtest.h>

#include <limits>
#include <random>

namespace duban::model {
namespace {

constexpr Timestamp kFirst{Timestamp::kMinSeconds, 0};
constexpr Timestamp kLast{Timestamp::kMaxSeconds, 999'999'999};

TEST(Rfc3339Test, Parses) {
  EXPECT_EQ(ParseRfc3339("1970-01-01T00:00:00Z"), Timestamp{});
  EXPECT_EQ(ParseRfc3339("2022-05-16T09:00:00.5+08:00"), (Timestamp{1'652'662'800, 500'000'000}));
  EXPECT_EQ(ParseRfc3339("2022-05-16 01:00:00z"), (Timestamp{1'652'662'800, 0}));
  EXPECT_EQ(ParseRfc3339("1969-12-31T23:59:59.000000001-00:00"), (Timestamp{-1, 1}));
  EXPECT_EQ(ParseRfc3339("0001-01-01T00:00:00Z"), kFirst);
  EXPECT_EQ(ParseRfc3339("9999-12-31T23:59:59.999999999Z"), kLast);
}

TEST(Rfc3339Test, RefusesTheRest) {
  for (const char* wrong :
       {"", "2022-05-16", "2022-05-16T09:00:00", "2022-05-16T09:00Z", "2022-05-16T09:00:00.Z",
        "2022-02-30T00:00:00Z", "2022-05-16T24:00:00Z", "2022-05-16T09:60:00Z",
        "2022-05-16T09:00:60Z", "2022-05-16T09:00:00+8:00", "2022-05-16T09:00:00+24:00",
        "2022-05-16T09:00:00+08:60", "2022-05-16T09:00:00Z ", " 2022-05-16T09:00:00Z",
        "0001-01-01T00:00:00+00:01", "9999-12-31T23:59:59-00:01", "22-05-16T09:00:00Z",
        "2022-05-16X09:00:00Z"}) {
    EXPECT_EQ(ParseRfc3339(wrong), std::nullopt) << wrong;
  }
}

TEST(Rfc3339Test, FormatsAndReadsBack) {
  EXPECT_EQ(FormatRfc3339({1'652'662'800, 0}), "2022-05-16T01:00:00Z");
  EXPECT_EQ(FormatRfc3339({1'652'662'800, 0}, 8 * 3600), "2022-05-16T09:00:00+08:00");
  EXPECT_EQ(FormatRfc3339({1'652'662'800, 0}, -(3 * 3600 + 1800)), "2022-05-15T21:30:00-03:30");
  EXPECT_EQ(FormatRfc3339({-1, 1}), "1969-12-31T23:59:59.000000001Z");
  std::mt19937_64 random(3);
  for (int round = 0; round < 5000; ++round) {
    const auto span = static_cast<std::uint64_t>(Timestamp::kMaxSeconds - Timestamp::kMinSeconds);
    const Timestamp t{Timestamp::kMinSeconds + static_cast<std::int64_t>(random() % span),
                      static_cast<std::int32_t>(random() % kNanosPerSecond)};
    ASSERT_EQ(ParseRfc3339(FormatRfc3339(t)), t) << FormatRfc3339(t);
  }
}

TEST(TimeTest, SumsAndDifferences) {
  EXPECT_EQ(Add({10, 900'000'000}, {0, 200'000'000}), (Timestamp{11, 100'000'000}));
  EXPECT_EQ(Add({10, 100'000'000}, {0, -200'000'000}), (Timestamp{9, 900'000'000}));
  EXPECT_EQ(Subtract({10, 100'000'000}, {0, 200'000'000}), (Timestamp{9, 900'000'000}));
  EXPECT_EQ(Difference({9, 900'000'000}, {10, 100'000'000}), (Duration{0, -200'000'000}));
  EXPECT_EQ(Difference({11, 100'000'000}, {9, 900'000'000}), (Duration{1, 200'000'000}));
  EXPECT_EQ(Difference(kLast, kFirst),
            (Duration{Timestamp::kMaxSeconds - Timestamp::kMinSeconds, 999'999'999}));
}

TEST(TimeTest, LeavingTheRangeIsNothing) {
  EXPECT_EQ(Add(kLast, {0, 1}), std::nullopt);
  EXPECT_EQ(Subtract(kFirst, {0, 1}), std::nullopt);
  EXPECT_EQ(Add(kLast, {std::numeric_limits<std::int64_t>::max(), 0}), std::nullopt);
  EXPECT_EQ(Add(kFirst, {std::numeric_limits<std::int64_t>::min(), 0}), std::nullopt);
  EXPECT_EQ(Subtract(kFirst, {std::numeric_limits<std::int64_t>::max(), 0}), std::nullopt);
  EXPECT_EQ(Subtract(kLast, {std::numeric_limits<std::int64_t>::min(), 0}), std::nullopt);
}

TEST(TimeTest, AddingADifferenceGoesThere) {
  std::mt19937_64 random(4);
  const auto any = [&] {
    return Timestamp{static_cast<std::int64_t>(random() % 4'000'000'000) - 2'000'000'000,
                     static_cast<std::int32_t>(random() % kNanosPerSecond)};
  };
  for (int round = 0; round < 5000; ++round) {
    const Timestamp a = any();
    const Timestamp b = any();
    const Duration d = Difference(a, b).value();
    ASSERT_EQ(Add(b, d), a);
    ASSERT_EQ(Subtract(a, d), b);
    ASSERT_FALSE((d.seconds > 0 && d.nanos < 0) || (d.seconds < 0 && d.nanos > 0));
  }
}

TEST(TimeTest, UnixMillis) {
  EXPECT_EQ(Timestamp::FromUnixMillis(-1), (Timestamp{-1, 999'000'000}));
  for (std::int64_t ms : {0L, 1L, -1L, -1000L, -1001L, 1'652'662'800'123L}) {
    EXPECT_EQ(Timestamp::FromUnixMillis(ms).UnixMillis(), ms);
  }
  EXPECT_EQ(Duration::Millis(1500), (Duration{1, 500'000'000}));
  EXPECT_EQ(Duration::Hours(2), (Duration{7200, 0}));
}

}  // namespace
}  // namespace duban::model
