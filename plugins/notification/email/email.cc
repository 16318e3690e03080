// A notifier that sends each message as an e-mail over SMTP.
//
// Settings: host, from (required); port (587, 465 with security = tls); security (starttls, tls or
// none: encrypted or nothing is sent); user, with password_file or password_env; from_name;
// ca_file, the certificates that the server's must lead to (the system's); timeout_seconds (20). A
// refusal with 4xx is temporary, with 5xx permanent; anything before an answer is temporary. After
// a crash the same mail may come twice, with the same Message-ID.
#include <fmt/format.h>

#include "core/plugin/sdk.h"
#include "plugins/notification/curl/transfer.h"
#include "plugins/notification/email/mime.h"

namespace duban::notification_email {
namespace {

using notification_curl::Transfer;
using plugin::Bilingual;
using ports::NotifierError;

struct Options {
  std::string host;
  long port = 0;
  std::string security;
  Sender sender;
  std::string user;
  std::string password;
  std::string ca_file;
  std::chrono::seconds timeout{};
};

Options ReadOptions(const plugin::Settings& settings) {
  plugin::SettingsReader reader(settings);
  Options o;
  o.host = reader.Required("host");
  o.security = reader.OneOf("security", {"starttls", "tls", "none"});
  o.port = reader.Integer("port", o.security == "tls" ? 465 : 587, 1, 65535);
  o.sender = {reader.Required("from"), reader.Optional("from_name")};
  o.user = reader.Optional("user");
  o.password = reader.Secret("password");
  o.ca_file = reader.Optional("ca_file");
  o.timeout = std::chrono::seconds(reader.Integer("timeout_seconds", 20, 1, 600));
  reader.Finish();
  const auto refuse = [](std::string_view zh, std::string_view en) {
    throw std::invalid_argument(Bilingual(zh, en));
  };
  if (!IsMailbox(o.sender.address))
    refuse("设置 from 不是邮箱地址", "the setting from is not a mailbox");
  if (o.host.find_first_of("/@?# ") != std::string::npos) {
    refuse("设置 host 应只是主机名", "the setting host is to be a host name only");
  }
  if (o.user.empty() != o.password.empty()) {
    refuse("user 与 password_file（或 password_env）须同时设置",
           "set both user and password_file (or password_env), or neither");
  }
  if (!o.password.empty() && o.security == "none") {
    refuse("不加密时不会发送口令；请设置 security = starttls 或 tls",
           "a password is never sent in the clear; set security = starttls or tls");
  }
  return o;
}

NotifierError NoMailbox() {
  return {NotifierError::Kind::kUnreachable,
          Bilingual("收件人没有有效的邮箱地址；请在组织数据中补上",
                    "the recipient has no valid mailbox; add it to the organisation"),
          0};
}

class EmailNotifier final : public ports::Notifier {
 public:
  explicit EmailNotifier(const plugin::Settings& settings) : options_(ReadOptions(settings)) {}

  std::expected<void, NotifierError> Deliver(const ports::Message& message) override {
    if (!IsMailbox(message.address)) return std::unexpected(NoMailbox());
    const std::string mail = ToMail(message, options_.sender);
    Transfer transfer(options_.timeout);
    Prepare(transfer, message.address);
    transfer.Upload(mail);
    const CURLcode code = transfer.Perform();
    if (code == CURLE_OK) return {};
    return std::unexpected(ErrorOf(transfer, code));
  }

 private:
  void Prepare(Transfer& transfer, const std::string& recipient) const {
    const char* scheme = options_.security == "tls" ? "smtps" : "smtp";
    transfer.Set(CURLOPT_PROTOCOLS_STR, "smtp,smtps");
    transfer.Set(CURLOPT_URL, fmt::format("{}://{}:{}", scheme, options_.host, options_.port));
    transfer.Set(CURLOPT_PROXY, "");
    const auto tls = options_.security == "none" ? CURLUSESSL_NONE : CURLUSESSL_ALL;
    transfer.Set(CURLOPT_USE_SSL, static_cast<long>(tls));
    if (!options_.ca_file.empty()) transfer.Set(CURLOPT_CAINFO, options_.ca_file);
    if (!options_.user.empty()) {
      transfer.Set(CURLOPT_USERNAME, options_.user);
      transfer.Set(CURLOPT_PASSWORD, options_.password);
    }
    transfer.Set(CURLOPT_MAIL_FROM, fmt::format("<{}>", options_.sender.address));
    transfer.AddLine(CURLOPT_MAIL_RCPT, fmt::format("<{}>", recipient));
  }

  // Only where the server refused does its code decide.
  NotifierError ErrorOf(const Transfer& transfer, CURLcode code) const {
    const bool refused = code == CURLE_SEND_ERROR || code == CURLE_LOGIN_DENIED ||
                         code == CURLE_RECV_ERROR || code == CURLE_WEIRD_SERVER_REPLY ||
                         code == CURLE_REMOTE_ACCESS_DENIED || code == CURLE_UPLOAD_FAILED;
    const long status = transfer.Status();
    if (!refused || status < 400 || status > 599) {
      return notification_curl::NoAnswer(fmt::format("{}:{}", options_.host, options_.port), code);
    }
    const std::string answer = transfer.RefusalLine();
    return {status < 500 ? NotifierError::Kind::kTemporary : NotifierError::Kind::kPermanent,
            Bilingual(fmt::format("邮件服务器 {} 拒绝：{}", options_.host, answer),
                      fmt::format("the mail server {} refused: {}", options_.host, answer)),
            0};
  }

  const Options options_;
};

}  // namespace
}  // namespace duban::notification_email

DUBAN_NOTIFIER(duban::notification_email::EmailNotifier, "email", "1.0")
