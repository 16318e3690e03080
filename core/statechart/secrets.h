// What a confidential field holds, kept out of texts that leave the case: the last line of defence
// behind the loader, which refuses a text that names such a field.
#pragma once

#include <string>
#include <string_view>

#include "core/statechart/scope.h"

namespace duban::statechart {

// What people read instead: "（保密）" or "(confidential)".
std::string_view ConfidentialMark(std::string_view language);

// Replaces in the text whatever the case's confidential fields hold: texts, names of people,
// numbers, in lists and objects too. Words too short to tell anybody (kMinSecretBytes,
// kMinSecretNumber) and the values of an enum stay.
inline constexpr std::size_t kMinSecretBytes = 4;  // two Chinese characters, four Latin letters
inline constexpr std::int64_t kMinSecretNumber = 10'000;
void HideSecrets(std::string& text, const Scope& scope, std::string_view language);

}  // namespace duban::statechart
