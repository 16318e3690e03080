// What confidential and hidden fields hold, kept out of texts: the last line of defence behind the
// loader, which refuses a text that names a confidential field.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/definition/definition.h"
#include "core/statechart/scope.h"

namespace duban::statechart {

// What people read instead: "（保密）" or "(confidential)".
std::string_view ConfidentialMark(std::string_view language);

// The words that would tell what fields hold: texts, names of people, numbers, in lists and objects
// too. Words too short to tell anybody (kMinSecretBytes, kMinSecretNumber) and the values of an
// enum are none.
inline constexpr std::size_t kMinSecretBytes = 4;  // two Chinese characters, four Latin letters
inline constexpr std::int64_t kMinSecretNumber = 10'000;
class SecretWords {
 public:
  explicit SecretWords(const definition::Organisation& organisation)
      : organisation_(organisation) {}

  void Add(const definition::Field& field, const model::Value& value);
  // Replaces them, the longest first, so that a name inside a longer one leaves nothing behind.
  void HideIn(std::string& text, std::string_view language);
  void HideIn(model::Text& text);

 private:
  void AddValue(const model::Value& value);
  void AddWord(const std::string& word);

  const definition::Organisation& organisation_;
  std::vector<std::string> words_;
  bool sorted_ = false;
};

// Of the case's confidential fields; no reader is excepted.
void HideSecrets(std::string& text, const Scope& scope, std::string_view language);
// Of the fields that the reader may not see; an empty reader: of every field with `visible_to`, for
// a text that whoever sees the case reads.
void HideFrom(const model::PersonId& reader, model::Text& text, const Scope& scope);

}  // namespace duban::statechart
