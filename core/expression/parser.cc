#include "core/expression/parser.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

namespace duban::expression {
namespace {

using Result = std::expected<ExprPtr, Problem>;

constexpr std::array<std::string_view, 4> kKeywords = {"true", "false", "null", "in"};
constexpr std::array<std::string_view, 17> kReserved = {
    "as",  "break", "const",   "continue",  "else",   "for", "function", "if",   "import",
    "let", "loop",  "package", "namespace", "return", "var", "void",     "while"};

template <std::size_t N>
bool Contains(const std::array<std::string_view, N>& words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

struct Operator {
  std::string_view symbol;
  Op op;
};

constexpr std::array kRelations = {
    Operator{"==", Op::kEqual},     Operator{"!=", Op::kNotEqual},
    Operator{"<=", Op::kLessEqual}, Operator{">=", Op::kGreaterEqual},
    Operator{"<", Op::kLess},       Operator{">", Op::kGreater},
    Operator{"in", Op::kIn}};
constexpr std::array kAdditions = {Operator{"+", Op::kAdd}, Operator{"-", Op::kSubtract}};
constexpr std::array kMultiplications = {Operator{"*", Op::kMultiply}, Operator{"/", Op::kDivide},
                                         Operator{"%", Op::kModulo}};

class Parser {
 public:
  Parser(std::string_view source, Origin origin) : lexer_(source, origin) {}

  std::expected<Parsed, Problem> Run() {
    if (auto ok = Advance(); !ok) return std::unexpected(ok.error());
    if (token_.kind == Token::Kind::kEnd) {
      return std::unexpected(Here({"表达式是空的", "the expression is empty"}));
    }
    Result root = Expression();
    if (!root) return std::unexpected(root.error());
    if (token_.kind != Token::Kind::kEnd) return std::unexpected(Unexpected());
    return Parsed{std::move(*root), std::move(string_literals_)};
  }

 private:
  // Counts one level of recursion while it lives.
  struct Level {
    explicit Level(int& depth) : depth_(depth) { ++depth_; }
    ~Level() { --depth_; }
    int& depth_;
  };

  std::expected<void, Problem> Advance() {
    auto next = lexer_.Next();
    if (!next) return std::unexpected(next.error());
    token_ = std::move(*next);
    return {};
  }

  std::expected<void, Problem> Expect(std::string_view symbol) {
    if (token_.Is(symbol)) return Advance();
    return std::unexpected(
        Here({fmt::format("这里应当是“{}”", symbol), fmt::format("`{}` is missing here", symbol)}));
  }

  Problem Here(model::Text message, model::Text hint = {}) const {
    return lexer_.At(token_.place, std::move(message), std::move(hint));
  }

  Problem Unexpected() const {
    if (token_.kind == Token::Kind::kEnd) {
      return Here({"表达式没有写完", "the expression ends too early"});
    }
    model::Text hint;
    if (token_.text == "and") hint = DidYouMean("&&");
    if (token_.text == "or") hint = DidYouMean("||");
    if (token_.text == "is") hint = DidYouMean("==");
    return Here({fmt::format("这里不应当出现“{}”", token_.text),
                 fmt::format("`{}` is not expected here", token_.text)},
                std::move(hint));
  }

  ExprPtr Make(Op op, Place place) const {
    auto out = std::make_unique<Expr>();
    out->op = op;
    out->place = place;
    return out;
  }

  Result Adopt(ExprPtr parent, ExprPtr child) const {
    parent->height = std::max(parent->height, child->height + 1);
    if (parent->height > kMaxHeight) return std::unexpected(TooDeep(parent->place));
    parent->args.push_back(std::move(child));
    return parent;
  }

  Problem TooDeep(Place place) const {
    return lexer_.At(place, {"表达式嵌套太深", "the expression is nested too deeply"},
                     {"请拆成几个表达式", "split it into several expressions"});
  }

  Result Expression();
  Result Joined(Op op, std::string_view symbol);
  Result Or() { return Joined(Op::kOr, "||"); }
  Result And() { return Joined(Op::kAnd, "&&"); }
  Result Relation() { return LeftToRight(kRelations, &Parser::Addition); }
  Result Addition() { return LeftToRight(kAdditions, &Parser::Multiplication); }
  Result Multiplication() { return LeftToRight(kMultiplications, &Parser::Unary); }
  template <std::size_t N>
  Result LeftToRight(const std::array<Operator, N>& operators, Result (Parser::*operand)());
  Result Binary(Op op, Place place, ExprPtr left, Result right);
  Result Unary();
  Result Member(ExprPtr out);
  Result Suffixes(ExprPtr out);
  Result Select(ExprPtr operand);
  Result Index(ExprPtr operand);
  Result Primary();
  Result Name();
  Result Literal(bool negative);
  Result Number(bool negative);
  Result ListLiteral();
  Result MapLiteral();
  Result Arguments(ExprPtr call);

  Lexer lexer_;
  Token token_;
  int depth_ = 0;
  std::vector<std::string> string_literals_;
};

Result Parser::Expression() {
  Level level(depth_);
  if (depth_ > kMaxNesting) return std::unexpected(TooDeep(token_.place));
  Result condition = Or();
  if (!condition || !token_.Is("?")) return condition;
  ExprPtr out = Make(Op::kConditional, token_.place);
  if (auto ok = Advance(); !ok) return std::unexpected(ok.error());
  Result yes = Or();
  if (!yes) return yes;
  if (auto ok = Expect(":"); !ok) return std::unexpected(ok.error());
  Result no = Expression();
  if (!no) return no;
  Result joined = Adopt(std::move(out), std::move(*condition));
  if (joined) joined = Adopt(std::move(*joined), std::move(*yes));
  if (joined) joined = Adopt(std::move(*joined), std::move(*no));
  return joined;
}

Result Parser::Joined(Op op, std::string_view symbol) {
  const auto operand = [&] { return op == Op::kOr ? And() : Relation(); };
  Result first = operand();
  if (!first || !token_.Is(symbol)) return first;
  Result out = Adopt(Make(op, token_.place), std::move(*first));
  while (out && token_.Is(symbol)) {
    if (auto ok = Advance(); !ok) return std::unexpected(ok.error());
    Result next = operand();
    if (!next) return next;
    out = Adopt(std::move(*out), std::move(*next));
  }
  return out;
}

Result Parser::Binary(Op op, Place place, ExprPtr left, Result right) {
  if (!right) return right;
  Result out = Adopt(Make(op, place), std::move(left));
  if (out) out = Adopt(std::move(*out), std::move(*right));
  return out;
}

template <std::size_t N>
Result Parser::LeftToRight(const std::array<Operator, N>& operators, Result (Parser::*operand)()) {
  Result left = (this->*operand)();
  while (left) {
    const auto found = std::find_if(operators.begin(), operators.end(),
                                    [&](const Operator& o) { return token_.text == o.symbol; });
    if (found == operators.end()) break;
    const Place place = token_.place;
    if (auto ok = Advance(); !ok) return std::unexpected(ok.error());
    left = Binary(found->op, place, std::move(*left), (this->*operand)());
  }
  return left;
}

Result Parser::Unary() {
  std::vector<Place> signs;
  const bool is_not = token_.Is("!");
  if (!is_not && !token_.Is("-")) return Member(nullptr);
  const std::string_view symbol = is_not ? "!" : "-";
  while (token_.Is(symbol)) {
    signs.push_back(token_.place);
    if (auto ok = Advance(); !ok) return std::unexpected(ok.error());
  }
  ExprPtr literal;
  const bool number = token_.kind == Token::Kind::kInt || token_.kind == Token::Kind::kDouble;
  if (!is_not && number) {
    signs.pop_back();
    Result negative = Literal(true);
    if (!negative) return negative;
    literal = std::move(*negative);
  }
  Result out = Member(std::move(literal));
  for (auto sign = signs.rbegin(); out && sign != signs.rend(); ++sign) {
    out = Adopt(Make(is_not ? Op::kNot : Op::kNegate, *sign), std::move(*out));
  }
  return out;
}

// `out` is what the member expression begins with, or null when it is still to be read.
Result Parser::Member(ExprPtr out) {
  if (out == nullptr) {
    Result primary = Primary();
    if (!primary) return primary;
    out = std::move(*primary);
  }
  return Suffixes(std::move(out));
}

Result Parser::Suffixes(ExprPtr out) {
  while (token_.Is(".") || token_.Is("[")) {
    Result next = token_.Is(".") ? Select(std::move(out)) : Index(std::move(out));
    if (!next) return next;
    out = std::move(*next);
  }
  return out;
}

Result Parser::Select(ExprPtr operand) {
  if (auto ok = Advance(); !ok) return std::unexpected(ok.error());
  const bool quoted = token_.kind == Token::Kind::kQuotedName;
  if ((token_.kind != Token::Kind::kName && !quoted) ||
      (!quoted && Contains(kKeywords, token_.text))) {
    return std::unexpected(
        Here({"“.”后面应当是字段名", "a field's name is missing after the dot"}));
  }
  ExprPtr out = Make(Op::kSelect, token_.place);
  out->name = token_.text;
  out->quoted = quoted;
  if (auto ok = Advance(); !ok) return std::unexpected(ok.error());
  const bool call = token_.Is("(") && !quoted;
  Result adopted = Adopt(std::move(out), std::move(operand));
  if (!adopted || !call) return adopted;
  (*adopted)->op = Op::kCall;
  (*adopted)->receiver = true;
  return Arguments(std::move(*adopted));
}

Result Parser::Index(ExprPtr operand) {
  const Place place = token_.place;
  if (auto ok = Advance(); !ok) return std::unexpected(ok.error());
  Result index = Expression();
  if (index) {
    if (auto ok = Expect("]"); !ok) return std::unexpected(ok.error());
  }
  return Binary(Op::kIndex, place, std::move(operand), std::move(index));
}

// Reads "(a, b)" onto the call.
Result Parser::Arguments(ExprPtr call) {
  if (auto ok = Advance(); !ok) return std::unexpected(ok.error());
  while (!token_.Is(")")) {
    Result argument = Expression();
    if (!argument) return argument;
    Result adopted = Adopt(std::move(call), std::move(*argument));
    if (!adopted) return adopted;
    call = std::move(*adopted);
    if (!token_.Is(",")) break;
    if (auto ok = Advance(); !ok) return std::unexpected(ok.error());
    if (token_.Is(")")) return std::unexpected(Unexpected());
  }
  if (auto ok = Expect(")"); !ok) return std::unexpected(ok.error());
  Result macro = ExpandMacro(*call, lexer_);
  if (!macro || *macro != nullptr) return macro;
  return call;
}

Result Parser::Primary() {
  if (token_.Is("(")) {
    if (auto ok = Advance(); !ok) return std::unexpected(ok.error());
    Result inner = Expression();
    if (!inner) return inner;
    if (auto ok = Expect(")"); !ok) return std::unexpected(ok.error());
    return inner;
  }
  if (token_.Is("[")) return ListLiteral();
  if (token_.Is("{")) return MapLiteral();
  if (token_.Is(".") || token_.kind == Token::Kind::kName) return Name();
  return Literal(false);
}

Result Parser::Name() {
  const bool rooted = token_.Is(".");
  if (rooted) {
    if (auto ok = Advance(); !ok) return std::unexpected(ok.error());
    if (token_.kind != Token::Kind::kName) return std::unexpected(Unexpected());
  }
  const std::string_view word = token_.text;
  if (!rooted && Contains(kKeywords, word) && word != "in") return Literal(false);
  if (word == "in") return std::unexpected(Unexpected());
  if (Contains(kReserved, word)) {
    return std::unexpected(Here({fmt::format("“{}”是保留字，不能当作名称", word),
                                 fmt::format("`{}` is reserved and cannot be a name", word)}));
  }
  ExprPtr out = Make(Op::kName, token_.place);
  out->name = word;
  out->rooted = rooted;
  if (auto ok = Advance(); !ok) return std::unexpected(ok.error());
  if (word == "not" && (token_.kind == Token::Kind::kName || token_.Is("("))) {
    return std::unexpected(lexer_.At(
        out->place, {"这里不应当出现“not”", "`not` is not expected here"}, DidYouMean("!")));
  }
  if (!token_.Is("(")) return out;
  out->op = Op::kCall;
  return Arguments(std::move(out));
}

Result Parser::Literal(bool negative) {
  ExprPtr out = Make(Op::kConstant, token_.place);
  switch (token_.kind) {
    case Token::Kind::kInt:
    case Token::Kind::kUint:
    case Token::Kind::kDouble:
      return Number(negative);
    case Token::Kind::kString:
      string_literals_.push_back(token_.value);
      out->constant = std::move(token_.value);
      break;
    case Token::Kind::kBytes:
      out->constant = model::Bytes{std::move(token_.value)};
      break;
    case Token::Kind::kName:
      if (token_.text != "null") out->constant = token_.text == "true";
      break;
    default:
      return std::unexpected(Unexpected());
  }
  if (auto ok = Advance(); !ok) return std::unexpected(ok.error());
  return out;
}

Result Parser::Number(bool negative) {
  ExprPtr out = Make(Op::kConstant, token_.place);
  std::string digits(token_.text);
  const bool is_unsigned = token_.kind == Token::Kind::kUint;
  if (is_unsigned) digits.pop_back();
  const bool hex = digits.size() > 1 && (digits[1] == 'x' || digits[1] == 'X');
  if (hex) digits.erase(0, 2);
  if (negative) digits.insert(0, "-");
  const char* end = digits.data() + digits.size();
  std::from_chars_result result{};
  if (token_.kind == Token::Kind::kDouble) {
    double value = 0;
    result = std::from_chars(digits.data(), end, value);
    out->constant = value;
  } else if (is_unsigned) {
    std::uint64_t value = 0;
    result = std::from_chars(digits.data(), end, value, hex ? 16 : 10);
    out->constant = value;
  } else {
    std::int64_t value = 0;
    result = std::from_chars(digits.data(), end, value, hex ? 16 : 10);
    out->constant = value;
  }
  if (result.ec != std::errc{}) {
    return std::unexpected(
        Here({"这个数超出了 64 位的范围", "this number does not fit into 64 bits"}));
  }
  if (auto ok = Advance(); !ok) return std::unexpected(ok.error());
  return out;
}

Result Parser::ListLiteral() {
  ExprPtr out = Make(Op::kList, token_.place);
  if (auto ok = Advance(); !ok) return std::unexpected(ok.error());
  while (!token_.Is("]")) {
    Result item = Expression();
    if (!item) return item;
    Result adopted = Adopt(std::move(out), std::move(*item));
    if (!adopted) return adopted;
    out = std::move(*adopted);
    if (!token_.Is(",")) break;
    if (auto ok = Advance(); !ok) return std::unexpected(ok.error());
  }
  if (auto ok = Expect("]"); !ok) return std::unexpected(ok.error());
  return out;
}

Result Parser::MapLiteral() {
  ExprPtr out = Make(Op::kMap, token_.place);
  if (auto ok = Advance(); !ok) return std::unexpected(ok.error());
  while (!token_.Is("}")) {
    for (const bool key : {true, false}) {
      Result part = Expression();
      if (!part) return part;
      Result adopted = Adopt(std::move(out), std::move(*part));
      if (!adopted) return adopted;
      out = std::move(*adopted);
      if (!key) continue;
      if (auto ok = Expect(":"); !ok) return std::unexpected(ok.error());
    }
    if (!token_.Is(",")) break;
    if (auto ok = Advance(); !ok) return std::unexpected(ok.error());
  }
  if (auto ok = Expect("}"); !ok) return std::unexpected(ok.error());
  return out;
}

}  // namespace

std::expected<Parsed, Problem> Parse(std::string_view source, Origin origin) {
  return Parser(source, origin).Run();
}

bool IsMacro(Op op) { return op >= Op::kAll; }

std::string_view Spelling(Op op) {
  switch (op) {
    case Op::kIndex:
      return "[]";
    case Op::kAnd:
      return "&&";
    case Op::kOr:
      return "||";
    case Op::kNot:
      return "!";
    case Op::kNegate:
      return "-";
    case Op::kConditional:
      return "?:";
    default:
      break;
  }
  for (const Operator& o : kRelations)
    if (o.op == op) return o.symbol;
  for (const Operator& o : kAdditions)
    if (o.op == op) return o.symbol;
  for (const Operator& o : kMultiplications)
    if (o.op == op) return o.symbol;
  return "";
}

}  // namespace duban::expression
