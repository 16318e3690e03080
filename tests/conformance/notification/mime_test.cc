#include "plugins/notification/email/mime.h"

#include "tests/conformance/notification/smtp_sink.h"
#include "tests/conformance/notification/subject.h"

namespace duban::notification_email {
namespace {

using conformance::DecodeHeader;

std::string Unfolded(std::string text) {
  for (std::size_t at; (at = text.find("\r\n")) != std::string::npos;) text.erase(at, 2);
  return text;
}

TEST(Mime, AHeaderOfAnyTextComesBackAndNoLineIsTooLong) {
  const std::string texts[] = {"",
                               "plain",
                               "移送",
                               std::string(500, 'x'),
                               "=?UTF-8?B?x?=",
                               "a\r\nBcc: x@y",
                               "混合 mixed 文字" + std::string(300, '.'),
                               "🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂",
                               std::string(100, '\x80')};
  for (const auto& text : texts) {
    const std::string header = EncodeHeader(text);
    EXPECT_EQ(DecodeHeader(Unfolded(header)), text);
    for (std::size_t at = 0; at < header.size();) {
      const std::size_t end = std::min(header.find("\r\n", at), header.size());
      EXPECT_LE(end - at, 76u) << text;
      at = end + 2;
      EXPECT_TRUE(at >= header.size() || header[at] == ' ')
          << "a continuation, not a header of its own";
    }
  }
}

TEST(Mime, AnEncodedWordNeverEndsWithinACharacter) {
  std::string text;
  for (int i = 0; i < 40; ++i) {
    text += i % 3 == 0 ? "a" : i % 3 == 1 ? "督" : "🙂";
    const std::string header = EncodeHeader(text + "é");
    for (std::size_t at = 0; (at = header.find("=?", at)) != std::string::npos;
         at = header.find("?=", at) + 2) {
      const std::string word = DecodeHeader(header.substr(at, header.find("?=", at + 10) + 2 - at));
      EXPECT_NE(static_cast<unsigned char>(word[0]) & 0xc0, 0x80) << word;
    }
  }
}

TEST(Mime, DatesBeforeAndAfter1970) {
  ports::Message message = conformance::Reminder("k");
  const auto date = [&](std::int64_t seconds) {
    message.created_at = {seconds, 0};
    return ToMail(message, {"a@b", ""}).substr(6, 31);
  };
  EXPECT_EQ(date(0), "Thu, 01 Jan 1970 00:00:00 +0000");
  EXPECT_EQ(date(-1), "Wed, 31 Dec 1969 23:59:59 +0000");
  EXPECT_EQ(date(1'660'953'600), "Sat, 20 Aug 2022 00:00:00 +0000");
}

TEST(Mime, Mailboxes) {
  EXPECT_TRUE(IsMailbox("head@example.gov"));
  EXPECT_TRUE(IsMailbox("局长@例子.中国"));
  EXPECT_TRUE(IsMailbox(std::string(252, 'a') + "@b"));
  EXPECT_FALSE(IsMailbox(std::string(253, 'a') + "@b"));
}

}  // namespace
}  // namespace duban::notification_email
