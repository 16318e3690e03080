// What the group robots of WeCom, DingTalk and Feishu have of their own: the exact JSON,
// signatures, limits in bytes, what each answer means, how many messages in how much time.
#include <gmock/gmock.h>

#include <cstdlib>
#include <nlohmann/json.hpp>

#include "plugins/notification/dingtalk/message.h"
#include "plugins/notification/feishu/message.h"
#include "plugins/notification/robot/rate_limit.h"
#include "plugins/notification/robot/text.h"
#include "plugins/notification/wecom/message.h"
#include "tests/conformance/notification/robot_sink.h"
#include "tests/conformance/notification/subject.h"

namespace duban::conformance {
namespace {

using nlohmann::json;
using notification_robot::RateLimit;
using ports::NotifierError;
using testing::AllOf;
using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;
using Kind = NotifierError::Kind;
using namespace std::chrono_literals;

constexpr const char* kRobots[] = {"wecom", "dingtalk", "feishu"};

ports::Message To(std::string address, model::Urgency urgency = model::Urgency::kNormal) {
  ports::Message message = Reminder("c-1-head");
  message.address = std::move(address);
  message.urgency = urgency;
  message.subject = "【待办】复查";
  message.body = "期限：2022-08-19\n依据：条例";
  return message;
}

std::string Repeat(std::string_view text, std::size_t times) {
  std::string out;
  for (std::size_t i = 0; i < times; ++i) out += text;
  return out;
}

// Golden vectors, computed with Python's hmac.
TEST(DingTalk, TheSignatureIsThatOfEveryOtherImplementation) {
  EXPECT_EQ(notification_dingtalk::Sign("SECthis-is-a-test-secret", 1'653'004'800'000),
            "IoZ6FmOMdMs/DNarUOkA3VB2gXj2kyylkftLDqdybHA=");
  EXPECT_EQ(notification_dingtalk::SignatureQuery("SECthis-is-a-test-secret", 1'653'004'800'000),
            "&timestamp=1653004800000&sign=IoZ6FmOMdMs%2FDNarUOkA3VB2gXj2kyylkftLDqdybHA%3D");
  EXPECT_EQ(notification_dingtalk::SignatureQuery("", 1), "");
}

TEST(Feishu, TheSignatureIsThatOfEveryOtherImplementation) {
  EXPECT_EQ(notification_feishu::Sign("this-is-a-test-secret", 1'653'004'800),
            "HmwdeUKah6ijGK0ZTp8RIPv2oDNA+dAb3CHe6JcHZzE=");
}

TEST(WeCom, ExactJson) {
  EXPECT_EQ(
      notification_wecom::ToJson(To("wangqing")),
      R"({"msgtype":"text","text":{"content":"【待办】复查\n期限：2022-08-19\n依据：条例\n<@wangqing>"}})");
  EXPECT_EQ(
      notification_wecom::ToJson(To("wangqing", model::Urgency::kStatutory)),
      R"({"msgtype":"markdown","markdown":{"content":"<font color=\"warning\">**【待办】复查**</font>\n期限：2022-08-19\n依据：条例\n<@wangqing>"}})");
}

TEST(DingTalk, ExactJsonNamesThePersonInTheTextToo) {
  EXPECT_EQ(
      notification_dingtalk::ToJson(To("18012345678")),
      R"({"msgtype":"text","text":{"content":"【待办】复查\n期限：2022-08-19\n依据：条例\n@18012345678"},"at":{"atMobiles":["18012345678"],"atUserIds":[],"isAtAll":false}})");
  EXPECT_EQ(
      notification_dingtalk::ToJson(To("user123", model::Urgency::kUrgent)),
      R"({"msgtype":"markdown","markdown":{"title":"【待办】复查","text":"#### 【待办】复查\n\n期限：2022-08-19  \n依据：条例\n\n@user123"},"at":{"atMobiles":[],"atUserIds":["user123"],"isAtAll":false}})");
}

TEST(Feishu, ExactJson) {
  EXPECT_EQ(
      notification_feishu::ToJson(To("ou_1"), "this-is-a-test-secret", 1'653'004'800),
      R"({"timestamp":"1653004800","sign":"HmwdeUKah6ijGK0ZTp8RIPv2oDNA+dAb3CHe6JcHZzE=","msg_type":"post","content":{"post":{"zh_cn":{"title":"【待办】复查","content":[[{"tag":"text","text":"期限：2022-08-19\n依据：条例"}],[{"tag":"at","user_id":"ou_1"}]]}}}})");
  EXPECT_EQ(
      notification_feishu::ToJson(To("ou_1", model::Urgency::kUrgent), "", 0),
      R"({"msg_type":"interactive","card":{"config":{"wide_screen_mode":true},"header":{"title":{"tag":"plain_text","content":"【待办】复查"},"template":"red"},"elements":[{"tag":"div","text":{"tag":"plain_text","content":"期限：2022-08-19\n依据：条例"}},{"tag":"div","text":{"tag":"lark_md","content":"<at id=ou_1></at>"}}]}})");
}

TEST(Text, IsCutByBytesBetweenCharactersAndSaysWhereTheRestIs) {
  using notification_robot::ShortenWithCase;
  const std::string text = Repeat("督办", 100);
  for (std::size_t limit = 40; limit < 80; ++limit) {
    const std::string cut = ShortenWithCase(text, limit, "0C8M2T1ZC0000", "zh");
    EXPECT_LE(cut.size(), limit);
    EXPECT_GT(cut.size() + 3, limit);
    EXPECT_EQ(notification_robot::Clean(cut), cut) << "no character is cut";
    EXPECT_THAT(cut, EndsWith("…\n案件 0C8M2T1ZC0000"));
  }
  EXPECT_THAT(ShortenWithCase(text, 60, "7", "en"), EndsWith("…\nCase 7"));
  EXPECT_THAT(ShortenWithCase(text, 60, "", "en"), EndsWith("督…"));
  EXPECT_EQ(ShortenWithCase("短", 3, "7", "zh"), "短");
}

TEST(Text, IsValidUtf8WithoutControlCharacters) {
  EXPECT_EQ(notification_robot::Clean("a\0b\x1b\x7f\n\tc"), "a");
  EXPECT_EQ(notification_robot::Clean(std::string("a\0b\x1b\x7f\n\tc", 8)), "ab\n\tc");
  EXPECT_EQ(notification_robot::Clean("\xff督\xe7\x9d"), "\xEF\xBF\xBD督\xEF\xBF\xBD\xEF\xBF\xBD");
  EXPECT_EQ(notification_robot::Clean("\xed\xa0\x80"), Repeat("\xEF\xBF\xBD", 3)) << "a surrogate";
}

TEST(Robots, LongTextsKeepWithinTheLimitWithTheCaseAndThePerson) {
  for (const model::Urgency urgency : {model::Urgency::kNormal, model::Urgency::kUrgent}) {
    for (const std::string_view unit : {"督", "\"", "<@all>"}) {
      ports::Message message = To("wangqing", urgency);
      message.subject = Repeat(unit, 3000);
      message.body = Repeat(unit, 30'000);
      const auto wecom = json::parse(notification_wecom::ToJson(message));
      const std::string type = wecom["msgtype"];
      const std::string content = wecom[type]["content"];
      EXPECT_LE(content.size(), type == "text" ? 2048U : 4096U);
      EXPECT_THAT(content, EndsWith("…\n案件 0C8M2T1ZC0000\n<@wangqing>"));
      EXPECT_LE(notification_dingtalk::ToJson(message).size(), 20'000U);
      const std::string feishu = notification_feishu::ToJson(message, "secret", 1);
      EXPECT_LE(feishu.size(), notification_feishu::kMaxBodyBytes);
      EXPECT_THAT(feishu, HasSubstr("案件 0C8M2T1ZC0000"));
    }
  }
}

TEST(Robots, WhatACaseSaysCallsNobodyAndIsNoMarkup) {
  ports::Message message = To("wangqing");
  message.body = "<@all> <<@li>";
  EXPECT_THAT(notification_wecom::ToJson(message),
              AllOf(Not(HasSubstr("<@all>")), Not(HasSubstr("<@li>")), HasSubstr("<@wangqing>")));
  message.urgency = model::Urgency::kUrgent;
  message.body = "[点这里](http://evil.example) <at id=all></at> **x**";
  for (const std::string& text :
       {notification_wecom::ToJson(message), notification_dingtalk::ToJson(message)}) {
    EXPECT_THAT(text, AllOf(Not(HasSubstr("](")), Not(HasSubstr("<at")), Not(HasSubstr("**x"))));
  }
}

TEST(RateLimitTest, NeverMoreThanAllowedInAnySpan) {
  RateLimit limit({{5, 1s}, {20, 60s}});
  RateLimit::Time now{};
  std::vector<RateLimit::Time> sent;
  for (int i = 0; i < 400; ++i, now += 173ms) {
    const auto wait = limit.Take(now);
    if (wait > 0ms) {
      RateLimit copy = limit;
      EXPECT_EQ(copy.Take(now + wait), 0ms) << "the wait is long enough";
      continue;
    }
    sent.push_back(now);
  }
  EXPECT_EQ(sent.size(), 40U);
  for (std::size_t i = 20; i < sent.size(); ++i) EXPECT_GE(sent[i] - sent[i - 20], 60s);
  for (std::size_t i = 5; i < sent.size(); ++i) EXPECT_GE(sent[i] - sent[i - 5], 1s);
  limit.Hold(now, 10min);
  EXPECT_EQ(limit.Take(now), 600'000ms);
  EXPECT_EQ(limit.Take(now + 10min), 0ms);
}

NotifierError ErrorOf(ports::Notifier& notifier, const ports::Message& message) {
  const auto result = notifier.Deliver(message);
  return result ? NotifierError{Kind::kTemporary, "no error", -1} : result.error();
}

TEST(Robots, TheAnswerDecides) {
  const struct {
    const char* robot;
    const char* answer;
    Kind kind;
    std::int64_t retry_after_ms;
  } cases[] = {
      {"wecom", R"({"errcode":45009,"errmsg":"api freq out of limit"})", Kind::kTemporary, 60'000},
      {"wecom", R"({"errcode":93000,"errmsg":"invalid webhook url"})", Kind::kPermanent, 0},
      {"wecom", R"({"errcode":-1,"errmsg":"system busy"})", Kind::kTemporary, 0},
      {"dingtalk", R"({"errcode":130101,"errmsg":"send too fast"})", Kind::kTemporary, 630'000},
      {"dingtalk", R"({"errcode":310000,"errmsg":"sign not match"})", Kind::kPermanent, 0},
      {"feishu", R"({"code":11232,"msg":"frequency limited"})", Kind::kTemporary, 30'000},
      {"feishu", R"({"code":19021,"msg":"sign match fail"})", Kind::kPermanent, 0},
      {"feishu", "<html>sign in</html>", Kind::kTemporary, 0},
      {"feishu", "[]", Kind::kTemporary, 0},
      {"feishu", R"({"code":"0"})", Kind::kTemporary, 0}};
  for (const auto& c : cases) {
    RobotSink sink(c.robot);
    const auto notifier = Load(c.robot, sink.settings());
    sink.Answer(c.answer);
    const NotifierError error = ErrorOf(*notifier, To("li"));
    EXPECT_EQ(error.kind, c.kind) << c.answer;
    EXPECT_EQ(error.retry_after_ms, c.retry_after_ms) << c.answer;
    EXPECT_THAT(error.message,
                AllOf(Not(HasSubstr("hunter2")), Not(HasSubstr("hooks")), Not(HasSubstr("期限"))));
    if (c.retry_after_ms == 0) continue;
    sink.Repair();
    EXPECT_GT(ErrorOf(*notifier, To("li")).retry_after_ms, c.retry_after_ms - 60'000)
        << "the pause holds without asking again";
    EXPECT_TRUE(sink.received().empty());
  }
}

TEST(Robots, BeyondTheLimitTheyAnswerAtOnceWhenToTryAgain) {
  for (const char* robot : kRobots) {
    RobotSink sink(robot);
    const auto notifier = Load(robot, sink.settings());
    NotifierError error;
    int sent = 0;
    while (sent < 2000) {
      const auto result = notifier->Deliver(To("li"));
      if (!result) {
        error = result.error();
        break;
      }
      ++sent;
    }
    EXPECT_EQ(error.kind, Kind::kTemporary) << robot;
    EXPECT_GT(error.retry_after_ms, 0) << robot;
    EXPECT_LE(error.retry_after_ms, 60'000) << robot;
    EXPECT_EQ(sink.received().size(), static_cast<std::size_t>(sent)) << robot;
  }
}

TEST(Robots, WhoHasNoAddressIsForTheNextChannelOrIsNamedWithoutACall) {
  for (const char* robot : kRobots) {
    RobotSink sink(robot);
    const auto strict = Load(robot, sink.settings());
    for (const char* address : {"", "all", "@all", "a b", "<@li>", "x\"y"}) {
      EXPECT_EQ(ErrorOf(*strict, To(address)).kind, Kind::kUnreachable) << address;
    }
    EXPECT_TRUE(sink.received().empty());
    plugin::Settings settings = sink.settings();
    settings["unaddressed"] = "posted";
    ASSERT_TRUE(Load(robot, settings)->Deliver(To("")));
    EXPECT_THAT(sink.bodies().at(0), AllOf(HasSubstr("局长"), Not(HasSubstr("user_id"))));
  }
}

TEST(Robots, DingTalkSignsItsAddressAndFeishuItsBody) {
  RobotSink dingtalk("dingtalk");
  plugin::Settings settings = dingtalk.settings();
  settings["secret_file"] = settings["url_file"];
  ASSERT_TRUE(Load("dingtalk", settings)->Deliver(To("li")));
  EXPECT_THAT(dingtalk.paths().at(0), AllOf(HasSubstr("hunter2&timestamp="), HasSubstr("&sign=")));
  RobotSink feishu("feishu");
  settings = feishu.settings();
  settings["secret_file"] = settings["url_file"];
  ASSERT_TRUE(Load("feishu", settings)->Deliver(To("li")));
  EXPECT_THAT(feishu.bodies().at(0),
              AllOf(HasSubstr("\"timestamp\":\""), HasSubstr("\"sign\":\"")));
}

TEST(Robots, TheAddressIsASecretAndEncrypted) {
  for (const char* robot : kRobots) {
    EXPECT_THAT(Refusal(robot, {}), HasSubstr("set url_file or url_env"));
    EXPECT_THAT(Refusal(robot, {{"url", "https://robot.example/send?key=hunter2"}}),
                Not(HasSubstr("hunter2")));
    setenv("DUBAN_TEST_ROBOT", "http://robot.example/send?key=hunter2", 1);
    EXPECT_THAT(Refusal(robot, {{"url_env", "DUBAN_TEST_ROBOT"}}),
                AllOf(HasSubstr("https://"), Not(HasSubstr("hunter2"))));
    setenv("DUBAN_TEST_ROBOT", "https://robot.example/send?key=hunter2", 1);
    EXPECT_EQ(Refusal(robot, {{"url_env", "DUBAN_TEST_ROBOT"}}), "was loaded");
  }
}

}  // namespace
}  // namespace duban::conformance
