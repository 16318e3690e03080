// A notifier that posts each message as JSON to an address of yours.
//
// Settings: url (required; https, or http to this machine); secret_file or secret_env (required),
// the key of the signature; plaintext (refused or allowed), whether url may be http to another
// machine; ca_file, the certificates that the server's must lead to (the system's); timeout_seconds
// (20). Headers: Idempotency-Key, X-Duban-Timestamp (seconds since 1970, when it was sent) and
// X-Duban-Signature (signature.h). Any 2xx is a delivery; 429, 408, 5xx and no answer are
// temporary, Retry-After is honoured; the rest is permanent, redirects too. No error text contains
// more of the url than its host.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "core/plugin/sdk.h"
#include "plugins/notification/curl/transfer.h"
#include "plugins/notification/curl/url.h"
#include "plugins/notification/json/message.h"
#include "plugins/notification/webhook/signature.h"

namespace duban::notification_webhook {
namespace {

using notification_curl::Transfer;
using plugin::Bilingual;
using ports::NotifierError;

struct Options {
  std::string url;
  std::string host;
  std::string secret;
  std::string ca_file;
  std::chrono::seconds timeout{};
};

Options ReadOptions(const plugin::Settings& settings) {
  plugin::SettingsReader reader(settings);
  Options o;
  o.url = reader.Required("url");
  o.secret = reader.Secret("secret");
  o.ca_file = reader.Optional("ca_file");
  o.timeout = std::chrono::seconds(reader.Integer("timeout_seconds", 20, 1, 600));
  const bool plaintext = reader.OneOf("plaintext", {"refused", "allowed"}) == "allowed";
  reader.Finish();
  const auto refuse = [](std::string_view zh, std::string_view en) {
    throw std::invalid_argument(Bilingual(zh, en));
  };
  if (o.secret.empty()) {
    refuse("缺少设置 secret_file 或 secret_env：签名的密钥",
           "set secret_file or secret_env: the key of the signature");
  }
  const notification_curl::Url url = notification_curl::Parse(o.url);
  o.host = url.host;
  if (url.scheme != "https" && url.scheme != "http") {
    refuse("设置 url 应为 https:// 开头的地址",
           "the setting url is to be an address that begins with https://");
  }
  if (url.scheme == "http" && !plaintext && !url.is_this_machine()) {
    refuse("url 是不加密的 http；请改用 https，或设置 plaintext = allowed",
           "the url is http, which is not encrypted; use https, or set plaintext = allowed");
  }
  return o;
}

bool IsHeaderValue(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) { return c >= ' ' && c != '\x7f'; });
}

class WebhookNotifier final : public ports::Notifier {
 public:
  explicit WebhookNotifier(const plugin::Settings& settings) : options_(ReadOptions(settings)) {}

  std::expected<void, NotifierError> Deliver(const ports::Message& message) override {
    if (!IsHeaderValue(message.idempotency_key)) {
      return std::unexpected(NotifierError{
          NotifierError::Kind::kPermanent,
          Bilingual("消息的幂等键无效", "the idempotency key cannot be a header"), 0});
    }
    const std::string body = notification_json::ToJson(message);
    Transfer transfer(options_.timeout);
    Prepare(transfer, message.idempotency_key, body);
    const CURLcode code = transfer.Perform();
    const long status = transfer.Status();
    if (code == CURLE_OK && status >= 200 && status < 300) return {};
    if (code != CURLE_OK) return std::unexpected(notification_curl::NoAnswer(options_.host, code));
    return std::unexpected(Refused(transfer, status));
  }

 private:
  void Prepare(Transfer& transfer, const std::string& key, const std::string& body) const {
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    const std::string timestamp =
        std::to_string(std::chrono::duration_cast<std::chrono::seconds>(now).count());
    transfer.Set(CURLOPT_PROTOCOLS_STR, "http,https");
    transfer.Set(CURLOPT_URL, options_.url);
    if (!options_.ca_file.empty()) transfer.Set(CURLOPT_CAINFO, options_.ca_file);
    transfer.Set(CURLOPT_USERAGENT, "duban-webhook");
    transfer.Set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(body.size()));
    transfer.Set(CURLOPT_POSTFIELDS, body);
    for (const auto& line :
         {std::string("Content-Type: application/json"), "Idempotency-Key: " + key,
          "X-Duban-Timestamp: " + timestamp,
          "X-Duban-Signature: " + Sign(options_.secret, timestamp, body), std::string("Expect:")}) {
      transfer.AddLine(CURLOPT_HTTPHEADER, line);
    }
  }

  NotifierError Refused(const Transfer& transfer, long status) const {
    const bool temporary = status == 429 || status == 408 || status >= 500;
    return {temporary ? NotifierError::Kind::kTemporary : NotifierError::Kind::kPermanent,
            Bilingual(fmt::format("{} 应答 HTTP {}", options_.host, status),
                      fmt::format("{} answered HTTP {}", options_.host, status)),
            temporary ? transfer.RetryAfter().count() : 0};
  }

  const Options options_;
};

}  // namespace
}  // namespace duban::notification_webhook

DUBAN_NOTIFIER(duban::notification_webhook::WebhookNotifier, "webhook", "1.0")
