#include "core/statechart/secrets.h"

#include <algorithm>
#include <vector>

namespace duban::statechart {
namespace {

using definition::Field;
using definition::FieldKind;
using model::Value;

class Secrets {
 public:
  explicit Secrets(const definition::Organisation& organisation) : organisation_(organisation) {}

  void Add(const Field& field, const Value& value) {
    if (field.kind == FieldKind::kEnum || field.kind == FieldKind::kBool) return;
    AddValue(value);
  }

  // The longest first, so that a name inside a longer one leaves nothing behind.
  std::vector<std::string> Take() && {
    std::ranges::sort(words_, [](const std::string& a, const std::string& b) {
      return a.size() != b.size() ? a.size() > b.size() : a < b;
    });
    return std::move(words_);
  }

 private:
  void AddValue(const Value& value) {
    if (const auto* text = value.If<std::string>()) {
      AddWord(*text);
      if (organisation_.FindPerson(*text) != nullptr) {
        const model::Text& name = organisation_.NameOf(*text);
        AddWord(name.zh);
        AddWord(name.en);
      }
    } else if (const auto* number = value.If<std::int64_t>()) {
      if (*number >= kMinSecretNumber) AddWord(std::to_string(*number));
    } else if (const auto* list = value.IfList()) {
      for (const Value& item : *list) AddValue(item);
    } else if (const auto* map = value.IfMap()) {
      for (const auto& [key, item] : *map) AddValue(item);
    }
  }

  void AddWord(const std::string& word) {
    if (word.size() >= kMinSecretBytes) words_.push_back(word);
  }

  const definition::Organisation& organisation_;
  std::vector<std::string> words_;
};

}  // namespace

std::string_view ConfidentialMark(std::string_view language) {
  return language == "en" ? "(confidential)" : "（保密）";
}

void HideSecrets(std::string& text, const Scope& scope, std::string_view language) {
  const std::vector<Field>& fields = scope.definition().fields;
  const std::vector<Value>& data = scope.state().data;
  if (text.empty() || std::ranges::none_of(fields, &Field::confidential)) return;
  Secrets secrets(scope.organisation());
  for (std::size_t i = 0; i < fields.size() && i < data.size(); ++i) {
    if (fields[i].confidential) secrets.Add(fields[i], data[i]);
  }
  const std::string_view mark = ConfidentialMark(language);
  for (const std::string& word : std::move(secrets).Take()) {
    for (std::size_t at = text.find(word); at != std::string::npos;
         at = text.find(word, at + mark.size())) {
      text.replace(at, word.size(), mark);
    }
  }
}

}  // namespace duban::statechart
