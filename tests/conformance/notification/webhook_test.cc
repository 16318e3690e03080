// What only a webhook has: the signature, and what each status means.
#include <gmock/gmock.h>

#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <fstream>

#include "plugins/notification/webhook/signature.h"
#include "tests/conformance/notification/http_sink.h"
#include "tests/conformance/notification/subject.h"

namespace duban::conformance {
namespace {

using notification_webhook::Sign;
using ports::NotifierError;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using Kind = NotifierError::Kind;

NotifierError ErrorOf(const plugin::Settings& settings) {
  const auto result = Load("webhook", settings)->Deliver(Reminder("c-1-head"));
  return result ? NotifierError{Kind::kTemporary, "no error", 0} : result.error();
}

// Computed with: printf '1652662800.{"a":1}' | openssl dgst -sha256 -hmac key
TEST(WebhookTest, TheSignatureIsThatOfEveryOtherImplementation) {
  EXPECT_EQ(Sign("key", "1652662800", "{\"a\":1}"),
            "sha256=a8e00f4d7a6431160c8415b3a6fcb1ba4097a76461bce9ca4edd903fa2c9a160");
}

TEST(WebhookTest, AReceiverCanVerifyWhatItGets) {
  HttpSink sink;
  ASSERT_TRUE(Load("webhook", sink.settings())->Deliver(Reminder("c-1-head")));
  Post post = sink.posts().at(0);
  EXPECT_EQ(post.path, "/hooks/duban?token=hunter2");
  EXPECT_EQ(post.headers["content-type"], "application/json");
  EXPECT_EQ(post.headers["idempotency-key"], "c-1-head");
  const std::string& timestamp = post.headers["x-duban-timestamp"];
  EXPECT_LT(std::abs(std::stoll(timestamp) - std::time(nullptr)), 60);
  EXPECT_EQ(post.headers["x-duban-signature"], Sign(HttpSink::kSecret, timestamp, post.body));
  EXPECT_THAT(post.body, AllOf(HasSubstr(R"("urgency":"urgent")"),
                               HasSubstr(R"("created_at":"2022-05-16T01:00:00.5Z")"),
                               HasSubstr(R"("recipient_name":"局长")"),
                               HasSubstr(R"("workflow":"judicial-referral")")));
}

TEST(WebhookTest, TheStatusDecides) {
  const struct {
    const char* status;
    const char* headers;
    Kind kind;
    std::int64_t retry_after_ms;
  } cases[] = {
      {"429 Too Many Requests", "Retry-After: 120\r\n", Kind::kTemporary, 120'000},
      {"503 Service Unavailable", "Retry-After: 7\r\n", Kind::kTemporary, 7'000},
      {"503 Service Unavailable", "Retry-After: 99999999\r\n", Kind::kTemporary, 86'400'000},
      {"500 Internal Server Error", "", Kind::kTemporary, 0},
      {"408 Request Timeout", "", Kind::kTemporary, 0},
      {"400 Bad Request", "Retry-After: 5\r\n", Kind::kPermanent, 0},
      {"401 Unauthorized", "", Kind::kPermanent, 0},
      {"410 Gone", "", Kind::kPermanent, 0},
      {"302 Found", "Location: http://127.0.0.1:1/\r\n", Kind::kPermanent, 0}};
  for (const auto& c : cases) {
    HttpSink sink;
    sink.Answer(c.status, c.headers);
    const NotifierError error = ErrorOf(sink.settings());
    EXPECT_EQ(error.kind, c.kind) << c.status;
    EXPECT_EQ(error.retry_after_ms, c.retry_after_ms) << c.status;
    EXPECT_THAT(error.message, HasSubstr(std::string(c.status).substr(0, 3)));
  }
}

TEST(WebhookTest, NobodyThereAndNoAnswerAreTemporaryAndNameTheHostOnly) {
  plugin::Settings gone;
  {
    const HttpSink sink;
    gone = sink.settings();
    std::filesystem::copy(gone["secret_file"], gone["secret_file"] + "-kept");
    gone["secret_file"] += "-kept";
  }
  const NotifierError refused = ErrorOf(gone);
  std::filesystem::remove(gone["secret_file"]);
  EXPECT_EQ(refused.kind, Kind::kTemporary);

  HttpSink silent;
  silent.Answer("hang");
  plugin::Settings settings = silent.settings();
  settings["timeout_seconds"] = "1";
  const NotifierError timed_out = ErrorOf(settings);
  EXPECT_EQ(timed_out.kind, Kind::kTemporary);
  for (const auto& error : {refused, timed_out}) {
    EXPECT_THAT(error.message, AllOf(HasSubstr("127.0.0.1"), Not(HasSubstr("hunter2")),
                                     Not(HasSubstr("hooks")), Not(HasSubstr(HttpSink::kSecret))));
  }
}

TEST(WebhookTest, SettingsThatWouldLeakOrMakeNoSenseAreRefused) {
  setenv("DUBAN_TEST_SECRET", HttpSink::kSecret, 1);
  const auto with = [](plugin::Settings settings) {
    settings.emplace("secret_env", "DUBAN_TEST_SECRET");
    return Refusal("webhook", settings);
  };
  EXPECT_THAT(with({}), HasSubstr("the setting url is missing"));
  EXPECT_THAT(with({{"url", "http://intranet.example/hook"}}), HasSubstr("plaintext = allowed"));
  EXPECT_THAT(with({{"url", "http://intranet.example/hook"}, {"plaintext", "allowed"}}),
              HasSubstr("was loaded"));
  EXPECT_THAT(with({{"url", "https://hooks.example/hook"}}), HasSubstr("was loaded"));
  EXPECT_THAT(with({{"url", "ftp://hooks.example/hook"}}), HasSubstr("begins with https://"));
  EXPECT_THAT(with({{"url", "nonsense"}}), HasSubstr("begins with https://"));
  EXPECT_THAT(Refusal("webhook", {{"url", "https://hooks.example/hook"}}),
              HasSubstr("set secret_file or secret_env"));
}

TEST(WebhookTest, AKeyThatCannotBeAHeaderIsRefusedForGood) {
  HttpSink sink;
  const auto notifier = Load("webhook", sink.settings());
  for (const char* key : {"", "a\r\nX-Forged: yes"}) {
    const auto result = notifier->Deliver(Reminder(key));
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().kind, Kind::kPermanent);
  }
  EXPECT_TRUE(sink.posts().empty());
}

}  // namespace
}  // namespace duban::conformance
