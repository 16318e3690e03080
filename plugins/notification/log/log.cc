// A notifier that writes each message as one line of JSON, for trying things out and for collectors
// of logs.
//
// Settings: path, the file that lines are appended to; without it they go to stderr. The file is
// opened for each line, so that it may be rotated. What a message says is personal: only the owner
// may read the file.
#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <stdexcept>

#include "core/plugin/sdk.h"
#include "plugins/notification/json/message.h"

namespace duban::notification_log {
namespace {

using ports::Message;
using ports::NotifierError;

class File {
 public:
  explicit File(const std::string& path)
      : descriptor_(open(path.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600)) {}
  ~File() {
    if (descriptor_ >= 0) close(descriptor_);
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  int descriptor() const { return descriptor_; }

 private:
  int descriptor_;
};

class LogNotifier final : public ports::Notifier {
 public:
  explicit LogNotifier(const plugin::Settings& settings) {
    plugin::SettingsReader reader(settings);
    path_ = reader.Optional("path");
    reader.Finish();
    if (!path_.empty() && File(path_).descriptor() < 0)
      throw std::invalid_argument(CannotWrite().message);
  }

  std::expected<void, NotifierError> Deliver(const Message& message) override {
    const std::string line = notification_json::ToJson(message) + '\n';
    if (path_.empty()) return Write(STDERR_FILENO, line);
    const File file(path_);
    return Write(file.descriptor(), line);
  }

 private:
  // One write, so that lines of several writers do not mix.
  std::expected<void, NotifierError> Write(int descriptor, const std::string& line) const {
    if (descriptor >= 0) {
      const ssize_t written = write(descriptor, line.data(), line.size());
      if (written == static_cast<ssize_t>(line.size())) return {};
      if (written >= 0) errno = ENOSPC;
    }
    return std::unexpected(CannotWrite());
  }

  NotifierError CannotWrite() const {
    const std::string why = std::strerror(errno);
    const std::string where = path_.empty() ? "stderr" : path_;
    return {NotifierError::Kind::kTemporary,
            plugin::Bilingual(fmt::format("无法写入 {}：{}", where, why),
                              fmt::format("cannot write to {}: {}", where, why)),
            0};
  }

  std::string path_;
};

}  // namespace
}  // namespace duban::notification_log

DUBAN_NOTIFIER(duban::notification_log::LogNotifier, "log", "1.0")
