#include "services/cli/values.h"

#include <google/protobuf/util/json_util.h>

#include <cmath>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <random>

#include "services/cli/folder.h"

namespace duban::cli {
namespace {

using google::protobuf::Struct;
using google::protobuf::Value;

bool ReadJson(std::string_view json, google::protobuf::Message& message) {
  return nlohmann::json::accept(json) &&
         google::protobuf::util::JsonStringToMessage(
             google::protobuf::StringPiece(json.data(), json.size()), &message)
             .ok();
}

Value ReadValue(const std::string& word, bool text_only) {
  Value value;
  if (text_only || !ReadJson(word, value)) value.set_string_value(word);
  return value;
}

// The place of a.b.c; a member of something that is not an object replaces it.
Value& Place(Struct& data, std::string_view key) {
  Struct* at = &data;
  for (std::size_t dot = key.find('.'); dot != std::string_view::npos; dot = key.find('.')) {
    at = (*at->mutable_fields())[std::string(key.substr(0, dot))].mutable_struct_value();
    key.remove_prefix(dot + 1);
  }
  return (*at->mutable_fields())[std::string(key)];
}

std::expected<std::string, Failure> JsonText(const Terminal& terminal,
                                             const std::string& argument) {
  if (argument == "-") return ReadFile(terminal, "-");
  if (argument.starts_with('@')) return ReadFile(terminal, argument.substr(1));
  return argument;
}

std::string NumberText(double number) {
  if (std::trunc(number) == number && std::abs(number) < 1e15) {
    return std::to_string(static_cast<std::int64_t>(number));
  }
  return nlohmann::json(number).dump();
}

}  // namespace

std::expected<Struct, Failure> ReadData(const Terminal& terminal, const DataArguments& data,
                                        const std::set<std::string>& texts) {
  Struct result;
  if (!data.json.empty()) {
    const auto json = JsonText(terminal, data.json);
    if (!json) return std::unexpected(json.error());
    if (!ReadJson(*json, result)) {
      return Usage(terminal.Say("--data 不是 JSON 对象，例如 --data '{\"count\": 3}'",
                                "--data is not a JSON object such as '{\"count\": 3}'"));
    }
  }
  for (const std::string& word : data.words) {
    const std::size_t equals = word.find('=');
    if (equals == 0 || equals == std::string::npos) {
      return Usage(terminal.Say("应写成 键=值，而不是 ", "expected key=value, not ") + "'" + word +
                   "'");
    }
    const std::string key = word.substr(0, equals);
    Place(result, key) = ReadValue(word.substr(equals + 1), texts.contains(key));
  }
  return result;
}

std::string ToText(const Value& value) {
  switch (value.kind_case()) {
    case Value::kStringValue:
      return value.string_value();
    case Value::kNumberValue:
      return NumberText(value.number_value());
    case Value::kBoolValue:
      return value.bool_value() ? "true" : "false";
    case Value::kListValue: {
      std::string text;
      for (const Value& item : value.list_value().values()) {
        text += (text.empty() ? "" : ", ") + ToText(item);
      }
      return text;
    }
    case Value::kStructValue:
      return ToJson(value.struct_value());
    default:
      return "";
  }
}

std::string ToJson(const google::protobuf::Message& message) {
  google::protobuf::util::JsonPrintOptions options;
  options.always_print_primitive_fields = true;
  std::string json;
  (void)google::protobuf::util::MessageToJsonString(message, &json, options);
  return json;
}

std::string RandomUuid() {
  std::random_device device;
  std::string hex;
  for (int i = 0; i < 4; ++i) {
    static constexpr char kDigits[] = "0123456789abcdef";
    for (std::uint32_t bits = device(), n = 0; n < 8; ++n, bits >>= 4) hex += kDigits[bits & 0xF];
  }
  hex[12] = '4';
  hex[16] = "89ab"[hex[16] & 3];
  for (const std::size_t dash : {8U, 13U, 18U, 23U}) hex.insert(dash, 1, '-');
  return hex;
}

}  // namespace duban::cli
