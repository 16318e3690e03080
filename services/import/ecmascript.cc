#include "services/import/ecmascript.h"

#include <fmt/format.h>

#include <span>

#include "services/import/tokens.h"

namespace duban::import {
namespace {

// How tightly CEL binds, loosest first.
enum Binding { kTernary = 1, kOr, kAnd, kRelation, kSum, kProduct, kUnary, kPrimary };

struct Term {
  enum class Kind { kUnknown, kBool, kNumber, kString, kEvent };
  std::string cel;
  Binding binding = kPrimary;
  Kind kind = Kind::kUnknown;
  std::optional<std::string> yaml;  // of a literal
  // Right as a truth value only: `a || b` gives one of its operands in ECMAScript, true or false in
  // CEL.
  bool truth_only = false;
};

std::string Bound(const Term& term, Binding least) {
  return term.binding < least ? "(" + term.cel + ")" : term.cel;
}

Term Truth(Term term) {
  if (term.kind == Term::Kind::kBool) return term;
  if (term.kind == Term::Kind::kEvent)
    return {term.cel + " != null", kRelation, Term::Kind::kBool, {}};
  const std::string x = Bound(term, kSum);
  if (term.kind == Term::Kind::kNumber) return {x + " != 0", kRelation, Term::Kind::kBool, {}};
  if (term.kind == Term::Kind::kString) return {x + " != ''", kRelation, Term::Kind::kBool, {}};
  return {fmt::format("{0} != null && {0} != false && {0} != 0 && {0} != ''", x),
          kAnd,
          Term::Kind::kBool,
          {}};
}

std::string WhatIsWrongWith(const Token& token) {
  static const std::map<std::string_view, std::string_view> kNamed = {
      {"++", "a side effect in an expression"},
      {"--", "a side effect in an expression"},
      {"=", "an assignment in an expression"},
      {"+=", "an assignment in an expression"},
      {"-=", "an assignment in an expression"},
      {";", "several statements in one expression"},
      {",", "several expressions in one"},
      {"=>", "a function"},
      {"function", "a function"},
      {"new", "an object made in an expression"},
      {"instanceof", "a test of prototypes"},
      {"void", "an operator without a counterpart"},
      {"delete", "a side effect in an expression"}};
  if (token.kind == Token::Kind::kEnd) return "an expression that stops too early";
  const auto found = kNamed.find(token.text);
  return found == kNamed.end() ? fmt::format("`{}`", token.text)
                               : fmt::format("`{}` ({})", token.text, found->second);
}

class Translator {
 public:
  Translator(std::span<const Token> tokens, const Names& names) : tokens_(tokens), names_(names) {}

  std::expected<Term, Refusal> Translate() {
    Term term = Conditional();
    if (!refusal_ && Peek().kind != Token::Kind::kEnd) Refuse(WhatIsWrongWith(Peek()));
    if (refusal_) return std::unexpected(*refusal_);
    return term;
  }

 private:
  static constexpr int kMaxDepth = 60;

  const Token& Peek() const { return tokens_[at_]; }
  Token Take() { return tokens_[at_ + 1 < tokens_.size() ? at_++ : at_]; }
  bool TakeIf(std::string_view symbol) {
    if (refusal_ || !Peek().Is(symbol)) return false;
    Take();
    return true;
  }
  void Expect(std::string_view symbol) {
    if (!TakeIf(symbol)) Refuse(WhatIsWrongWith(Peek()));
  }
  Term Refuse(std::string construct) {
    if (!refusal_) refusal_ = Refusal{std::move(construct)};
    return {};
  }

  Term Conditional() {
    if (++depth_ > kMaxDepth) return Refuse("an expression nested too deeply");
    Term condition = Or();
    if (TakeIf("?")) {
      const Term yes = Conditional();
      Expect(":");
      const Term no = Conditional();
      condition = {fmt::format("{} ? {} : {}", Bound(Truth(condition), kOr), Bound(yes, kOr),
                               Bound(no, kTernary)),
                   kTernary,
                   yes.kind == no.kind ? yes.kind : Term::Kind::kUnknown,
                   {},
                   yes.truth_only || no.truth_only};
    }
    --depth_;
    return condition;
  }

  static bool IsTruthOnly(const Term& term) {
    return term.truth_only || term.kind != Term::Kind::kBool;
  }
  // The term where its value counts.
  std::string Operand(const Term& term, Binding least) {
    if (term.truth_only) Refuse("the value of `||` or `&&` (it is a condition only)");
    return Bound(term, least);
  }

  Term Or() {
    Term left = And();
    while (TakeIf("||")) {
      const Term right = And();
      const bool truth_only = IsTruthOnly(left) || IsTruthOnly(right);
      left = {Bound(Truth(left), kOr) + " || " + Bound(Truth(right), kAnd),
              kOr,
              Term::Kind::kBool,
              {},
              truth_only};
    }
    return left;
  }
  Term And() {
    Term left = Equality();
    while (TakeIf("&&")) {
      const Term right = Equality();
      const bool truth_only = IsTruthOnly(left) || IsTruthOnly(right);
      left = {Bound(Truth(left), kAnd) + " && " + Bound(Truth(right), kRelation),
              kAnd,
              Term::Kind::kBool,
              {},
              truth_only};
    }
    return left;
  }

  Term Equality() {
    Term left = Relational();
    while (!refusal_) {
      std::string_view symbol;
      if (TakeIf("===") || TakeIf("==")) {
        symbol = "==";
      } else if (TakeIf("!==") || TakeIf("!=")) {
        symbol = "!=";
      } else {
        break;
      }
      const Term right = Relational();
      left = {fmt::format("{} {} {}", Operand(left, kSum), symbol, Operand(right, kSum)),
              kRelation,
              Term::Kind::kBool,
              {}};
    }
    return left;
  }
  Term Relational() {
    Term left = Sum();
    for (std::string_view symbol : {"<=", ">=", "<", ">"}) {
      if (!TakeIf(symbol)) continue;
      const Term right = Sum();
      return {fmt::format("{} {} {}", Operand(left, kSum), symbol, Operand(right, kSum)),
              kRelation,
              Term::Kind::kBool,
              {}};
    }
    return left;
  }

  Term Sum() {
    Term left = Product();
    while (!refusal_ && (Peek().Is("+") || Peek().Is("-"))) {
      const std::string symbol = Take().text;
      Term right = Product();
      Term::Kind kind = Term::Kind::kNumber;
      if (symbol == "+" &&
          (left.kind == Term::Kind::kString || right.kind == Term::Kind::kString)) {
        kind = Term::Kind::kString;
        if (left.kind != kind)
          left = {"string(" + Operand(left, kTernary) + ")", kPrimary, kind, {}};
        if (right.kind != kind)
          right = {"string(" + Operand(right, kTernary) + ")", kPrimary, kind, {}};
      } else if (symbol == "+" && (left.kind != kind || right.kind != kind)) {
        kind = Term::Kind::kUnknown;
      }
      left = {fmt::format("{} {} {}", Operand(left, kSum), symbol, Operand(right, kProduct)),
              kSum,
              kind,
              {}};
    }
    return left;
  }
  Term Product() {
    Term left = Unary();
    while (!refusal_ && (Peek().Is("*") || Peek().Is("/") || Peek().Is("%"))) {
      const std::string symbol = Take().text;
      const Term right = Unary();
      left = {symbol == "/" ? fmt::format("double({}) / double({})", Operand(left, kTernary),
                                          Operand(right, kTernary))
                            : fmt::format("{} {} {}", Operand(left, kProduct), symbol,
                                          Operand(right, kUnary)),
              kProduct,
              Term::Kind::kNumber,
              {}};
    }
    return left;
  }

  Term Unary() {
    if (TakeIf("!")) {
      const Term term = Truth(Unary());
      return {"!" + Bound(term, kUnary), kUnary, Term::Kind::kBool, {}};
    }
    if (TakeIf("-")) {
      const Term term = Unary();
      std::optional<std::string> yaml;
      if (term.yaml && term.kind == Term::Kind::kNumber) yaml = "-" + *term.yaml;
      return {"-" + Operand(term, kUnary), kUnary, Term::Kind::kNumber, yaml};
    }
    if (Peek().kind == Token::Kind::kName && Peek().text == "typeof") return TypeOf();
    return Postfix();
  }

  // typeof x == 'undefined'
  Term TypeOf() {
    Take();
    const bool parenthesized = TakeIf("(");
    const Token name = Take();
    if (parenthesized) Expect(")");
    const bool equal = Peek().Is("==") || Peek().Is("===");
    const bool unequal = Peek().Is("!=") || Peek().Is("!==");
    if (name.kind != Token::Kind::kName || (!equal && !unequal)) return Refuse("`typeof`");
    Take();
    const Token type = Take();
    if (type.kind != Token::Kind::kString || type.text != "undefined") {
      return Refuse("`typeof` against anything but 'undefined'");
    }
    if (name.text == "_event")
      return {equal ? "event == null" : "event != null", kRelation, Term::Kind::kBool, {}};
    const auto field = names_.fields.find(name.text);
    if (field == names_.fields.end())
      return {equal ? "true" : "false", kPrimary, Term::Kind::kBool, {}};
    return {fmt::format("{} {} null", field->second, equal ? "==" : "!="),
            kRelation,
            Term::Kind::kBool,
            {}};
  }

  Term Postfix() {
    Term term = Primary();
    while (!refusal_) {
      if (TakeIf(".")) {
        const Token member = Take();
        if (member.kind != Token::Kind::kName) return Refuse(WhatIsWrongWith(member));
        if (Peek().Is("(")) return Refuse(fmt::format("a call of `{}`", member.text));
        term = Member(term, member.text);
      } else if (TakeIf("[")) {
        const Term index = Conditional();
        Expect("]");
        term = {fmt::format("{}[{}]", Operand(term, kPrimary), Operand(index, kTernary)),
                kPrimary,
                Term::Kind::kUnknown,
                {}};
      } else {
        break;
      }
    }
    if (Peek().Is("++") || Peek().Is("--")) return Refuse(WhatIsWrongWith(Peek()));
    return term;
  }

  Term Member(const Term& object, const std::string& name) {
    if (object.kind == Term::Kind::kEvent) {
      if (name == "name") return {"event.name", kPrimary, Term::Kind::kString, {}};
      if (name == "data") return {"event.data", kPrimary, Term::Kind::kUnknown, {}};
      return Refuse(fmt::format("`_event.{}`", name));
    }
    if (name == "length") return {"size(" + object.cel + ")", kPrimary, Term::Kind::kNumber, {}};
    return {Operand(object, kPrimary) + "." + name, kPrimary, Term::Kind::kUnknown, {}};
  }

  Term Primary() {
    const Token token = Take();
    if (refusal_) return {};
    switch (token.kind) {
      case Token::Kind::kNumber:
        return {token.text, kPrimary, Term::Kind::kNumber, token.text};
      case Token::Kind::kString:
        return {QuoteCel(token.text), kPrimary, Term::Kind::kString, QuoteYaml(token.text)};
      case Token::Kind::kName:
        return Name(token.text);
      case Token::Kind::kSymbol:
        break;
      case Token::Kind::kEnd:
        return Refuse(WhatIsWrongWith(token));
    }
    if (token.text == "(") {
      Term inner = Conditional();
      Expect(")");
      return inner;
    }
    if (token.text == "[") return Array();
    if (token.text == "{") return Object();
    return Refuse(WhatIsWrongWith(token));
  }

  Term Name(const std::string& name) {
    if (name == "true" || name == "false") return {name, kPrimary, Term::Kind::kBool, name};
    if (name == "null" || name == "undefined")
      return {"null", kPrimary, Term::Kind::kUnknown, "null"};
    if (name == "_event") return {"event", kPrimary, Term::Kind::kEvent, {}};
    if (name == "In" && Peek().Is("(")) return InState();
    if (Peek().Is("(")) return Refuse(fmt::format("a call of `{}`", name));
    if (const auto field = names_.fields.find(name); field != names_.fields.end()) {
      return {field->second, kPrimary, Term::Kind::kUnknown, {}};
    }
    for (std::string_view word :
         {"function", "new", "instanceof", "in", "void", "delete", "var", "let", "const", "this"}) {
      if (name == word) return Refuse(WhatIsWrongWith({Token::Kind::kName, name}));
    }
    if (name.starts_with("_")) return Refuse(fmt::format("the system variable `{}`", name));
    return {Undeclared(name), kPrimary, Term::Kind::kUnknown, {}};
  }

  Term InState() {
    Expect("(");
    const Token state = Take();
    Expect(")");
    if (state.kind != Token::Kind::kString) return Refuse("`In` of a computed state");
    if (!names_.states.contains(state.text)) return {"false", kPrimary, Term::Kind::kBool, {}};
    return {"In(" + QuoteCel(state.text) + ")", kPrimary, Term::Kind::kBool, {}};
  }

  Term Array() {
    std::string cel;
    std::optional<std::string> yaml = "";
    while (!refusal_ && !TakeIf("]")) {
      if (!cel.empty()) Expect(",");
      const Term item = Conditional();
      cel += (cel.empty() ? "" : ", ") + Operand(item, kTernary);
      yaml = yaml && item.yaml ? std::optional(*yaml + (yaml->empty() ? "" : ", ") + *item.yaml)
                               : std::nullopt;
    }
    if (yaml) yaml = "[" + *yaml + "]";
    return {"[" + cel + "]", kPrimary, Term::Kind::kUnknown, yaml};
  }
  Term Object() {
    std::string cel;
    std::optional<std::string> yaml = "";
    while (!refusal_ && !TakeIf("}")) {
      if (!cel.empty()) Expect(",");
      const Token key = Take();
      if (key.kind != Token::Kind::kName && key.kind != Token::Kind::kString)
        return Refuse(WhatIsWrongWith(key));
      Expect(":");
      const Term item = Conditional();
      cel += fmt::format("{}{}: {}", cel.empty() ? "" : ", ", QuoteCel(key.text),
                         Operand(item, kTernary));
      yaml = yaml && item.yaml
                 ? std::optional(fmt::format("{}{}{}: {}", *yaml, yaml->empty() ? "" : ", ",
                                             QuoteYaml(key.text), *item.yaml))
                 : std::nullopt;
    }
    if (yaml) yaml = "{" + *yaml + "}";
    return {"{" + cel + "}", kPrimary, Term::Kind::kUnknown, yaml};
  }

  std::span<const Token> tokens_;
  const Names& names_;
  std::size_t at_ = 0;
  int depth_ = 0;
  std::optional<Refusal> refusal_;
};

std::expected<Term, Refusal> TranslateTerm(std::string_view source, const Names& names) {
  const auto tokens = Tokenize(source);
  if (!tokens) return std::unexpected(tokens.error());
  return Translator(*tokens, names).Translate();
}

std::string Quote(std::string_view text, char quote) {
  std::string out(1, quote);
  for (char c : text) {
    if (c == quote || c == '\\') {
      out += '\\';
      out += c;
    } else if (c == '\n') {
      out += "\\n";
    } else if (c == '\t') {
      out += "\\t";
    } else if (static_cast<unsigned char>(c) < 0x20) {
      out += fmt::format("\\u{:04x}", static_cast<unsigned>(c));
    } else {
      out += c;
    }
  }
  return out + quote;
}

}  // namespace

std::expected<std::string, Refusal> TranslateCondition(std::string_view source,
                                                       const Names& names) {
  const auto term = TranslateTerm(source, names);
  if (!term) return std::unexpected(term.error());
  return Truth(*term).cel;
}

std::expected<std::string, Refusal> TranslateValue(std::string_view source, const Names& names) {
  const auto term = TranslateTerm(source, names);
  if (!term) return std::unexpected(term.error());
  if (term->truth_only)
    return std::unexpected(Refusal{"the value of `||` or `&&` (it is a condition only)"});
  return term->cel;
}

std::optional<std::string> LiteralAsYaml(std::string_view source) {
  const auto term = TranslateTerm(source, {});
  return term ? term->yaml : std::nullopt;
}

std::string QuoteCel(std::string_view text) { return Quote(text, '\''); }
std::string QuoteYaml(std::string_view text) { return Quote(text, '"'); }
std::string Undeclared(std::string_view variable) { return "dyn({})[" + QuoteCel(variable) + "]"; }

}  // namespace duban::import
