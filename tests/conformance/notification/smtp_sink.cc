#include "tests/conformance/notification/smtp_sink.h"

#include <openssl/evp.h>

#include <algorithm>

namespace duban::conformance {
namespace {

void ParseHeaders(Mail& mail) {
  std::string rest = mail.raw;
  std::string name;
  for (std::size_t end; (end = rest.find("\r\n")) != std::string::npos; rest.erase(0, end + 2)) {
    const std::string line = rest.substr(0, end);
    if (line.empty()) {
      mail.body = DecodeBase64(rest.substr(2));
      break;
    }
    if (line[0] == ' ') {
      mail.headers[name] += line;
    } else {
      name = line.substr(0, line.find(':'));
      mail.headers[name] = line.substr(line.find(':') + 2);
    }
  }
  for (auto& [header, value] : mail.headers) value = DecodeHeader(value);
}

}  // namespace

std::string DecodeBase64(const std::string& text) {
  std::string plain;
  std::ranges::copy_if(text, std::back_inserter(plain),
                       [](char c) { return c != '\r' && c != '\n'; });
  std::string out(plain.size(), '\0');
  const int size = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(out.data()),
                                   reinterpret_cast<const unsigned char*>(plain.data()),
                                   static_cast<int>(plain.size()));
  if (size < 0) return "not base64: " + plain;
  const auto padding = static_cast<std::size_t>(
      std::ranges::count(plain.substr(plain.size() - std::min<std::size_t>(2, plain.size())), '='));
  out.resize(static_cast<std::size_t>(size) - padding);
  return out;
}

std::string DecodeHeader(const std::string& text) {
  constexpr std::string_view kStart = "=?UTF-8?B?";
  std::string out;
  std::size_t at = 0;
  for (std::size_t word; (word = text.find(kStart, at)) != std::string::npos;) {
    const std::string between = text.substr(at, word - at);
    if (at == 0 || between.find_first_not_of(' ') != std::string::npos) out += between;
    const std::size_t end = text.find("?=", word + kStart.size());
    out += DecodeBase64(text.substr(word + kStart.size(), end - word - kStart.size()));
    at = end + 2;
  }
  return out + text.substr(at);
}

SmtpSink::SmtpSink(Security security)
    : security_(security), server_([this](Stream& s) { Serve(s); }) {}

plugin::Settings SmtpSink::settings() const {
  return {{"host", "127.0.0.1"},
          {"port", std::to_string(server_.port())},
          {"security", security_ == Security::kNone ? "none" : "starttls"},
          {"from", "duban@example.gov"},
          {"from_name", "督办系统"},
          {"timeout_seconds", "10"}};
}

std::vector<Received> SmtpSink::received() {
  std::vector<Received> list;
  for (Mail& mail : mails()) {
    const std::string& id = mail.headers["Message-ID"];
    list.push_back(
        {id.substr(1, id.find('@') - 1), mail.recipient, mail.headers["Subject"], mail.body});
  }
  return list;
}

void SmtpSink::Answer(const std::string& command, const std::string& reply) {
  const std::scoped_lock lock(mutex_);
  answers_[command] = reply;
}

std::vector<Mail> SmtpSink::mails() {
  const std::scoped_lock lock(mutex_);
  return mails_;
}

std::string SmtpSink::clear_text() {
  const std::scoped_lock lock(mutex_);
  return clear_text_;
}

bool SmtpSink::Reply(Stream& stream, const std::string& command, const std::string& yes) {
  std::string answer;
  {
    const std::scoped_lock lock(mutex_);
    answer = answers_[command];
  }
  if (answer == "hang") {
    stream.WaitForEnd();
    return false;
  }
  stream.Send((answer.empty() ? yes : answer) + "\r\n");
  return answer.empty();
}

void SmtpSink::Serve(Stream& stream) {
  Reply(stream, "GREETING", "220 test");
  Mail mail;
  while (const auto line = stream.Line()) {
    if (!mail.encrypted) {
      const std::scoped_lock lock(mutex_);
      clear_text_ += *line + '\n';
    }
    if (!Obey(stream, *line, mail)) return;
  }
}

bool SmtpSink::Obey(Stream& stream, const std::string& line, Mail& mail) {
  const std::string command = line.substr(0, 4);
  if (command == "EHLO") {
    const bool offer_tls = security_ == Security::kStartTls && !mail.encrypted;
    stream.Send(std::string("250-test\r\n") + (offer_tls ? "250-STARTTLS\r\n" : "") +
                "250 AUTH PLAIN\r\n");
  } else if (command == "STAR") {
    stream.Send("220 go on\r\n");
    mail.encrypted = true;
    return stream.StartTls(certificate_);
  } else if (line.starts_with("AUTH PLAIN")) {
    std::string credentials = line.size() > 11 ? line.substr(11) : "";
    if (credentials.empty()) {
      stream.Send("334 \r\n");
      credentials = stream.Line().value_or("");
    }
    mail.credentials = DecodeBase64(credentials);
    Reply(stream, "AUTH", "235 welcome");
  } else if (command == "MAIL") {
    Reply(stream, "MAIL", "250 ok");
  } else if (command == "RCPT") {
    mail.recipient = line.substr(line.find('<') + 1, line.rfind('>') - line.find('<') - 1);
    Reply(stream, "RCPT", "250 ok");
  } else if (command == "DATA") {
    if (Reply(stream, "DATA", "354 go on")) Keep(stream, mail);
  } else {
    stream.Send("221 bye\r\n");
    return command != "QUIT";
  }
  return true;
}

void SmtpSink::Keep(Stream& stream, Mail& mail) {
  Mail kept = mail;
  while (const auto line = stream.Line()) {
    if (*line == ".") break;
    kept.raw += (line->starts_with('.') ? line->substr(1) : *line) + "\r\n";
  }
  ParseHeaders(kept);
  if (!Reply(stream, ".", "250 ok")) return;
  const std::scoped_lock lock(mutex_);
  mails_.push_back(std::move(kept));
}

}  // namespace duban::conformance
