#include "plugins/notification/robot/robot.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <nlohmann/json.hpp>

#include "plugins/notification/curl/transfer.h"
#include "plugins/notification/curl/url.h"
#include "plugins/notification/robot/text.h"

namespace duban::notification_robot {
namespace {

using notification_curl::Transfer;
using plugin::Bilingual;
using ports::NotifierError;
using Kind = NotifierError::Kind;
using Result = std::expected<void, NotifierError>;

constexpr std::size_t kMaxAddressBytes = 128;
constexpr std::size_t kMaxAnswerBytes = 16 * 1024;

bool Contains(const std::vector<std::int64_t>& codes, std::int64_t code) {
  return std::ranges::find(codes, code) != codes.end();
}

bool IsHeaderValue(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return c >= ' ' && c != '\x7f'; });
}

NotifierError Unaddressed(std::string_view robot) {
  return {Kind::kUnreachable,
          Bilingual(fmt::format("收件人没有有效的 {} 地址；请在组织数据的 addresses 中补上", robot),
                    fmt::format("the recipient has no valid {} address; add it to `addresses` in "
                                "the organisation",
                                robot)),
          0};
}

}  // namespace

bool IsAddress(std::string_view address) {
  if (address.empty() || address.size() > kMaxAddressBytes) return false;
  if (address == "all" || address == "@all") return false;
  return std::ranges::all_of(address, [](unsigned char c) {
    return std::isalnum(c) != 0 || c == '_' || c == '-' || c == '.' || c == '@' || c == '+';
  });
}

Robot::Robot(Service service, const plugin::Settings& settings)
    : service_(std::move(service)),
      options_(ReadOptions(service_, settings)),
      limit_(service_.limits) {}

Robot::Options Robot::ReadOptions(const Service& service, const plugin::Settings& settings) {
  plugin::SettingsReader reader(settings);
  Options o;
  o.url = reader.Secret("url");
  if (service.signs) o.secret = reader.Secret("secret");
  o.posts_unaddressed = reader.OneOf("unaddressed", {"refused", "posted"}) == "posted";
  o.ca_file = reader.Optional("ca_file");
  o.timeout = std::chrono::seconds(reader.Integer("timeout_seconds", 20, 1, 600));
  reader.Finish();
  const auto refuse = [](std::string_view zh, std::string_view en) {
    throw std::invalid_argument(Bilingual(zh, en));
  };
  if (o.url.empty()) {
    refuse("缺少设置 url_file 或 url_env：群机器人的 Webhook 地址（内含密钥）",
           "set url_file or url_env: the robot's webhook address, which contains its key");
  }
  const notification_curl::Url url = notification_curl::Parse(o.url);
  o.host = url.host;
  if (url.scheme != "https" && !(url.scheme == "http" && url.is_this_machine())) {
    refuse("群机器人的地址应以 https:// 开头", "the robot's address is to begin with https://");
  }
  return o;
}

Result Robot::Deliver(const ports::Message& message) {
  ports::Message clean = message;
  for (std::string* text : {&clean.subject, &clean.body, &clean.recipient_name, &clean.case_id}) {
    *text = Clean(*text);
  }
  if (!IsAddress(clean.address)) {
    if (!options_.posts_unaddressed) return std::unexpected(Unaddressed(service_.name));
    clean.address.clear();
  }
  const auto wait = limit_.Take(std::chrono::steady_clock::now());
  if (wait > std::chrono::milliseconds::zero()) {
    return std::unexpected(
        NotifierError{Kind::kTemporary,
                      Bilingual("已达到群机器人的发送频率上限，稍后再发",
                                "the robot takes no more messages for the moment"),
                      wait.count()});
  }
  return Post(Write(clean, options_.secret, std::chrono::system_clock::now()),
              IsHeaderValue(message.idempotency_key) ? message.idempotency_key : "");
}

Result Robot::Post(const Request& request, const std::string& key) {
  Transfer transfer(options_.timeout);
  transfer.Set(CURLOPT_PROTOCOLS_STR, "http,https");
  std::string query = request.query;
  if (!query.empty() && options_.url.find('?') == std::string::npos) query[0] = '?';
  transfer.Set(CURLOPT_URL, options_.url + query);
  if (!options_.ca_file.empty()) transfer.Set(CURLOPT_CAINFO, options_.ca_file);
  transfer.Set(CURLOPT_USERAGENT, "duban");
  transfer.Set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.size()));
  transfer.Set(CURLOPT_POSTFIELDS, request.body);
  for (const auto& line : {std::string("Content-Type: application/json; charset=utf-8"),
                           "Idempotency-Key: " + key, std::string("Expect:")}) {
    transfer.AddLine(CURLOPT_HTTPHEADER, line);
  }
  std::string answer;
  transfer.Receive(answer, kMaxAnswerBytes);
  const CURLcode code = transfer.Perform();
  if (code != CURLE_OK) return std::unexpected(notification_curl::NoAnswer(options_.host, code));
  const long status = transfer.Status();
  if (status >= 200 && status < 300) return Judge(answer);
  if (status == 429) return std::unexpected(TooMany("HTTP 429"));
  const bool temporary = status == 408 || status >= 500;
  return std::unexpected(
      NotifierError{temporary ? Kind::kTemporary : Kind::kPermanent,
                    Bilingual(fmt::format("{} 应答 HTTP {}", options_.host, status),
                              fmt::format("{} answered HTTP {}", options_.host, status)),
                    temporary ? transfer.RetryAfter().count() : 0});
}

Result Robot::Judge(const std::string& answer) {
  const auto json = nlohmann::json::parse(answer, nullptr, false);
  const auto code = json.is_object() ? json.find(service_.code) : json.end();
  if (!json.is_object() || code == json.end() || !code->is_number_integer()) {
    return std::unexpected(NotifierError{
        Kind::kTemporary,
        Bilingual(fmt::format("{} 的应答不是 {} 的格式", options_.host, service_.name),
                  fmt::format("{} did not answer as {} does", options_.host, service_.name)),
        0});
  }
  const auto number = code->get<std::int64_t>();
  if (number == 0) return {};
  const std::string said = fmt::format("{} {}", service_.code, number);
  if (Contains(service_.too_many, number)) return std::unexpected(TooMany(said));
  const bool hopeless = Contains(service_.hopeless, number);
  return std::unexpected(
      NotifierError{hopeless ? Kind::kPermanent : Kind::kTemporary,
                    Bilingual(fmt::format("{} 拒绝：{}{}", service_.name, said,
                                          hopeless ? "；请检查地址、密钥和机器人的安全设置" : ""),
                              fmt::format("{} refused: {}{}", service_.name, said,
                                          hopeless ? "; check the address, the secret and the "
                                                     "robot's security settings"
                                                   : "")),
                    0});
}

NotifierError Robot::TooMany(std::string_view why) {
  limit_.Hold(std::chrono::steady_clock::now(), service_.pause);
  return {Kind::kTemporary,
          Bilingual(fmt::format("{} 限流（{}），暂停发送", service_.name, why),
                    fmt::format("{} says it is too much ({}); pausing", service_.name, why)),
          service_.pause.count()};
}

}  // namespace duban::notification_robot
