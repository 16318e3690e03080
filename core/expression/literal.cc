#include "core/expression/literal.h"

#include <charconv>

namespace duban::expression {
namespace {

LiteralError BadEscape(std::size_t at, std::size_t length) {
  return {{static_cast<std::uint32_t>(at), static_cast<std::uint32_t>(length)},
          {"字符串里有不认识的转义序列", "this escape sequence is not known"},
          {"反斜杠本身写作 \\\\；原样的字符串在引号前加 r",
           "write a backslash itself as \\\\, or put r before the quote for a raw string"}};
}

// Reads exactly `width` digits of `base` at `at`.
std::optional<std::uint32_t> Digits(std::string_view text, std::size_t at, std::size_t width,
                                    int base) {
  if (text.size() < at + width) return std::nullopt;
  std::uint32_t value = 0;
  const char* end = text.data() + at + width;
  const auto result = std::from_chars(text.data() + at, end, value, base);
  if (result.ec != std::errc{} || result.ptr != end) return std::nullopt;
  return value;
}

std::optional<char> SimpleEscape(char c) {
  switch (c) {
    case 'a':
      return '\a';
    case 'b':
      return '\b';
    case 'f':
      return '\f';
    case 'n':
      return '\n';
    case 'r':
      return '\r';
    case 't':
      return '\t';
    case 'v':
      return '\v';
    case '\\':
    case '?':
    case '"':
    case '\'':
    case '`':
      return c;
    default:
      return std::nullopt;
  }
}

struct NumericEscape {
  std::size_t prefix;  // characters before the digits
  std::size_t width;
  int base;
  bool octet;  // in bytes, one byte rather than a code point
};

std::optional<NumericEscape> NumericEscapeFor(char c, bool bytes) {
  if (c == 'x' || c == 'X') return NumericEscape{2, 2, 16, true};
  if (c == 'u') return NumericEscape{2, 4, 16, false};
  if (c == 'U' && !bytes) return NumericEscape{2, 8, 16, false};
  if (c >= '0' && c <= '3') return NumericEscape{1, 3, 8, true};
  return std::nullopt;
}

bool IsCodePoint(std::uint32_t c) { return c <= 0x10FFFF && (c < 0xD800 || c > 0xDFFF); }

}  // namespace

void AppendUtf8(std::string& out, std::uint32_t c) {
  const auto put = [&](std::uint32_t byte) { out += static_cast<char>(byte); };
  if (c < 0x80) {
    put(c);
  } else if (c < 0x800) {
    put(0xC0 | c >> 6);
    put(0x80 | (c & 0x3F));
  } else if (c < 0x10000) {
    put(0xE0 | c >> 12);
    put(0x80 | (c >> 6 & 0x3F));
    put(0x80 | (c & 0x3F));
  } else {
    put(0xF0 | c >> 18);
    put(0x80 | (c >> 12 & 0x3F));
    put(0x80 | (c >> 6 & 0x3F));
    put(0x80 | (c & 0x3F));
  }
}

std::expected<std::string, LiteralError> Unescape(std::string_view content, bool bytes) {
  std::string out;
  out.reserve(content.size());
  for (std::size_t i = 0; i < content.size();) {
    if (content[i] != '\\') {
      out += content[i++];
      continue;
    }
    const char kind = i + 1 < content.size() ? content[i + 1] : '\0';
    if (const auto simple = SimpleEscape(kind)) {
      out += *simple;
      i += 2;
      continue;
    }
    const auto numeric = NumericEscapeFor(kind, bytes);
    if (!numeric) return std::unexpected(BadEscape(i, 2));
    const std::size_t length = numeric->prefix + numeric->width;
    const auto value = Digits(content, i + numeric->prefix, numeric->width, numeric->base);
    if (!value || !IsCodePoint(*value)) return std::unexpected(BadEscape(i, length));
    if (bytes && numeric->octet) {
      out += static_cast<char>(*value);
    } else {
      AppendUtf8(out, *value);
    }
    i += length;
  }
  return out;
}

}  // namespace duban::expression
