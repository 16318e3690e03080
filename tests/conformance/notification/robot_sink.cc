#include "tests/conformance/notification/robot_sink.h"

#include <stdlib.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

namespace duban::conformance {
namespace {

using nlohmann::json;

// "subject\nbody\nmention"
Received Lines(const std::string& text) {
  const std::size_t first = text.find('\n');
  const std::size_t last = text.rfind('\n');
  return {"", text.substr(last + 1), text.substr(0, first),
          text.substr(first + 1, last - first - 1)};
}

std::string Between(const std::string& text, std::string_view before, std::string_view after) {
  const std::size_t begin = text.find(before);
  if (begin == std::string::npos) return text;
  const std::size_t at = begin + before.size();
  return text.substr(at, text.rfind(after) - at);
}

Received OfWeCom(const json& post) {
  const std::string type = post.at("msgtype");
  Received got = Lines(post.at(type).at("content"));
  got.address = Between(got.address, "<@", ">");
  got.subject = Between(got.subject, "<font color=\"warning\">**", "**</font>");
  return got;
}

Received OfDingTalk(const json& post) {
  Received got;
  if (post.at("msgtype") == "text") {
    got = Lines(post.at("text").at("content"));
  } else {
    const std::string text = post.at("markdown").at("text");
    got.subject = post.at("markdown").at("title");
    const std::string body = Between(text, "\n\n", "\n\n");
    for (std::size_t i = 0; i < body.size(); ++i) {
      if (body.compare(i, 3, "  \n") == 0) i += 2;
      got.body += body[i];
    }
    got.address = text.substr(text.rfind('\n') + 1);
  }
  const json& at = post.at("at");
  const json& people = at.at("atMobiles").empty() ? at.at("atUserIds") : at.at("atMobiles");
  const bool shown = !people.empty() && got.address == "@" + people.at(0).get<std::string>();
  got.address = shown ? people.at(0) : json("");
  return got;
}

Received OfFeishu(const json& post) {
  if (post.at("msg_type") == "post") {
    const json& content = post.at("content").at("post").at("zh_cn");
    return {"", content.at("content").at(1).at(0).value("user_id", ""), content.at("title"),
            content.at("content").at(0).at(0).at("text")};
  }
  const json& card = post.at("card");
  const std::string whom = card.at("elements").at(1).at("text").at("content");
  return {"", Between(whom, "<at id=", "></at>"), card.at("header").at("title").at("content"),
          card.at("elements").at(0).at("text").at("content")};
}

}  // namespace

RobotSink::RobotSink(std::string robot)
    : robot_(std::move(robot)),
      url_file_((std::filesystem::temp_directory_path() / "duban-robot-XXXXXX").string()) {
  close(mkstemp(url_file_.data()));
  std::ofstream(url_file_) << http_.settings().at("url") << '\n';
  Repair();
}

RobotSink::~RobotSink() { std::filesystem::remove(url_file_); }

plugin::Settings RobotSink::settings() const {
  return {{"url_file", url_file_}, {"timeout_seconds", "10"}};
}

std::vector<Received> RobotSink::received() {
  std::vector<Received> list;
  for (Post& post : kept()) {
    const auto body = json::parse(post.body);
    list.push_back(robot_ == "wecom"      ? OfWeCom(body)
                   : robot_ == "dingtalk" ? OfDingTalk(body)
                                          : OfFeishu(body));
    list.back().key = post.headers["idempotency-key"];
  }
  return list;
}

void RobotSink::Break() { http_.Answer("503 Service Unavailable"); }

void RobotSink::Repair() {
  Answer(robot_ == "feishu" ? R"({"code":0,"msg":"success","data":{}})"
                            : R"({"errcode":0,"errmsg":"ok"})");
}

void RobotSink::Answer(const std::string& json) { http_.Answer("200 OK", {}, json); }

std::vector<std::string> RobotSink::bodies() {
  std::vector<std::string> list;
  for (const Post& post : kept()) list.push_back(post.body);
  return list;
}

std::vector<std::string> RobotSink::paths() {
  std::vector<std::string> list;
  for (const Post& post : kept()) list.push_back(post.path);
  return list;
}

std::vector<Post> RobotSink::kept() {
  std::vector<Post> list;
  for (const Post& post : http_.posts()) {
    const auto answer = json::parse(post.answer, nullptr, false);
    if (answer.is_object() && answer.value(robot_ == "feishu" ? "code" : "errcode", json(-1)) == 0)
      list.push_back(post);
  }
  return list;
}

}  // namespace duban::conformance
