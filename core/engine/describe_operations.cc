#include "core/engine/describe_operations.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace duban::engine {
namespace {

using model::Map;
using model::Text;
using model::Value;

std::string Tail(const std::string& words, std::string_view colon) {
  return words.empty() ? std::string() : std::string(colon) + words;
}

Value TaskValue(model::Ordinal ordinal) { return std::int64_t{ordinal}; }

model::List ListOf(const std::vector<model::PersonId>& people) {
  return {people.begin(), people.end()};
}

model::List ListOf(const std::vector<model::Attachment>& attachments) {
  model::List list;
  for (const model::Attachment& one : attachments) {
    list.emplace_back(Map{{"name", one.name},
                          {"media_type", one.media_type},
                          {"sha256", one.sha256},
                          {"bytes", static_cast<std::int64_t>(one.bytes)},
                          {"uri", one.uri}});
  }
  return list;
}

struct Kind {
  const char* id;
  const char* zh;
  const char* en;
};

const Kind& KindOf(model::Move::Kind kind) {
  static constexpr Kind kKinds[] = {{"transferred", "转办", "transferred"},
                                    {"handed_over", "移交", "handed over"},
                                    {"reassigned", "改派", "reassigned"}};
  return kKinds[static_cast<std::size_t>(kind)];
}

const Kind& KindOf(model::Relation relation) {
  static constexpr Kind kKinds[] = {{"original", "增补", "takes in"},
                                    {"parallel", "并加签", "adds beside"},
                                    {"before", "前加签", "adds before"},
                                    {"after", "后加签", "adds after"},
                                    {"delegate", "委派", "delegates to"}};
  return kKinds[static_cast<std::size_t>(relation)];
}

const Kind& KindOf(model::Jumped::Cause cause) {
  static constexpr Kind kKinds[] = {{"returned", "退回到", "returned to"},
                                    {"resubmitted", "改好后回到", "resubmitted, back to"},
                                    {"withdrawn", "撤回到", "withdrawn, back to"},
                                    {"overridden", "管理员跳转到", "moved by administrators to"}};
  return kKinds[static_cast<std::size_t>(cause)];
}

const Kind& KindOf(model::Override::Kind kind) {
  static constexpr Kind kKinds[] = {{"jump", "跳转", "to move the case"},
                                    {"terminate", "终止", "to terminate the case"},
                                    {"reassign", "改派", "to reassign a task"}};
  return kKinds[static_cast<std::size_t>(kind)];
}

}  // namespace

std::string_view WordOf(model::Move::Kind kind) { return KindOf(kind).id; }

const std::string& OperationDescriber::Name(std::string_view id, std::string_view language) const {
  static const Text kSystem("系统", "the system");
  return id == model::Principal::kSystem ? kSystem.In(language)
                                         : organisation_.NameOf(id).In(language);
}

std::string OperationDescriber::Names(const std::vector<model::PersonId>& ids,
                                      std::string_view language) const {
  std::vector<std::string> names;
  for (const auto& id : ids) names.push_back(Name(id, language));
  return fmt::format("{}", fmt::join(names, language == "zh" ? "、" : ", "));
}

std::string OperationDescriber::TitleOf(model::StateIndex state, std::string_view language) const {
  const definition::State& spec = definition_.states[state];
  return spec.title.empty() ? spec.id : spec.title.In(language);
}

std::string OperationDescriber::OutcomeZh(const std::string& outcome) {
  if (outcome == "approved") return "同意";
  if (outcome == "rejected") return "不同意";
  if (outcome == "submitted") return "提交";
  if (outcome == "abstained") return "弃权";
  if (outcome == "recused") return "回避";
  if (outcome == "returned") return "退回";
  if (outcome == "no_quorum") return "达不到法定人数";
  return outcome;
}

Description OperationDescriber::operator()(const model::SeatClaimed& e) const {
  return {"seat_claimed",
          Map{{"task", TaskValue(e.ordinal)}, {"by", e.by}},
          {fmt::format("{} 认领任务 {}", Zh(e.by), e.ordinal),
           fmt::format("{} claims task {}", En(e.by), e.ordinal)}};
}

Description OperationDescriber::operator()(const model::SeatReleased& e) const {
  return {
      "seat_released",
      Map{{"task", TaskValue(e.ordinal)}},
      {fmt::format("任务 {} 取消认领", e.ordinal), fmt::format("task {} is released", e.ordinal)}};
}

Description OperationDescriber::operator()(const model::SeatMoved& e) const {
  const model::Move& move = e.move;
  const Kind& kind = KindOf(move.kind);
  Map detail{{"task", TaskValue(e.ordinal)},
             {"kind", kind.id},
             {"from", move.from},
             {"to", move.to},
             {"by", move.by},
             {"reason", move.reason},
             {"candidates", ListOf(e.candidates)}};
  if (move.to.empty() && move.by == move.from) {
    return {"seat_moved",
            std::move(detail),
            {fmt::format("{} 回避；由 {} 办理{}", Zh(move.from), Names(e.candidates, "zh"),
                         Tail(move.reason, "：")),
             fmt::format("{} recuses themself; it stays with {}{}", En(move.from),
                         Names(e.candidates, "en"), Tail(move.reason, ": "))}};
  }
  return {"seat_moved",
          std::move(detail),
          {fmt::format("{} 把任务 {} {}给 {}{}", Zh(move.by), e.ordinal, kind.zh,
                       Names(e.candidates, "zh"), Tail(move.reason, "：")),
           fmt::format("task {} is {} by {}; now with {}{}", e.ordinal, kind.en, En(move.by),
                       Names(e.candidates, "en"), Tail(move.reason, ": "))}};
}

Description OperationDescriber::operator()(const model::SeatsAdded& e) const {
  model::List seats;
  std::vector<model::PersonId> people;
  for (const model::Seat& seat : e.seats) {
    seats.emplace_back(Map{{"task", TaskValue(seat.ordinal)},
                           {"parent", TaskValue(seat.parent)},
                           {"relation", KindOf(seat.relation).id},
                           {"candidates", ListOf(seat.candidates)}});
    people.insert(people.end(), seat.candidates.begin(), seat.candidates.end());
  }
  const model::Seat first = e.seats.empty() ? model::Seat() : e.seats.front();
  const Kind& kind = KindOf(first.relation);
  const std::string& by = first.added_by.empty() ? model::Principal::kSystem : first.added_by;
  return {
      "seats_added",
      Map{{"state", Id(e.state)}, {"tasks", std::move(seats)}, {"by", by}, {"reason", e.reason}},
      {fmt::format("{} {} {}{}", Zh(by), kind.zh, Names(people, "zh"), Tail(e.reason, "：")),
       fmt::format("{} {} {}{}", En(by), kind.en, Names(people, "en"), Tail(e.reason, ": "))}};
}

Description OperationDescriber::operator()(const model::SeatsRemoved& e) const {
  model::List tasks;
  for (model::Ordinal ordinal : e.ordinals) tasks.push_back(TaskValue(ordinal));
  const std::string list = fmt::format("{}", fmt::join(e.ordinals, ", "));
  return {"seats_removed",
          Map{{"tasks", std::move(tasks)}, {"reason", e.reason}},
          {fmt::format("减签：任务 {}{}", list, Tail(e.reason, "：")),
           fmt::format("taken out again: task {}{}", list, Tail(e.reason, ": "))}};
}

Description OperationDescriber::operator()(const model::SeatHeld& e) const {
  return {"seat_held",
          Map{{"task", TaskValue(e.ordinal)}},
          {fmt::format("任务 {} 等待他人", e.ordinal),
           fmt::format("task {} waits for others", e.ordinal)}};
}

Description OperationDescriber::operator()(const model::SeatReopened& e) const {
  return {"seat_reopened",
          Map{{"task", TaskValue(e.ordinal)}, {"reason", e.reason}},
          {fmt::format("任务 {} 的决定撤回{}", e.ordinal, Tail(e.reason, "：")),
           fmt::format("the decision of task {} is withdrawn{}", e.ordinal, Tail(e.reason, ": "))}};
}

// What is in a draft stays with whose it is.
Description OperationDescriber::operator()(const model::DraftSaved& e) const {
  return {"draft_saved",
          Map{{"task", TaskValue(e.ordinal)}, {"by", e.draft.by}},
          {fmt::format("{} 暂存任务 {}", Zh(e.draft.by), e.ordinal),
           fmt::format("{} saves a draft of task {}", En(e.draft.by), e.ordinal)}};
}

Description OperationDescriber::operator()(const model::Jumped& e) const {
  const Kind& kind = KindOf(e.cause);
  Map detail{{"cause", kind.id},
             {"from", Id(e.source)},
             {"to", Id(e.target)},
             {"back_to_source", e.back_to_source},
             {"reason", e.reason}};
  return {"jumped",
          std::move(detail),
          {fmt::format("{}“{}”{}", kind.zh, TitleOf(e.target, "zh"), Tail(e.reason, "：")),
           fmt::format("{} \"{}\"{}", kind.en, TitleOf(e.target, "en"), Tail(e.reason, ": "))}};
}

Description OperationDescriber::operator()(const model::Copied& e) const {
  std::vector<model::PersonId> people;
  for (const model::Copy& copy : e.copies) people.push_back(copy.person);
  return {"copied",
          Map{{"people", ListOf(people)}, {"note", e.note}},
          {fmt::format("抄送 {}{}", Names(people, "zh"), Tail(e.note, "：")),
           fmt::format("copied to {}{}", Names(people, "en"), Tail(e.note, ": "))}};
}

Description OperationDescriber::operator()(const model::CopyRead& e) const {
  return {"copy_read",
          Map{{"person", e.person}, {"at", e.at}},
          {fmt::format("{} 已阅", Zh(e.person)), fmt::format("{} has read it", En(e.person))}};
}

Description OperationDescriber::operator()(const model::Reminded& e) const {
  return {"reminded",
          Map{{"state", Id(e.state)}, {"by", e.by}, {"at", e.at}, {"note", e.note}},
          {fmt::format("{} 催办“{}”{}", Zh(e.by), TitleOf(e.state, "zh"), Tail(e.note, "：")),
           fmt::format("{} reminds of \"{}\"{}", En(e.by), TitleOf(e.state, "en"),
                       Tail(e.note, ": "))}};
}

Description OperationDescriber::operator()(const model::Commented& e) const {
  return {"commented",
          Map{{"by", e.by}, {"text", e.text}, {"attachments", ListOf(e.attachments)}},
          {fmt::format("{} 批注：{}", Zh(e.by), e.text),
           fmt::format("{} comments: {}", En(e.by), e.text)}};
}

Description OperationDescriber::operator()(const model::CaseSuspended& e) const {
  return {"case_suspended",
          Map{{"by", e.by}, {"at", e.at}, {"reason", e.reason}},
          {fmt::format("{} 挂起案件：{}", Zh(e.by), e.reason),
           fmt::format("{} suspends the case: {}", En(e.by), e.reason)}};
}

Description OperationDescriber::operator()(const model::CaseResumed& e) const {
  return {"case_resumed",
          Map{{"reason", e.reason}},
          {fmt::format("案件恢复{}", Tail(e.reason, "：")),
           fmt::format("the case is resumed{}", Tail(e.reason, ": "))}};
}

Description OperationDescriber::operator()(const model::OverrideProposed& e) const {
  const model::Override& proposal = e.proposal;
  const Kind& kind = KindOf(proposal.kind);
  Map detail{{"override", TaskValue(proposal.ordinal)},
             {"kind", kind.id},
             {"by", proposal.by},
             {"reason", proposal.reason}};
  if (proposal.kind == model::Override::Kind::kJump) detail.Set("state", Id(proposal.target));
  if (proposal.kind == model::Override::Kind::kTerminate) detail.Set("outcome", proposal.outcome);
  if (proposal.kind == model::Override::Kind::kReassign) {
    detail.Set("task", TaskValue(proposal.task));
    detail.Set("people", ListOf(proposal.people));
  }
  return {"override_proposed",
          std::move(detail),
          {fmt::format("{} 提出{}（待另一名管理员确认）：{}", Zh(proposal.by), kind.zh,
                       proposal.reason),
           fmt::format("{} proposes {} (another administrator has to confirm): {}", En(proposal.by),
                       kind.en, proposal.reason)}};
}

Description OperationDescriber::operator()(const model::OverrideClosed& e) const {
  Map detail{{"override", TaskValue(e.ordinal)},
             {"confirmed", e.confirmed},
             {"by", e.by},
             {"reason", e.reason}};
  return {"override_closed",
          std::move(detail),
          {fmt::format("{} {}处置 {}{}", Zh(e.by), e.confirmed ? "确认" : "否决", e.ordinal,
                       Tail(e.reason, "：")),
           fmt::format("{} {} the override {}{}", En(e.by), e.confirmed ? "confirms" : "refuses",
                       e.ordinal, Tail(e.reason, ": "))}};
}

}  // namespace duban::engine
