#include "core/model/value.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cmath>

namespace duban::model {
namespace {

// A total order on keys: by kind, then by content.
bool KeyLess(const Value& a, const Value& b) {
  if (a.kind() != b.kind()) return a.kind() < b.kind();
  switch (a.kind()) {
    case Value::Kind::kBool:
      return *a.If<bool>() < *b.If<bool>();
    case Value::Kind::kInt:
      return *a.If<std::int64_t>() < *b.If<std::int64_t>();
    case Value::Kind::kUint:
      return *a.If<std::uint64_t>() < *b.If<std::uint64_t>();
    case Value::Kind::kString:
      return *a.If<std::string>() < *b.If<std::string>();
    default:
      return false;
  }
}

bool EntryLess(const Map::Entry& a, const Map::Entry& b) { return KeyLess(a.first, b.first); }

void AppendQuoted(std::string& out, std::string_view text) {
  out += '"';
  for (char c : text) {
    switch (c) {
      case '"':
        out += "\\\"";
        break;
      case '\\':
        out += "\\\\";
        break;
      case '\n':
        out += "\\n";
        break;
      case '\r':
        out += "\\r";
        break;
      case '\t':
        out += "\\t";
        break;
      default:
        if (static_cast<unsigned char>(c) < 0x20) {
          out += fmt::format("\\u{:04x}", static_cast<unsigned>(c));
        } else {
          out += c;
        }
    }
  }
  out += '"';
}

std::string Base64(std::string_view in) {
  static constexpr std::string_view kAlphabet =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  for (std::size_t i = 0; i < in.size(); i += 3) {
    std::uint32_t block = 0;
    for (std::size_t j = 0; j < 3; ++j) {
      block = block << 8 | (i + j < in.size() ? static_cast<unsigned char>(in[i + j]) : 0u);
    }
    for (std::size_t j = 0; j < 4; ++j) {
      out += i + j <= in.size() || j < 2 ? kAlphabet[block >> (18 - 6 * j) & 63] : '=';
    }
  }
  return out;
}

std::string DurationText(Duration d) {
  if (d.nanos == 0) return fmt::format("{}s", d.seconds);
  const bool negative = d.seconds < 0 || d.nanos < 0;
  std::string fraction = fmt::format("{:09}", std::abs(d.nanos));
  while (fraction.back() == '0') fraction.pop_back();
  const std::uint64_t whole = d.seconds < 0 ? 0 - static_cast<std::uint64_t>(d.seconds)
                                            : static_cast<std::uint64_t>(d.seconds);
  return fmt::format("{}{}.{}s", negative ? "-" : "", whole, fraction);
}

struct JsonWriter {
  std::string& out;

  void operator()(Null) { out += "null"; }
  void operator()(bool v) { out += v ? "true" : "false"; }
  void operator()(std::int64_t v) { out += fmt::to_string(v); }
  void operator()(std::uint64_t v) { out += fmt::to_string(v); }
  void operator()(double v) {
    if (std::isfinite(v)) {
      out += fmt::to_string(v);
    } else {
      AppendQuoted(out, std::isnan(v) ? "NaN" : v > 0 ? "Infinity" : "-Infinity");
    }
  }
  void operator()(const std::string& v) { AppendQuoted(out, v); }
  void operator()(const Bytes& v) { AppendQuoted(out, Base64(v.data)); }
  void operator()(Timestamp v) { AppendQuoted(out, FormatRfc3339(v)); }
  void operator()(Duration v) { AppendQuoted(out, DurationText(v)); }
  void operator()(const TypeName& v) { AppendQuoted(out, v.name); }
  void operator()(const Value::ListPtr& v) {
    out += '[';
    bool first = true;
    for (const Value& item : *v) {
      if (!std::exchange(first, false)) out += ',';
      std::visit(*this, item.storage());
    }
    out += ']';
  }
  void operator()(const Value::MapPtr& v) {
    out += '{';
    bool first = true;
    for (const auto& [key, value] : *v) {
      if (!std::exchange(first, false)) out += ',';
      AppendQuoted(out, key.If<std::string>() ? *key.If<std::string>() : ToJson(key));
      out += ':';
      std::visit(*this, value.storage());
    }
    out += '}';
  }
};

}  // namespace

Value::Value(List v) : v_(std::make_shared<const List>(std::move(v))) {}
Value::Value(Map v) : v_(std::make_shared<const Map>(std::move(v))) {}

bool Value::operator==(const Value& other) const {
  if (kind() != other.kind()) return false;
  switch (kind()) {
    case Kind::kList:
      return *IfList() == *other.IfList();
    case Kind::kMap:
      return *IfMap() == *other.IfMap();
    case Kind::kDouble:
      return std::bit_cast<std::uint64_t>(*If<double>()) ==
                 std::bit_cast<std::uint64_t>(*other.If<double>()) ||
             *If<double>() == *other.If<double>();
    default:
      return v_ == other.v_;
  }
}

Map::Map(std::initializer_list<Entry> entries) : Map(std::vector<Entry>(entries)) {}

Map::Map(std::vector<Entry> entries) : entries_(std::move(entries)) {
  const auto not_ascending = [](const Entry& a, const Entry& b) { return !EntryLess(a, b); };
  if (std::adjacent_find(entries_.begin(), entries_.end(), not_ascending) == entries_.end()) return;
  std::stable_sort(entries_.begin(), entries_.end(), EntryLess);
  std::size_t kept = 0;
  for (std::size_t i = 0; i < entries_.size(); ++i) {
    const bool again = i + 1 < entries_.size() && !EntryLess(entries_[i], entries_[i + 1]);
    if (again) continue;
    if (kept != i) entries_[kept] = std::move(entries_[i]);
    ++kept;
  }
  entries_.resize(kept);
}

const Value* Map::Find(const Value& key) const {
  auto it = std::lower_bound(entries_.begin(), entries_.end(), key,
                             [](const Entry& e, const Value& k) { return KeyLess(e.first, k); });
  return it != entries_.end() && !KeyLess(key, it->first) ? &it->second : nullptr;
}

const Value* Map::Find(std::string_view key) const {
  // Objects have few fields: comparing lengths in turn beats ordering texts.
  constexpr std::size_t kFew = 12;
  if (entries_.size() <= kFew) {
    for (const Entry& e : entries_) {
      const auto* text = e.first.If<std::string>();
      if (text && text->size() == key.size() && *text == key) return &e.second;
    }
    return nullptr;
  }
  auto it = std::lower_bound(
      entries_.begin(), entries_.end(), key, [](const Entry& e, std::string_view k) {
        const auto* text = e.first.If<std::string>();
        return text ? std::string_view(*text) < k : e.first.kind() < Value::Kind::kString;
      });
  if (it == entries_.end()) return nullptr;
  const auto* text = it->first.If<std::string>();
  return text && *text == key ? &it->second : nullptr;
}

void Map::Set(Value key, Value value) {
  auto it = std::lower_bound(entries_.begin(), entries_.end(), key,
                             [](const Entry& e, const Value& k) { return KeyLess(e.first, k); });
  if (it != entries_.end() && !KeyLess(key, it->first)) {
    it->second = std::move(value);
  } else {
    entries_.insert(it, {std::move(key), std::move(value)});
  }
}

bool Map::Erase(const Value& key) {
  auto it = std::lower_bound(entries_.begin(), entries_.end(), key,
                             [](const Entry& e, const Value& k) { return KeyLess(e.first, k); });
  if (it == entries_.end() || KeyLess(key, it->first)) return false;
  entries_.erase(it);
  return true;
}

std::string ToJson(const Value& value) {
  std::string out;
  std::visit(JsonWriter{out}, value.storage());
  return out;
}

std::string_view KindName(Value::Kind kind) {
  static constexpr std::string_view kNames[] = {"null",     "bool",   "int",   "uint",
                                                "double",   "string", "bytes", "timestamp",
                                                "duration", "type",   "list",  "map"};
  return kNames[static_cast<std::size_t>(kind)];
}

}  // namespace duban::model
