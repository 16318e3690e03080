#include "core/expression/checker.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/expression/library.h"

namespace duban::expression {
namespace {

using Kind = Type::Kind;

bool IsNumeric(Kind kind) {
  return kind == Kind::kInt || kind == Kind::kUint || kind == Kind::kDouble;
}

Type TypeOfConstant(const model::Value& v) {
  using ValueKind = model::Value::Kind;
  switch (v.kind()) {
    case ValueKind::kNull:
      return Kind::kNull;
    case ValueKind::kBool:
      return Kind::kBool;
    case ValueKind::kInt:
      return Kind::kInt;
    case ValueKind::kUint:
      return Kind::kUint;
    case ValueKind::kDouble:
      return Kind::kDouble;
    case ValueKind::kString:
      return Kind::kString;
    case ValueKind::kBytes:
      return Kind::kBytes;
    case ValueKind::kType:
      return Kind::kType;
    default:
      return Kind::kDyn;
  }
}

// "a.b.c" when the expression is a chain of names; empty otherwise.
std::string QualifiedName(const Expr& e, std::size_t longest) {
  std::vector<const std::string*> parts;
  const Expr* at = &e;
  for (; at->op == Op::kSelect && !at->quoted; at = at->args[0].get()) {
    parts.push_back(&at->name);
    if (parts.size() >= longest) return {};
  }
  if (at->op != Op::kName) return {};
  std::string out = at->name;
  for (auto part = parts.rbegin(); part != parts.rend(); ++part) out += "." + **part;
  return out;
}

const Expr& RootOf(const Expr& e) {
  const Expr* at = &e;
  while (at->op == Op::kSelect) at = at->args[0].get();
  return *at;
}

// What to do when two numbers are of different types.
model::Text NumericHint(Kind a, Kind b) {
  if (a == b || !IsNumeric(a) || !IsNumeric(b)) return {};
  const std::string_view target = a == Kind::kDouble || b == Kind::kDouble ? "double" : "int";
  return {fmt::format("两边要用同一种数：用 {}(…) 转换", target),
          fmt::format("both sides must be of one type: convert with {}(…)", target)};
}

}  // namespace

void Checker::Report(Place place, model::Text message, model::Text hint) {
  if (check_ == Check::kSyntaxOnly || problems_.size() >= kMaxProblems) return;
  problems_.push_back(ProblemAt(source_, place, origin_, std::move(message), std::move(hint)));
}

void Checker::Expect(const Expr& root, const Type& expected) {
  if (Assignable(root.type, expected)) return;
  Report(
      root.place,
      {fmt::format("这里要的是 {}，表达式得到的是 {}", expected.ToString(), root.type.ToString()),
       fmt::format("{} is wanted here, but the expression is {}", expected.ToString(),
                   root.type.ToString())},
      NumericHint(expected.kind(), root.type.kind()));
}

void Checker::ExpectBool(const Expr& e, std::string_view where) {
  if (Assignable(e.type, Kind::kBool)) return;
  Report(e.place, {fmt::format("“{}”要的是 bool，这里是 {}", where, e.type.ToString()),
                   fmt::format("`{}` takes a bool, this is {}", where, e.type.ToString())});
}

void Checker::Visit(Expr& e) {
  switch (e.op) {
    case Op::kConstant:
      e.type = TypeOfConstant(e.constant);
      return;
    case Op::kName:
      return VisitName(e);
    case Op::kSelect:
    case Op::kHas:
      return VisitSelect(e);
    case Op::kIndex:
      return VisitIndex(e);
    case Op::kList:
      return VisitList(e);
    case Op::kMap:
      return VisitMap(e);
    case Op::kAnd:
    case Op::kOr:
      for (const ExprPtr& part : e.args) {
        Visit(*part);
        ExpectBool(*part, Spelling(e.op));
      }
      e.type = Kind::kBool;
      return;
    case Op::kNot:
    case Op::kNegate:
      return VisitUnary(e);
    case Op::kConditional:
      return VisitConditional(e);
    case Op::kCall:
      return VisitCall(e);
    default:
      return IsMacro(e.op) ? VisitMacro(e) : VisitBinary(e);
  }
}

int Checker::FindLocal(std::string_view name) const {
  for (std::size_t i = locals_.size(); i-- > 0;) {
    if (locals_[i].name == name) return static_cast<int>(i);
  }
  return -1;
}

// Turns a name, or a selection that spells a declared variable or a type, into that. False: it is
// neither.
bool Checker::ResolveQualified(Expr& e) {
  const std::string name = QualifiedName(e, scope_.longest_name());
  if (name.empty()) return false;
  const Expr& root = RootOf(e);
  const bool rooted = root.rooted;
  if (!rooted && FindLocal(root.name) >= 0) return false;
  const int slot = scope_.FindVariable(name, rooted);
  if (slot < 0 && !IsTypeName(name)) return false;
  const std::uint32_t end = e.place.at + e.place.length;
  e.place = {root.place.at, end - root.place.at};
  e.name = name;
  e.args.clear();
  if (slot < 0) {
    e.op = Op::kConstant;
    e.constant = model::TypeName{name};
    e.type = Kind::kType;
    return true;
  }
  e.op = Op::kVariable;
  e.index = slot;
  e.type = environment_.variables[static_cast<std::size_t>(slot)].type;
  return true;
}

void Checker::VisitName(Expr& e) {
  const int local = e.rooted ? -1 : FindLocal(e.name);
  if (local >= 0) {
    e.op = Op::kLocal;
    e.index = local;
    e.type = locals_[static_cast<std::size_t>(local)].type;
    return;
  }
  if (!ResolveQualified(e)) Undeclared(e);
}

void Checker::Undeclared(Expr& e) {
  std::vector<std::string> locals;
  for (const Local& local : locals_) locals.push_back(local.name);
  Report(e.place,
         {fmt::format("未声明的名称“{}”", e.name), fmt::format("`{}` is not declared", e.name)},
         DidYouMean(scope_.SuggestVariable(e.name, locals)));
  e.op = Op::kUnknown;
  e.type = Type();
}

void Checker::VisitSelect(Expr& e) {
  if (e.op == Op::kSelect && ResolveQualified(e)) return;
  Visit(*e.args[0]);
  const Type field = FieldType(e, e.args[0]->type);
  e.type = e.op == Op::kHas ? Type(Kind::kBool) : field;
}

// The type of a field; reports one that does not exist.
Type Checker::FieldType(const Expr& e, const Type& operand) {
  switch (operand.kind()) {
    case Kind::kDyn:
      return Type();
    case Kind::kMap:
      if (Assignable(Kind::kString, operand.key())) return operand.element();
      break;
    case Kind::kObject: {
      if (const Type* type = operand.Find(e.name)) return *type;
      std::vector<std::string> names;
      for (const Type::Field& field : operand.fields()) names.push_back(field.name);
      model::Text hint = DidYouMean(Closest(e.name, names));
      if (hint.empty() && !names.empty()) {
        const std::string all = fmt::format("{}", fmt::join(names, ", "));
        if (all.size() < 200) hint = {"可用的字段：" + all, "the fields are: " + all};
      }
      Report(e.place,
             {fmt::format("没有字段“{}”", e.name), fmt::format("there is no field `{}`", e.name)},
             std::move(hint));
      return Type();
    }
    default:
      break;
  }
  Report(e.place, {fmt::format("{} 没有字段“{}”", operand.ToString(), e.name),
                   fmt::format("{} has no field `{}`", operand.ToString(), e.name)});
  return Type();
}

void Checker::VisitBinary(Expr& e) {
  Visit(*e.args[0]);
  Visit(*e.args[1]);
  const Type& a = e.args[0]->type;
  const Type& b = e.args[1]->type;
  if (const auto type = BinaryType(e.op, a, b)) {
    e.type = *type;
    return;
  }
  model::Text hint = NumericHint(a.kind(), b.kind());
  if (e.op == Op::kAdd && (a.kind() == Kind::kString || b.kind() == Kind::kString)) {
    hint = {"先用 string(…) 转成文本", "turn the other side into text with string(…)"};
  }
  Report(e.place,
         {fmt::format("“{}”不能用于 {} 和 {}", Spelling(e.op), a.ToString(), b.ToString()),
          fmt::format("`{}` does not take {} and {}", Spelling(e.op), a.ToString(), b.ToString())},
         std::move(hint));
  e.type = e.op >= Op::kEqual && e.op <= Op::kIn ? Type(Kind::kBool) : Type();
}

void Checker::VisitUnary(Expr& e) {
  Visit(*e.args[0]);
  const Type& operand = e.args[0]->type;
  if (e.op == Op::kNot) {
    ExpectBool(*e.args[0], "!");
    e.type = Kind::kBool;
    return;
  }
  e.type = operand;
  if (operand.kind() == Kind::kDyn || operand.kind() == Kind::kInt ||
      operand.kind() == Kind::kDouble)
    return;
  Report(e.place, {fmt::format("“-”不能用于 {}", operand.ToString()),
                   fmt::format("`-` does not take {}", operand.ToString())});
  e.type = Type();
}

void Checker::VisitConditional(Expr& e) {
  for (const ExprPtr& part : e.args) Visit(*part);
  ExpectBool(*e.args[0], "?:");
  const Type& yes = e.args[1]->type;
  const Type& no = e.args[2]->type;
  e.type = Join(yes, no);
  if (Comparable(yes, no)) return;
  Report(e.place,
         {fmt::format("“?:”的两个结果类型不同：{} 和 {}", yes.ToString(), no.ToString()),
          fmt::format("the two results of `?:` are of different types: {} and {}", yes.ToString(),
                      no.ToString())},
         NumericHint(yes.kind(), no.kind()));
}

void Checker::VisitIndex(Expr& e) {
  Visit(*e.args[0]);
  Visit(*e.args[1]);
  const Type& container = e.args[0]->type;
  const Expr& index = *e.args[1];
  if (const auto type = IndexType(container, index.type)) {
    e.type = *type;
    const auto* field = index.constant.If<std::string>();
    if (container.kind() == Kind::kObject && index.op == Op::kConstant && field != nullptr) {
      if (const Type* known = container.Find(*field)) e.type = *known;
    }
    return;
  }
  Report(e.place,
         {fmt::format("{} 不能用 {} 作下标", container.ToString(), index.type.ToString()),
          fmt::format("{} cannot be indexed by {}", container.ToString(), index.type.ToString())});
}

void Checker::VisitList(Expr& e) {
  Type element;
  for (std::size_t i = 0; i < e.args.size(); ++i) {
    Visit(*e.args[i]);
    element = i == 0 ? e.args[i]->type : Join(element, e.args[i]->type);
  }
  e.type = Type::List(element);
}

void Checker::VisitMap(Expr& e) {
  Type key;
  Type value;
  for (std::size_t i = 0; i < e.args.size(); i += 2) {
    Visit(*e.args[i]);
    Visit(*e.args[i + 1]);
    const Kind kind = e.args[i]->type.kind();
    if (kind != Kind::kDyn && kind != Kind::kString && kind != Kind::kInt && kind != Kind::kUint &&
        kind != Kind::kBool) {
      Report(e.args[i]->place,
             {fmt::format("{} 不能作映射的键", e.args[i]->type.ToString()),
              fmt::format("{} cannot be the key of a map", e.args[i]->type.ToString())},
             {"键可以是 string、int、uint、bool", "a key is a string, an int, a uint or a bool"});
    }
    key = i == 0 ? e.args[i]->type : Join(key, e.args[i]->type);
    value = i == 0 ? e.args[i + 1]->type : Join(value, e.args[i + 1]->type);
  }
  e.type = Type::Map(key, value);
}

void Checker::VisitMacro(Expr& e) {
  Visit(*e.args[0]);
  const Type range = e.args[0]->type;
  const bool two = !e.second.empty();
  Type first;
  Type second;
  if (range.kind() == Kind::kList) {
    first = two ? Type(Kind::kInt) : range.element();
    second = range.element();
  } else if (range.kind() == Kind::kMap) {
    first = range.key();
    second = range.element();
  } else if (range.kind() == Kind::kObject) {
    first = Kind::kString;
  } else if (range.kind() != Kind::kDyn) {
    Report(e.place, {fmt::format("只能对列表或映射逐项计算，这里是 {}", range.ToString()),
                     fmt::format("only lists and maps have items, this is {}", range.ToString())});
  }
  const std::size_t outer = locals_.size();
  e.index = static_cast<int>(outer);
  locals_.push_back({e.name, first});
  if (two) locals_.push_back({e.second, second});
  if (e.args[1] != nullptr) {
    Visit(*e.args[1]);
    ExpectBool(*e.args[1], "all/exists/filter");
  }
  if (e.args[2] != nullptr) Visit(*e.args[2]);
  locals_.resize(outer);
  const Type item = e.args[2] != nullptr ? e.args[2]->type : first;
  if (e.op == Op::kCollect) {
    e.type = Type::List(item);
  } else if (e.op == Op::kTransformMap) {
    e.type = Type::Map(range.kind() == Kind::kList ? Type(Kind::kInt) : first, item);
  } else {
    e.type = Kind::kBool;
  }
}

}  // namespace duban::expression
