#include "core/expression/lexer.h"

#include <fmt/format.h>

#include <array>

#include "core/expression/literal.h"

namespace duban::expression {
namespace {

bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsHexDigit(char c) { return IsDigit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }
bool IsNameStart(char c) { return c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool IsNamePart(char c) { return IsNameStart(c) || IsDigit(c); }

Place Stretch(std::size_t at, std::size_t length) {
  return {static_cast<std::uint32_t>(at), static_cast<std::uint32_t>(length)};
}

struct Confusion {
  std::string_view written;
  std::string_view meant;
};

// Characters of a Chinese keyboard, and operators of other languages.
constexpr std::array kConfusions = {
    Confusion{"（", "("}, Confusion{"）", ")"}, Confusion{"，", ","}, Confusion{"。", "."},
    Confusion{"“", "\""}, Confusion{"”", "\""}, Confusion{"‘", "'"},  Confusion{"’", "'"},
    Confusion{"：", ":"}, Confusion{"？", "?"}, Confusion{"！", "!"}, Confusion{"＝", "="},
    Confusion{"＞", ">"}, Confusion{"＜", "<"}, Confusion{"【", "["}, Confusion{"】", "]"},
    Confusion{"｛", "{"}, Confusion{"｝", "}"}, Confusion{"＋", "+"}, Confusion{"－", "-"},
    Confusion{"×", "*"},  Confusion{"÷", "/"},  Confusion{"≥", ">="}, Confusion{"≤", "<="},
    Confusion{"≠", "!="}, Confusion{"　", " "}, Confusion{"=", "=="}, Confusion{"&", "&&"},
    Confusion{"|", "||"},
};

constexpr std::array<std::string_view, 24> kSymbols = {
    "&&", "||", "==", "!=", "<=", ">=", "<", ">", "+", "-", "*", "/",
    "%",  "!",  "?",  ":",  ".",  ",",  "(", ")", "[", "]", "{", "}"};

std::size_t CodePointLength(char lead) {
  const auto byte = static_cast<unsigned char>(lead);
  return byte < 0x80 ? 1 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4;
}

}  // namespace

void Lexer::SkipSpace() {
  while (at_ < source_.size()) {
    const char c = source_[at_];
    if (c == '/' && Peek(1) == '/') {
      const std::size_t newline = source_.find('\n', at_);
      at_ = newline == std::string_view::npos ? source_.size() : newline;
    } else if (c == ' ' || c == '\t' || c == '\n' || c == '\f' || c == '\r') {
      ++at_;
    } else {
      return;
    }
  }
}

Token Lexer::Take(Token::Kind kind, std::size_t length) {
  Token out{kind, Stretch(at_, length), source_.substr(at_, length), {}};
  at_ += length;
  return out;
}

std::expected<Token, Problem> Lexer::Next() {
  SkipSpace();
  if (at_ >= source_.size()) return Token{Token::Kind::kEnd, Stretch(source_.size(), 0), {}, {}};
  const char c = Peek();
  if (IsDigit(c) || (c == '.' && IsDigit(Peek(1)))) return Number();
  if (c == '"' || c == '\'') return String(0, false, false);
  if (c == '`') return QuotedName();
  if (!IsNameStart(c)) return Symbol();
  std::size_t prefix = 0;
  const bool bytes = c == 'b' || c == 'B';
  if (bytes) ++prefix;
  const bool raw = Peek(prefix) == 'r' || Peek(prefix) == 'R';
  if (raw) ++prefix;
  if (prefix > 0 && (Peek(prefix) == '"' || Peek(prefix) == '\''))
    return String(prefix, bytes, raw);
  std::size_t length = 1;
  while (IsNamePart(Peek(length))) ++length;
  return Take(Token::Kind::kName, length);
}

std::expected<Token, Problem> Lexer::Number() {
  std::size_t length = 0;
  Token::Kind kind = Token::Kind::kInt;
  if (Peek() == '0' && (Peek(1) == 'x' || Peek(1) == 'X') && IsHexDigit(Peek(2))) {
    length = 2;
    while (IsHexDigit(Peek(length))) ++length;
  } else {
    while (IsDigit(Peek(length))) ++length;
    if (Peek(length) == '.' && IsDigit(Peek(length + 1))) {
      kind = Token::Kind::kDouble;
      ++length;
      while (IsDigit(Peek(length))) ++length;
    }
    if (Peek(length) == 'e' || Peek(length) == 'E') {
      const std::size_t sign = Peek(length + 1) == '+' || Peek(length + 1) == '-' ? 1 : 0;
      if (IsDigit(Peek(length + 1 + sign))) {
        kind = Token::Kind::kDouble;
        length += 1 + sign;
        while (IsDigit(Peek(length))) ++length;
      }
    }
  }
  if (kind == Token::Kind::kInt && (Peek(length) == 'u' || Peek(length) == 'U')) {
    kind = Token::Kind::kUint;
    ++length;
  }
  if (IsNamePart(Peek(length))) {
    while (IsNamePart(Peek(length))) ++length;
    return std::unexpected(At(Stretch(at_, length), {"这个数写得不对", "this is not a number"},
                              {"文本要加引号；名称不能以数字开头",
                               "put text in quotes; a name cannot begin with a digit"}));
  }
  return Take(kind, length);
}

std::expected<Token, Problem> Lexer::String(std::size_t prefix, bool bytes, bool raw) {
  const char quote = Peek(prefix);
  const bool triple = Peek(prefix + 1) == quote && Peek(prefix + 2) == quote;
  const std::string closing(triple ? 3 : 1, quote);
  const std::size_t start = at_ + prefix + closing.size();
  std::size_t end = start;
  while (end < source_.size() && source_.compare(end, closing.size(), closing) != 0) {
    if (!triple && (source_[end] == '\n' || source_[end] == '\r')) {
      end = source_.size();
      break;
    }
    end += !raw && source_[end] == '\\' ? 2 : 1;
  }
  if (end >= source_.size()) {
    return std::unexpected(
        At(Stretch(at_, prefix + closing.size()),
           {"字符串没有结束：缺少后引号", "this string does not end: its closing quote is missing"},
           {"跨行的字符串用三个引号", "use three quotes for a string over several lines"}));
  }
  const std::string_view content = source_.substr(start, end - start);
  Token out = Take(bytes ? Token::Kind::kBytes : Token::Kind::kString, end + closing.size() - at_);
  if (raw) {
    out.value = content;
    return out;
  }
  auto value = Unescape(content, bytes);
  if (!value) {
    LiteralError& error = value.error();
    error.place.at += static_cast<std::uint32_t>(start);
    return std::unexpected(At(error.place, std::move(error.message), std::move(error.hint)));
  }
  out.value = std::move(*value);
  return out;
}

std::expected<Token, Problem> Lexer::QuotedName() {
  std::size_t length = 1;
  while (IsNamePart(Peek(length)) || Peek(length) == '.' || Peek(length) == '-' ||
         Peek(length) == '/' || Peek(length) == ' ') {
    ++length;
  }
  if (Peek(length) != '`' || length == 1) {
    return std::unexpected(At(Stretch(at_, length),
                              {"反引号里的名称写得不对", "this quoted name is not complete"},
                              {"反引号之间可以有字母、数字、_ . - / 和空格",
                               "between backticks stand letters, digits, _ . - / and spaces"}));
  }
  Token out = Take(Token::Kind::kQuotedName, length + 1);
  out.text = out.text.substr(1, length - 1);
  return out;
}

std::expected<Token, Problem> Lexer::Symbol() {
  const std::string_view rest = source_.substr(at_);
  for (std::string_view symbol : kSymbols) {
    if (rest.starts_with(symbol)) return Take(Token::Kind::kSymbol, symbol.size());
  }
  const std::size_t length = CodePointLength(rest.front());
  model::Text hint;
  for (const Confusion& confusion : kConfusions) {
    if (rest.starts_with(confusion.written)) hint = DidYouMean(confusion.meant);
  }
  if (hint.empty() && length > 1) {
    hint = {"表达式里的中文要写在引号里", "put text other than ASCII in quotes"};
  }
  return std::unexpected(
      At(Stretch(at_, length),
         {fmt::format("表达式里不能出现字符“{}”", rest.substr(0, length)),
          fmt::format("the character `{}` has no meaning here", rest.substr(0, length))},
         std::move(hint)));
}

}  // namespace duban::expression
