#include "services/play/read_step.h"

#include <algorithm>
#include <charconv>
#include <map>

namespace duban::play {
namespace {

constexpr int kMaxDepth = 32;

model::Value ScalarValue(const YAML::Node& node) {
  const std::string& text = node.Scalar();
  if (node.Tag() == "!") return text;  // quoted
  if (text == "true" || text == "false") return text == "true";
  const char* end = text.data() + text.size();
  std::int64_t integer = 0;
  if (const auto [stop, error] = std::from_chars(text.data(), end, integer);
      stop == end && error == std::errc{}) {
    return integer;
  }
  double number = 0;
  const bool numeric =
      !text.empty() && text.find_first_not_of("0123456789+-.eE") == std::string::npos;
  if (const auto [stop, error] = std::from_chars(text.data(), end, number);
      numeric && stop == end && error == std::errc{}) {
    return number;
  }
  return text;
}

}  // namespace

void Fail(const YAML::Node& node, const std::string& message) {
  throw YAML::Exception(node.Mark(), message);
}

void OnlyKeys(const YAML::Node& node, std::initializer_list<std::string_view> keys) {
  if (!node.IsMap()) Fail(node, "a map was expected");
  for (const auto& entry : node) {
    const std::string key = entry.first.Scalar();
    if (std::find(keys.begin(), keys.end(), key) == keys.end())
      Fail(entry.first, "unknown key " + key);
  }
}

std::string Text(const YAML::Node& node) {
  if (!node.IsScalar()) Fail(node, "a text was expected");
  return node.Scalar();
}

std::string TextOr(const YAML::Node& parent, const char* key, const std::string& otherwise) {
  const YAML::Node node = parent[key];
  return node.IsDefined() ? Text(node) : otherwise;
}

std::vector<std::string> Texts(const YAML::Node& node) {
  std::vector<std::string> texts;
  if (node.IsScalar()) return {node.Scalar()};
  if (!node.IsSequence()) Fail(node, "a list was expected");
  for (const auto& item : node) texts.push_back(Text(item));
  return texts;
}

model::Value ReadValue(const YAML::Node& node, int depth) {
  if (depth > kMaxDepth) Fail(node, "nested too deep");
  if (node.IsScalar()) return ScalarValue(node);
  if (node.IsSequence()) {
    model::List list;
    for (const auto& item : node) list.push_back(ReadValue(item, depth + 1));
    return list;
  }
  if (node.IsMap()) return ReadMap(node, depth + 1);
  return {};
}

model::Map ReadMap(const YAML::Node& node, int depth) {
  if (!node.IsDefined()) return {};
  if (!node.IsMap()) Fail(node, "a map was expected");
  model::Map map;
  for (const auto& entry : node) map.Set(entry.first.Scalar(), ReadValue(entry.second, depth));
  return map;
}

}  // namespace duban::play
