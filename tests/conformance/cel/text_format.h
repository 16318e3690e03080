// Reads protobuf's text format without a schema: a message is its fields in order.
#pragma once

#include <expected>
#include <string>
#include <string_view>
#include <vector>

namespace duban::conformance {

struct Message;

struct Field {
  std::string name;  // an extension or Any keeps its brackets: "[type.googleapis.com/x.Y]"
  bool is_message = false;
  std::string scalar;            // a string's content, or the word or number as written
  std::vector<Message> message;  // one, when is_message
};

struct Message {
  std::vector<Field> fields;

  const Field* Find(std::string_view name) const;
  const Message* FindMessage(std::string_view name) const;
  // The scalar of that name, or an empty string.
  std::string Get(std::string_view name) const;
};

// The error says what is wrong and in which line.
std::expected<Message, std::string> ParseTextFormat(std::string_view text);

}  // namespace duban::conformance
