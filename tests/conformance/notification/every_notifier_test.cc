// What ports/notifier.h promises, of every notifier.
#include <gmock/gmock.h>

#include <thread>

#include "tests/conformance/notification/subject.h"

namespace duban::conformance {
namespace {

using ports::NotifierError;
using testing::HasSubstr;
using testing::Not;

class NotifierConformance : public testing::TestWithParam<Subject> {
 protected:
  std::unique_ptr<Sink> sink = GetParam().sink();
  std::unique_ptr<ports::Notifier> notifier = Load(GetParam().name, sink->settings());

  // As the outbox does: a channel that says when it takes more is asked again then.
  void DeliverInTime(const ports::Message& message) {
    auto result = notifier->Deliver(message);
    if (!result && result.error().retry_after_ms > 0) {
      std::this_thread::sleep_for(std::chrono::milliseconds(result.error().retry_after_ms));
      result = notifier->Deliver(message);
    }
    EXPECT_TRUE(result) << result.error().message;
  }
};

TEST_P(NotifierConformance, AMessageArrivesAsItIs) {
  const auto result = notifier->Deliver(Reminder("c-1-head"));
  ASSERT_TRUE(result) << result.error().message;
  const auto received = sink->received();
  ASSERT_EQ(received.size(), 1u);
  EXPECT_EQ(received[0].key, "c-1-head");
  EXPECT_EQ(received[0].address, "head@example.gov");
  EXPECT_EQ(received[0].subject, "移送决定将于明日到期");
  EXPECT_EQ(received[0].body, GetParam().carries_body ? Reminder("").body : "");
}

TEST_P(NotifierConformance, MessagesArriveInTheOrderInWhichTheyWereSentFromAnyThread) {
  for (int i = 0; i < 10; ++i) {
    std::thread([&] { DeliverInTime(Reminder("c-" + std::to_string(i) + "-head")); }).join();
  }
  const auto received = sink->received();
  ASSERT_EQ(received.size(), 10u);
  for (std::size_t i = 0; i < 10; ++i)
    EXPECT_EQ(received[i].key, "c-" + std::to_string(i) + "-head");
}

TEST_P(NotifierConformance, AFailureThatMayPassIsTemporaryAndTheNextAttemptSucceeds) {
  sink->Break();
  for (int i = 0; i < 2; ++i) {
    const auto failed = notifier->Deliver(Reminder("c-1-head"));
    ASSERT_FALSE(failed);
    EXPECT_EQ(failed.error().kind, NotifierError::Kind::kTemporary) << failed.error().message;
    EXPECT_FALSE(failed.error().message.empty());
    EXPECT_THAT(failed.error().message, Not(HasSubstr("三日内")))
        << "an error never contains the body";
  }
  sink->Repair();
  ASSERT_TRUE(notifier->Deliver(Reminder("c-1-head")));
  EXPECT_EQ(sink->received().size(), 1u);
}

TEST_P(NotifierConformance, ARepeatedMessageCarriesTheSameKey) {
  ASSERT_TRUE(notifier->Deliver(Reminder("c-1-head")));
  ASSERT_TRUE(notifier->Deliver(Reminder("c-1-head")));
  for (const auto& received : sink->received()) EXPECT_EQ(received.key, "c-1-head");
}

TEST_P(NotifierConformance, EmptyLongAndStrangeTextsDoNoHarm) {
  ports::Message empty = Reminder("c-1-head");
  empty.subject = empty.body = empty.recipient_name = empty.language = "";
  EXPECT_TRUE(notifier->Deliver(empty));
  ports::Message large = Reminder("c-2-head");
  large.body = std::string(1'000'000, 'b');
  large.subject = std::string(2000, 's');
  EXPECT_TRUE(notifier->Deliver(large));
  ports::Message strange = Reminder("c-3-head");
  strange.body = std::string("\0\xff\xfe\r\n.\r\nQUIT\r\n", 15);
  strange.recipient_name = "x\r\nBcc: all@example.gov";
  EXPECT_TRUE(notifier->Deliver(strange));
  EXPECT_EQ(sink->received().size(), 3u);
}

TEST_P(NotifierConformance, AnUnknownSettingIsRefused) {
  plugin::Settings settings = sink->settings();
  settings["colour"] = "red";
  EXPECT_THAT(Refusal(GetParam().name, settings), HasSubstr("there is no setting colour"));
}

INSTANTIATE_TEST_SUITE_P(Notifier, NotifierConformance, testing::ValuesIn(Subjects()),
                         [](const auto& subject) { return subject.param.name; });

}  // namespace
}  // namespace duban::conformance
