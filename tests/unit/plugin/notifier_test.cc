// Notifiers that fail, throw and hang.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "core/plugin/host.h"

namespace duban::plugin {
namespace {

using ports::Message;
using ports::NotifierError;
using testing::HasSubstr;

class NotifierTest : public testing::Test {
 protected:
  NotifierTest() {
    std::string name = testing::TempDir() + "duban-XXXXXX";
    directory_ = mkdtemp(name.data());
    mkfifo(Gate().c_str(), 0600);
  }
  // A plugin that was told to hang may still be writing there.
  ~NotifierTest() override {
    std::error_code ignored;
    std::filesystem::remove_all(directory_, ignored);
  }

  std::string Gate() const { return (directory_ / "gate").string(); }
  std::string Log() const {
    std::stringstream text;
    text << std::ifstream(directory_ / "log").rdbuf();
    return text.str();
  }
  std::unique_ptr<ports::Notifier> Load(
      const std::string& mood, std::chrono::milliseconds timeout = std::chrono::seconds(60)) {
    auto loaded = LoadNotifier(
        std::filesystem::path(BAD_PLUGINS) / "moody_notifier.so",
        {{"mood", mood}, {"gate", Gate()}, {"log", (directory_ / "log").string()}}, timeout);
    EXPECT_TRUE(loaded) << loaded.error().en;
    return std::move(*loaded);
  }
  // Lets one Deliver that hangs go on; returns when it has.
  void OpenGate() const { std::ofstream(Gate()) << "go"; }

  static Message To(const std::string& key) {
    Message message;
    message.idempotency_key = key;
    message.body = "请签字";
    return message;
  }

  std::filesystem::path directory_;
};

TEST_F(NotifierTest, AMessageArrivesWhole) {
  const auto notifier = Load("good");
  EXPECT_TRUE(notifier->Deliver(To("a")));
  EXPECT_TRUE(notifier->Deliver(To("b")));
  EXPECT_EQ(Log(), "a 请签字\nb 请签字\n");
}

TEST_F(NotifierTest, AnErrorArrivesWhole) {
  const auto result = Load("fail")->Deliver(To("a"));
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind, NotifierError::Kind::kPermanent);
  EXPECT_EQ(result.error().message, "no such mailbox");
  EXPECT_EQ(result.error().retry_after_ms, 7);
}

TEST_F(NotifierTest, WhatItThrowsIsATemporaryFailureAndItGoesOn) {
  const auto notifier = Load("throw");
  for (int i = 0; i < 2; ++i) {
    const auto result = notifier->Deliver(To("a"));
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().kind, NotifierError::Kind::kTemporary);
    EXPECT_EQ(result.error().message, "out of paper");
  }
  const auto strange = Load("throw strangely")->Deliver(To("a"));
  ASSERT_FALSE(strange);
  EXPECT_EQ(strange.error().kind, NotifierError::Kind::kTemporary);
  EXPECT_THAT(strange.error().message, HasSubstr("not a std::exception"));
}

TEST_F(NotifierTest, OneThatHangsIsGivenUpAndSaysBusyUntilItComesBack) {
  const auto notifier = Load("hang", std::chrono::milliseconds(20));
  const auto first = notifier->Deliver(To("a"));
  ASSERT_FALSE(first);
  EXPECT_EQ(first.error().kind, NotifierError::Kind::kTemporary);
  EXPECT_THAT(first.error().message, HasSubstr("did not finish within 20 ms"));
  const auto second = notifier->Deliver(To("b"));
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().kind, NotifierError::Kind::kTemporary);
  EXPECT_THAT(second.error().message, HasSubstr("still busy"));

  OpenGate();
  std::expected<void, NotifierError> again;
  do {
    again = notifier->Deliver(To("a"));
  } while (!again && again.error().message.find("still busy") != std::string::npos);
  EXPECT_TRUE(again) << "it was delivered late, and is not sent a second time";
  EXPECT_EQ(Log(), "a 请签字\n");
}

TEST_F(NotifierTest, OneThatHangsDoesNotHoldUpItsDestruction) {
  auto notifier = Load("hang", std::chrono::milliseconds(20));
  ASSERT_FALSE(notifier->Deliver(To("a")));
  notifier.reset();
  EXPECT_EQ(Log(), "");
  OpenGate();
}

}  // namespace
}  // namespace duban::plugin
