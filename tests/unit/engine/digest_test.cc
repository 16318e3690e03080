// Digests: one message per person, at the time of the schedule, nothing lost, nothing twice but
// under the same key.
#include <gmock/gmock.h>

#include "tests/unit/engine/fixture.h"

namespace duban::engine {
namespace {

using Kind = ports::NotifierError::Kind;
using testing::AllOf;
using testing::HasSubstr;

constexpr const char* kList = R"(
workflow: list
campaign: test
title: 清单
start: {by: [{person: clerk}]}
data: {place: {type: text, required: true}}
states:
  open:
    entry: [{notify: {to: [{person: head}, {person: clerk}], subject: {zh: "{{place}}待整改", en: "{{place}} is open"}, text: "第一行\n第二行", urgency: digest}}]
    on:
      alarm: {by: {person: clerk}, do: [{notify: {to: {person: head}, subject: 告警, urgency: urgent}}]}
      close: {by: {person: clerk}, to: done}
  done: {final: true}
)";

class DigestTest : public EngineTest {
 protected:
  void SetUp() override {
    channels.schedule.digest_minute = 8 * 60 + 30;
    Up();
    Deploy(kList);
    outbox->Start();
  }
  model::CaseId Add(const std::string& place) {
    const Reply reply = Start("clerk", "list", model::Map({{"place", place}}));
    EXPECT_TRUE(Ok(reply));
    outbox->Settle();
    return Ok(reply) ? Ok(reply)->case_id : model::CaseId();
  }
  void MoveTo(std::string_view time) {
    clock.Set(At(time));
    outbox->Settle();
  }
  std::size_t Pending() {
    return storage->PendingOutbox(ports::OutboxKind::kDigest, At("2030-01-01T00:00:00Z"), 1000)
        ->size();
  }
  std::vector<ports::Message> For(const std::string& person) {
    std::vector<ports::Message> messages;
    for (const auto& message : notifier.delivered) {
      if (message.recipient == person) messages.push_back(message);
    }
    return messages;
  }
};

TEST_F(DigestTest, GathersEverythingForEachPersonUntilItsTime) {
  Add("甲矿");
  const model::CaseId second = Add("乙矿");
  ASSERT_TRUE(Ok(Send("clerk", second, "alarm")));
  MoveTo("2022-05-17T08:29:59+08:00");
  ASSERT_EQ(notifier.delivered.size(), 1U);
  EXPECT_EQ(notifier.delivered[0].subject, "告警") << "what waits holds no alarm back";
  MoveTo("2022-05-17T08:30:59+08:00");
  ASSERT_EQ(For("clerk").size(), 1U);
  const auto head = For("head");
  ASSERT_EQ(head.size(), 2U);
  EXPECT_EQ(head[1].subject, "【汇总】2 条");
  EXPECT_EQ(head[1].body, "1. 甲矿待整改：第一行；第二行\n2. 乙矿待整改：第一行；第二行");
  EXPECT_EQ(head[1].urgency, model::Urgency::kDigest);
  EXPECT_EQ(Pending(), 0U);
  MoveTo("2022-05-18T09:00:00+08:00");
  EXPECT_EQ(notifier.delivered.size(), 3U) << "nothing new, no digest";
}

TEST_F(DigestTest, WaitsOverARestartAndGoesLateRatherThanNever) {
  Add("甲矿");
  Down();
  clock.Set(At("2022-05-19T15:00:00+08:00"));
  Up();
  outbox->Start();
  Add("乙矿");
  const auto head = For("head");
  ASSERT_EQ(head.size(), 1U) << "what was missed; what is new waits for tomorrow";
  EXPECT_THAT(head[0].body, HasSubstr("甲矿"));
  MoveTo("2022-05-20T08:31:00+08:00");
  ASSERT_EQ(For("head").size(), 2U);
  EXPECT_EQ(Pending(), 0U);
}

TEST_F(DigestTest, ARepeatedDigestHasTheSameKeyAndTheSameLines) {
  Add("甲矿");
  Add("乙矿");
  notifier.failures = {{Kind::kTemporary, "down", 0}, {Kind::kTemporary, "down", 0}};
  MoveTo("2022-05-17T08:30:00+08:00");
  EXPECT_EQ(notifier.attempts.size(), 2U);
  EXPECT_TRUE(notifier.delivered.empty());
  Add("丙矿");
  Down();
  Up();
  outbox->Start();
  MoveTo("2022-05-17T08:45:00+08:00");
  ASSERT_EQ(notifier.delivered.size(), 2U);
  for (const auto& sent : notifier.delivered) {
    bool same = false;
    for (std::size_t i = 0; i < 2; ++i) {
      same |= notifier.attempts[i].idempotency_key == sent.idempotency_key &&
              notifier.attempts[i].body == sent.body;
    }
    EXPECT_TRUE(same) << sent.idempotency_key;
  }
  EXPECT_EQ(Pending(), 2U) << "丙矿 is for tomorrow";
}

TEST_F(DigestTest, WhatCannotBeDeliveredIsADeadLetterPerLine) {
  Add("甲矿");
  Add("乙矿");
  notifier.failures = {{Kind::kPermanent, "no mailbox", 0}};
  MoveTo("2022-05-17T08:30:00+08:00");
  EXPECT_EQ(storage->DeadOutbox({}, 10)->size(), 2U);
  EXPECT_EQ(notifier.delivered.size(), 1U) << "the other person's";
  EXPECT_EQ(Pending(), 0U);
}

TEST_F(DigestTest, TooMuchForOneMessageGoesInSeveralWithoutALineLost) {
  for (int i = 0; i < 60; ++i) Add("第" + std::to_string(i) + "处" + std::string(300, 'x'));
  MoveTo("2022-05-17T08:30:00+08:00");
  const auto head = For("head");
  ASSERT_GT(head.size(), 1U);
  std::set<std::string> keys;
  std::string all;
  for (const auto& message : head) {
    EXPECT_LE(message.body.size(), kMaxDigestBytes);
    keys.insert(message.idempotency_key);
    all += message.body;
  }
  EXPECT_EQ(keys.size(), head.size());
  for (int i = 0; i < 60; ++i) EXPECT_THAT(all, HasSubstr("第" + std::to_string(i) + "处"));
  EXPECT_EQ(Pending(), 0U);
}

TEST_F(DigestTest, ALongLineIsCutBetweenCharacters) {
  std::string place;
  for (int i = 0; i < 300; ++i) place += "矿";
  Add(place);
  MoveTo("2022-05-17T08:30:00+08:00");
  const auto head = For("head");
  ASSERT_EQ(head.size(), 1U);
  EXPECT_LE(head[0].body.size(), kMaxDigestLineBytes);
  EXPECT_TRUE(head[0].body.ends_with("矿…"));
}

}  // namespace
}  // namespace duban::engine
