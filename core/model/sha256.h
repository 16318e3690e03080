// SHA-256, for what is digested once a call or more often.
#pragma once

#include <string>
#include <string_view>

namespace duban::model {

// 32 bytes. Thread-safe. Throws std::runtime_error when the library does not offer it.
std::string Sha256(std::string_view bytes);

// Two hexadecimal digits in lower case for each byte.
std::string Hex(std::string_view bytes);

}  // namespace duban::model
