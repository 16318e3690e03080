#include "plugins/notification/wecom/message.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "plugins/notification/robot/text.h"

namespace duban::notification_wecom {
namespace {

using notification_robot::Shorten;
using notification_robot::ShortenWithCase;
using notification_robot::WithoutMarkup;

constexpr std::size_t kMaxSubjectBytes = 512;

// In a text WeCom looks for one thing only, <@userid>: what a case says must not call anybody.
std::string WithoutCalls(std::string text) {
  for (std::size_t at = text.find("<@"); at != std::string::npos; at = text.find("<@", at)) {
    text.replace(at, 1, "＜");
  }
  return text;
}

}  // namespace

std::string ToJson(const ports::Message& m) {
  using Json = nlohmann::ordered_json;
  const bool alarm = model::IsAlarm(m.urgency);
  const auto safe = [&](const std::string& text) {
    return alarm ? WithoutMarkup(text) : WithoutCalls(text);
  };
  const std::string call =
      m.address.empty() ? safe(Shorten(m.recipient_name, 100)) : fmt::format("<@{}>", m.address);
  const std::string subject = Shorten(safe(m.subject), kMaxSubjectBytes);
  const std::string head =
      alarm ? fmt::format("<font color=\"warning\">**{}**</font>\n", subject) : subject + "\n";
  const std::size_t limit = alarm ? kMaxMarkdownBytes : kMaxTextBytes;
  const std::size_t room = limit - head.size() - call.size() - 1;
  std::string content = head + ShortenWithCase(safe(m.body), room, m.case_id, m.language);
  content += "\n" + call;
  const char* type = alarm ? "markdown" : "text";
  const Json json{{"msgtype", type}, {type, {{"content", content}}}};
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace duban::notification_wecom
