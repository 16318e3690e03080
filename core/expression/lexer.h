// From the source to tokens.
#pragma once

#include <expected>
#include <string>
#include <string_view>

#include "core/expression/problem.h"

namespace duban::expression {

struct Token {
  enum class Kind { kEnd, kName, kQuotedName, kInt, kUint, kDouble, kString, kBytes, kSymbol };
  Kind kind = Kind::kEnd;
  Place place;
  std::string_view text;  // as written; of a quoted name what is between the backticks
  std::string value;      // of a string or bytes literal

  bool Is(std::string_view symbol) const { return kind == Kind::kSymbol && text == symbol; }
};

class Lexer {
 public:
  // Both must outlive the lexer.
  explicit Lexer(std::string_view source, Origin origin = {}) : source_(source), origin_(origin) {}

  // The next token; kEnd from the end on.
  std::expected<Token, Problem> Next();
  Problem At(Place place, model::Text message, model::Text hint = {}) const {
    return ProblemAt(source_, place, origin_, std::move(message), std::move(hint));
  }
  std::string_view source() const { return source_; }

 private:
  void SkipSpace();
  char Peek(std::size_t ahead = 0) const {
    return at_ + ahead < source_.size() ? source_[at_ + ahead] : '\0';
  }
  Token Take(Token::Kind kind, std::size_t length);
  std::expected<Token, Problem> Number();
  std::expected<Token, Problem> String(std::size_t prefix, bool bytes, bool raw);
  std::expected<Token, Problem> QuotedName();
  std::expected<Token, Problem> Symbol();

  std::string_view source_;
  Origin origin_;
  std::size_t at_ = 0;
};

}  // namespace duban::expression
