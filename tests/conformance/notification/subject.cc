#include "tests/conformance/notification/subject.h"

#include <cstdlib>

#include "tests/conformance/notification/file_sink.h"
#include "tests/conformance/notification/http_sink.h"
#include "tests/conformance/notification/robot_sink.h"
#include "tests/conformance/notification/smtp_sink.h"

namespace duban::conformance {

std::ostream& operator<<(std::ostream& out, const Subject& subject) { return out << subject.name; }

std::vector<Subject> Subjects() {
  return {{"log", [] { return std::make_unique<FileSink>(ParseJsonLine); }},
          {"email", [] { return std::make_unique<SmtpSink>(); }},
          {"webhook", [] { return std::make_unique<HttpSink>(); }},
          {"wecom", [] { return std::make_unique<RobotSink>("wecom"); }},
          {"dingtalk", [] { return std::make_unique<RobotSink>("dingtalk"); }},
          {"feishu", [] { return std::make_unique<RobotSink>("feishu"); }},
          {"template", [] { return std::make_unique<FileSink>(ParseTabs); }, false}};
}

std::filesystem::path ShippedNotifier(const std::string& name) {
  const char* binary = std::getenv("DUBAN_BINARY");
  const std::filesystem::path root =
      binary != nullptr
          ? std::filesystem::path(binary)
          : std::filesystem::read_symlink("/proc/self/exe").parent_path().parent_path();
  return root / "plugins" / "notification" / (name + ".so");
}

std::unique_ptr<ports::Notifier> Load(const std::string& name, const plugin::Settings& settings) {
  auto loaded = plugin::LoadNotifier(ShippedNotifier(name), settings);
  if (!loaded) {
    ADD_FAILURE() << loaded.error().en;
    std::abort();
  }
  return std::move(*loaded);
}

std::string Refusal(const std::string& name, const plugin::Settings& settings) {
  const auto loaded = plugin::LoadNotifier(ShippedNotifier(name), settings);
  return loaded ? "was loaded" : loaded.error().en;
}

ports::Message Reminder(const std::string& key) {
  ports::Message message;
  message.idempotency_key = key;
  message.case_id = "0C8M2T1ZC0000";
  message.workflow = "judicial-referral";
  message.recipient = "bureau-head";
  message.recipient_name = "局长";
  message.address = "head@example.gov";
  message.language = "zh";
  message.subject = "移送决定将于明日到期";
  message.body = "请在三日内作出决定。\nDue 2022-08-19.\n.\n..\n";
  message.urgency = ports::Urgency::kUrgent;
  message.created_at = {1'652'662'800, 500'000'000};
  return message;
}

}  // namespace duban::conformance
