// Words for people, in the two languages that Duban speaks.
#pragma once

#include <string>
#include <string_view>
#include <utility>

namespace duban::model {

struct Text {
  std::string zh;
  std::string en;

  Text() = default;
  Text(std::string chinese, std::string english) : zh(std::move(chinese)), en(std::move(english)) {}

  bool empty() const { return zh.empty() && en.empty(); }
  // The text in `language` ("zh" or "en"), or in the other one where it is missing.
  const std::string& In(std::string_view language) const {
    const std::string& first = language == "en" ? en : zh;
    const std::string& second = language == "en" ? zh : en;
    return first.empty() ? second : first;
  }

  bool operator==(const Text&) const = default;
};

}  // namespace duban::model
