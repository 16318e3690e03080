// What the group robots of WeCom, DingTalk and Feishu have in common: an address that is itself the
// secret, one JSON post per message, a code in the answer, a limit on how many.
//
// Settings: url_file or url_env (required), the robot's webhook as its group shows it (https, or
// http to this machine); unaddressed (refused or posted), what becomes of a message to a person who
// has no address on this channel: the route's next channel, or it is posted with the name and
// without @; ca_file, timeout_seconds (20). Those that sign: secret_file or secret_env. No error
// text contains more of the address than its host.
#pragma once

#include <chrono>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/plugin/sdk.h"
#include "plugins/notification/robot/rate_limit.h"

namespace duban::notification_robot {

// What one robot's service is like.
struct Service {
  std::string_view name;  // "wecom"
  bool signs = false;     // whether it may have the setting `secret`
  std::vector<RateLimit::Rule> limits;
  std::string_view code;               // the answer's member that is 0 when all is well
  std::vector<std::int64_t> too_many;  // codes that mean: slower
  std::chrono::milliseconds pause{};   // after such a code
  std::vector<std::int64_t>
      hopeless;  // codes that another try does not help; all others are temporary
};

// Whether an address can be one of a single person: letters, digits and _ - . @ +, and not the word
// by which a robot calls everybody.
bool IsAddress(std::string_view address);

class Robot : public ports::Notifier {
 public:
  Robot(Service service, const plugin::Settings& settings);
  std::expected<void, ports::NotifierError> Deliver(const ports::Message& message) final;

 protected:
  struct Request {
    std::string query;  // appended to the url, beginning with '&'; may be empty
    std::string body;   // JSON
  };
  // The message's texts are clean (text.h); `address` is empty or an address. `secret` is empty or
  // the key of the signature, `now` the time to sign.
  virtual Request Write(const ports::Message& message, const std::string& secret,
                        std::chrono::system_clock::time_point now) const = 0;

 private:
  struct Options {
    std::string url;
    std::string host;
    std::string secret;
    std::string ca_file;
    std::chrono::seconds timeout{};
    bool posts_unaddressed = false;
  };
  static Options ReadOptions(const Service& service, const plugin::Settings& settings);
  std::expected<void, ports::NotifierError> Post(const Request& request, const std::string& key);
  std::expected<void, ports::NotifierError> Judge(const std::string& answer);
  ports::NotifierError TooMany(std::string_view why);

  const Service service_;
  const Options options_;
  RateLimit limit_;
};

}  // namespace duban::notification_robot
