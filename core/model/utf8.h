// UTF-8: characters in bytes.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace duban::model {

// The bytes of the character at the front; 0 when there is none: nothing, cut off, an overlong
// form, a surrogate, beyond U+10FFFF.
std::size_t CharacterLength(std::string_view text);

// The character at the front of `text`, which loses it; `text` is not empty. A byte that is in no
// character stands for itself.
char32_t TakeCharacter(std::string_view& text);

// Where the first byte stands that is in no character; npos when there is none.
std::size_t FindInvalidUtf8(std::string_view text);

// How many characters.
std::size_t CountCodePoints(std::string_view text);

// At most `bytes` of the text, no character cut.
std::string_view Prefix(std::string_view text, std::size_t bytes);

// The same, and "…" when something is left out (3 bytes more).
std::string Clip(std::string_view text, std::size_t bytes);

// The columns that a character takes on a terminal, 0 to 2: wide are classes W and F of Unicode's
// East Asian Width (UAX 11), as blocks.
int ColumnsOf(char32_t character);

}  // namespace duban::model
