#include "services/import/yaml.h"

#include <algorithm>
#include <cctype>

#include "services/import/ecmascript.h"

namespace duban::import {
namespace {

constexpr std::size_t kLine = 100;

bool IsPlainWord(std::string_view text) {
  static constexpr std::string_view kTaken[] = {"true", "false", "null", "yes", "no",
                                                "on",   "off",   "y",    "n"};
  std::string lower(text);
  std::ranges::transform(lower, lower.begin(),
                         [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  if (text.empty() || std::ranges::find(kTaken, lower) != std::end(kTaken)) return false;
  if (std::isalpha(static_cast<unsigned char>(text.front())) == 0 && text.front() != '_')
    return false;
  return std::ranges::all_of(text, [](unsigned char c) {
    return std::isalnum(c) != 0 || c == '_' || c == '-' || c == '.';
  });
}

std::string Word(std::string_view text) {
  return IsPlainWord(text) ? std::string(text) : QuoteYaml(text);
}

}  // namespace

Yaml Yaml::Plain(std::string scalar) {
  Yaml yaml;
  yaml.scalar_ = std::move(scalar);
  return yaml;
}

Yaml Yaml::Text(std::string_view text) { return Plain(Word(text)); }

Yaml Yaml::List(std::vector<Yaml> items) {
  Yaml yaml;
  yaml.kind_ = Kind::kList;
  yaml.items_ = std::move(items);
  return yaml;
}

Yaml Yaml::OneOrMany(std::vector<Yaml> items) {
  return items.size() == 1 ? std::move(items.front()) : List(std::move(items));
}

Yaml Yaml::Map() {
  Yaml yaml;
  yaml.kind_ = Kind::kMap;
  return yaml;
}

Yaml& Yaml::Set(std::string_view key, Yaml value) {
  // `on` is a key of the language, not YAML 1.1's truth value.
  entries_.emplace_back(key == "on" ? "on" : Word(key), std::move(value));
  return *this;
}

std::string Yaml::ToString() const {
  std::string out;
  Write(out, 0);
  return out;
}

std::string Yaml::Flow() const {
  std::string out;
  switch (kind_) {
    case Kind::kScalar:
      return scalar_;
    case Kind::kList:
      for (const Yaml& item : items_) out += (out.empty() ? "" : ", ") + item.Flow();
      return "[" + out + "]";
    case Kind::kMap:
      for (const auto& [key, value] : entries_)
        out += (out.empty() ? "" : ", ") + key + ": " + value.Flow();
      return "{" + out + "}";
  }
  return out;
}

bool Yaml::IsSpread() const {
  return spread_ || !comment_.empty() || std::ranges::any_of(items_, &Yaml::IsSpread) ||
         std::ranges::any_of(entries_, [](const auto& entry) { return entry.second.IsSpread(); });
}

bool Yaml::FitsOneLine(std::size_t indent) const {
  return kind_ == Kind::kScalar || empty() || (!IsSpread() && Flow().size() + indent <= kLine);
}

void Yaml::Write(std::string& out, std::size_t indent) const {
  if (kind_ == Kind::kList) {
    WriteList(out, indent);
  } else if (kind_ == Kind::kMap) {
    WriteMap(out, indent);
  } else {
    out += scalar_ + "\n";
  }
}

void Yaml::WriteList(std::string& out, std::size_t indent) const {
  const std::string margin(indent, ' ');
  for (const Yaml& item : items_) {
    if (!item.comment_.empty()) out += margin + "# " + item.comment_ + "\n";
    Yaml bare = item;
    bare.comment_.clear();
    if (bare.FitsOneLine(indent + 2)) {
      // An action such as `- raise: x` stands without braces.
      const bool single = bare.kind_ == Kind::kMap && bare.entries_.size() == 1;
      out +=
          margin + "- " +
          (single ? bare.entries_[0].first + ": " + bare.entries_[0].second.Flow() : bare.Flow()) +
          "\n";
      continue;
    }
    std::string inner;
    bare.Write(inner, indent + 2);
    inner.replace(indent, 2, "- ");
    out += inner;
  }
}

void Yaml::WriteMap(std::string& out, std::size_t indent) const {
  const std::string margin(indent, ' ');
  for (const auto& [key, value] : entries_) {
    out += margin + key + ":";
    if (value.FitsOneLine(indent + key.size() + 2)) {
      out += " " + value.Flow() + "\n";
    } else {
      out += "\n";
      value.Write(out, indent + 2);
    }
  }
}

}  // namespace duban::import
