// [notify] of the configuration: what each key takes, and what is said about the rest.
#include "services/duband/notify_config.h"

#include <gmock/gmock.h>

namespace duban::duband {
namespace {

using engine::Schedule;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

std::vector<std::string> Route(const std::string& value) {
  NotifyConfig config;
  const auto wrong = SetNotify(config, "urgent", value);
  if (wrong) return {"wrong: " + wrong->en};
  std::vector<std::string> ways;
  for (const auto& way : config.routes["urgent"])
    ways.push_back((way.otherwise ? "or " : "") + way.name);
  return ways;
}

TEST(NotifyConfig, ARouteListsChannelsAndTheirOtherWays) {
  EXPECT_THAT(Route("log"), ElementsAre("log"));
  EXPECT_THAT(Route(" wecom | email , log"), ElementsAre("wecom", "or email", "log"));
  EXPECT_THAT(Route("a|b|c,d|e"), ElementsAre("a", "or b", "or c", "d", "or e"));
  EXPECT_THAT(Route("a, ,b,"), ElementsAre("a", "b"));
  EXPECT_THAT(Route(""), IsEmpty());
  for (const char* wrong : {"| a", "a |", "a || b", "a, | b", "a | , b"})
    EXPECT_THAT(Route(wrong), ElementsAre(HasSubstr("on both sides of |"))) << wrong;
  EXPECT_THAT(Route("a, b | a"), ElementsAre(HasSubstr("a stands there twice")));
}

TEST(NotifyConfig, TimesAndDays) {
  NotifyConfig config;
  for (const auto& [key, value] :
       std::vector<std::pair<std::string, std::string>>{{"quiet", "22:00-07:00"},
                                                        {"quiet_days", "non-working"},
                                                        {"digest_at", "16:45"},
                                                        {"digest_on", "20"},
                                                        {"time_zone", "Asia/Urumqi"}}) {
    EXPECT_FALSE(SetNotify(config, key, value)) << key;
  }
  EXPECT_EQ(config.schedule.quiet->from, 22 * 60);
  EXPECT_EQ(config.schedule.quiet->until, 7 * 60);
  EXPECT_TRUE(config.schedule.quiet_days_off);
  EXPECT_EQ(config.schedule.digest_minute, 16 * 60 + 45);
  EXPECT_EQ(config.schedule.digest_on, Schedule::DigestOn::kDayOfMonth);
  EXPECT_EQ(config.schedule.digest_day, 20);
  EXPECT_EQ(config.schedule.time_zone, "Asia/Urumqi");
  EXPECT_FALSE(SetNotify(config, "digest_on", "friday"));
  EXPECT_EQ(config.schedule.digest_on, Schedule::DigestOn::kWeekday);
  EXPECT_EQ(config.schedule.digest_day, 5);
}

TEST(NotifyConfig, WhatMakesNoSenseIsSaid) {
  NotifyConfig config;
  for (const auto& [key, value] :
       std::vector<std::pair<std::string, std::string>>{{"quiet", "22:00"},
                                                        {"quiet", "22:00-22:00"},
                                                        {"quiet", "25:00-07:00"},
                                                        {"quiet_days", "sunday"},
                                                        {"digest_at", "8:30"},
                                                        {"digest_at", "24:00"},
                                                        {"digest_on", "32"},
                                                        {"digest_on", "Monday"},
                                                        {"time_zone", "Beijing"}}) {
    const auto wrong = SetNotify(config, key, value);
    ASSERT_TRUE(wrong) << key << " = " << value;
    EXPECT_FALSE(wrong->zh.empty() || wrong->en.empty());
  }
}

TEST(NotifyConfig, EveryChannelNeedsItsSection) {
  NotifyConfig config;
  ASSERT_FALSE(SetNotify(config, "normal", "log | pager"));
  EXPECT_THAT(UnknownChannels(config, {"log"}),
              ElementsAre(std::pair<std::string, std::string>("normal", "pager")));
}

}  // namespace
}  // namespace duban::duband
