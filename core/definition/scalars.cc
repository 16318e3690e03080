#include "core/definition/scalars.h"

#include <algorithm>
#include <charconv>

#include "core/model/utf8.h"

namespace duban::definition {
namespace {

std::vector<std::string_view> Names(const Table& table) {
  std::vector<std::string_view> names;
  for (const Key& key : table.keys) names.push_back(key.name);
  return names;
}

void Unexpected(const Node& node, std::string_view zh, std::string_view en, Report& report) {
  const model::Text found = KindOf(node);
  report.Error("wrong-kind", node.place,
               {fmt::format("这里应为{}，而不是{}", zh, found.zh),
                fmt::format("expected {}, not {}", en, found.en)});
}

}  // namespace

model::Text KindOf(const Node& node) {
  switch (node.kind) {
    case Node::Kind::kNull:
      return {"空值", "nothing"};
    case Node::Kind::kScalar:
      return Say("文字“{}”", "the text \"{}\"", model::Clip(node.scalar, 80));
    case Node::Kind::kSequence:
      return {"列表", "a list"};
    case Node::Kind::kMap:
      return {"映射", "a map"};
  }
  return {};
}

Object::Object(const Node& node, const Table& table, Report& report) : node_(node) {
  if (!node.is_map()) {
    std::string keys;
    for (const Key& key : table.keys) keys += (keys.empty() ? "" : ", ") + std::string(key.name);
    const model::Text found = KindOf(node);
    report.Error("wrong-kind", node.place,
                 {fmt::format("{}应为映射，而不是{}", table.zh, found.zh),
                  fmt::format("{} is a map, not {}", table.en, found.en)},
                 Say("它的键：{}", "its keys: {}", keys));
    return;
  }
  for (const Node::Entry& entry : node.entries) {
    const std::string& name = entry.key->scalar;
    const auto known = std::find_if(table.keys.begin(), table.keys.end(),
                                    [&](const Key& key) { return key.name == name; });
    if (known == table.keys.end()) {
      has_unknown_keys_ = true;
      report.Error("unknown-key", entry.key->place,
                   {fmt::format("{}没有 `{}` 这个键", table.zh, name),
                    fmt::format("{} has no key `{}`", table.en, name)},
                   report.full() ? model::Text() : DidYouMeanOrList(name, Names(table)));
    } else if (entry.value->is_null() && known->shape != Shape::kAny &&
               known->shape != Shape::kCel) {
      report.Error("empty-value", entry.key->place, Say("`{}` 没有值", "`{}` has no value", name),
                   {"写上值，或去掉这个键", "give a value, or leave the key out"});
    }
  }
  for (const Key& key : table.keys) {
    if (!key.required || node.Find(key.name) != nullptr) continue;
    report.Error("missing-key", node.place,
                 {fmt::format("{}缺少 `{}`", table.zh, key.name),
                  fmt::format("{} needs `{}`", table.en, key.name)},
                 {fmt::format("`{}`：{}", key.name, key.help_zh),
                  fmt::format("`{}`: {}", key.name, key.help_en)});
  }
}

const Node* Object::operator[](std::string_view key) const {
  const Node* found = node_.Find(key);
  return found != nullptr && found->is_null() ? nullptr : found;
}

const Place& Object::KeyPlace(std::string_view key) const {
  for (const Node::Entry& entry : node_.entries) {
    if (entry.key->scalar == key) return entry.key->place;
  }
  return node_.place;
}

bool Object::ExactlyOne(const std::vector<std::string_view>& keys, Report& report) const {
  if (!is_map()) return false;
  std::vector<const Node::Entry*> present;
  for (const Node::Entry& entry : node_.entries) {
    if (std::find(keys.begin(), keys.end(), entry.key->scalar) != keys.end())
      present.push_back(&entry);
  }
  const std::string list = fmt::format("{}", fmt::join(keys, ", "));
  if (present.empty()) {
    if (has_unknown_keys_) return false;
    report.Error("missing-key", node_.place, Say("缺少 {} 之一", "needs one of {}", list));
    return false;
  }
  for (std::size_t i = 1; i < present.size(); ++i) {
    report.Error("conflicting-keys", present[i]->key->place,
                 Say("`{}` 不能与 `{}` 同时使用", "`{}` cannot stand beside `{}`",
                     present[i]->key->scalar, present[0]->key->scalar),
                 Say("只用其中一个：{}", "use one of: {}", list));
  }
  return true;
}

bool ExpectScalar(const Node& node, Report& report) {
  if (node.is_scalar()) return true;
  Unexpected(node, "文字", "a text", report);
  return false;
}

bool ExpectMap(const Node& node, std::string_view zh, std::string_view en, Report& report) {
  if (node.is_map()) return true;
  Unexpected(node, zh, en, report);
  return false;
}

std::optional<std::string> ReadText(const Node& node, Report& report) {
  if (!ExpectScalar(node, report)) return std::nullopt;
  if (node.scalar.size() > kMaxPlainTextBytes) {
    report.Error("text-too-long", node.place,
                 Say("文字超过 {} 字节", "a text of more than {} bytes", kMaxPlainTextBytes));
    return std::nullopt;
  }
  return node.scalar;
}

std::optional<bool> ReadBool(const Node& node, Report& report) {
  if (node.is_scalar() && node.plain) {
    if (node.scalar == "true") return true;
    if (node.scalar == "false") return false;
  }
  Unexpected(node, " true 或 false", "true or false", report);
  return std::nullopt;
}

std::optional<std::int64_t> ReadInteger(const Node& node, std::int64_t min, std::int64_t max,
                                        Report& report) {
  std::int64_t value = 0;
  const char* end = node.scalar.data() + node.scalar.size();
  const auto [stop, error] = std::from_chars(node.scalar.data(), end, value);
  if (!node.is_scalar() || error != std::errc{} || stop != end || value < min || value > max) {
    const bool bounded = min != INT64_MIN || max != INT64_MAX;
    Unexpected(node, bounded ? fmt::format(" {} 到 {} 的整数", min, max) : "整数",
               bounded ? fmt::format("an integer from {} to {}", min, max) : "an integer", report);
    return std::nullopt;
  }
  return value;
}

std::optional<calendar::Date> ReadDate(const Node& node, Report& report) {
  if (!ExpectScalar(node, report)) return std::nullopt;
  const auto date = calendar::Date::Parse(node.scalar);
  if (!date) {
    report.Error("not-a-date", node.place, Say("`{}` 不是日期", "`{}` is not a date", node.scalar),
                 {"写成 2022-09-30，且当天存在", "write 2022-09-30, a day that exists"});
  }
  return date;
}

std::optional<std::size_t> ReadWord(const Node& node, std::span<const std::string_view> words,
                                    Report& report) {
  if (!ExpectScalar(node, report)) return std::nullopt;
  const auto found = std::find(words.begin(), words.end(), node.scalar);
  if (found != words.end()) return static_cast<std::size_t>(found - words.begin());
  report.Error("unknown-word", node.place,
               Say("这里不能写 `{}`", "`{}` is not one of the words here", node.scalar),
               DidYouMeanOrList(node.scalar, {words.begin(), words.end()}));
  return std::nullopt;
}

model::Text ReadTitle(const Node& node, Report& report) {
  if (node.is_scalar()) return {ReadText(node, report).value_or(""), ""};
  const Object object(node, kTitleKeys, report);
  model::Text title;
  if (const Node* zh = object["zh"]) title.zh = ReadText(*zh, report).value_or("");
  if (const Node* en = object["en"]) title.en = ReadText(*en, report).value_or("");
  return title;
}

std::vector<const Node*> OneOrMany(const Node& node) {
  std::vector<const Node*> nodes;
  if (!node.is_sequence()) return {&node};
  for (const NodePtr& item : node.items) nodes.push_back(item.get());
  return nodes;
}

std::vector<const Node*> ReadNames(const Node& node, Report& report) {
  std::vector<const Node*> names = OneOrMany(node);
  std::erase_if(names, [&](const Node* name) { return !ExpectScalar(*name, report); });
  return names;
}

bool IsName(std::string_view text) {
  if (text.empty() || text.size() > kMaxNameBytes || text.front() == '.' || text.front() == '-')
    return false;
  return std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-' || c == '.' || (static_cast<unsigned char>(c) & 0x80U) != 0;
  });
}

bool IsIdentifier(std::string_view text) {
  if (text.empty() || text.size() > kMaxNameBytes || (text.front() >= '0' && text.front() <= '9'))
    return false;
  return std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  });
}

}  // namespace duban::definition
