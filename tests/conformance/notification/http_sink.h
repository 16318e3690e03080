// A web server that keeps what is posted to it.
#pragma once

#include <map>
#include <mutex>

#include "tests/conformance/notification/server.h"
#include "tests/conformance/notification/sink.h"

namespace duban::conformance {

struct Post {
  std::string path;
  std::map<std::string, std::string> headers;  // names in lower case
  std::string body;
  std::string answer;  // what it was answered
};

class HttpSink final : public Sink {
 public:
  static constexpr const char* kSecret = "correct horse battery staple";

  HttpSink();
  ~HttpSink() override;

  plugin::Settings settings() const override;
  std::vector<Received> received() override;
  void Break() override { Answer("503 Service Unavailable"); }
  void Repair() override { Answer("204 No Content"); }

  // Status and reason, and further header lines; "hang" says nothing.
  void Answer(const std::string& status, const std::string& headers = {},
              const std::string& body = {});
  std::vector<Post> posts();

 private:
  void Serve(Stream& stream);
  std::string secret_file_;
  std::mutex mutex_;
  std::string status_ = "204 No Content";
  std::string headers_;
  std::string body_;
  std::vector<Post> posts_;
  Server server_;
};

}  // namespace duban::conformance
