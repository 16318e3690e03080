#include "services/import/tokens.h"

#include <algorithm>
#include <cctype>
#include <cstdint>
#include <optional>

namespace duban::import {
namespace {

bool IsNameStart(char c) {
  return std::isalpha(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '$' ||
         (static_cast<unsigned char>(c) & 0x80U) != 0;
}
bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// Longest first.
constexpr std::string_view kSymbols[] = {
    ">>>=", "===", "!==", "**=", ">>>", "<<=", ">>=", "...", "=>", "==", "!=", "<=", ">=", "&&",
    "||",   "??",  "++",  "--",  "+=",  "-=",  "*=",  "/=",  "%=", "&=", "|=", "^=", "**", "<<",
    ">>",   "?.",  "+",   "-",   "*",   "/",   "%",   "<",   ">",  "!",  "=",  "?",  ":",  ".",
    ",",    ";",   "(",   ")",   "[",   "]",   "{",   "}",   "&",  "|",  "^",  "~"};

void AppendUtf8(std::string& out, std::uint32_t c) {
  if (c < 0x80) {
    out += static_cast<char>(c);
  } else if (c < 0x800) {
    out += static_cast<char>(0xC0 | c >> 6);
    out += static_cast<char>(0x80 | (c & 0x3F));
  } else {
    out += static_cast<char>(0xE0 | c >> 12);
    out += static_cast<char>(0x80 | (c >> 6 & 0x3F));
    out += static_cast<char>(0x80 | (c & 0x3F));
  }
}

class Reader {
 public:
  explicit Reader(std::string_view source) : source_(source) {}

  std::expected<std::vector<Token>, Refusal> Read() {
    std::vector<Token> tokens;
    while (true) {
      while (at_ < source_.size() && std::isspace(static_cast<unsigned char>(source_[at_])) != 0)
        ++at_;
      if (at_ == source_.size()) break;
      if (tokens.size() >= kMaxTokens)
        return std::unexpected(Refusal{"an expression of more than 2000 words"});
      auto token = Next();
      if (!token) return std::unexpected(token.error());
      tokens.push_back(std::move(*token));
    }
    tokens.emplace_back();
    return tokens;
  }

 private:
  char Peek(std::size_t ahead = 0) const {
    return at_ + ahead < source_.size() ? source_[at_ + ahead] : '\0';
  }

  std::expected<Token, Refusal> Next() {
    const char c = Peek();
    if (IsNameStart(c)) {
      const std::size_t start = at_;
      while (IsNameStart(Peek()) || IsDigit(Peek())) ++at_;
      return Token{Token::Kind::kName, std::string(source_.substr(start, at_ - start))};
    }
    if (IsDigit(c) || (c == '.' && IsDigit(Peek(1)))) return Number();
    if (c == '\'' || c == '"') return String(c);
    if (c == '`') return std::unexpected(Refusal{"a template literal"});
    for (std::string_view symbol : kSymbols) {
      if (!source_.substr(at_).starts_with(symbol)) continue;
      at_ += symbol.size();
      return Token{Token::Kind::kSymbol, std::string(symbol)};
    }
    return std::unexpected(Refusal{std::string("the character `") + c + "`"});
  }

  std::expected<Token, Refusal> Number() {
    const std::size_t start = at_;
    while (IsDigit(Peek())) ++at_;
    if (Peek() == '.') {
      ++at_;
      while (IsDigit(Peek())) ++at_;
    }
    if (Peek() == 'e' || Peek() == 'E') {
      ++at_;
      if (Peek() == '+' || Peek() == '-') ++at_;
      while (IsDigit(Peek())) ++at_;
    }
    std::string text(source_.substr(start, at_ - start));
    const bool octal = text.size() > 1 && text[0] == '0' && IsDigit(text[1]);
    if (IsNameStart(Peek()) || octal)
      return std::unexpected(Refusal{"the number `" + text + Peek() + "`"});
    if (text.front() == '.') text.insert(text.begin(), '0');
    if (text.back() == '.') text += '0';
    return Token{Token::Kind::kNumber, std::move(text)};
  }

  std::expected<Token, Refusal> String(char quote) {
    Token token{Token::Kind::kString, {}};
    for (++at_; at_ < source_.size() && source_[at_] != quote; ++at_) {
      if (source_[at_] != '\\') {
        token.text += source_[at_];
        continue;
      }
      ++at_;
      if (!Escape(token.text)) return std::unexpected(Refusal{"an escape sequence in a string"});
    }
    if (at_ == source_.size()) return std::unexpected(Refusal{"a string without end"});
    ++at_;
    return token;
  }

  bool Escape(std::string& out) {
    const char c = Peek();
    switch (c) {
      case 'n':
        out += '\n';
        return true;
      case 't':
        out += '\t';
        return true;
      case 'r':
        out += '\r';
        return true;
      case 'b':
        out += '\b';
        return true;
      case 'f':
        out += '\f';
        return true;
      case '\\':
      case '\'':
      case '"':
      case '/':
        out += c;
        return true;
      case 'x':
        return Code(2, out);
      case 'u':
        return Code(4, out);
      default:
        return false;
    }
  }

  bool Code(std::size_t digits, std::string& out) {
    std::uint32_t code = 0;
    for (std::size_t i = 1; i <= digits; ++i) {
      const char c = Peek(i);
      if (std::isxdigit(static_cast<unsigned char>(c)) == 0) return false;
      code = code * 16 + static_cast<std::uint32_t>(IsDigit(c) ? c - '0' : (c | 0x20) - 'a' + 10);
    }
    if (code == 0 || (code >= 0xD800 && code < 0xE000)) return false;
    AppendUtf8(out, code);
    at_ += digits;
    return true;
  }

  std::string_view source_;
  std::size_t at_ = 0;
};

}  // namespace

std::expected<std::vector<Token>, Refusal> Tokenize(std::string_view source) {
  return Reader(source).Read();
}

}  // namespace duban::import
