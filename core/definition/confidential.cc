// What is confidential must not be said: not in a message, a title or the history, and not by way
// of a field that may be shown.
#include <algorithm>
#include <cctype>

#include "core/definition/context.h"

namespace duban::definition {
namespace {

bool IsNameByte(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

// Whether the name stands in the source as a word: `event.data.reporter`, `event.data['reporter']`.
bool Mentions(std::string_view source, std::string_view name) {
  for (std::size_t at = source.find(name); at != std::string_view::npos;
       at = source.find(name, at + 1)) {
    const std::size_t end = at + name.size();
    if ((at == 0 || !IsNameByte(source[at - 1])) &&
        (end == source.size() || !IsNameByte(source[end])))
      return true;
  }
  return false;
}

// The first field of which `is` holds and whose value the expression shows.
template <class Is>
const Field* FieldIn(const Context& context, const expression::Program& program, Is is) {
  if (program.empty()) return nullptr;
  const std::vector<Field>& fields = context.definition.fields;
  for (const int slot : program.slots()) {
    const auto index = static_cast<std::size_t>(slot);
    if (index < fields.size() && is(fields[index])) return &fields[index];
    if (slot != context.definition.slots.event) continue;
    // What was filled into a form comes as the event's data too.
    const auto found = std::ranges::find_if(fields, [&](const Field& field) {
      return is(field) && Mentions(program.source(), field.name);
    });
    if (found != fields.end()) return &*found;
  }
  return nullptr;
}

}  // namespace

const Field* ConfidentialIn(const Context& context, const expression::Program& program) {
  return FieldIn(context, program, [](const Field& field) { return field.confidential; });
}

void CheckText(Context& context, const Node& node, std::span<const expression::Program> programs) {
  for (const expression::Program& program : programs) {
    const Field* field = ConfidentialIn(context, program);
    if (field == nullptr) continue;
    context.report.Error(
        "confidential", node.place,
        Say("`{}` 会说出保密字段 `{}`：通知、标题和记录里不得出现",
            "`{}` tells the confidential field `{}`, which must not be in a message, a title or "
            "the "
            "history",
            program.source(), field->name),
        {"删去它；需要时用代号字段，有权的人打开案件查看",
         "leave it out; use a field with a code name, who may see it opens the case"});
  }
}

void CheckCopy(Context& context, const Node& node, const expression::Program& value,
               const Field& target) {
  using Kind = expression::Type::Kind;
  if (target.confidential || value.type().kind() == Kind::kBool) return;
  const Field* field = ConfidentialIn(context, value);
  if (field == nullptr) return;
  context.report.Warning(
      "confidential-copy", node.place,
      Say("保密字段 `{}` 写入了普通字段 `{}`",
          "the confidential field `{}` goes into `{}`, which is not", field->name, target.name),
      Say("给 `{}` 加 `confidential: true`", "add `confidential: true` to `{}`", target.name));
}

void CheckEventData(Context& context, const Node& node, const DataMap& data) {
  for (std::size_t i = 0; i < data.size(); ++i) {
    const expression::Program& value = data[i].second;
    if (value.type().kind() == expression::Type::Kind::kBool) continue;
    const Field* field = FieldIn(context, value, [](const Field& each) {
      return each.confidential || !each.visible_to.empty();
    });
    if (field == nullptr) continue;
    const model::Text told =
        Say("事件会带走只给部分人看的字段 `{}`：收到它的一方可能说出来",
            "the event carries `{}`, which not everybody may see, to where it could be told",
            field->name);
    const model::Text hint = {
        "删去它；同一案件里可直接读该字段，子案件用 start 的 data 写入同样受限的字段",
        "leave it out; the case itself reads the field, a child takes it by the data of `start` "
        "into a field as restricted"};
    if (field->confidential) {
      context.report.Error("confidential-event", node.entries[i].value->place, told, hint);
    } else {
      context.report.Warning("hidden-event", node.entries[i].value->place, told, hint);
    }
  }
}

}  // namespace duban::definition
