// Channels by urgency, the other way when one cannot reach a person, quiet hours, throttling.
#include <gmock/gmock.h>

#include "tests/unit/engine/fixture.h"

namespace duban::engine {
namespace {

using Kind = ports::NotifierError::Kind;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr const char* kTelling = R"(
workflow: telling
campaign: test
start: {by: [{person: clerk}]}
states:
  open:
    on:
      normal:    {by: {person: clerk}, do: [{notify: {to: {person: head}, subject: n}}]}
      urgent:    {by: {person: clerk}, do: [{notify: {to: {person: head}, subject: u, urgency: urgent}}]}
      statutory: {by: {person: clerk}, do: [{notify: {to: {person: head}, subject: s, urgency: statutory}}]}
      close:     {by: {person: clerk}, to: done}
  done: {final: true}
)";

class DeliveryTest : public EngineTest {
 protected:
  ListeningNotifier first, second, third;

  void Begin(Channels with) {
    channels = std::move(with);
    Up();
    Deploy(kTelling);
    outbox->Start();
    id = Ok(Start("clerk", "telling"))->case_id;
  }
  void Tell(const std::string& urgency) {
    ASSERT_TRUE(Ok(Send("clerk", id, urgency)));
    outbox->Settle();
  }
  void MoveTo(std::string_view time) {
    clock.Set(At(time));
    outbox->Settle();
  }
  std::size_t Pending() {
    std::size_t rows = 0;
    for (const auto kind : {ports::OutboxKind::kNotification, ports::OutboxKind::kAlarm})
      rows += storage->PendingOutbox(kind, At("2030-01-01T00:00:00Z"), 100)->size();
    return rows;
  }
  static std::vector<std::string> Subjects(const ListeningNotifier& notifier) {
    std::vector<std::string> subjects;
    for (const auto& message : notifier.delivered) subjects.push_back(message.subject);
    return subjects;
  }
  model::CaseId id;
};

TEST_F(DeliveryTest, EachUrgencyHasItsRouteOrThatBelowIt) {
  Begin({{{"a", &first}}, {{"b", &second}}, {}, {}, {}});
  for (const char* urgency : {"normal", "urgent", "statutory"}) Tell(urgency);
  EXPECT_THAT(Subjects(first), ElementsAre("n"));
  EXPECT_THAT(Subjects(second), ElementsAre("u", "s"));
  EXPECT_EQ(second.delivered[1].urgency, model::Urgency::kStatutory);
}

TEST_F(DeliveryTest, WithoutOtherRoutesAlarmsGoByTheNormalOne) {
  Begin({{{"a", &first}}, {}, {}, {}, {}});
  for (const char* urgency : {"normal", "urgent", "statutory"}) Tell(urgency);
  EXPECT_THAT(Subjects(first), ElementsAre("n", "u", "s"));
}

TEST_F(DeliveryTest, WhoHasNoAddressIsReachedTheOtherWay) {
  first.failures = {{Kind::kUnreachable, "no address", 0}};
  Begin({{{"a", &first}, {"b", &second, true}, {"c", &third}}, {}, {}, {}, {}});
  Tell("normal");
  EXPECT_THAT(Subjects(first), IsEmpty());
  EXPECT_THAT(Subjects(second), ElementsAre("n"));
  EXPECT_THAT(Subjects(third), ElementsAre("n"));
  Tell("normal");
  EXPECT_EQ(first.delivered.size(), 1U);
  EXPECT_EQ(second.delivered.size(), 1U) << "the other way is not taken when the first reaches";
  EXPECT_EQ(Pending(), 0U);
}

TEST_F(DeliveryTest, AMissingAddressIsNoFailureAsLongAsSomebodyGotIt) {
  first.failures = {{Kind::kUnreachable, "no address", 0}};
  Begin({{{"a", &first}, {"b", &second}}, {}, {}, {}, {}});
  Tell("normal");
  EXPECT_THAT(Subjects(second), ElementsAre("n"));
  EXPECT_TRUE(storage->DeadOutbox({}, 10)->empty());
  EXPECT_EQ(Pending(), 0U);
}

TEST_F(DeliveryTest, WhomNobodyReachesIsADeadLetterThatARetryDeliversEverywhere) {
  first.failures = {{Kind::kUnreachable, "no address", 0}};
  second.failures = {{Kind::kUnreachable, "no mailbox", 0}};
  Begin({{{"a", &first}, {"b", &second, true}}, {}, {}, {}, {}});
  Tell("normal");
  const auto dead = storage->DeadOutbox({}, 10);
  ASSERT_EQ(dead->size(), 1U);
  EXPECT_THAT((*dead)[0].last_error, HasSubstr("no mailbox"));
  ports::OutboxRow again = (*dead)[0];
  again.state = ports::OutboxState::kPending;
  again.attempts = 0;
  ASSERT_TRUE(engine->FinishOutbox({}, {again}));
  outbox->Settle();
  EXPECT_THAT(Subjects(first), ElementsAre("n"));
}

TEST_F(DeliveryTest, ARefusalForGoodTakesTheOtherWayAndOnlyWhatFailedIsRetried) {
  first.failures = {{Kind::kPermanent, "wrong key", 0}, {Kind::kPermanent, "wrong key", 0}};
  Begin({{{"a", &first}, {"b", &second, true}, {"c", &third}}, {}, {}, {}, {}});
  Tell("normal");
  EXPECT_THAT(Subjects(second), ElementsAre("n"));
  second.failures = {{Kind::kPermanent, "refused", 0}};
  Tell("normal");
  auto dead = storage->DeadOutbox({}, 10);
  ASSERT_EQ(dead->size(), 1U);
  EXPECT_EQ(third.delivered.size(), 2U);
  ports::OutboxRow again = (*dead)[0];
  again.state = ports::OutboxState::kPending;
  again.attempts = 0;
  ASSERT_TRUE(engine->FinishOutbox({}, {again}));
  outbox->Settle();
  EXPECT_EQ(first.delivered.size(), 1U);
  EXPECT_EQ(third.delivered.size(), 2U) << "it has had it";
}

TEST_F(DeliveryTest, AChannelThatStaysDownGivesWayToTheOtherAtTheLastAttempt) {
  for (int i = 0; i < 10; ++i) first.failures.push_back({Kind::kTemporary, "down", 0});
  Begin({{{"a", &first}, {"b", &second, true}}, {}, {}, {}, {}});
  Tell("normal");
  for (int day = 17; day < 30; ++day) MoveTo("2022-05-" + std::to_string(day) + "T09:00:00+08:00");
  EXPECT_EQ(first.attempts.size(), 10U);
  EXPECT_THAT(Subjects(second), ElementsAre("n"));
  EXPECT_TRUE(storage->DeadOutbox({}, 10)->empty());
}

TEST_F(DeliveryTest, InQuietHoursAlarmsGoAndTheRestWaitsInOrder) {
  Channels with{{{"a", &first}}, {}, {}, {}, {}};
  with.schedule.quiet = Schedule::Hours{22 * 60, 7 * 60};
  Begin(std::move(with));
  MoveTo("2022-05-16T22:00:00+08:00");
  for (const char* urgency : {"normal", "urgent", "normal", "statutory"}) Tell(urgency);
  EXPECT_THAT(Subjects(first), ElementsAre("u", "s")) << "what waits holds no alarm back";
  MoveTo("2022-05-17T06:59:59+08:00");
  EXPECT_EQ(first.delivered.size(), 2U);
  Down();
  Up();
  outbox->Start();
  MoveTo("2022-05-17T07:00:00+08:00");
  EXPECT_THAT(Subjects(first), ElementsAre("u", "s", "n", "n")) << "after a restart as well";
  EXPECT_EQ(Pending(), 0U);
}

TEST_F(DeliveryTest, AThrottledChannelIsNotAskedAgainBeforeItsTime) {
  first.failures = {{Kind::kTemporary, "too many", 60'000}};
  Begin({{{"a", &first}}, {{"b", &second}}, {}, {}, {}});
  Tell("normal");
  const model::CaseId other = Ok(Start("clerk", "telling"))->case_id;
  ASSERT_TRUE(Ok(Send("clerk", other, "normal")));
  outbox->Settle();
  MoveTo("2022-05-16T09:00:59+08:00");
  EXPECT_EQ(first.attempts.size(), 1U);
  Tell("urgent");
  EXPECT_THAT(Subjects(second), ElementsAre("u")) << "other channels go on";
  MoveTo("2022-05-16T09:01:00+08:00");
  EXPECT_THAT(Subjects(first), ElementsAre("n", "n"));
}

}  // namespace
}  // namespace duban::engine
