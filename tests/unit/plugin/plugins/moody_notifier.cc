// A notifier that does what its setting `mood` says.
#include <fstream>
#include <stdexcept>

#include "core/plugin/sdk.h"

namespace {

using duban::ports::Message;
using duban::ports::NotifierError;

class MoodyNotifier : public duban::ports::Notifier {
 public:
  explicit MoodyNotifier(const duban::plugin::Settings& settings) {
    duban::plugin::SettingsReader reader(settings);
    mood_ = reader.Required("mood");
    gate_ = reader.Optional("gate");
    log_ = reader.Optional("log");
    reader.Finish();
    if (mood_ == "refuse") throw std::invalid_argument("today is Sunday");
    if (mood_ == "refuse strangely") throw 42;
  }

  std::expected<void, NotifierError> Deliver(const Message& message) override {
    if (mood_ == "throw") throw std::runtime_error("out of paper");
    if (mood_ == "throw strangely") throw 42;
    if (mood_ == "fail")
      return std::unexpected(NotifierError{NotifierError::Kind::kPermanent, "no such mailbox", 7});
    if (mood_ == "hang")
      std::ifstream(gate_).get();  // until somebody opens the other end of the pipe
    if (!log_.empty())
      std::ofstream(log_, std::ios::app) << message.idempotency_key << ' ' << message.body << '\n';
    return {};
  }

 private:
  std::string mood_;
  std::string gate_;
  std::string log_;
};

}  // namespace

DUBAN_NOTIFIER(MoodyNotifier, "moody", "0.1")
