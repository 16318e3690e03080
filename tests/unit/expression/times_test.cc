// Timestamps, durations and time zones.
#include "tests/unit/expression/fixture.h"

namespace duban::expression {
namespace {

World At(const char* instant) {
  World world;
  return world.With("t", *model::ParseRfc3339(instant), Kind::kTimestamp);
}

TEST(Times, Parts) {
  const World world = At("2022-08-20T16:30:45.678Z");
  EXPECT_EQ(
      world.Eval(
          "[t.getFullYear(), t.getMonth(), t.getDate(), t.getDayOfMonth(), t.getDayOfWeek(), "
          "t.getDayOfYear(), t.getHours(), t.getMinutes(), t.getSeconds(), t.getMilliseconds()]"),
      "[2022,7,20,19,6,231,16,30,45,678]");
  EXPECT_EQ(world.Eval("[t.getDate('Asia/Shanghai'), t.getHours('Asia/Shanghai'), "
                       "t.getDayOfWeek('Asia/Shanghai')]"),
            "[21,0,0]");
}

TEST(Times, Zones) {
  const World world = At("2022-01-01T00:30:00Z");
  EXPECT_EQ(world.Eval("[t.getHours('+08:00'), t.getHours('-02:00'), t.getHours('02:00'), "
                       "t.getMinutes('+05:45')]"),
            "[8,22,2,15]");
  EXPECT_EQ(
      world.Eval("[t.getFullYear('-02:00'), t.getHours('UTC'), t.getHours('America/New_York')]"),
      "[2021,0,19]");
  EXPECT_EQ(At("2022-07-01T00:30:00Z").Eval("t.getHours('America/New_York')"), "20");
  for (const char* wrong :
       {"8", "+8:00", "+24:00", "+08:60", "+08-00", "../etc/passwd", "", "Asia/Nowhere"}) {
    World odd = At("2022-01-01T00:30:00Z");
    odd.With("z", wrong);
    EXPECT_TRUE(odd.Eval("t.getHours(z)").starts_with("error: unknown time zone: ")) << wrong;
  }
}

TEST(Times, TheEnvironmentsZone) {
  World world = At("2022-05-15T23:00:00Z");
  world.environment.time_zone = "Asia/Shanghai";
  EXPECT_EQ(world.Eval("[t.getDate(), t.getHours(), t.getHours('UTC')]"), "[16,7,23]");
}

TEST(Times, EarlyYears) {
  EXPECT_EQ(At("0001-01-01T00:00:00Z").Eval("[t.getFullYear('-01:00'), t.getMonth('-01:00')]"),
            "[0,11]");
  EXPECT_EQ(At("9999-12-31T23:59:59Z").Eval("t.getDayOfYear()"), "364");
}

TEST(Times, Durations) {
  const World world;
  const auto text = [&](const char* source) {
    return world.Eval("string(duration('" + std::string(source) + "'))");
  };
  EXPECT_EQ(text("1h30m"), "\"5400s\"");
  EXPECT_EQ(text("-1.5h"), "\"-5400s\"");
  EXPECT_EQ(text("+2s"), "\"2s\"");
  EXPECT_EQ(text("0"), "\"0s\"");
  EXPECT_EQ(text("1s1ms1us1ns"), "\"1.001001001s\"");
  EXPECT_EQ(text(".5s"), "\"0.5s\"");
  EXPECT_EQ(text("-0.000000001s"), "\"-0.000000001s\"");
  EXPECT_EQ(world.Eval("duration('3h45m30.5s').getMinutes()"), "225");
  EXPECT_EQ(world.Eval("duration('3h45m30.5s').getMilliseconds()"), "500");
  EXPECT_EQ(world.Eval("duration('-90m').getHours()"), "-1");
  for (const char* wrong : {"", "-", "1", "1d", "h", "1.h.", "1h m", "1 h", "1e3s", "--1s"}) {
    EXPECT_NE(text(wrong).find("cannot convert"), std::string::npos) << wrong << " " << text(wrong);
  }
  EXPECT_NE(text("99999999999999999999999999999999999999999999h").find("out of range"),
            std::string::npos);
}

TEST(Times, Arithmetic) {
  const World world = At("2022-05-16T00:00:00Z");
  EXPECT_EQ(world.Eval("t + duration('24h')"), "\"2022-05-17T00:00:00Z\"");
  EXPECT_EQ(world.Eval("duration('24h') + t"), "\"2022-05-17T00:00:00Z\"");
  EXPECT_EQ(world.Eval("t - duration('1s')"), "\"2022-05-15T23:59:59Z\"");
  EXPECT_EQ(world.Eval("string(t - timestamp('2022-05-15T23:59:59.5Z'))"), "\"0.5s\"");
  EXPECT_EQ(world.Eval("t > timestamp('2022-01-01T00:00:00+08:00')"), "true");
  EXPECT_EQ(world.Eval("t + duration('2562047h')").substr(0, 5), "\"2314");
  EXPECT_EQ(world.Eval("timestamp('9999-12-31T23:59:59Z') + duration('1s')"),
            "error: overflow: the result does not fit into timestamp");
  EXPECT_EQ(world.Eval("timestamp('9999-12-31T23:59:59Z') - timestamp('0001-01-01T00:00:00Z')"),
            "error: overflow: the result does not fit into duration");
  EXPECT_EQ(world.Eval("duration('2562047h') + duration('2562047h')"),
            "error: overflow: the result does not fit into duration");
}

}  // namespace
}  // namespace duban::expression
