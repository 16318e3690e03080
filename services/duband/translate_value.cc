#include <fmt/format.h>
#include <openssl/evp.h>

#include <cmath>

#include "services/duband/translate.h"

namespace duban::duband {
namespace {

using google::protobuf::ListValue;
using ProtoStruct = google::protobuf::Struct;
using ProtoValue = google::protobuf::Value;

std::unexpected<model::Violation> Refused(const std::string& field, std::string zh,
                                          std::string en) {
  return std::unexpected(model::Violation{field, {std::move(zh), std::move(en)}});
}

std::expected<model::Value, model::Violation> Convert(const ProtoValue& value,
                                                      const std::string& field, int depth) {
  if (depth > kMaxDataDepth) {
    return Refused(field, fmt::format("嵌套超过 {} 层", kMaxDataDepth),
                   fmt::format("nested deeper than {}", kMaxDataDepth));
  }
  switch (value.kind_case()) {
    case ProtoValue::kNumberValue:
      if (!std::isfinite(value.number_value()))
        return Refused(field, "不是有限的数", "not a finite number");
      return model::Value(value.number_value());
    case ProtoValue::kStringValue:
      return model::Value(value.string_value());
    case ProtoValue::kBoolValue:
      return model::Value(value.bool_value());
    case ProtoValue::kListValue: {
      model::List list;
      for (const auto& item : value.list_value().values()) {
        auto converted = Convert(item, field, depth + 1);
        if (!converted) return converted;
        list.push_back(std::move(*converted));
      }
      return model::Value(std::move(list));
    }
    case ProtoValue::kStructValue: {
      std::vector<model::Map::Entry> entries;
      for (const auto& [key, member] : value.struct_value().fields()) {
        auto converted = Convert(member, field, depth + 1);
        if (!converted) return converted;
        entries.emplace_back(model::Value(key), std::move(*converted));
      }
      return model::Value(model::Map(std::move(entries)));
    }
    default:
      return model::Value();
  }
}

std::string Base64(std::string_view bytes) {
  std::string out(4 * ((bytes.size() + 2) / 3) + 1, '\0');
  const int size = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()),
                                   reinterpret_cast<const unsigned char*>(bytes.data()),
                                   static_cast<int>(bytes.size()));
  out.resize(static_cast<std::size_t>(size));
  return out;
}

std::string KeyOf(const model::Value& key) {
  if (const auto* text = key.If<std::string>()) return *text;
  return model::ToJson(key);
}

std::string FormatDuration(model::Duration d) {
  if (d.nanos == 0) return fmt::format("{}s", d.seconds);
  const bool negative = d.seconds < 0 || d.nanos < 0;
  return fmt::format("{}{}.{:09}s", negative ? "-" : "", std::abs(d.seconds), std::abs(d.nanos));
}

}  // namespace

std::expected<model::Value, model::Violation> FromProto(const ProtoValue& value,
                                                        const std::string& field) {
  if (value.ByteSizeLong() > kMaxDataBytes) {
    return Refused(field, fmt::format("超过 {} 字节", kMaxDataBytes),
                   fmt::format("larger than {} bytes", kMaxDataBytes));
  }
  return Convert(value, field, 0);
}

std::expected<model::Map, model::Violation> FromProto(const ProtoStruct& fields,
                                                      const std::string& field) {
  std::vector<model::Map::Entry> entries;
  for (const auto& [name, value] : fields.fields()) {
    auto converted = FromProto(value, fmt::format("{}.{}", field, name));
    if (!converted) return std::unexpected(converted.error());
    entries.emplace_back(model::Value(name), std::move(*converted));
  }
  return model::Map(std::move(entries));
}

std::optional<model::Timestamp> FromProto(const google::protobuf::Timestamp& t) {
  const bool valid = t.seconds() >= model::Timestamp::kMinSeconds &&
                     t.seconds() <= model::Timestamp::kMaxSeconds && t.nanos() >= 0 &&
                     t.nanos() < model::kNanosPerSecond;
  if (!valid) return std::nullopt;
  return model::Timestamp{t.seconds(), t.nanos()};
}

void Set(const model::Value& value, ProtoValue* to) {
  struct Writer {
    ProtoValue* to;
    void operator()(const model::Null&) const { to->set_null_value(google::protobuf::NULL_VALUE); }
    void operator()(bool v) const { to->set_bool_value(v); }
    void operator()(std::int64_t v) const { to->set_number_value(static_cast<double>(v)); }
    void operator()(std::uint64_t v) const { to->set_number_value(static_cast<double>(v)); }
    void operator()(double v) const { to->set_number_value(v); }
    void operator()(const std::string& v) const { to->set_string_value(v); }
    void operator()(const model::Bytes& v) const { to->set_string_value(Base64(v.data)); }
    void operator()(const model::Timestamp& v) const {
      to->set_string_value(model::FormatRfc3339(v));
    }
    void operator()(const model::Duration& v) const { to->set_string_value(FormatDuration(v)); }
    void operator()(const model::TypeName& v) const { to->set_string_value(v.name); }
    void operator()(const model::Value::ListPtr& v) const {
      ListValue* list = to->mutable_list_value();
      for (const auto& item : *v) Set(item, list->add_values());
    }
    void operator()(const model::Value::MapPtr& v) const { Set(*v, to->mutable_struct_value()); }
  };
  std::visit(Writer{to}, value.storage());
}

void Set(const model::Map& map, ProtoStruct* to) {
  auto& fields = *to->mutable_fields();
  for (const auto& [key, value] : map) Set(value, &fields[KeyOf(key)]);
}

void Set(model::Timestamp t, google::protobuf::Timestamp* to) {
  to->set_seconds(t.seconds);
  to->set_nanos(t.nanos);
}

void Set(const model::Text& text, v1::Text* to) {
  to->set_zh(text.zh);
  to->set_en(text.en);
}

}  // namespace duban::duband
