// show: everything about one case.
#include "services/cli/show.h"

#include <iostream>

#include "duban/v1/case_service.grpc.pb.h"
#include "services/cli/values.h"

namespace duban::cli {
namespace {

// A part with its heading, or nothing when it is empty.
std::string Part(const Terminal& t, const std::string& heading, const std::string& body) {
  return body.empty() ? "" : "\n" + t.Paint(Style::kBold, heading) + "\n" + body;
}

std::string Head(const Terminal& t, const v1::Case& item, const Names& names) {
  std::string text = t.Paint(Style::kBold, item.id() + "  " + t.In(ToModel(item.title()))) + "\n";
  text += item.workflow() + " @ " + item.campaign() + " " + item.campaign_digest().substr(0, 12) +
          t.Say("，修订号 ", ", revision ") + std::to_string(item.revision()) + "\n";
  text += t.Say("启动：", "started: ") + t.Time(ToModel(item.started_at())) + " " +
          NamedList(t, names, {item.starter()}) + t.Say("  更新：", "  updated: ") +
          t.Time(ToModel(item.updated_at())) + "\n";
  if (!item.parent_id().empty()) text += t.Say("上级案件：", "parent: ") + item.parent_id() + "\n";
  if (item.ended())
    text += t.Paint(Style::kGreen, t.Say("已办结：", "ended: ") + item.outcome()) + "\n";
  return text;
}

std::string States(const Terminal& t, const v1::Case& item) {
  std::string text;
  for (const v1::ActiveState& state : item.states()) {
    const std::string title = t.In(ToModel(state.title()));
    text += "  " + (state.leaf() ? t.Paint(Style::kGreen, "● " + state.id()) : "○ " + state.id());
    if (!title.empty() && title != state.id()) text += "  " + title;
    text += "\n";
  }
  return text;
}

std::string Data(const Terminal& t, const v1::Case& item) {
  if (item.data().fields().empty()) return "";
  Table table(t, {t.Say("字段", "FIELD"), t.Say("值", "VALUE")});
  const std::map<std::string, google::protobuf::Value> sorted(item.data().fields().begin(),
                                                              item.data().fields().end());
  for (const auto& [name, value] : sorted) table.Add({name, ToText(value)});
  return table.ToString();
}

std::string Deadlines(const Terminal& t, const v1::Case& item) {
  std::string text;
  for (const v1::Deadline& deadline : item.deadlines()) {
    text +=
        "  " + t.Paint(Style::kYellow, t.Time(ToModel(deadline.due()))) + "  " + deadline.state();
    if (deadline.provisional())
      text += t.Say("（暂定：该年放假通知未发布）", " (provisional: no holiday notice yet)");
    const std::string derivation = t.In(ToModel(deadline.derivation()));
    const std::string basis = t.In(ToModel(deadline.basis()));
    text += "\n      " + derivation + "\n";
    if (derivation.find(basis) == std::string::npos) {
      text += "      " + t.Say("依据：", "basis: ") + basis + "\n";
    }
  }
  return text;
}

std::string Children(const Terminal& t, const v1::Case& item, const Names& names) {
  if (item.children_size() == 0) return "";
  Table table(t, {t.Say("案件", "CASE"), t.Say("名目", "SLOT"), t.Say("对象", "ITEM"),
                  t.Say("结果", "OUTCOME")});
  for (const v1::Child& child : item.children()) {
    table.Add({child.case_id(), child.slot(),
               child.item().empty() ? "" : NamedList(t, names, {child.item()}),
               child.ended() ? child.outcome() : t.Say("办理中", "open")});
  }
  return table.ToString();
}

std::string Permitted(const Terminal& t, const v1::Case& item, const Names& names) {
  if (item.permitted_size() == 0) return "";
  Table table(t, {t.Say("事件", "EVENT"), t.Say("状态", "STATE"), t.Say("何人", "BY")});
  for (const v1::PermittedEvent& event : item.permitted()) {
    table.Add({event.event(), event.state(),
               NamedList(t, names, {event.who().begin(), event.who().end()})});
  }
  return table.ToString();
}

std::vector<std::string> IdsOf(const v1::Case& item) {
  std::vector<std::string> ids = {item.starter()};
  for (const auto& event : item.permitted())
    ids.insert(ids.end(), event.who().begin(), event.who().end());
  for (const auto& child : item.children()) {
    if (!child.item().empty()) ids.push_back(child.item());
  }
  return ids;
}

}  // namespace

Outcome Show(const Context& context, const std::string& case_id) {
  const auto connection = Connection::Open(context);
  if (!connection) return std::unexpected(connection.error());
  v1::GetCaseRequest request;
  request.set_case_id(case_id);
  const auto response = connection->Call(&v1::CaseService::Stub::GetCase, request);
  if (!response) return std::unexpected(response.error());
  const Terminal& t = context.terminal;
  if (t.json) {
    std::cout << ToJson(*response) << '\n';
    return {};
  }
  const v1::Case& item = response->case_();
  const auto names = connection->NamesOf(IdsOf(item));
  std::cout << Head(t, item, names) << Part(t, t.Say("状态", "States"), States(t, item))
            << Part(t, t.Say("期限", "Deadlines"), Deadlines(t, item));
  if (item.tasks_size() > 0) {
    std::cout << Part(t, t.Say("待办", "Tasks"), TaskTable(*connection, item.tasks(), false));
  }
  std::cout << Part(t, t.Say("数据", "Data"), Data(t, item))
            << Part(t, t.Say("子案件", "Children"), Children(t, item, names))
            << Part(t, t.Say("现在可以发送的事件", "Events that may be sent now"),
                    Permitted(t, item, names));
  return {};
}

}  // namespace duban::cli
