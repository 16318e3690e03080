#include "core/engine/describe.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "core/engine/describe_operations.h"

namespace duban::engine {
namespace {

using model::Map;
using model::Text;

class Describer : public OperationDescriber {
 public:
  using OperationDescriber::OperationDescriber;
  using OperationDescriber::operator();

  Description operator()(const model::CaseStarted& e) const {
    return {"case_started",
            Map{{"workflow", e.workflow}, {"campaign", e.campaign}, {"starter", e.starter}},
            {fmt::format("{} 发起“{}”", Zh(e.starter), definition_.title.In("zh")),
             fmt::format("{} starts \"{}\"", En(e.starter), definition_.title.In("en"))}};
  }
  Description operator()(const model::EventTaken& e) const {
    Map detail{{"event", e.name}, {"actor", e.actor}, {"data", e.data}, {"reason", e.reason}};
    return {"event_taken",
            std::move(detail),
            {fmt::format("事件 {}（{}）{}", e.name, Zh(e.actor),
                         e.reason.empty() ? "" : "：" + e.reason),
             fmt::format("event {} ({}){}", e.name, En(e.actor),
                         e.reason.empty() ? "" : ": " + e.reason)}};
  }
  Description operator()(const model::TransitionTaken& e) const {
    const definition::Transition& transition = definition_.transitions[e.transition];
    Map detail{{"transition", std::int64_t{e.transition}},
               {"from", definition_.states[transition.source].id},
               {"line", std::int64_t{transition.place.line}}};
    const std::string& zh = transition.title.In("zh");
    const std::string& en = transition.title.In("en");
    return {"transition_taken",
            std::move(detail),
            {zh.empty() ? "离开“" + TitleOf(transition.source, "zh") + "”的转移" : zh,
             en.empty() ? "transition of \"" + TitleOf(transition.source, "en") + '"' : en}};
  }
  Description operator()(const model::StateExited& e) const {
    return State("state_exited", e.state, "离开", "leaves");
  }
  Description operator()(const model::StateEntered& e) const {
    return State("state_entered", e.state, "进入", "enters");
  }
  Description operator()(const model::HistoryKept& e) const {
    return State("history_kept", e.value.history, "记住", "remembers");
  }
  Description operator()(const model::FieldAssigned& e) const {
    const definition::Field& field = definition_.fields[e.field];
    const std::string json = model::ToJson(e.value);
    const Text title = field.title.empty() ? Text(field.name, field.name) : field.title;
    return {"field_assigned",
            Map{{"field", field.name}, {"value", e.value}},
            {title.In("zh") + " = " + json, title.In("en") + " = " + json}};
  }
  Description operator()(const model::RoundOpened& e) const {
    model::List tasks;
    std::vector<std::string> zh, en;
    for (const model::Seat& seat : e.round.seats) {
      model::List people(seat.candidates.begin(), seat.candidates.end());
      tasks.push_back(Map{{"task", std::int64_t{seat.ordinal}}, {"candidates", people}});
      for (const auto& id : seat.candidates) {
        zh.push_back(Zh(id));
        en.push_back(En(id));
      }
    }
    Map detail{{"state", Id(e.round.state)}, {"tasks", tasks}, {"title", e.round.title.In("zh")}};
    if (e.round.seed != 0) detail.Set("seed", std::to_string(e.round.seed));
    return {"round_opened",
            std::move(detail),
            {fmt::format("待办“{}” → {}", e.round.title.In("zh"), fmt::join(zh, "、")),
             fmt::format("task \"{}\" → {}", e.round.title.In("en"), fmt::join(en, ", "))}};
  }
  Description operator()(const model::SeatOpened& e) const {
    return {
        "seat_opened",
        Map{{"task", std::int64_t{e.ordinal}}},
        {fmt::format("轮到任务 {}", e.ordinal), fmt::format("it is task {}'s turn", e.ordinal)}};
  }
  Description operator()(const model::SeatDecided& e) const {
    const model::Vote& vote = e.vote;
    const std::string tail = vote.opinion.empty() ? "" : "：" + vote.opinion;
    Map detail{{"task", std::int64_t{e.ordinal}},
               {"by", vote.by},
               {"outcome", vote.outcome},
               {"opinion", vote.opinion},
               {"form", Map(e.form)}};
    if (!vote.on_behalf_of.empty()) detail.Set("on_behalf_of", vote.on_behalf_of);
    if (vote.automatic != model::Automatic::kNo) {
      detail.Set("automatic", std::string(WordOf(vote.automatic)));
      return {"seat_decided",
              std::move(detail),
              {fmt::format("任务 {} 自动：{}（{}）", e.ordinal, OutcomeZh(vote.outcome),
                           AutomaticZh(vote.automatic)),
               fmt::format("task {} by itself: {} ({})", e.ordinal, vote.outcome,
                           AutomaticEn(vote.automatic))}};
    }
    std::string zh = Zh(vote.by), en = En(vote.by);
    if (!vote.on_behalf_of.empty()) {
      zh += " 代 " + Zh(vote.on_behalf_of);
      en += " for " + En(vote.on_behalf_of);
    }
    return {"seat_decided",
            std::move(detail),
            {fmt::format("{} 决定：{}{}", zh, OutcomeZh(vote.outcome), tail),
             fmt::format("{} decides: {}{}", en, vote.outcome, tail)}};
  }
  Description operator()(const model::CandidatesAdded& e) const {
    model::List people(e.people.begin(), e.people.end());
    return {"candidates_added",
            Map{{"state", Id(e.state)}, {"people", people}},
            {fmt::format("升级：{} 也可处理“{}”", Names(e.people, "zh"), TitleOf(e.state, "zh")),
             fmt::format("escalated: {} may act on \"{}\" too", Names(e.people, "en"),
                         TitleOf(e.state, "en"))}};
  }
  Description operator()(const model::RoundDecided& e) const {
    return {"round_decided",
            Map{{"state", Id(e.state)}, {"outcome", e.outcome}},
            {fmt::format("“{}”的结果：{}", TitleOf(e.state, "zh"), OutcomeZh(e.outcome)),
             fmt::format("\"{}\" is decided: {}", TitleOf(e.state, "en"), e.outcome)}};
  }
  Description operator()(const model::RoundClosed& e) const {
    return State("round_closed", e.state, "待办结束：", "closes the tasks of");
  }
  Description operator()(const model::TimerSet& e) const {
    const model::Timer& timer = e.timer;
    const std::string when = calendar::LocalText(timer.due, definition_.time_zone);
    Map detail{{"timer", std::int64_t{timer.ordinal}},
               {"kind", TimerKindName(timer.kind)},
               {"due", timer.due},
               {"provisional", timer.provisional},
               {"derivation", timer.derivation.In("zh")},
               {"derivation_en", timer.derivation.In("en")}};
    std::string basis_zh, basis_en;
    if (timer.state != model::kNoState) {
      detail.Set("state", Id(timer.state));
      const auto& due = definition_.states[timer.state].due;
      if (timer.kind == model::TimerKind::kOverdue && due && !due->basis.empty()) {
        detail.Set("basis", due->basis.In("zh"));
        if (!timer.derivation.zh.contains(due->basis.In("zh"))) {
          basis_zh = "；依据：" + due->basis.In("zh");
          basis_en = "; basis: " + due->basis.In("en");
        }
      }
    }
    return {"timer_set",
            std::move(detail),
            {fmt::format("{} {}（{}{}）", TimerZh(timer.kind), when, timer.derivation.In("zh"),
                         basis_zh),
             fmt::format("{} {} ({}{})", TimerEn(timer.kind), when, timer.derivation.In("en"),
                         basis_en)}};
  }
  Description operator()(const model::TimerFired& e) const {
    const std::string when = calendar::LocalText(e.due, definition_.time_zone);
    return {"timer_fired",
            Map{{"timer", std::int64_t{e.ordinal}}, {"due", e.due}, {"at", e.at}},
            {"到时 " + when, "the time has come: " + when}};
  }
  Description operator()(const model::TimerCancelled& e) const {
    return {"timer_cancelled",
            Map{{"timer", std::int64_t{e.ordinal}}},
            {fmt::format("定时器 {} 取消", e.ordinal),
             fmt::format("timer {} is cancelled", e.ordinal)}};
  }
  Description operator()(const model::ChildStarted& e) const {
    Map detail{{"case_id", e.child.id.ToString()},
               {"slot", e.child.slot},
               {"item", e.child.item},
               {"workflow", e.workflow}};
    return {"child_started",
            std::move(detail),
            {fmt::format("启动子案 {} {}（{}）", e.workflow,
                         e.child.item.empty() ? "" : Zh(e.child.item), e.child.id.ToString()),
             fmt::format("starts {} {} ({})", e.workflow,
                         e.child.item.empty() ? "" : En(e.child.item), e.child.id.ToString())}};
  }
  Description operator()(const model::ChildEnded& e) const {
    return {"child_ended",
            Map{{"child", std::int64_t{e.ordinal}}, {"outcome", e.outcome}},
            {"子案结束：" + e.outcome, "a child case ended: " + e.outcome}};
  }
  Description operator()(const model::Notified& e) const {
    const model::Notification& n = e.notification;
    Map detail{
        {"recipient", n.recipient},         {"subject", n.subject.In("zh")},
        {"subject_en", n.subject.In("en")}, {"body", n.body.In("zh")},
        {"body_en", n.body.In("en")},       {"urgent", model::IsAlarm(n.urgency)},
        {"cause", CauseName(n.cause)},      {"urgency", std::string(model::NameOf(n.urgency))}};
    return {"notified",
            std::move(detail),
            {fmt::format("通知 {}：{}", Zh(n.recipient), n.subject.In("zh")),
             fmt::format("tells {}: {}", En(n.recipient), n.subject.In("en"))}};
  }
  Description operator()(const model::MessageSent& e) const {
    return {"message_sent",
            Map{{"to", e.to.ToString()}, {"event", e.event}, {"data", e.data}},
            {fmt::format("向案件 {} 发送 {}", e.to.ToString(), e.event),
             fmt::format("sends {} to case {}", e.event, e.to.ToString())}};
  }
  Description operator()(const model::Logged& e) const {
    return {"logged", Map{{"text", e.text}}, {e.text, e.text}};
  }
  Description operator()(const model::DeadlineMoved& e) const {
    const std::string before = calendar::LocalText(e.old_due, definition_.time_zone);
    const std::string now = calendar::LocalText(e.due, definition_.time_zone);
    const bool resumed = e.cause == model::DeadlineMoved::Cause::kResumed;
    Map detail{{"state", Id(e.state)},
               {"timer", std::int64_t{e.timer}},
               {"cause", resumed ? "resumed" : "calendar"},
               {"old_due", e.old_due},
               {"old_derivation", e.old_derivation.In("zh")},
               {"old_derivation_en", e.old_derivation.In("en")},
               {"due", e.due},
               {"derivation", e.derivation.In("zh")},
               {"derivation_en", e.derivation.In("en")},
               {"provisional", e.provisional}};
    return {"deadline_moved",
            std::move(detail),
            {fmt::format("“{}”的期限重新计算（{}）：原 {}，现 {}（{}）", TitleOf(e.state, "zh"),
                         resumed ? "案件恢复" : "放假安排变更", before, now, e.derivation.In("zh")),
             fmt::format("the due date of \"{}\" is counted again ({}): {} before, {} now ({})",
                         TitleOf(e.state, "en"),
                         resumed ? "the case was resumed" : "holidays were announced", before, now,
                         e.derivation.In("en"))}};
  }
  Description operator()(const model::CaseEnded& e) const {
    return {"case_ended",
            Map{{"outcome", e.outcome}, {"result", Map(e.result)}},
            {"案件办结：" + e.outcome, "the case ends: " + e.outcome}};
  }

 private:
  Description State(std::string kind, model::StateIndex state, std::string_view zh,
                    std::string_view en) const {
    return {std::move(kind),
            Map{{"state", Id(state)}},
            {fmt::format("{}“{}”", zh, TitleOf(state, "zh")),
             fmt::format("{} \"{}\"", en, TitleOf(state, "en"))}};
  }
  static std::string_view AutomaticZh(model::Automatic automatic) {
    static constexpr std::string_view kNames[] = {
        "", "此前已同意", "找不到办理人", "发起人不办理自己的事项", "逾期", "加签人不同意"};
    return kNames[static_cast<std::size_t>(automatic)];
  }
  static std::string_view AutomaticEn(model::Automatic automatic) {
    static constexpr std::string_view kNames[] = {"",
                                                  "approved before",
                                                  "nobody was found",
                                                  "the starter does not decide on their own case",
                                                  "overdue",
                                                  "an added signer refused"};
    return kNames[static_cast<std::size_t>(automatic)];
  }
  static std::string TimerKindName(model::TimerKind kind) {
    static constexpr const char* kNames[] = {"clock", "reminder", "due", "send"};
    return kNames[static_cast<std::size_t>(kind)];
  }
  static std::string_view TimerZh(model::TimerKind kind) {
    static constexpr std::string_view kNames[] = {"定时", "提醒", "期限", "延时发送"};
    return kNames[static_cast<std::size_t>(kind)];
  }
  static std::string_view TimerEn(model::TimerKind kind) {
    static constexpr std::string_view kNames[] = {"timer", "reminder", "due", "delayed send"};
    return kNames[static_cast<std::size_t>(kind)];
  }
  static std::string CauseName(model::NotificationCause cause) {
    static constexpr const char* kNames[] = {"notify",     "task", "reminder", "overdue",
                                             "escalation", "urge", "copy",     "returned",
                                             "withdrawn",  "moved"};
    return kNames[static_cast<std::size_t>(cause)];
  }
};

}  // namespace

std::string_view WordOf(model::Automatic automatic) {
  static constexpr std::string_view kWords[] = {"",        "repeated", "nobody",
                                                "starter", "overdue",  "addition"};
  return kWords[static_cast<std::size_t>(automatic)];
}

Description Describe(const definition::Definition& definition,
                     const definition::Organisation& organisation, const model::Event& event) {
  return std::visit(Describer(definition, organisation), event);
}

}  // namespace duban::engine
