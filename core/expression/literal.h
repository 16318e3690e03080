// What the text of a literal stands for.
#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>

#include "core/expression/problem.h"

namespace duban::expression {

struct LiteralError {
  Place place;  // relative to the text given
  model::Text message;
  model::Text hint;
};

// The content between the quotes of a string (or bytes) literal, its escape sequences resolved.
std::expected<std::string, LiteralError> Unescape(std::string_view content, bool bytes);

void AppendUtf8(std::string& out, std::uint32_t code_point);

}  // namespace duban::expression
