// A group robot's service: answers as WeCom, DingTalk or Feishu do, and reads what they would.
#pragma once

#include "tests/conformance/notification/http_sink.h"

namespace duban::conformance {

class RobotSink final : public Sink {
 public:
  explicit RobotSink(std::string robot);
  ~RobotSink() override;

  plugin::Settings settings() const override;
  std::vector<Received> received() override;
  void Break() override;
  void Repair() override;

  // The JSON with which it answers from now on; what is not the answer "all is well" is not kept.
  void Answer(const std::string& json);
  std::vector<std::string> bodies();
  std::vector<std::string> paths();

 private:
  std::vector<Post> kept();
  const std::string robot_;
  HttpSink http_;
  std::string url_file_;
};

}  // namespace duban::conformance
