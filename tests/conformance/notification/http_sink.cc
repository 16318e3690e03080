#include "tests/conformance/notification/http_sink.h"

#include <stdlib.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

namespace duban::conformance {

HttpSink::HttpSink()
    : secret_file_((std::filesystem::temp_directory_path() / "duban-secret-XXXXXX").string()),
      server_([this](Stream& s) { Serve(s); }) {
  close(mkstemp(secret_file_.data()));
  std::ofstream(secret_file_) << kSecret << '\n';
}

HttpSink::~HttpSink() { std::filesystem::remove(secret_file_); }

plugin::Settings HttpSink::settings() const {
  return {
      {"url", "http://127.0.0.1:" + std::to_string(server_.port()) + "/hooks/duban?token=hunter2"},
      {"secret_file", secret_file_},
      {"timeout_seconds", "10"}};
}

std::vector<Received> HttpSink::received() {
  std::vector<Received> list;
  for (Post& post : posts()) {
    const auto json = nlohmann::json::parse(post.body);
    list.push_back(
        {post.headers["idempotency-key"], json.at("address"), json.at("subject"), json.at("body")});
  }
  return list;
}

void HttpSink::Answer(const std::string& status, const std::string& headers,
                      const std::string& body) {
  const std::scoped_lock lock(mutex_);
  status_ = status;
  headers_ = headers;
  body_ = body;
}

std::vector<Post> HttpSink::posts() {
  const std::scoped_lock lock(mutex_);
  return posts_;
}

void HttpSink::Serve(Stream& stream) {
  while (const auto request = stream.Line()) {
    Post post;
    post.path =
        request->substr(request->find(' ') + 1, request->rfind(' ') - request->find(' ') - 1);
    for (auto line = stream.Line(); line && !line->empty(); line = stream.Line()) {
      std::string name = line->substr(0, line->find(':'));
      std::ranges::transform(name, name.begin(),
                             [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
      post.headers[name] = line->substr(std::min(line->size(), line->find(':') + 2));
    }
    post.body = stream.Bytes(std::stoul("0" + post.headers["content-length"]));
    std::string status, headers;
    {
      const std::scoped_lock lock(mutex_);
      status = status_;
      headers = headers_;
      post.answer = body_;
      if (status[0] == '2') posts_.push_back(post);
    }
    if (status == "hang") return stream.WaitForEnd();
    stream.Send("HTTP/1.1 " + status + "\r\n" + headers +
                (status.starts_with("204")
                     ? std::string()
                     : "Content-Length: " + std::to_string(post.answer.size()) + "\r\n") +
                "\r\n" + post.answer);
  }
}

}  // namespace duban::conformance
