// A file that a notifier appends to.
#pragma once

#include <filesystem>
#include <functional>

#include "tests/conformance/notification/sink.h"

namespace duban::conformance {

class FileSink final : public Sink {
 public:
  using Parse = std::function<Received(const std::string& line)>;
  explicit FileSink(Parse parse);
  ~FileSink() override;

  plugin::Settings settings() const override { return {{"path", (place_ / "messages").string()}}; }
  std::vector<Received> received() override;
  void Break() override;  // takes the directory away
  void Repair() override;

 private:
  Parse parse_;
  std::filesystem::path root_;
  std::filesystem::path place_;
};

Received ParseJsonLine(const std::string& line);  // of notification/log
Received ParseTabs(const std::string& line);      // of the template

}  // namespace duban::conformance
