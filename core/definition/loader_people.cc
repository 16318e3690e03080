#include <algorithm>
#include <functional>
#include <string>

#include "core/definition/context.h"

namespace duban::definition {
namespace {

template <class Named>
std::vector<std::string_view> Ids(const std::map<std::string, Named, std::less<>>& named) {
  std::vector<std::string_view> ids;
  for (const auto& [id, value] : named) ids.push_back(id);
  return ids;
}

// The id, checked against the organisation where there is one.
template <class Named>
std::string ReadId(Context& context, const Node& node, std::string_view zh, std::string_view en,
                   const std::map<std::string, Named, std::less<>>& (Organisation::*all)() const) {
  if (!ExpectScalar(node, context.report)) return {};
  const Organisation* organisation = context.surroundings.organisation;
  if (organisation != nullptr) {
    const auto& known = (organisation->*all)();
    if (!known.contains(node.scalar) && !context.report.full()) {
      context.report.Error("unknown-addressee", node.place,
                           {fmt::format("organisation.yaml 里没有{} `{}`", zh, node.scalar),
                            fmt::format("organisation.yaml has no {} `{}`", en, node.scalar)},
                           DidYouMeanOrList(node.scalar, Ids(known)));
    }
  }
  return node.scalar;
}

bool HoldsSomebody(const Field& field) {
  switch (field.kind) {
    case FieldKind::kPerson:
    case FieldKind::kOffice:
    case FieldKind::kEnterprise:
    case FieldKind::kAny:
      return true;
    case FieldKind::kList:
      return field.item == nullptr || HoldsSomebody(*field.item);
    default:
      return false;
  }
}

std::optional<model::FieldIndex> ReadFieldWithSomebody(Context& context, const Node& node) {
  const auto index = FindFieldOrReport(context, node);
  if (index && !HoldsSomebody(context.definition.fields[*index])) {
    context.report.Error("not-addressable", node.place,
                         Say("字段 `{}` 里不是人员、科室或企业",
                             "the field `{}` holds no person, office or enterprise", node.scalar),
                         {"声明为 {type: person}、office、enterprise 或它们的列表",
                          "declare it as {type: person}, office, enterprise, or a list of them"});
  }
  return index;
}

void ReadHeadOf(Context& context, Addressee& addressee, const Node& node) {
  if (node.is_map()) {
    addressee.kind = Addressee::Kind::kHeadOfField;
    const Object object(node, kFieldReferenceKeys, context.report);
    if (const Node* field = object["field"])
      addressee.field = ReadFieldWithSomebody(context, *field).value_or(0);
    return;
  }
  addressee.kind = Addressee::Kind::kOfficeHead;
  addressee.id = ReadId<Office>(context, node, "科室", "office", &Organisation::offices);
}

std::optional<Addressee> ReadAddressee(Context& context, const Node& node) {
  using Kind = Addressee::Kind;
  Addressee addressee;
  addressee.place = node.place;
  if (node.is_scalar()) {
    if (node.scalar == "starter" || node.scalar == "participants") {
      addressee.kind = node.scalar == "starter" ? Kind::kStarter : Kind::kParticipants;
      return addressee;
    }
    model::Text hint = DidYouMean(node.scalar, {"starter", "participants"});
    if (hint.empty()) {
      hint = Say("写成 {{role: {}}}、{{post: {}}}、{{person: {}}} 等",
                 "write {{role: {}}}, {{post: {}}}, {{person: {}}} …", node.scalar, node.scalar,
                 node.scalar);
    }
    context.report.Error("unknown-addressee", node.place,
                         Say("`{}` 不是对象", "`{}` is not an addressee", node.scalar),
                         std::move(hint));
    return std::nullopt;
  }
  const Object object(node, kAddresseeKeys, context.report);
  if (!object.ExactlyOne(
          {"person", "post", "office", "head_of", "role", "enterprise", "field", "expression"},
          context.report)) {
    return std::nullopt;
  }
  if (const Node* person = object["person"]) {
    addressee.kind = Kind::kPerson;
    addressee.id = ReadId<Person>(context, *person, "人员", "person", &Organisation::people);
  } else if (const Node* post = object["post"]) {
    addressee.kind = Kind::kPost;
    addressee.id = ReadId<Post>(context, *post, "岗位", "post", &Organisation::posts);
  } else if (const Node* office = object["office"]) {
    addressee.kind = Kind::kOffice;
    addressee.id = ReadId<Office>(context, *office, "科室", "office", &Organisation::offices);
  } else if (const Node* head_of = object["head_of"]) {
    ReadHeadOf(context, addressee, *head_of);
  } else if (const Node* role = object["role"]) {
    addressee.kind = Kind::kRole;
    addressee.id = ReadId<Role>(context, *role, "角色", "role", &Organisation::roles);
  } else if (const Node* enterprise = object["enterprise"]) {
    addressee.kind = Kind::kEnterprise;
    addressee.id =
        ReadId<Enterprise>(context, *enterprise, "企业", "enterprise", &Organisation::enterprises);
  } else if (const Node* field = object["field"]) {
    addressee.kind = Kind::kField;
    addressee.field = ReadFieldWithSomebody(context, *field).value_or(0);
  } else if (const Node* expression = object["expression"]) {
    addressee.kind = Kind::kExpression;
    addressee.program = CompileCel(context, *expression);
    const auto kind = addressee.program.type().kind();
    if (!addressee.program.empty() && kind != expression::Type::Kind::kString &&
        kind != expression::Type::Kind::kList && kind != expression::Type::Kind::kDyn) {
      context.report.Error("wrong-type", expression->place,
                           Say("这里应是人员编号或其列表，而不是 {}",
                               "expected an id or a list of ids of people, not {}",
                               addressee.program.type().ToString()));
    }
  } else {
    return std::nullopt;
  }
  return addressee;
}

void ReadForm(Context& context, Task& task, const Node& node) {
  for (const Node* item : OneOrMany(node)) {
    FormField form;
    const Node* name = item;
    if (item->is_map()) {
      const Object object(*item, kFormFieldKeys, context.report);
      name = object["field"];
      if (const Node* required = object["required"])
        form.required = ReadBool(*required, context.report).value_or(false);
    }
    if (name == nullptr) continue;
    const auto field = FindFieldOrReport(context, *name);
    if (!field) continue;
    form.field = *field;
    const auto same = [&](const FormField& other) { return other.field == form.field; };
    if (std::any_of(task.form.begin(), task.form.end(), same)) {
      context.report.Error("duplicate-field", name->place,
                           Say("表单里 `{}` 写了两次", "the form has `{}` twice", name->scalar));
      continue;
    }
    task.form.push_back(form);
  }
}

void AddOutcome(Context& context, Task& task, const Node& name, model::Text title) {
  if (!ExpectScalar(name, context.report)) return;
  if (!IsName(name.scalar) || name.scalar.find('.') != std::string::npos) {
    context.report.Error("outcome-name", name.place,
                         Say("结论名 `{}` 只能用字母、数字、_ 和 -",
                             "the outcome `{}` takes letters, digits, _ and - only", name.scalar));
    return;
  }
  if (std::find(task.outcomes.begin(), task.outcomes.end(), name.scalar) != task.outcomes.end()) {
    context.report.Error("duplicate-value", name.place,
                         Say("结论 `{}` 写了两次", "the outcome `{}` comes twice", name.scalar));
    return;
  }
  task.outcomes.push_back(name.scalar);
  task.outcome_titles.push_back(title.empty() ? model::Text(name.scalar, name.scalar)
                                              : std::move(title));
}

void ReadOutcomes(Context& context, Task& task, const Node* node) {
  if (node == nullptr) {
    task.outcomes = {"submitted"};
    task.outcome_titles = {{"提交", "Submit"}};
  } else if (node->is_map()) {
    for (const Node::Entry& entry : node->entries) {
      AddOutcome(context, task, *entry.key, ReadTitle(*entry.value, context.report));
    }
  } else {
    for (const Node* name : ReadNames(*node, context.report)) AddOutcome(context, task, *name, {});
  }
  if (task.outcomes.empty() && node != nullptr) {
    context.report.Error("empty-value", node->place,
                         {"任务至少要有一个结论", "a task needs an outcome"});
  }
}

void ReadOpinion(Context& context, Task& task, const Node& node) {
  if (node.is_scalar() && node.scalar == "required") {
    task.opinion_required = task.outcomes;
    return;
  }
  for (const Node* name : ReadNames(node, context.report)) {
    if (std::find(task.outcomes.begin(), task.outcomes.end(), name->scalar) ==
        task.outcomes.end()) {
      context.report.Error(
          "unknown-outcome", name->place,
          Say("没有结论 `{}`", "there is no outcome `{}`", name->scalar),
          DidYouMeanOrList(name->scalar, {task.outcomes.begin(), task.outcomes.end()}));
      continue;
    }
    task.opinion_required.push_back(name->scalar);
  }
}

// A template that renders as the text.
std::string AsTemplate(std::string_view text) {
  std::string source;
  for (std::size_t i = 0; i < text.size(); ++i) {
    source += text[i];
    if (!text.substr(i).starts_with("{{")) continue;
    source += "{{{";
    ++i;
  }
  return source;
}

// What task and approval have in common.
void ReadCommon(Context& context, Task& task, const Object& object, const State& state) {
  if (const Node* title = object["title"]) {
    task.title = CompileWords(context, *title);
  } else if (!state.title.empty()) {
    Node words = object.node();
    words.kind = Node::Kind::kScalar;
    words.scalar = AsTemplate(state.title.zh);
    task.title.zh = CompileWords(context, words).zh;
    words.scalar = AsTemplate(state.title.en);
    task.title.en = CompileWords(context, words).zh;
  } else {
    context.report.Error(
        "missing-key", object.node().place,
        {"任务需要 title（状态自己也没有标题）", "a task needs a title, as its state has none"});
  }
  if (const Node* fallback = object["fallback"]) task.fallback = ReadAddressees(context, *fallback);
  if (const Node* form = object["form"]) ReadForm(context, task, *form);
  if (const Node* opinion = object["opinion"]) ReadOpinion(context, task, *opinion);
  if (const Node* notify = object["notify"])
    task.tell = ReadBool(*notify, context.report).value_or(true);
}

std::optional<approval::Mode> ReadMode(Context& context, const Node& node) {
  using approval::Mode;
  static constexpr std::pair<std::string_view, Mode> kModes[] = {
      {"one", Mode::kOne}, {"any", Mode::kAny}, {"all", Mode::kAll}, {"sequence", Mode::kSequence}};
  for (const auto& [name, mode] : kModes) {
    if (node.scalar == name) return mode;
  }
  context.report.Error(
      "unknown-rule", node.place, Say("没有审批规则 `{}`", "there is no rule `{}`", node.scalar),
      DidYouMeanOrList(node.scalar, {"one", "any", "all", "sequence", "{ratio: 60}"}));
  return std::nullopt;
}

approval::Rule ReadRule(Context& context, const Node& node) {
  using approval::Mode;
  approval::Rule rule;
  if (node.is_scalar()) {
    rule.mode = ReadMode(context, node).value_or(Mode::kOne);
    return rule;
  }
  const Object object(node, kRuleKeys, context.report);
  if (!object.ExactlyOne({"ratio", "all", "sequence"}, context.report)) return rule;
  if (const Node* ratio = object["ratio"]) {
    rule.mode = Mode::kRatio;
    rule.percent = static_cast<int>(ReadInteger(*ratio, 1, 100, context.report).value_or(100));
    if (const Node* collect = object["collect"]) {
      rule.collect_all = ReadBool(*collect, context.report).value_or(false);
    }
    return rule;
  }
  rule.mode = object["all"] != nullptr ? Mode::kAll : Mode::kSequence;
  if (const Node* options = object[rule.mode == Mode::kAll ? "all" : "sequence"]) {
    const Object inner(*options, kCollectKeys, context.report);
    if (const Node* collect = inner["collect"])
      rule.collect_all = ReadBool(*collect, context.report).value_or(false);
  }
  return rule;
}

}  // namespace

Addressees ReadAddressees(Context& context, const Node& node) {
  Addressees addressees;
  for (const Node* item : OneOrMany(node)) {
    if (auto addressee = ReadAddressee(context, *item)) addressees.push_back(*std::move(addressee));
  }
  if (node.is_sequence() && node.items.empty()) {
    context.report.Error("nobody", node.place, {"列表是空的：没有人", "an empty list: nobody"},
                         {"写上对象，或去掉这个键", "name somebody, or leave the key out"});
  }
  return addressees;
}

void ReadTask(Context& context, State& state, const Node& node) {
  Task task;
  const Object object(node, kTaskKeys, context.report);
  if (!object.is_map()) return;
  ReadOutcomes(context, task, object["outcomes"]);
  ReadCommon(context, task, object, state);
  if (const Node* people = object["for"]) task.people = ReadAddressees(context, *people);
  state.task = std::move(task);
}

void ReadApproval(Context& context, State& state, const Node& node) {
  Task task;
  task.approval = true;
  const Object object(node, kApprovalKeys, context.report);
  if (!object.is_map()) return;
  task.outcomes = {"approved", "rejected"};
  task.outcome_titles = {{"同意", "Approve"}, {"不同意", "Reject"}};
  ReadCommon(context, task, object, state);
  if (const Node* by = object["by"]) task.people = ReadAddressees(context, *by);
  if (const Node* rule = object["rule"]) task.rule = ReadRule(context, *rule);
  state.task = std::move(task);
}

}  // namespace duban::definition
