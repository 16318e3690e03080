#include <algorithm>
#include <cctype>

#include "core/definition/context.h"

namespace duban::definition {
namespace {

using expression::Type;

Type ChildrenType(const Context& context) {
  const Type slot = Type::Object({{"total", Type::Kind::kInt},
                                  {"open", Type::Kind::kInt},
                                  {"ended", Type::Kind::kInt},
                                  {"outcomes", Type::Map(Type::Kind::kString, Type::Kind::kInt)}});
  std::vector<Type::Field> slots;
  for (const std::string& name : context.child_slots) slots.push_back({name, slot});
  return Type::Object(std::move(slots));
}

// A text that is meant as such, where an expression is expected: `approved and signed`.
bool LooksLikeText(std::string_view source) {
  return !source.empty() && source.size() <= kMaxNameBytes &&
         std::all_of(source.begin(), source.end(), [](char c) {
           return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '-' ||
                  c == ' ' || (static_cast<unsigned char>(c) & 0x80U) != 0;
         });
}

void ReportProblems(Context& context, const Node& node,
                    const std::vector<expression::Problem>& problems) {
  for (const expression::Problem& problem : problems) {
    if (context.report.full())
      return context.report.Error("expression", node.place, problem.message);
    model::Text hint = problem.hint;
    if (hint.empty() && LooksLikeText(node.scalar) && !context.fields.contains(node.scalar)) {
      hint = Say("这里是 CEL 表达式；要写文字请再加一层引号：\"'{}'\"",
                 "this is a CEL expression; a text needs quotes inside: \"'{}'\"", node.scalar);
    }
    context.report.Error(
        "expression",
        PlaceInside(node, problem.line, problem.column, problem.length, context.report),
        problem.message, std::move(hint));
  }
}

expression::Template CompileTemplateAt(Context& context, const Node& node) {
  if (!ReadText(node, context.report)) return {};
  auto compiled = expression::CompileTemplate(node.scalar, context.environment);
  if (compiled) {
    CheckText(context, node, compiled->programs());
    return *std::move(compiled);
  }
  ReportProblems(context, node, compiled.error());
  return {};
}

// What a text literal that stands alone would be: "'major'" → major.
std::optional<std::string> SoleLiteral(const expression::Program& program) {
  const std::string& source = program.source();
  if (program.string_literals().size() != 1 || source.size() < 2) return std::nullopt;
  const std::string& literal = program.string_literals()[0];
  if (source != "'" + literal + "'" && source != "\"" + literal + "\"") return std::nullopt;
  return literal;
}

}  // namespace

void PrepareEnvironments(Context& context) {
  using Kind = Type::Kind;
  expression::Environment& environment = context.environment;
  Definition& definition = context.definition;
  for (const Field& field : definition.fields)
    environment.variables.push_back({field.name, TypeOf(field)});
  const int fields = static_cast<int>(definition.fields.size());
  definition.slots = {fields, fields + 1, fields + 2, fields + 3, fields + 4, fields + 5};
  environment.variables.push_back({"event", Type::Object({{"name", Kind::kString},
                                                          {"data", Kind::kDyn},
                                                          {"actor", Kind::kString},
                                                          {"reason", Kind::kString}})});
  environment.variables.push_back({"now", Kind::kTimestamp});
  environment.variables.push_back({"case", Type::Object({{"id", Kind::kString},
                                                         {"workflow", Kind::kString},
                                                         {"starter", Kind::kString},
                                                         {"started", Kind::kTimestamp}})});
  environment.variables.push_back({"children", ChildrenType(context)});
  const Type names = Type::List(Kind::kString);
  environment.functions = {{"In", {Kind::kString}, Kind::kBool, kIn},
                           {"name_of", {Kind::kString}, Kind::kString, kNameOf},
                           {"office_of", {Kind::kString}, Kind::kString, kOfficeOf},
                           {"enterprises", {Kind::kString}, names, kEnterprises},
                           {"offices", {}, names, kOffices}};
  environment.time_zone = definition.time_zone;
  context.item_environment = environment;
  context.item_environment.variables.push_back({"item", Kind::kDyn});
}

expression::Program CompileCel(Context& context, const Node& node, const Type& expected,
                               Item item) {
  if (!node.is_null() && !ExpectScalar(node, context.report)) return {};
  const expression::Environment& environment =
      item == Item::kCurrent ? context.item_environment : context.environment;
  auto compiled = expression::Compile(node.scalar, environment, expected);
  if (!compiled) {
    ReportProblems(context, node, compiled.error());
    return {};
  }
  CheckLiterals(context, node);
  return *std::move(compiled);
}

expression::Program CompileFor(Context& context, const Node& node, const Field& target, Item item) {
  expression::Program program = CompileCel(context, node, {}, item);
  if (program.empty() || program.type().kind() == Type::Kind::kNull) return program;
  CheckCopy(context, node, program, target);
  const Type wanted = TypeOf(target);
  if (!expression::Assignable(program.type(), wanted)) {
    model::Text hint;
    if (wanted.kind() == Type::Kind::kDouble && program.type().kind() == Type::Kind::kInt) {
      hint = Say("写 double({})", "write double({})", node.scalar);
    } else if (target.kind == FieldKind::kDate) {
      hint = {"日期是 '2022-09-30' 这样的文字", "a date is a text such as '2022-09-30'"};
    } else if (wanted.kind() == Type::Kind::kString) {
      hint = Say("写 string({})", "write string({})", node.scalar);
    }
    context.report.Error("wrong-type", node.place,
                         Say("`{}` 的类型应为 {}，这里是 {}", "`{}` takes {}, this is {}",
                             target.name, wanted.ToString(), program.type().ToString()),
                         std::move(hint));
    return program;
  }
  if (const auto literal = SoleLiteral(program)) {
    if (const auto accepted = Accept(target, model::Value(*literal)); !accepted) {
      std::vector<std::string_view> values(target.values.begin(), target.values.end());
      context.report.Error("wrong-value", node.place, accepted.error(),
                           DidYouMean(*literal, values));
    }
  }
  return program;
}

Words CompileWords(Context& context, const Node& node) {
  if (!node.is_map()) return {CompileTemplateAt(context, node), {}};
  const Object object(node, kTitleKeys, context.report);
  Words words;
  if (const Node* zh = object["zh"]) words.zh = CompileTemplateAt(context, *zh);
  if (const Node* en = object["en"]) words.en = CompileTemplateAt(context, *en);
  return words;
}

DataMap ReadDataMap(Context& context, const Node& node, Item item) {
  DataMap data;
  if (!ExpectMap(node, "名称到 CEL 的映射", "a map of CEL by name", context.report)) return data;
  for (const Node::Entry& entry : node.entries) {
    data.emplace_back(entry.key->scalar, CompileCel(context, *entry.value, {}, item));
  }
  return data;
}

DataMap ReadEventData(Context& context, const Node& node) {
  DataMap data = ReadDataMap(context, node);
  CheckEventData(context, node, data);
  return data;
}

std::vector<std::string_view> FieldNames(const Context& context) {
  std::vector<std::string_view> names;
  for (const auto& [name, index] : context.fields) names.push_back(name);
  return names;
}

std::vector<std::string_view> StateNames(const Context& context) {
  std::vector<std::string_view> names;
  for (const auto& [name, index] : context.states) names.push_back(name);
  return names;
}

std::optional<model::FieldIndex> FindFieldOrReport(Context& context, const Node& name) {
  if (!ExpectScalar(name, context.report)) return std::nullopt;
  const auto found = context.fields.find(name.scalar);
  if (found != context.fields.end()) return found->second;
  model::Text hint =
      context.report.full() ? model::Text() : DidYouMean(name.scalar, FieldNames(context));
  if (hint.empty()) hint = {"字段在 data: 里声明", "fields are declared in data:"};
  context.report.Error("unknown-field", name.place,
                       Say("没有字段 `{}`", "there is no field `{}`", name.scalar),
                       std::move(hint));
  return std::nullopt;
}

}  // namespace duban::definition
