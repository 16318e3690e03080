// A notifier that posts to a Feishu 飞书 group through a custom bot.
//
// Settings: robot/robot.h; secret_file or secret_env when the bot is secured by a signature. A
// person's address is the open_id. At most 100 messages a minute and 5 a second; after "too
// frequent" half a minute's pause.
#include "plugins/notification/feishu/message.h"
#include "plugins/notification/robot/robot.h"

namespace duban::notification_feishu {
namespace {

using namespace std::chrono_literals;

notification_robot::Service Feishu() {
  return {.name = "feishu",
          .signs = true,
          .limits = {{5, 1s}, {100, 60s}},
          .code = "code",
          .too_many = {11232},
          .pause = 30s,
          // Wrong signature or clock, IP, keyword, token; wrong content.
          .hopeless = {19021, 19022, 19024, 19001, 9499}};
}

class FeishuNotifier final : public notification_robot::Robot {
 public:
  explicit FeishuNotifier(const plugin::Settings& settings) : Robot(Feishu(), settings) {}

 private:
  Request Write(const ports::Message& message, const std::string& secret,
                std::chrono::system_clock::time_point now) const override {
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(now.time_since_epoch());
    return {"", ToJson(message, secret, seconds.count())};
  }
};

}  // namespace
}  // namespace duban::notification_feishu

DUBAN_NOTIFIER(duban::notification_feishu::FeishuNotifier, "feishu", "1.0")
