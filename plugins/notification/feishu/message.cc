#include "plugins/notification/feishu/message.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "plugins/notification/hmac/hmac.h"
#include "plugins/notification/robot/text.h"

namespace duban::notification_feishu {
namespace {

using notification_robot::Shorten;
using notification_robot::ShortenWithCase;
using Json = nlohmann::ordered_json;

constexpr std::size_t kMaxSubjectBytes = 500;

Json Plain(const std::string& text) { return {{"tag", "plain_text"}, {"content", text}}; }

Json Post(const ports::Message& m, const std::string& subject, const std::string& body) {
  const Json whom = m.address.empty() ? Json{{"tag", "text"}, {"text", m.recipient_name}}
                                      : Json{{"tag", "at"}, {"user_id", m.address}};
  Json post{{"title", subject},
            {"content", Json::array({Json::array({Json{{"tag", "text"}, {"text", body}}}),
                                     Json::array({whom})})}};
  return {{"post", {{"zh_cn", std::move(post)}}}};
}

Json Card(const ports::Message& m, const std::string& subject, const std::string& body) {
  const Json whom =
      m.address.empty()
          ? Plain(m.recipient_name)
          : Json{{"tag", "lark_md"}, {"content", fmt::format("<at id={}></at>", m.address)}};
  return {{"config", {{"wide_screen_mode", true}}},
          {"header", {{"title", Plain(subject)}, {"template", "red"}}},
          {"elements", Json::array({Json{{"tag", "div"}, {"text", Plain(body)}},
                                    Json{{"tag", "div"}, {"text", whom}}})}};
}

}  // namespace

std::string ToJson(const ports::Message& message, std::string_view secret, std::int64_t timestamp) {
  ports::Message m = message;
  m.recipient_name = Shorten(m.recipient_name, 100);
  const std::string subject = Shorten(m.subject, kMaxSubjectBytes);
  const std::string body = ShortenWithCase(m.body, kMaxTextBytes, m.case_id, m.language);
  Json json = Json::object();
  if (!secret.empty()) {
    json["timestamp"] = fmt::format("{}", timestamp);
    json["sign"] = Sign(secret, timestamp);
  }
  if (model::IsAlarm(m.urgency)) {
    json["msg_type"] = "interactive";
    json["card"] = Card(m, subject, body);
  } else {
    json["msg_type"] = "post";
    json["content"] = Post(m, subject, body);
  }
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string Sign(std::string_view secret, std::int64_t timestamp) {
  return notification_hmac::HmacBase64(fmt::format("{}\n{}", timestamp, secret), "");
}

}  // namespace duban::notification_feishu
