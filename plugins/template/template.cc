// The smallest notifier: copy this directory, rename, and write your channel into Deliver.
//
// It appends each message to a text file, one line per message.
// Settings: path (required), the file; created when it does not exist.
#include <fstream>

#include "core/plugin/sdk.h"

namespace {

using duban::ports::Message;
using duban::ports::NotifierError;

class TemplateNotifier : public duban::ports::Notifier {
 public:
  // Runs once, when the server starts. Throw std::invalid_argument and the server says why it did
  // not start; SettingsReader does so for what is missing, out of range or misspelt.
  explicit TemplateNotifier(const duban::plugin::Settings& settings) {
    duban::plugin::SettingsReader reader(settings);
    path_ = reader.Required("path");
    reader.Finish();
  }

  // Runs once per message and attempt, never twice at a time. Say kTemporary when it is worth
  // another try and kPermanent when it is not. A message may come again with the same
  // idempotency_key: here that writes a second line with the same key, which a reader can drop.
  std::expected<void, NotifierError> Deliver(const Message& message) override {
    std::ofstream file(path_, std::ios::app);
    file << message.idempotency_key << '\t' << message.address << '\t' << message.subject
         << std::endl;
    if (file) return {};
    return std::unexpected(NotifierError{
        NotifierError::Kind::kTemporary,
        duban::plugin::Bilingual("无法写入 " + path_, "cannot write to " + path_), 0});
  }

 private:
  std::string path_;
};

}  // namespace

// The class, its name in the configuration, and its version for the log.
DUBAN_NOTIFIER(TemplateNotifier, "template", "1.0")
