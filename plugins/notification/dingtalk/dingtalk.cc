// A notifier that posts to a DingTalk 钉钉 group through a custom robot.
//
// Settings: robot/robot.h; secret_file or secret_env, the key that begins with SEC, when the robot
// is secured by a signature. A person's address is a mobile number or a userid. At most 20 messages
// a minute, for more DingTalk shuts the robot out for ten minutes: after such an answer nothing is
// sent for longer than that.
#include "plugins/notification/dingtalk/message.h"
#include "plugins/notification/robot/robot.h"

namespace duban::notification_dingtalk {
namespace {

using namespace std::chrono_literals;

notification_robot::Service DingTalk() {
  return {.name = "dingtalk",
          .signs = true,
          .limits = {{20, 60s}},
          .code = "errcode",
          .too_many = {130101, 410100},
          .pause = 10min + 30s,
          // Wrong signature, keyword or IP; wrong token; a robot that was stopped; wrong content.
          .hopeless = {310000, 300001, 300005, 400013, 400101, 400102, 400105, 40035, 43004}};
}

class DingTalkNotifier final : public notification_robot::Robot {
 public:
  explicit DingTalkNotifier(const plugin::Settings& settings) : Robot(DingTalk(), settings) {}

 private:
  Request Write(const ports::Message& message, const std::string& secret,
                std::chrono::system_clock::time_point now) const override {
    const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(now.time_since_epoch());
    return {SignatureQuery(secret, ms.count()), ToJson(message)};
  }
};

}  // namespace
}  // namespace duban::notification_dingtalk

DUBAN_NOTIFIER(duban::notification_dingtalk::DingTalkNotifier, "dingtalk", "1.0")
