// What a state asks of people: `task` and `approval`.
#include <algorithm>
#include <string>

#include "core/definition/context.h"

namespace duban::definition {
namespace {

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

// What a person may say on the task.
std::vector<std::string_view> WordsOf(const Task& task) {
  std::vector<std::string_view> words(task.outcomes.begin(), task.outcomes.end());
  if (task.may_abstain) words.emplace_back("abstained");
  words.emplace_back("recused");
  return words;
}

// Some of the outcomes; `required`: all of them.
std::vector<std::string> ReadSomeOutcomes(Context& context, const Task& task, const Node& node) {
  if (node.is_scalar() && node.scalar == "required") return task.outcomes;
  std::vector<std::string> chosen;
  const std::vector<std::string_view> words = WordsOf(task);
  for (const Node* name : ReadNames(node, context.report)) {
    if (std::find(words.begin(), words.end(), name->scalar) == words.end()) {
      // Of the outcomes only: `refused` is not meant to be `recused`.
      model::Text hint = DidYouMean(name->scalar, {task.outcomes.begin(), task.outcomes.end()});
      if (hint.empty())
        hint = Say("可用：{}", "there are: {}", fmt::format("{}", fmt::join(words, ", ")));
      context.report.Error("unknown-outcome", name->place,
                           Say("没有结论 `{}`", "there is no outcome `{}`", name->scalar),
                           std::move(hint));
      continue;
    }
    chosen.push_back(name->scalar);
  }
  return chosen;
}

void ReadFormField(Context& context, const Task& task, const Object& object, FormField& form) {
  Report& report = context.report;
  if (const Node* required = object["required"]) {
    const bool plain = required->is_scalar() && required->plain;
    if (plain && (required->scalar == "true" || required->scalar == "false")) {
      form.required = required->scalar == "true";
    } else {
      form.required_for = ReadSomeOutcomes(context, task, *required);
      form.required = !form.required_for.empty();
    }
  }
  if (const Node* read_only = object["read_only"])
    form.read_only = ReadBool(*read_only, report).value_or(false);
  if (const Node* from = object["from"]) form.from = ReadAddressees(context, *from);
  for (const std::string_view key : {"required", "from"}) {
    if (!form.read_only || object[key] == nullptr) continue;
    report.Error("conflicting-keys", object.KeyPlace(key),
                 Say("只显示的字段没有 `{}`", "a field that is only shown has no `{}`", key));
  }
}

void ReadForm(Context& context, Task& task, const Node& node) {
  for (const Node* item : OneOrMany(node)) {
    FormField form;
    const Node* name = item;
    if (item->is_map()) {
      const Object object(*item, kFormFieldKeys, context.report);
      name = object["field"];
      ReadFormField(context, task, object, form);
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
    if (!form.from.empty() && !HoldsPeople(context.definition.fields[*field])) {
      context.report.Error(
          "not-a-person-field", name->place,
          Say("字段 `{}` 里不是人员，不能用 from 限定",
              "the field `{}` holds no people: `from` says whom one may choose", name->scalar),
          {"声明为 {type: person}", "declare it as {type: person}"});
    }
    task.form.push_back(std::move(form));
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

void ReadTaskTitle(Context& context, Task& task, const Object& object, const State& state) {
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
}

void ReadWhenStarter(Context& context, Task& task, const Node& node) {
  const auto word = ReadWord(node, kStarterFoundWords, context.report);
  if (!word) return;
  task.when_starter = static_cast<WhenStarter>(*word);
  if (task.approval || task.when_starter != WhenStarter::kSkip) return;
  context.report.Error(
      "wrong-value", node.place,
      {"任务没有人可以代答，不能跳过发起人", "nobody else answers a task: it cannot be skipped"},
      {"写 superior 或 administrators", "write superior or administrators"});
}

// What may be done with an open task.
void ReadOperations(Context& context, Task& task, const Object& object) {
  const std::pair<std::string_view, bool*> switches[] = {{"transfer", &task.transferable},
                                                         {"delegate", &task.delegable},
                                                         {"add_signers", &task.signers},
                                                         {"withdraw", &task.withdrawable},
                                                         {"notify", &task.tell}};
  for (const auto& [key, value] : switches) {
    if (const Node* node = object[key]) *value = ReadBool(*node, context.report).value_or(true);
  }
  if (const Node* returns = object["return"]) task.returns = ReadReturns(context, *returns);
  if (const Node* copy = object["copy"]) task.copy = ReadAddressees(context, *copy);
  if (const Node* starter = object["when_starter"]) ReadWhenStarter(context, task, *starter);
}

// What task and approval have in common; the outcomes are known.
void ReadCommon(Context& context, Task& task, const Object& object, const State& state) {
  ReadTaskTitle(context, task, object, state);
  if (const Node* fallback = object["fallback"]) task.fallback = ReadAddressees(context, *fallback);
  if (const Node* form = object["form"]) ReadForm(context, task, *form);
  const std::pair<std::string_view, std::vector<std::string>*> required[] = {
      {"opinion", &task.opinion_required},
      {"attachment", &task.attachment_required},
      {"signature", &task.signature_required}};
  for (const auto& [key, outcomes] : required) {
    if (const Node* node = object[key]) *outcomes = ReadSomeOutcomes(context, task, *node);
  }
  ReadOperations(context, task, object);
}

// By lot; the people are known.
void ReadDraw(Context& context, Task& task, const Object& object) {
  const Node* draw = object["draw"];
  if (draw == nullptr) return;
  constexpr int kMaxDraw = 1'000;
  task.draw = static_cast<int>(ReadInteger(*draw, 1, kMaxDraw, context.report).value_or(0));
  const int people = SeatsOf(context.definition, task.people, 0).people;
  if (people == 0 || task.draw <= people) return;
  context.report.Warning("draw-above-people", draw->place,
                         Say("最多只有 {} 人，抽不出 {} 人",
                             "no more than {} can be found: no {} can be drawn", people, task.draw),
                         {"全部的人都会被抽中", "everybody will be drawn"});
}

void ReadGroupsOfApproval(Context& context, Task& task, const Object& object, const Node& groups) {
  for (const std::string_view key : {"rule", "draw"}) {
    if (object[key] == nullptr) continue;
    context.report.Error(
        "conflicting-keys", object.KeyPlace(key),
        Say("`{}` 不能与 groups 同时使用", "`{}` cannot stand beside `groups`", key),
        key == "rule" ? model::Text("每个小组有自己的 rule", "each group has a `rule` of its own")
                      : model::Text());
  }
  task.groups = ReadGroups(context, groups);
  if (const Node* collect = object["collect"])
    task.collect_groups = ReadBool(*collect, context.report).value_or(false);
}

void ReadPeopleOfApproval(Context& context, Task& task, const Object& object) {
  if (!object.ExactlyOne({"by", "groups"}, context.report)) return;
  if (const Node* groups = object["groups"])
    return ReadGroupsOfApproval(context, task, object, *groups);
  if (object["collect"] != nullptr) {
    context.report.Error(
        "conflicting-keys", object.KeyPlace("collect"),
        {"这里的 collect 只与 groups 一起", "here `collect` goes with `groups` only"},
        {"写 rule: {all: {collect: true}}", "write rule: {all: {collect: true}}"});
  }
  const WrittenRule rule = ReadRule(context, object["rule"], object.node().place);
  task.rule = rule.rule;
  if (const Node* by = object["by"]) task.people = ReadAddressees(context, *by, rule.weights());
  ReadDraw(context, task, object);
  CheckRule(context, rule, task.people, task.draw);
}

bool OnlyStarter(const Addressees& people) {
  return !people.empty() && std::all_of(people.begin(), people.end(), [](const Addressee& who) {
    return who.kind == Addressee::Kind::kStarter;
  });
}

}  // namespace

void ReadTask(Context& context, State& state, const Node& node) {
  Task task;
  const Object object(node, kTaskKeys, context.report);
  if (!object.is_map()) return;
  ReadOutcomes(context, task, object["outcomes"]);
  if (const Node* people = object["for"]) task.people = ReadAddressees(context, *people);
  ReadDraw(context, task, object);
  ReadCommon(context, task, object, state);
  state.task = std::move(task);
}

void ReadApproval(Context& context, State& state, const Node& node) {
  Task task;
  task.approval = true;
  const Object object(node, kApprovalKeys, context.report);
  if (!object.is_map()) return;
  task.outcomes = {"approved", "rejected"};
  task.outcome_titles = {{"同意", "Approve"}, {"不同意", "Reject"}};
  if (const Node* abstain = object["abstain"])
    task.may_abstain = ReadBool(*abstain, context.report).value_or(false);
  if (const Node* nobody = object["nobody"]) {
    const auto word = ReadWord(*nobody, kNobodyWords, context.report);
    task.when_nobody = static_cast<WhenNobody>(word.value_or(0));
  }
  ReadPeopleOfApproval(context, task, object);
  // Who is asked by name is meant.
  task.when_starter = OnlyStarter(task.people) ? WhenStarter::kSelf : WhenStarter::kSuperior;
  ReadCommon(context, task, object, state);
  state.task = std::move(task);
}

}  // namespace duban::definition
