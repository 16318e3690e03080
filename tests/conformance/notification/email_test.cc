// What only e-mail has: encryption, log-in, codes of refusal.
#include <gmock/gmock.h>

#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "tests/conformance/notification/smtp_sink.h"
#include "tests/conformance/notification/subject.h"

namespace duban::conformance {
namespace {

using ports::NotifierError;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using Kind = NotifierError::Kind;

constexpr const char* kPassword = "s3cret-passw0rd";

class EmailTest : public testing::Test {
 protected:
  EmailTest() { setenv("DUBAN_TEST_PASSWORD", kPassword, 1); }
  ~EmailTest() override { std::filesystem::remove(ca_file_); }

  plugin::Settings Encrypted(const SmtpSink& sink, const Certificate& trusted) {
    std::ofstream(ca_file_) << trusted.Pem();
    plugin::Settings settings = sink.settings();
    settings["ca_file"] = ca_file_;
    settings["user"] = "duban";
    settings["password_env"] = "DUBAN_TEST_PASSWORD";
    return settings;
  }
  static NotifierError ErrorOf(const plugin::Settings& settings, const ports::Message& message) {
    const auto result = Load("email", settings)->Deliver(message);
    return result ? NotifierError{Kind::kTemporary, "no error", 0} : result.error();
  }

  const std::string ca_file_ =
      (std::filesystem::temp_directory_path() / ("duban-ca-" + std::to_string(getpid()))).string();
};

TEST_F(EmailTest, HeadersAreCompleteAndEncoded) {
  SmtpSink sink;
  ASSERT_TRUE(Load("email", sink.settings())->Deliver(Reminder("c-1-head")));
  Mail mail = sink.mails().at(0);
  EXPECT_EQ(mail.headers["From"], "督办系统 <duban@example.gov>");
  EXPECT_EQ(mail.headers["To"], "局长 <head@example.gov>");
  EXPECT_EQ(mail.headers["Date"], "Mon, 16 May 2022 01:00:00 +0000");
  EXPECT_EQ(mail.headers["Message-ID"], "<c-1-head@example.gov>");
  EXPECT_EQ(mail.headers["Content-Type"], "text/plain; charset=UTF-8");
  EXPECT_EQ(mail.headers["Content-Language"], "zh");
  EXPECT_EQ(mail.headers["Importance"], "high");
  EXPECT_EQ(mail.headers["Auto-Submitted"], "auto-generated");
}

TEST_F(EmailTest, StartTlsIsUsedAndTheLogInComesAfterIt) {
  SmtpSink sink(SmtpSink::Security::kStartTls);
  const auto result =
      Load("email", Encrypted(sink, sink.certificate()))->Deliver(Reminder("c-1-head"));
  ASSERT_TRUE(result) << result.error().message;
  const Mail mail = sink.mails().at(0);
  EXPECT_TRUE(mail.encrypted);
  EXPECT_EQ(mail.credentials, std::string("\0duban\0", 7) + kPassword);
  EXPECT_THAT(sink.clear_text(),
              AllOf(HasSubstr("STARTTLS"), Not(HasSubstr("AUTH PLAIN")), Not(HasSubstr("MAIL"))));
}

TEST_F(EmailTest, ACertificateThatIsNotTrustedIsNotTalkedTo) {
  SmtpSink sink(SmtpSink::Security::kStartTls);
  const Certificate other;
  const NotifierError error = ErrorOf(Encrypted(sink, other), Reminder("c-1-head"));
  EXPECT_EQ(error.kind, Kind::kTemporary);
  EXPECT_THAT(error.message, AllOf(HasSubstr("127.0.0.1"), HasSubstr("certificate")));
  EXPECT_TRUE(sink.mails().empty());
}

TEST_F(EmailTest, AServerWithoutEncryptionGetsNothing) {
  SmtpSink sink;
  plugin::Settings settings = Encrypted(sink, sink.certificate());
  settings["security"] = "starttls";
  EXPECT_EQ(ErrorOf(settings, Reminder("c-1-head")).kind, Kind::kTemporary);
  EXPECT_TRUE(sink.mails().empty());
  EXPECT_THAT(sink.clear_text(), AllOf(Not(HasSubstr("AUTH")), Not(HasSubstr("MAIL"))));
}

TEST_F(EmailTest, TheCodeOfARefusalDecides) {
  const struct {
    const char* command;
    const char* reply;
    Kind kind;
  } cases[] = {{"MAIL", "451 4.7.1 greylisted", Kind::kTemporary},
               {"RCPT", "450 4.2.0 mailbox busy", Kind::kTemporary},
               {"RCPT", "550 5.1.1 no such mailbox", Kind::kPermanent},
               {"DATA", "554 5.7.1 refused", Kind::kPermanent},
               {".", "452 4.2.2 full", Kind::kTemporary},
               {".", "552 5.3.4 too big", Kind::kPermanent}};
  for (const auto& c : cases) {
    SmtpSink sink;
    sink.Answer(c.command, c.reply);
    const NotifierError error = ErrorOf(sink.settings(), Reminder("c-1-head"));
    EXPECT_EQ(error.kind, c.kind) << c.reply << " → " << error.message;
    EXPECT_THAT(error.message, HasSubstr(c.reply)) << c.command;
    EXPECT_TRUE(sink.mails().empty());
  }
}

TEST_F(EmailTest, AWrongPasswordIsPermanentAndNotRepeatedInTheError) {
  SmtpSink sink(SmtpSink::Security::kStartTls);
  sink.Answer("AUTH", "535 5.7.8 wrong password");
  const NotifierError error = ErrorOf(Encrypted(sink, sink.certificate()), Reminder("c-1-head"));
  EXPECT_EQ(error.kind, Kind::kPermanent);
  EXPECT_THAT(error.message, AllOf(HasSubstr("535"), Not(HasSubstr(kPassword))));
}

TEST_F(EmailTest, NobodyThereAndNoAnswerAreTemporary) {
  plugin::Settings settings;
  {
    const SmtpSink gone;
    settings = gone.settings();
  }
  EXPECT_EQ(ErrorOf(settings, Reminder("c-1-head")).kind, Kind::kTemporary);

  SmtpSink silent;
  silent.Answer("RCPT", "hang");
  settings = silent.settings();
  settings["timeout_seconds"] = "1";
  const NotifierError error = ErrorOf(settings, Reminder("c-1-head"));
  EXPECT_EQ(error.kind, Kind::kTemporary);
  EXPECT_THAT(error.message, HasSubstr("Timeout"));
}

TEST_F(EmailTest, AnAddressThatIsNoMailboxIsPermanentAndReachesNobody) {
  SmtpSink sink;
  for (const char* address : {"", "head", "@example.gov", "head@", "a@b@c",
                              "head@example.gov>\r\nRCPT TO:<x@y", "a b@c", "a@b\nBcc: x@y"}) {
    ports::Message message = Reminder("c-1-head");
    message.address = address;
    EXPECT_EQ(ErrorOf(sink.settings(), message).kind, Kind::kUnreachable) << address;
  }
  EXPECT_EQ(sink.clear_text(), "");
}

TEST_F(EmailTest, SettingsThatWouldLeakOrMakeNoSenseAreRefused) {
  const SmtpSink sink;
  const auto with = [&](plugin::Settings more) {
    more.merge(sink.settings());
    return Refusal("email", more);
  };
  EXPECT_THAT(with({{"user", "duban"}, {"password_env", "DUBAN_TEST_PASSWORD"}}),
              HasSubstr("never sent in the clear"));
  EXPECT_THAT(with({{"user", "duban"}}), HasSubstr("set both user and password_file"));
  EXPECT_THAT(with({{"password", kPassword}}),
              AllOf(HasSubstr("no setting password"), Not(HasSubstr(kPassword))));
  EXPECT_THAT(with({{"from", "nobody"}}), HasSubstr("from is not a mailbox"));
  EXPECT_THAT(with({{"host", "a/b"}}), HasSubstr("host name only"));
  EXPECT_THAT(with({{"port", "0"}}), HasSubstr("from 1 to 65535"));
  EXPECT_THAT(with({{"security", "maybe"}}), HasSubstr("starttls, tls, none"));
  EXPECT_THAT(Refusal("email", {}), HasSubstr("the setting host is missing"));
}

}  // namespace
}  // namespace duban::conformance
