#include "core/statechart/secrets.h"

#include <algorithm>

#include "core/statechart/visible.h"

namespace duban::statechart {
namespace {

using definition::Field;
using definition::FieldKind;
using model::Value;

}  // namespace

std::string_view ConfidentialMark(std::string_view language) {
  return language == "en" ? "(confidential)" : "（保密）";
}

void SecretWords::Add(const Field& field, const Value& value) {
  if (field.kind == FieldKind::kEnum || field.kind == FieldKind::kBool) return;
  AddValue(value);
}

void SecretWords::AddValue(const Value& value) {
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

void SecretWords::AddWord(const std::string& word) {
  if (word.size() < kMinSecretBytes) return;
  words_.push_back(word);
  sorted_ = false;
}

void SecretWords::HideIn(std::string& text, std::string_view language) {
  if (!sorted_) {
    std::ranges::sort(words_, [](const std::string& a, const std::string& b) {
      return a.size() != b.size() ? a.size() > b.size() : a < b;
    });
    sorted_ = true;
  }
  const std::string_view mark = ConfidentialMark(language);
  for (const std::string& word : words_) {
    for (std::size_t at = text.find(word); at != std::string::npos;
         at = text.find(word, at + mark.size())) {
      text.replace(at, word.size(), mark);
    }
  }
}

void SecretWords::HideIn(model::Text& text) {
  HideIn(text.zh, "zh");
  HideIn(text.en, "en");
}

void HideSecrets(std::string& text, const Scope& scope, std::string_view language) {
  const std::vector<Field>& fields = scope.definition().fields;
  const std::vector<Value>& data = scope.state().data;
  if (text.empty() || std::ranges::none_of(fields, &Field::confidential)) return;
  SecretWords secrets(scope.organisation());
  for (std::size_t i = 0; i < fields.size() && i < data.size(); ++i) {
    if (fields[i].confidential) secrets.Add(fields[i], data[i]);
  }
  secrets.HideIn(text, language);
}

void HideFrom(const model::PersonId& reader, model::Text& text, const Scope& scope) {
  const std::vector<Field>& fields = scope.definition().fields;
  const std::vector<Value>& data = scope.state().data;
  SecretWords secrets(scope.organisation());
  for (std::size_t i = 0; i < fields.size() && i < data.size(); ++i) {
    if (fields[i].visible_to.empty() || data[i].is_null()) continue;
    const auto field = static_cast<model::FieldIndex>(i);
    const bool visible = !reader.empty() && VisibleTo(scope.definition(), scope.organisation(),
                                                      scope.state(), field, reader);
    if (!visible) secrets.Add(fields[i], data[i]);
  }
  secrets.HideIn(text);
}

}  // namespace duban::statechart
