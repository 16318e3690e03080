#include <algorithm>
#include <cmath>
#include <limits>

#include "core/definition/definition.h"
#include "core/definition/report.h"
#include "core/model/utf8.h"

namespace duban::definition {
namespace {

using model::Text;
using model::Value;
using Accepted = std::expected<Value, Text>;

constexpr std::size_t kMaxIdBytes = 200;
constexpr int kMaxDepth = 16;

// Roughly what the value takes when it is stored; beyond the limit or too deep it is enough to know
// that.
std::size_t Bytes(const Value& value, int depth = 0) {
  if (depth > kMaxDepth) return kMaxValueBytes + 1;
  std::size_t bytes = 8;
  if (const auto* text = value.If<std::string>()) bytes += text->size();
  if (const auto* raw = value.If<model::Bytes>()) bytes += raw->data.size();
  if (const model::List* list = value.IfList()) {
    for (const Value& item : *list) {
      bytes += Bytes(item, depth + 1);
      if (bytes > kMaxValueBytes) return bytes;
    }
  }
  if (const model::Map* map = value.IfMap()) {
    for (const auto& [key, item] : *map) {
      bytes += Bytes(key, depth + 1) + Bytes(item, depth + 1);
      if (bytes > kMaxValueBytes) return bytes;
    }
  }
  return bytes;
}

std::unexpected<Text> Refuse(const Field& field, std::string_view zh, std::string_view en) {
  const std::string& zh_name = field.title.In("zh").empty() ? field.name : field.title.In("zh");
  return std::unexpected(
      Text{fmt::format("“{}”{}", zh_name, zh), fmt::format("`{}` {}", field.name, en)});
}

std::unexpected<Text> WrongKind(const Field& field, std::string_view zh, std::string_view en,
                                const Value& value) {
  return Refuse(field, fmt::format("应为{}，而不是 {}", zh, model::KindName(value.kind())),
                fmt::format("takes {}, not {}", en, model::KindName(value.kind())));
}

std::optional<std::int64_t> ToInteger(const Value& value) {
  if (const auto* number = value.If<std::int64_t>()) return *number;
  if (const auto* number = value.If<std::uint64_t>(); number != nullptr && *number <= INT64_MAX) {
    return static_cast<std::int64_t>(*number);
  }
  // JSON has doubles only: whole ones that a double holds exactly.
  constexpr double kExact = 9'007'199'254'740'992.0;
  if (const auto* number = value.If<double>();
      number != nullptr && std::abs(*number) <= kExact && *number == std::trunc(*number)) {
    return static_cast<std::int64_t>(*number);
  }
  return std::nullopt;
}

template <class Number>
Accepted InRange(const Field& field, Number number) {
  const auto below = [&](std::int64_t limit) { return number < static_cast<Number>(limit); };
  const auto above = [&](std::int64_t limit) { return number > static_cast<Number>(limit); };
  if (field.min && below(*field.min)) {
    return Refuse(field, fmt::format("不能小于 {}", *field.min),
                  fmt::format("is at least {}", *field.min));
  }
  if (field.max && above(*field.max)) {
    return Refuse(field, fmt::format("不能大于 {}", *field.max),
                  fmt::format("is at most {}", *field.max));
  }
  return Value(number);
}

Accepted AcceptDecimal(const Field& field, const Value& value) {
  double number = 0;
  if (const auto* real = value.If<double>()) {
    number = *real;
  } else if (const auto* integer = value.If<std::int64_t>()) {
    number = static_cast<double>(*integer);
  } else if (const auto* natural = value.If<std::uint64_t>()) {
    number = static_cast<double>(*natural);
  } else {
    return WrongKind(field, "数", "a number", value);
  }
  if (!std::isfinite(number)) return Refuse(field, "应为有限的数", "takes a finite number");
  return InRange(field, number);
}

std::optional<Text> CheckLength(const Field& field, std::size_t length, std::string_view zh,
                                std::string_view en) {
  if (field.min && length < static_cast<std::uint64_t>(std::max<std::int64_t>(*field.min, 0))) {
    return Refuse(field, fmt::format("至少 {} {}", *field.min, zh),
                  fmt::format("has at least {} {}", *field.min, en))
        .error();
  }
  if (field.max && (*field.max < 0 || length > static_cast<std::uint64_t>(*field.max))) {
    return Refuse(field, fmt::format("最多 {} {}", *field.max, zh),
                  fmt::format("has at most {} {}", *field.max, en))
        .error();
  }
  return std::nullopt;
}

Accepted AcceptText(const Field& field, const Value& value) {
  const auto* text = value.If<std::string>();
  if (text == nullptr) return WrongKind(field, "文字", "a text", value);
  if (text->size() > kMaxTextBytes) {
    return Refuse(field, fmt::format("超过 {} 字节", kMaxTextBytes),
                  fmt::format("is longer than {} bytes", kMaxTextBytes));
  }
  if (auto problem = CheckLength(field, model::CountCodePoints(*text), "个字", "characters"))
    return std::unexpected(*problem);
  return value;
}

Accepted AcceptId(const Field& field, const Value& value, std::string_view zh,
                  std::string_view en) {
  const auto* id = value.If<std::string>();
  if (id == nullptr) return WrongKind(field, zh, en, value);
  if (id->empty() && field.required) return Refuse(field, "必须填写", "is required");
  if (id->size() > kMaxIdBytes) {
    return Refuse(field, fmt::format("超过 {} 字节", kMaxIdBytes),
                  fmt::format("is longer than {} bytes", kMaxIdBytes));
  }
  return value;
}

Accepted AcceptDate(const Field& field, const Value& value) {
  const auto* text = value.If<std::string>();
  if (text == nullptr || !calendar::Date::Parse(*text)) {
    return Refuse(field, "应为日期，如 2022-09-30", "takes a date such as 2022-09-30");
  }
  return value;
}

Accepted AcceptTime(const Field& field, const Value& value) {
  if (value.kind() == Value::Kind::kTimestamp) return value;
  const auto* text = value.If<std::string>();
  const auto time = text != nullptr ? model::ParseRfc3339(*text) : std::nullopt;
  if (time) return Value(*time);
  return Refuse(field, "应为时刻，如 2022-05-16T09:00:00+08:00",
                "takes a time such as 2022-05-16T09:00:00+08:00");
}

Accepted AcceptEnum(const Field& field, const Value& value) {
  const auto* text = value.If<std::string>();
  if (text != nullptr &&
      std::find(field.values.begin(), field.values.end(), *text) != field.values.end())
    return value;
  const std::string list = fmt::format("{}", fmt::join(field.values, ", "));
  return Refuse(field, fmt::format("只能是 {}", list), fmt::format("is one of {}", list));
}

Accepted AcceptList(const Field& field, const Value& value) {
  const model::List* list = value.IfList();
  if (list == nullptr) return WrongKind(field, "列表", "a list", value);
  if (list->size() > kMaxListItems) {
    return Refuse(field, fmt::format("超过 {} 项", kMaxListItems),
                  fmt::format("has more than {} items", kMaxListItems));
  }
  if (auto problem = CheckLength(field, list->size(), "项", "items"))
    return std::unexpected(*problem);
  if (field.item == nullptr) return value;
  model::List items;
  for (std::size_t i = 0; i < list->size(); ++i) {
    auto item = Accept(*field.item, (*list)[i]);
    if (!item) {
      return Refuse(field, fmt::format("第 {} 项：{}", i + 1, item.error().zh),
                    fmt::format("item {}: {}", i + 1, item.error().en));
    }
    items.push_back(*std::move(item));
  }
  return Value(std::move(items));
}

Accepted AcceptObject(const Field& field, const Value& value) {
  const model::Map* map = value.IfMap();
  if (map == nullptr) return WrongKind(field, "对象", "an object", value);
  std::vector<std::string_view> names;
  for (const Field& member : field.fields) names.push_back(member.name);
  for (const auto& [key, item] : *map) {
    const auto* name = key.If<std::string>();
    if (name != nullptr && std::find(names.begin(), names.end(), *name) != names.end()) continue;
    const std::string shown =
        name != nullptr ? model::Clip(*name, kMaxIdBytes) : model::ToJson(key);
    return Refuse(field, fmt::format("没有成员 `{}`", shown),
                  fmt::format("has no member `{}`", shown));
  }
  std::vector<model::Map::Entry> members;
  for (const Field& member : field.fields) {
    const Value* given = map->Find(std::string_view(member.name));
    if (given == nullptr && member.initial) given = &*member.initial;
    if (given == nullptr && !member.required) continue;
    auto accepted = Accept(member, given != nullptr ? *given : Value());
    if (!accepted) {
      return Refuse(field, fmt::format("：{}", accepted.error().zh),
                    fmt::format(": {}", accepted.error().en));
    }
    members.emplace_back(member.name, *std::move(accepted));
  }
  return Value(model::Map(std::move(members)));
}

Accepted AcceptKind(const Field& field, const Value& value) {
  switch (field.kind) {
    case FieldKind::kText:
      return AcceptText(field, value);
    case FieldKind::kInt:
    case FieldKind::kMoney: {
      const auto integer = ToInteger(value);
      if (integer) return InRange(field, *integer);
      const bool money = field.kind == FieldKind::kMoney;
      return WrongKind(field, money ? "以分为单位的整数" : "整数",
                       money ? "an integer of fen" : "an integer", value);
    }
    case FieldKind::kDecimal:
      return AcceptDecimal(field, value);
    case FieldKind::kBool:
      if (value.kind() != Value::Kind::kBool)
        return WrongKind(field, " true 或 false", "true or false", value);
      return value;
    case FieldKind::kDate:
      return AcceptDate(field, value);
    case FieldKind::kTime:
      return AcceptTime(field, value);
    case FieldKind::kEnum:
      return AcceptEnum(field, value);
    case FieldKind::kList:
      return AcceptList(field, value);
    case FieldKind::kObject:
      return AcceptObject(field, value);
    case FieldKind::kPerson:
      return AcceptId(field, value, "人员编号", "the id of a person");
    case FieldKind::kOffice:
      return AcceptId(field, value, "科室编号", "the id of an office");
    case FieldKind::kEnterprise:
      return AcceptId(field, value, "企业编号", "the id of an enterprise");
    case FieldKind::kFile:
      return AcceptId(field, value, "文件名", "the name of a file");
    case FieldKind::kAny:
      return value;
  }
  return value;
}

}  // namespace

expression::Type TypeOf(const Field& field) {
  using Type = expression::Type;
  using Kind = Type::Kind;
  switch (field.kind) {
    case FieldKind::kInt:
    case FieldKind::kMoney:
      return Kind::kInt;
    case FieldKind::kDecimal:
      return Kind::kDouble;
    case FieldKind::kBool:
      return Kind::kBool;
    case FieldKind::kTime:
      return Kind::kTimestamp;
    case FieldKind::kList:
      return Type::List(field.item != nullptr ? TypeOf(*field.item) : Type());
    case FieldKind::kObject: {
      std::vector<Type::Field> members;
      for (const Field& member : field.fields) members.push_back({member.name, TypeOf(member)});
      return Type::Object(std::move(members));
    }
    case FieldKind::kAny:
      return Kind::kDyn;
    default:
      return Kind::kString;
  }
}

std::expected<model::Value, model::Text> Accept(const Field& field, const model::Value& value) {
  if (value.is_null()) {
    if (field.required) return Refuse(field, "必须填写", "is required");
    return value;
  }
  if (Bytes(value) > kMaxValueBytes) {
    return Refuse(field, fmt::format("超过 {} 字节或嵌套太深", kMaxValueBytes),
                  fmt::format("is larger than {} bytes or nested too deep", kMaxValueBytes));
  }
  return AcceptKind(field, value);
}

}  // namespace duban::definition
