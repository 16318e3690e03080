#include <algorithm>

#include "core/definition/context.h"

namespace duban::definition {
namespace {

constexpr int kMaxActionDepth = 16;
constexpr std::size_t kMaxMessageBytes =
    4 * kMaxFileBytes;  // of one workflow, counted where they are used

Actions ReadActionList(Context& context, const Node& node, int depth);

bool IsEventName(std::string_view text) {
  return !text.empty() && text.size() <= kMaxNameBytes &&
         text.find_first_of(" \t\n*") == std::string_view::npos && text.front() != '.' &&
         text.back() != '.';
}

std::string ReadEventName(Context& context, const Node& node) {
  if (!ExpectScalar(node, context.report)) return {};
  if (!IsEventName(node.scalar)) {
    context.report.Error(
        "event-name", node.place,
        Say("`{}` 不能作事件名：不含空格和 *，不以点开头或结尾",
            "`{}` cannot name an event: no spaces, no *, no dot at either end", node.scalar));
    return {};
  }
  context.events.push_back({node.scalar, node.place});
  return node.scalar;
}

// `hazard.place`: the field and the path inside it; the target is what the value must fit.
struct Target {
  model::FieldIndex field;
  std::vector<std::string> path;
  Field type;
};

std::optional<Target> ReadTarget(Context& context, const Node& key) {
  std::string_view rest = key.scalar;
  const auto next = [&] {
    const std::size_t dot = rest.find('.');
    const std::string_view part = rest.substr(0, dot);
    rest = dot == std::string_view::npos ? std::string_view() : rest.substr(dot + 1);
    return part;
  };
  Node name = key;
  name.scalar = std::string(next());
  const auto field = FindFieldOrReport(context, name);
  if (!field) return std::nullopt;
  Target target{*field, {}, context.definition.fields[*field]};
  while (!rest.empty()) {
    const std::string_view member = next();
    target.path.emplace_back(member);
    if (target.type.kind == FieldKind::kAny) continue;
    const auto found = std::find_if(target.type.fields.begin(), target.type.fields.end(),
                                    [&](const Field& f) { return f.name == member; });
    if (found == target.type.fields.end()) {
      std::vector<std::string_view> members;
      for (const Field& f : target.type.fields) members.push_back(f.name);
      context.report.Error(
          "unknown-field", key.place,
          Say("`{}` 没有成员 `{}`", "`{}` has no member `{}`", target.type.name, member),
          DidYouMeanOrList(member, members));
      return std::nullopt;
    }
    Field inner = *found;
    target.type = std::move(inner);
  }
  return target;
}

void ReadAssign(Context& context, const Node& node, Actions& actions) {
  if (!ExpectMap(node, "字段到 CEL 的映射", "a map of CEL by field", context.report)) return;
  for (const Node::Entry& entry : node.entries) {
    auto target = ReadTarget(context, *entry.key);
    if (!target) continue;
    Assign assign{target->field, std::move(target->path),
                  CompileFor(context, *entry.value, target->type)};
    actions.push_back({std::move(assign), entry.key->place});
  }
}

Raise ReadRaise(Context& context, const Node& node) {
  Raise raise;
  if (node.is_scalar()) {
    raise.event = ReadEventName(context, node);
    return raise;
  }
  const Object object(node, kRaiseKeys, context.report);
  if (const Node* event = object["event"]) raise.event = ReadEventName(context, *event);
  if (const Node* data = object["data"]) raise.data = ReadEventData(context, *data);
  return raise;
}

void ReadSendTo(Context& context, Send& send, const Node& node) {
  if (node.is_map()) {
    const Object object(node, kSendToKeys, context.report);
    send.to = Send::To::kChildren;
    const Node* slot = object["children"];
    if (slot == nullptr || !ExpectScalar(*slot, context.report)) return;
    send.slot = slot->scalar;
    if (!context.child_slots.contains(send.slot)) {
      context.report.Error(
          "unknown-slot", slot->place,
          Say("没有子案件槽 `{}`", "there is no slot of children `{}`", send.slot),
          DidYouMeanOrList(send.slot, {context.child_slots.begin(), context.child_slots.end()}));
    }
  } else if (node.scalar == "parent") {
    send.to = Send::To::kParent;
  } else if (node.scalar != "self" || !node.is_scalar()) {
    context.report.Error(
        "wrong-value", node.place, Say("`to` 不能是 `{}`", "`to` cannot be `{}`", node.scalar),
        {"可用：self、parent、{children: 槽}", "there are: self, parent, {children: slot}"});
  }
}

Send ReadSend(Context& context, const Node& node) {
  using Kind = expression::Type::Kind;
  Send send;
  if (node.is_scalar()) {
    send.event = ReadEventName(context, node);
    return send;
  }
  const Object object(node, kSendKeys, context.report);
  if (!object.ExactlyOne({"event", "event_expression"}, context.report)) return send;
  if (const Node* event = object["event"]) send.event = ReadEventName(context, *event);
  if (const Node* event = object["event_expression"]) {
    send.event_expression = CompileCel(context, *event, Kind::kString);
    context.computes_event_names = true;
  }
  if (const Node* to = object["to"]) ReadSendTo(context, send, *to);
  if (const Node* after = object["after"])
    send.delay = ReadTimeLimit(context, *after).value_or(calendar::TimeLimit{});
  if (const Node* delay = object["delay"]) {
    send.delay_expression = CompileCel(context, *delay);
    const Kind kind = send.delay_expression.type().kind();
    if (!send.delay_expression.empty() && kind != Kind::kDuration && kind != Kind::kInt &&
        kind != Kind::kDyn) {
      context.report.Error("wrong-type", delay->place,
                           Say("延时应为 duration 或毫秒数，而不是 {}",
                               "a delay is a duration or milliseconds, not {}",
                               send.delay_expression.type().ToString()),
                           {"如 duration('2h')", "such as duration('2h')"});
    }
    if (object["after"] != nullptr) {
      context.report.Error(
          "conflicting-keys", object.KeyPlace("delay"),
          {"`delay` 不能与 `after` 同时使用", "`delay` cannot stand beside `after`"});
    }
  }
  if (const Node* id = object["id"]) send.id = ReadText(*id, context.report).value_or("");
  if (const Node* field = object["id_field"]) {
    send.id_field = FindFieldOrReport(context, *field).value_or(model::kNoState);
  }
  if (const Node* data = object["data"]) send.data = ReadEventData(context, *data);
  return send;
}

Cancel ReadCancel(Context& context, const Node& node) {
  Cancel cancel;
  if (node.is_scalar()) {
    cancel.id = node.scalar;
    return cancel;
  }
  const Object object(node, kCancelKeys, context.report);
  if (const Node* expression = object["expression"]) {
    cancel.id_expression = CompileCel(context, *expression, expression::Type::Kind::kString);
  }
  return cancel;
}

Start ReadStart(Context& context, const Node& node) {
  Start start;
  const Object object(node, kStartKeys, context.report);
  StartUse use;
  if (const Node* workflow = object["workflow"]) {
    start.workflow = ReadText(*workflow, context.report).value_or("");
    use.place = workflow->place;
  }
  start.slot = start.workflow;
  if (const Node* as = object["as"]) {
    start.slot = ReadText(*as, context.report).value_or("");
    if (!IsName(start.slot) || start.slot.find('.') != std::string::npos) {
      context.report.Error("slot-name", as->place,
                           Say("槽名 `{}` 只能用字母、数字、_ 和 -",
                               "the slot `{}` takes letters, digits, _ and - only", start.slot));
    }
  }
  Item item = Item::kNone;
  if (const Node* for_each = object["for_each"]) {
    item = Item::kCurrent;
    start.for_each = CompileCel(context, *for_each, expression::Type::List({}));
  }
  if (const Node* data = object["data"]) {
    start.data = ReadDataMap(context, *data, item);
    for (std::size_t i = 0; i < start.data.size(); ++i) {
      const Node::Entry& entry = data->entries[i];
      const expression::Program& value = start.data[i].second;
      const Field* secret = ConfidentialIn(context, value);
      use.data.push_back({entry.key->scalar, entry.key->place, value.type(),
                          secret != nullptr ? secret->name : std::string()});
    }
  }
  use.workflow = start.workflow;
  if (!use.workflow.empty()) context.starts.push_back(std::move(use));
  return start;
}

If ReadIf(Context& context, const Object& object, int depth) {
  If branch;
  if (const Node* condition = object["if"]) {
    branch.condition = CompileCel(context, *condition, expression::Type::Kind::kBool);
  }
  if (const Node* then = object["do"]) branch.then = ReadActionList(context, *then, depth + 1);
  if (const Node* otherwise = object["else"])
    branch.otherwise = ReadActionList(context, *otherwise, depth + 1);
  if (object["do"] == nullptr && object["else"] == nullptr) {
    context.report.Error("missing-key", object.node().place,
                         {"`if` 需要 `do` 或 `else`", "`if` needs `do` or `else`"});
  }
  return branch;
}

ForEach ReadForEach(Context& context, const Object& object, const Node& node, int depth) {
  ForEach loop;
  const Object head(node, kForEachKeys, context.report);
  if (const Node* in = head["in"]) loop.in = CompileCel(context, *in, expression::Type::List({}));
  if (const Node* item = head["item"])
    loop.item = FindFieldOrReport(context, *item).value_or(model::kNoState);
  if (const Node* index = head["index"])
    loop.index = FindFieldOrReport(context, *index).value_or(model::kNoState);
  if (const Node* actions = object["do"]) {
    loop.actions = ReadActionList(context, *actions, depth + 1);
  }
  return loop;
}

void ReadAction(Context& context, const Node& node, Actions& actions, int depth) {
  const Object object(node, kActionKeys, context.report);
  if (!object.ExactlyOne({"assign", "raise", "send", "cancel", "notify", "start", "escalate", "if",
                          "for_each", "log"},
                         context.report)) {
    return;
  }
  if (object["if"] == nullptr) {
    for (const std::string_view key : {"do", "else"}) {
      if (object[key] == nullptr || (key == "do" && object["for_each"] != nullptr)) continue;
      context.report.Error(
          "conflicting-keys", object.KeyPlace(key),
          Say("`{}` 只与 if 或 for_each 一起", "`{}` goes with `if` or `for_each` only", key));
    }
  }
  const Place& place = node.entries.front().key->place;
  if (const Node* assign = object["assign"]) {
    ReadAssign(context, *assign, actions);
  } else if (const Node* raise = object["raise"]) {
    actions.push_back({ReadRaise(context, *raise), place});
  } else if (const Node* send = object["send"]) {
    actions.push_back({ReadSend(context, *send), place});
  } else if (const Node* cancel = object["cancel"]) {
    actions.push_back({ReadCancel(context, *cancel), place});
  } else if (const Node* notify = object["notify"]) {
    actions.push_back({ReadNotify(context, *notify), place});
  } else if (const Node* start = object["start"]) {
    actions.push_back({ReadStart(context, *start), place});
  } else if (const Node* escalate = object["escalate"]) {
    actions.push_back({Escalate{ReadAddressees(context, *escalate)}, place});
  } else if (object["if"] != nullptr) {
    actions.push_back({ReadIf(context, object, depth), place});
  } else if (const Node* for_each = object["for_each"]) {
    actions.push_back({ReadForEach(context, object, *for_each, depth), place});
  } else if (const Node* log = object["log"]) {
    Log line{CompileCel(context, *log)};
    CheckText(context, *log, {&line.value, 1});
    actions.push_back({std::move(line), place});
  }
}

Actions ReadActionList(Context& context, const Node& node, int depth) {
  Actions actions;
  if (depth > kMaxActionDepth) {
    context.report.Error(
        "too-deep", node.place,
        Say("动作嵌套超过 {} 层", "actions nested deeper than {}", kMaxActionDepth));
    return actions;
  }
  for (const Node* item : OneOrMany(node)) ReadAction(context, *item, actions, depth);
  return actions;
}

}  // namespace

Actions ReadActions(Context& context, const Node& node) { return ReadActionList(context, node, 1); }

std::optional<model::Urgency> ReadUrgency(Context& context, const Node& node) {
  if (!ExpectScalar(node, context.report)) return std::nullopt;
  const auto* found = std::ranges::find(model::kUrgencyNames, node.scalar);
  if (found != std::end(model::kUrgencyNames))
    return static_cast<model::Urgency>(found - std::begin(model::kUrgencyNames));
  context.report.Error(
      "wrong-value", node.place, Say("没有缓急 `{}`", "there is no urgency `{}`", node.scalar),
      DidYouMeanOrList(node.scalar,
                       {std::begin(model::kUrgencyNames), std::end(model::kUrgencyNames)}));
  return std::nullopt;
}

Notify ReadNotify(Context& context, const Node& node) {
  Notify notify;
  const Object object(node, kNotifyKeys, context.report);
  if (const Node* to = object["to"]) notify.to = ReadAddressees(context, *to);
  if (const Node* urgency = object["urgency"]) {
    notify.urgency = ReadUrgency(context, *urgency).value_or(model::Urgency::kNormal);
    if (object["urgent"] != nullptr) {
      context.report.Error(
          "conflicting-keys", object.KeyPlace("urgent"),
          {"`urgent` 不能与 `urgency` 同时使用", "`urgent` cannot stand beside `urgency`"});
    }
  } else if (const Node* urgent = object["urgent"]) {
    if (ReadBool(*urgent, context.report).value_or(false)) notify.urgency = model::Urgency::kUrgent;
  }
  if (!object.ExactlyOne({"message", "subject"}, context.report)) return notify;
  if (const Node* message = object["message"]) {
    if (object["text"] != nullptr) {
      context.report.Error(
          "conflicting-keys", object.KeyPlace("text"),
          {"`text` 不能与 `message` 同时使用", "`text` cannot stand beside `message`"});
    }
    if (!ExpectScalar(*message, context.report)) return notify;
    const auto found = context.messages.find(message->scalar);
    if (found != context.messages.end()) {
      const MessageWords& words = found->second;
      for (const Words* part : {&words.subject, &words.body}) {
        context.message_bytes += part->zh.source().size() + part->en.source().size();
      }
      if (context.message_bytes > kMaxMessageBytes) {
        context.report.Error(
            "messages-too-large", message->place,
            Say("用到的通知用语合计超过 {} 字节",
                "the messages have more than {} bytes, counted where they are used",
                kMaxMessageBytes),
            {"缩短用语，或合并通知", "shorten the messages, or send fewer"});
        return notify;
      }
      notify.subject = words.subject;
      notify.body = words.body;
      return notify;
    }
    std::vector<std::string_view> names;
    for (const auto& [name, words] : context.messages) names.push_back(name);
    model::Text hint = DidYouMeanOrList(message->scalar, names);
    if (names.empty())
      hint = {"通知用语在 messages: 里写，或直接写 subject 和 text",
              "declare it in messages:, or write subject and text here"};
    context.report.Error("unknown-message", message->place,
                         Say("没有通知用语 `{}`", "there is no message `{}`", message->scalar),
                         std::move(hint));
    return notify;
  }
  if (const Node* subject = object["subject"]) notify.subject = CompileWords(context, *subject);
  if (const Node* text = object["text"]) notify.body = CompileWords(context, *text);
  return notify;
}

void CollectChildSlots(const Node& node, std::set<std::string>& slots) {
  for (const NodePtr& item : node.items) CollectChildSlots(*item, slots);
  for (const Node::Entry& entry : node.entries) {
    CollectChildSlots(*entry.value, slots);
    if (entry.key->scalar != "start" || !entry.value->is_map()) continue;
    const Node* slot = entry.value->Find("as");
    if (slot == nullptr) slot = entry.value->Find("workflow");
    if (slot != nullptr && slot->is_scalar()) slots.insert(slot->scalar);
  }
}

}  // namespace duban::definition
