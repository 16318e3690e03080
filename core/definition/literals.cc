// Words inside expressions that the type checker cannot judge: the state in In('…'), the value that
// an enum is compared with.
#include <algorithm>
#include <cctype>

#include "core/definition/context.h"
#include "core/model/utf8.h"

namespace duban::definition {
namespace {

struct Token {
  enum class Kind { kWord, kText, kOther } kind;  // kWord: names joined by dots
  std::string text;
  int line;
  int column;  // code points, from 1
};

bool IsWordByte(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '.';
}

// Enough of CEL's tokens to find plain literals; stops at the first escape, raw or triple-quoted
// text.
std::vector<Token> Scan(std::string_view source) {
  std::vector<Token> tokens;
  int line = 1;
  int column = 1;
  for (std::size_t i = 0; i < source.size();) {
    const char c = source[i];
    std::size_t end = i + 1;
    if (c == '\'' || c == '"') {
      end = source.find_first_of(std::string("\\\n") + c, i + 1);
      if (end == std::string_view::npos || source[end] != c) break;
      tokens.push_back(
          {Token::Kind::kText, std::string(source.substr(i + 1, end - i - 1)), line, column});
      ++end;
    } else if (IsWordByte(c)) {
      while (end < source.size() && IsWordByte(source[end])) ++end;
      tokens.push_back({Token::Kind::kWord, std::string(source.substr(i, end - i)), line, column});
    } else if (c == '/' && source.substr(i).starts_with("//")) {
      end = std::min(source.find('\n', i), source.size());
    } else if (c != ' ' && c != '\n') {
      if (end < source.size() && source[end] == '=') ++end;
      tokens.push_back({Token::Kind::kOther, std::string(source.substr(i, end - i)), line, column});
    }
    for (; i < end; ++i) {
      if ((static_cast<unsigned char>(source[i]) & 0xC0U) != 0x80) ++column;
      if (source[i] == '\n') {
        ++line;
        column = 1;
      }
    }
  }
  return tokens;
}

Place PlaceOf(const Context& context, const Node& node, const Token& literal) {
  const int length = static_cast<int>(model::CountCodePoints(literal.text));
  return PlaceInside(node, literal.line, literal.column, length + 2, context.report);
}

// The enum that `a.b` names, if it is one.
const Field* EnumNamed(const Context& context, std::string_view word) {
  const auto next = [&] {
    const std::size_t dot = word.find('.');
    const std::string_view name = word.substr(0, dot);
    word = dot == std::string_view::npos ? std::string_view() : word.substr(dot + 1);
    return name;
  };
  const auto found = context.fields.find(next());
  if (found == context.fields.end()) return nullptr;
  const Field* field = &context.definition.fields[found->second];
  while (!word.empty() && field != nullptr) {
    const std::string_view name = next();
    const auto member = std::find_if(field->fields.begin(), field->fields.end(),
                                     [&](const Field& f) { return f.name == name; });
    field = member == field->fields.end() ? nullptr : &*member;
  }
  return field != nullptr && field->kind == FieldKind::kEnum ? field : nullptr;
}

void CheckComparison(Context& context, const Node& node, const Token& word, const Token& literal) {
  const Field* field = EnumNamed(context, word.text);
  if (field == nullptr) return;
  const std::vector<std::string_view> values(field->values.begin(), field->values.end());
  if (std::find(values.begin(), values.end(), literal.text) != values.end()) return;
  context.report.Error("wrong-value", PlaceOf(context, node, literal),
                       Say("`{}` 永远不会是 `{}`", "`{}` is never `{}`", word.text, literal.text),
                       DidYouMeanOrList(literal.text, values));
}

}  // namespace

void CheckLiterals(Context& context, const Node& node) {
  if (node.scalar.find_first_of("'\"") == std::string::npos || context.report.full()) return;
  using Kind = Token::Kind;
  const std::vector<Token> tokens = Scan(node.scalar);
  for (std::size_t i = 2; i < tokens.size(); ++i) {
    const Token& first = tokens[i - 2];
    const std::string& between = tokens[i - 1].text;
    const Token& last = tokens[i];
    const bool compares =
        tokens[i - 1].kind == Kind::kOther && (between == "==" || between == "!=");
    if (compares && first.kind == Kind::kWord && last.kind == Kind::kText)
      CheckComparison(context, node, first, last);
    if (compares && first.kind == Kind::kText && last.kind == Kind::kWord)
      CheckComparison(context, node, last, first);
    if (first.text != "In" || first.kind != Kind::kWord || between != "(" ||
        last.kind != Kind::kText)
      continue;
    if (context.states.contains(last.text)) continue;
    context.report.Error("unknown-state", PlaceOf(context, node, last),
                         Say("没有状态 `{}`", "there is no state `{}`", last.text),
                         DidYouMean(last.text, StateNames(context)));
  }
}

}  // namespace duban::definition
