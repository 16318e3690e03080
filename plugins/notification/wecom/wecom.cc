// A notifier that posts to a WeCom 企业微信 group through its robot (消息推送).
//
// Settings: robot/robot.h. A person's address is the userid. The key in the webhook address is the
// only secret, there is no signature. At most 20 messages a minute; after "too frequent" a minute's
// pause.
#include "plugins/notification/robot/robot.h"
#include "plugins/notification/wecom/message.h"

namespace duban::notification_wecom {
namespace {

using namespace std::chrono_literals;

notification_robot::Service WeCom() {
  return {.name = "wecom",
          .signs = false,
          .limits = {{20, 60s}},
          .code = "errcode",
          .too_many = {45009},
          .pause = 60s,
          // Wrong key; content that WeCom does not take (empty, too long, wrong type).
          .hopeless = {93000, 40008, 40058, 44004, 45002}};
}

class WeComNotifier final : public notification_robot::Robot {
 public:
  explicit WeComNotifier(const plugin::Settings& settings) : Robot(WeCom(), settings) {}

 private:
  Request Write(const ports::Message& message, const std::string&,
                std::chrono::system_clock::time_point) const override {
    return {"", ToJson(message)};
  }
};

}  // namespace
}  // namespace duban::notification_wecom

DUBAN_NOTIFIER(duban::notification_wecom::WeComNotifier, "wecom", "1.0")
