// A mail server that keeps what it is sent.
#pragma once

#include <map>
#include <mutex>

#include "tests/conformance/notification/server.h"
#include "tests/conformance/notification/sink.h"

namespace duban::conformance {

struct Mail {
  std::string recipient;
  std::map<std::string, std::string> headers;  // unfolded, decoded
  std::string raw;
  std::string body;
  bool encrypted = false;
  std::string credentials;  // what AUTH PLAIN brought, decoded
};

class SmtpSink final : public Sink {
 public:
  enum class Security { kNone, kStartTls };
  explicit SmtpSink(Security security = Security::kNone);

  plugin::Settings settings() const override;
  std::vector<Received> received() override;
  void Break() override { Answer("MAIL", "451 4.7.1 please wait"); }
  void Repair() override { Answer("MAIL", ""); }

  // What is said to a command ("MAIL", "RCPT", "DATA", "AUTH", "." or "GREETING") instead of a yes;
  // "hang" says nothing.
  void Answer(const std::string& command, const std::string& reply);
  std::vector<Mail> mails();
  // Everything that came before encryption, or all of it when there was none.
  std::string clear_text();
  const Certificate& certificate() const { return certificate_; }

 private:
  void Serve(Stream& stream);
  bool Obey(Stream& stream, const std::string& command, Mail& mail);
  bool Reply(Stream& stream, const std::string& command, const std::string& yes);
  void Keep(Stream& stream, Mail& mail);

  const Security security_;
  Certificate certificate_;
  std::mutex mutex_;
  std::map<std::string, std::string> answers_;
  std::vector<Mail> mails_;
  std::string clear_text_;
  Server server_;
};

// Of a header: RFC 2047 encoded words; of a body: base64.
std::string DecodeHeader(const std::string& text);
std::string DecodeBase64(const std::string& text);

}  // namespace duban::conformance
