#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>

#include "core/definition/context.h"

namespace duban::definition {
namespace {

// Names that stand for something else in expressions.
constexpr std::string_view kReserved[] = {
    "event",  "now",   "case",  "children", "item",  // Duban's own
    "as",     "break", "const", "continue", "else",      "false",  "for",     "function",
    "if",  // CEL, langdef.md "Syntax"
    "import", "in",    "let",   "loop",     "namespace", "null",   "package", "return",
    "true",   "var",   "void",  "while",    "bool",      "bytes",  "double",  "dyn",
    "google", "int",   "list",  "map",      "null_type", "string", "type",    "uint"};

constexpr int kMaxFieldDepth = 8;

Field ReadField(Context& context, const std::string& name, const Node& node, int depth);

void ReadEnumValues(Context& context, Field& field, const Node& node) {
  const auto add = [&](const Node& value, model::Text title) {
    if (!ExpectScalar(value, context.report)) return;
    if (std::find(field.values.begin(), field.values.end(), value.scalar) != field.values.end()) {
      context.report.Error("duplicate-value", value.place,
                           Say("取值 `{}` 写了两次", "the value `{}` comes twice", value.scalar));
      return;
    }
    field.values.push_back(value.scalar);
    field.value_titles.push_back(title.empty() ? model::Text(value.scalar, value.scalar)
                                               : std::move(title));
  };
  if (node.is_map()) {
    for (const Node::Entry& entry : node.entries)
      add(*entry.key, ReadTitle(*entry.value, context.report));
  } else if (node.is_sequence()) {
    for (const NodePtr& item : node.items) add(*item, {});
  } else {
    ExpectMap(node, "取值的列表，或取值到标题的映射",
              "a list of values, or a map of titles by value", context.report);
    return;
  }
  if (field.values.empty()) {
    context.report.Error("empty-value", node.place,
                         {"枚举至少要有一个取值", "an enum needs a value"});
  }
}

void ReadMembers(Context& context, Field& field, const Node& node, int depth) {
  if (!ExpectMap(node, "成员的映射", "a map of members", context.report)) return;
  for (const Node::Entry& entry : node.entries) {
    const std::string& name = entry.key->scalar;
    if (!IsIdentifier(name)) {
      context.report.Error(
          "field-name", entry.key->place,
          Say("成员名 `{}` 只能用字母、数字、_，且不以数字开头",
              "the member name `{}` takes letters, digits and _ only, and no digit first", name));
      continue;
    }
    field.fields.push_back(ReadField(context, name, *entry.value, depth + 1));
    field.fields.back().place = entry.key->place;
  }
  if (field.fields.size() > kMaxFields) {
    context.report.Error("too-many-fields", node.place,
                         Say("成员超过 {} 个", "more than {} members", kMaxFields));
  }
}

std::optional<FieldKind> ReadKind(Context& context, const Node& node) {
  if (!ExpectScalar(node, context.report)) return std::nullopt;
  const auto* found = std::find(std::begin(kFieldTypes), std::end(kFieldTypes), node.scalar);
  if (found != std::end(kFieldTypes))
    return static_cast<FieldKind>(found - std::begin(kFieldTypes));
  const std::vector<std::string_view> types(std::begin(kFieldTypes), std::end(kFieldTypes));
  model::Text hint = DidYouMean(node.scalar, types);
  if (hint.empty())
    hint = Say("可用：{}", "there are: {}", fmt::format("{}", fmt::join(types, ", ")));
  context.report.Error("unknown-type", node.place,
                       Say("没有类型 `{}`", "there is no type `{}`", node.scalar), std::move(hint));
  return std::nullopt;
}

// Keys that only some types have.
void CheckKeysOfType(Context& context, const Field& field, const Object& object) {
  const auto only = [&](std::string_view key, bool allowed, std::string_view zh,
                        std::string_view en) {
    if (allowed || object.node().Find(key) == nullptr) return;
    context.report.Error(
        "key-of-other-type", object.KeyPlace(key),
        {fmt::format("`{}` 只用于{}", key, zh), fmt::format("`{}` is for {} only", key, en)});
  };
  const FieldKind kind = field.kind;
  only("values", kind == FieldKind::kEnum, " enum", "enum");
  only("fields", kind == FieldKind::kObject, " object", "object");
  only("of", kind == FieldKind::kList, " list", "list");
  const bool measured = kind == FieldKind::kText || kind == FieldKind::kInt ||
                        kind == FieldKind::kDecimal || kind == FieldKind::kMoney ||
                        kind == FieldKind::kList;
  only("min", measured, "数、文本和列表", "numbers, texts and lists");
  only("max", measured, "数、文本和列表", "numbers, texts and lists");
  const auto needs = [&](std::string_view key, bool needed) {
    if (!needed || object.node().Find(key) != nullptr) return;
    context.report.Error("missing-key", object.node().place,
                         Say("这种类型的字段需要 `{}`", "a field of this type needs `{}`", key));
  };
  needs("values", kind == FieldKind::kEnum);
  needs("fields", kind == FieldKind::kObject);
}

void ReadDefault(Context& context, Field& field, const Node& node) {
  // A text stays one even if it looks like a number.
  const bool words = TypeOf(field).kind() == expression::Type::Kind::kString;
  const model::Value value = words && node.is_scalar() ? model::Value(node.scalar) : ToValue(node);
  auto accepted = Accept(field, value);
  if (accepted) {
    field.initial = *std::move(accepted);
    return;
  }
  const std::vector<std::string_view> values(field.values.begin(), field.values.end());
  context.report.Error("wrong-value", node.place, accepted.error(),
                       node.is_scalar() ? DidYouMean(node.scalar, values) : model::Text());
}

// Who may see the field: said of whole fields only.
void ReadSecrecy(Context& context, Field& field, const Object& object, int depth) {
  Report& report = context.report;
  if (const Node* confidential = object["confidential"]) {
    field.confidential = ReadBool(*confidential, report).value_or(false);
    if (field.confidential && depth > 1) {
      report.Error(
          "confidential-part", object.KeyPlace("confidential"),
          {"只有整个字段可以保密", "only a whole field can be confidential"},
          {"把 `confidential: true` 写在字段上，或把这一项单独作为字段",
           "write `confidential: true` at the field itself, or make this a field of its own"});
    }
  }
  if (object["visible_to"] != nullptr && depth > 1) {
    report.Error(
        "inner-visible-to", object.KeyPlace("visible_to"),
        {"成员和列表元素没有自己的 visible_to",
         "members and items have no `visible_to` of their own"},
        {"写在整个字段上，或拆成两个字段", "give it to the whole field, or make two fields of it"});
  }
}

Field ReadField(Context& context, const std::string& name, const Node& node, int depth) {
  Field field;
  field.name = name;
  field.place = node.place;
  if (depth > kMaxFieldDepth) {
    context.report.Error("too-deep", node.place,
                         Say("类型嵌套超过 {} 层", "types nested deeper than {}", kMaxFieldDepth));
    return field;
  }
  if (node.is_scalar()) {
    field.kind = ReadKind(context, node).value_or(FieldKind::kAny);
    if (field.kind == FieldKind::kEnum || field.kind == FieldKind::kObject) {
      context.report.Error("missing-key", node.place,
                           Say("类型 {} 要写成 {{type: {}, …}}",
                               "the type {} is written {{type: {}, …}}", node.scalar, node.scalar));
    }
    return field;
  }
  const Object object(node, kFieldKeys, context.report);
  if (!object.is_map()) return field;
  Report& report = context.report;
  const Node* type = object["type"];
  field.kind =
      type != nullptr ? ReadKind(context, *type).value_or(FieldKind::kAny) : FieldKind::kAny;
  if (type != nullptr && type->is_scalar()) CheckKeysOfType(context, field, object);
  if (const Node* title = object["title"]) field.title = ReadTitle(*title, report);
  if (const Node* required = object["required"])
    field.required = ReadBool(*required, report).value_or(false);
  if (const Node* values = object["values"]; values != nullptr && field.kind == FieldKind::kEnum) {
    ReadEnumValues(context, field, *values);
  }
  if (const Node* min = object["min"]) field.min = ReadInteger(*min, INT64_MIN, INT64_MAX, report);
  if (const Node* max = object["max"]) field.max = ReadInteger(*max, INT64_MIN, INT64_MAX, report);
  if (field.min && field.max && *field.min > *field.max) {
    report.Error(
        "empty-range", object.KeyPlace("min"),
        Say("min {} 大于 max {}", "min {} is greater than max {}", *field.min, *field.max));
  }
  if (const Node* members = object["fields"]) ReadMembers(context, field, *members, depth);
  if (const Node* of = object["of"]) {
    field.item = std::make_shared<Field>(ReadField(context, "item", *of, depth + 1));
  }
  if (const Node* initial = object["default"]) ReadDefault(context, field, *initial);
  ReadSecrecy(context, field, object, depth);
  return field;
}

void CheckFieldName(Context& context, const Node& key) {
  if (!IsIdentifier(key.scalar)) {
    context.report.Error("field-name", key.place,
                         Say("字段名 `{}` 只能用字母、数字、_，且不以数字开头（表达式要用到它）",
                             "the field name `{}` takes letters, digits and _ only, and no digit "
                             "first: expressions use it",
                             key.scalar),
                         {"中文名称写在 title 里", "what people call it goes into `title`"});
  } else if (std::find(std::begin(kReserved), std::end(kReserved), key.scalar) !=
             std::end(kReserved)) {
    context.report.Error("reserved-name", key.place,
                         Say("`{}` 在表达式里另有含义，不能作字段名",
                             "`{}` has a meaning of its own in expressions", key.scalar),
                         {"换一个名字", "choose another name"});
  }
}

// A CEL literal for a value that plain YAML can say.
std::string ToCel(const model::Value& value) {
  if (const auto* text = value.If<std::string>()) {
    std::string literal = "'";
    for (const char c : *text) {
      if (c == '\'' || c == '\\') literal += '\\';
      if (c == '\n')
        literal += "\\n";
      else if (c == '\r')
        literal += "\\r";
      else
        literal += c;
    }
    return literal + "'";
  }
  if (const auto* number = value.If<double>()) {
    std::string literal = fmt::format("{}", *number);
    return literal.find_first_of(".e") == std::string::npos ? literal + ".0" : literal;
  }
  if (const auto* time = value.If<model::Timestamp>())
    return "timestamp('" + model::FormatRfc3339(*time) + "')";
  if (const model::List* list = value.IfList()) {
    std::string literal;
    for (const model::Value& item : *list) literal += (literal.empty() ? "" : ", ") + ToCel(item);
    return "[" + literal + "]";
  }
  if (const model::Map* map = value.IfMap()) {
    std::string literal;
    for (const auto& [key, item] : *map)
      literal += (literal.empty() ? "" : ", ") + ToCel(key) + ": " + ToCel(item);
    return "{" + literal + "}";
  }
  return model::ToJson(value);
}

}  // namespace

model::Value ToValue(const Node& node) {
  switch (node.kind) {
    case Node::Kind::kNull:
      return {};
    case Node::Kind::kSequence: {
      model::List list;
      for (const NodePtr& item : node.items) list.push_back(ToValue(*item));
      return list;
    }
    case Node::Kind::kMap: {
      std::vector<model::Map::Entry> entries;
      for (const Node::Entry& entry : node.entries)
        entries.emplace_back(entry.key->scalar, ToValue(*entry.value));
      return model::Map(std::move(entries));
    }
    case Node::Kind::kScalar:
      break;
  }
  const std::string& text = node.scalar;
  if (!node.plain) return text;
  if (text == "true" || text == "false") return text == "true";
  std::int64_t integer = 0;
  const char* end = text.data() + text.size();
  if (const auto [stop, error] = std::from_chars(text.data(), end, integer);
      stop == end && error == std::errc{}) {
    return integer;
  }
  double number = 0;
  const bool numeric = text.find_first_not_of("0123456789+-.eE") == std::string::npos;
  if (const auto [stop, error] = std::from_chars(text.data(), end, number);
      numeric && stop == end && error == std::errc{}) {
    return number;
  }
  return text;
}

void ReadFields(Context& context, const Node& node, Scope scope) {
  if (!ExpectMap(node, "字段的映射", "a map of fields", context.report)) return;
  for (const Node::Entry& entry : node.entries) {
    CheckFieldName(context, *entry.key);
    const std::string& name = entry.key->scalar;
    const auto index = static_cast<model::FieldIndex>(context.definition.fields.size());
    if (const auto found = context.fields.find(name); found != context.fields.end()) {
      const Place& first = context.definition.fields[found->second].place;
      context.report.Error(
          "duplicate-field", entry.key->place,
          Say("字段 `{}` 已在 {}:{} 声明", "the field `{}` is declared at {}:{} already", name,
              first.file, first.line));
      continue;
    }
    if (index >= kMaxFields) {
      context.report.Error(
          "too-many-fields", entry.key->place,
          Say("字段超过 {} 个", "more than {} fields", kMaxFields),
          {"把相关的字段放进一个 object", "put fields that belong together into an object"});
      return;
    }
    Field field = ReadField(context, name, *entry.value, 1);
    field.place = entry.key->place;
    if (scope == Scope::kState) {
      field.initial.reset();  // ReadLateData
      if (field.required) {
        context.report.Error(
            "late-required", entry.key->place,
            {"状态内的字段不能在发起时必填", "a field of a state cannot be required at the start"});
      }
    } else if (const Node* value = entry.value->Find("value")) {
      context.report.Error(
          "late-value", value->place,
          {"`value` 只用于状态内的 data", "`value` is for data inside a state only"},
          {"这里用 `default`", "use `default` here"});
    }
    context.fields.emplace(name, index);
    context.definition.fields.push_back(std::move(field));
  }
}

void ReadStateData(Context& context, const Node& states) {
  if (!states.is_map()) return;
  for (const Node::Entry& entry : states.entries) {
    if (const Node* data = entry.value->Find("data"); data != nullptr && !data->is_null()) {
      ReadFields(context, *data, Scope::kState);
    }
    if (const Node* children = entry.value->Find("states")) ReadStateData(context, *children);
  }
}

void ReadVisibility(Context& context, const Node& data) {
  if (!data.is_map()) return;
  for (const Node::Entry& entry : data.entries) {
    const auto found = context.fields.find(entry.key->scalar);
    const Node* people = entry.value->Find("visible_to");
    if (found == context.fields.end() || people == nullptr || people->is_null()) continue;
    context.definition.fields[found->second].visible_to = ReadAddressees(context, *people);
  }
}

void ReadStateVisibility(Context& context, const Node& states) {
  if (!states.is_map()) return;
  for (const Node::Entry& entry : states.entries) {
    if (const Node* data = entry.value->Find("data")) ReadVisibility(context, *data);
    if (const Node* children = entry.value->Find("states")) ReadStateVisibility(context, *children);
  }
}

void ReadLateData(Context& context, State& state, const Node& data) {
  for (const Node::Entry& entry : data.entries) {
    const auto found = context.fields.find(entry.key->scalar);
    if (found == context.fields.end() || !entry.value->is_map()) continue;
    const Field& field = context.definition.fields[found->second];
    if (const Node* value = entry.value->Find("value")) {
      state.late_data.emplace_back(found->second, CompileFor(context, *value, field));
    } else if (const Node* initial = entry.value->Find("default")) {
      const bool words =
          TypeOf(field).kind() == expression::Type::Kind::kString && initial->is_scalar();
      const auto accepted =
          Accept(field, words ? model::Value(initial->scalar) : ToValue(*initial));
      if (!accepted) continue;  // reported when the field was read
      Node literal = *initial;
      literal.kind = Node::Kind::kScalar;
      literal.scalar = ToCel(*accepted);
      state.late_data.emplace_back(found->second, CompileCel(context, literal));
    }
  }
}

}  // namespace duban::definition
