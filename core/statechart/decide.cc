#include "core/statechart/decide.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "core/statechart/draft.h"
#include "core/statechart/operations.h"
#include "core/statechart/rounds.h"
#include "core/statechart/words.h"

namespace duban::statechart {
namespace {

using definition::Definition;
using definition::Task;
using model::Reason;
using model::Rejection;
using model::StateIndex;

bool Contains(const std::vector<std::string>& names, const std::string& name) {
  return std::ranges::find(names, name) != names.end();
}

// `require: reason` of the outcome's first transition, as far as it can be seen before the vote.
bool TransitionWantsReason(const Definition& definition, StateIndex index,
                           const std::string& outcome) {
  for (StateIndex s = index; s != model::kNoState; s = definition.states[s].parent) {
    for (model::TransitionIndex t : definition.states[s].transitions) {
      const definition::Transition& transition = definition.transitions[t];
      if (!Matches(transition.events, outcome)) continue;
      if (transition.guard.empty()) return transition.reason_required;
      if (transition.reason_required) return false;
    }
  }
  return false;
}

std::optional<Rejection> CheckOutcome(const Task& task, const std::string& outcome) {
  if (IsWordOf(task, outcome)) return std::nullopt;
  const std::string list = fmt::format("{}", fmt::join(WordsOf(task), ", "));
  return model::Refusal(Reason::kUnknownOutcome,
                        fmt::format("没有结果“{}”；可以选择：{}", outcome, list),
                        fmt::format("there is no outcome `{}`; choose one of: {}", outcome, list));
}

std::optional<Rejection> CheckOpinion(const Definition& definition, StateIndex index,
                                      const model::Decide& decide) {
  const Task& task = *definition.states[index].task;
  const bool required = Contains(task.opinion_required, decide.outcome) ||
                        TransitionWantsReason(definition, index, decide.outcome);
  if (!required || !decide.opinion.empty()) return std::nullopt;
  const model::Text title = TitleOfOutcome(task, decide.outcome);
  return model::Refusal(Reason::kReasonRequired,
                        fmt::format("选择“{}”必须填写意见", title.In("zh")),
                        fmt::format("`{}` needs an opinion; write one", title.In("en")));
}

bool IsHex256(const std::string& text) {
  return text.size() == 64 && std::ranges::all_of(text, [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
         });
}

std::vector<model::Violation> WrongWith(const model::Attachment& attachment,
                                        const std::string& field) {
  std::vector<model::Violation> wrong;
  const auto add = [&](std::string_view part, const char* zh, const char* en) {
    wrong.push_back({fmt::format("{}.{}", field, part), {zh, en}});
  };
  if (attachment.name.empty() || attachment.name.size() > 256)
    add("name", "写 1 到 256 字节的名称", "1 to 256 bytes");
  if (attachment.media_type.size() > 256) add("media_type", "最多 256 字节", "at most 256 bytes");
  if (!IsHex256(attachment.sha256))
    add("sha256", "应是 64 位小写十六进制", "64 lower-case hexadecimal digits");
  if (attachment.uri.size() > 2048) add("uri", "最多 2048 字节", "at most 2048 bytes");
  return wrong;
}

// Attachments and signature as the task asks for them.
std::vector<model::Violation> CheckEvidence(const Task& task, const model::Decide& decide) {
  std::vector<model::Violation> violations = CheckAttachments(decide.attachments);
  if (decide.attachments.empty() && Contains(task.attachment_required, decide.outcome))
    violations.push_back({"attachments", {"必须附上附件", "an attachment is required"}});
  if (!decide.signature && Contains(task.signature_required, decide.outcome))
    violations.push_back({"signature", {"必须签名", "a signature is required"}});
  if (decide.signature)
    std::ranges::move(WrongWith(*decide.signature, "signature"), std::back_inserter(violations));
  return violations;
}

}  // namespace

std::vector<model::Violation> CheckAttachments(const std::vector<model::Attachment>& attachments) {
  if (attachments.size() > kMaxAttachments) {
    return {{"attachments",
             {fmt::format("附件最多 {} 个", kMaxAttachments),
              fmt::format("at most {} attachments", kMaxAttachments)}}};
  }
  std::vector<model::Violation> violations;
  for (std::size_t i = 0; i < attachments.size(); ++i) {
    std::ranges::move(WrongWith(attachments[i], fmt::format("attachments[{}]", i)),
                      std::back_inserter(violations));
  }
  return violations;
}

std::expected<AcceptedDecision, Rejection> CheckDecision(const Scope& scope,
                                                         const model::Principal& actor,
                                                         const model::Decide& decide) {
  const auto place = SeatToActOn(scope, actor, decide.task, decide.on_behalf_of);
  if (!place) return std::unexpected(place.error());
  const Definition& definition = scope.definition();
  const StateIndex index = place->round->state;
  const Task& task = *definition.states[index].task;
  if (auto refused = CheckOutcome(task, decide.outcome))
    return std::unexpected(std::move(*refused));
  auto accepted = CheckForm(scope, *place, decide, FormUse::kDecision);
  if (auto violations = CheckEvidence(task, decide); !violations.empty()) {
    Rejection rejection = accepted ? model::Refusal(Reason::kInvalidData, "附件或签名需要更正",
                                                    "attachments or signature need correction")
                                   : std::move(accepted.error());
    std::ranges::move(violations, std::back_inserter(rejection.violations));
    return std::unexpected(std::move(rejection));
  }
  if (!accepted) return accepted;
  if (auto refused = CheckOpinion(definition, index, decide))
    return std::unexpected(std::move(*refused));
  return accepted;
}

namespace {

model::Map FormOf(const Definition& definition,
                  const std::vector<std::pair<model::FieldIndex, model::Value>>& form) {
  std::vector<model::Map::Entry> entries;
  entries.reserve(form.size());
  for (const auto& [field, value] : form)
    entries.emplace_back(definition.fields[field].name, value);
  return model::Map(std::move(entries));
}

// One of several candidates recuses themself: the others keep the task.
void LeaveToTheOthers(Draft& draft, const model::Seat& seat, const model::Decide& decide) {
  const model::PersonId& who = decide.on_behalf_of.empty() ? draft.actor().id : decide.on_behalf_of;
  model::SeatMoved moved;
  moved.ordinal = seat.ordinal;
  moved.move = {model::Move::Kind::kReassigned, who, {}, who, draft.facts().now, decide.opinion};
  moved.candidates = seat.candidates;
  std::erase(moved.candidates, who);
  draft.Emit(std::move(moved));
}

}  // namespace

std::optional<Occurrence> DecideSeat(Draft& draft, const model::Decide& decide) {
  if (AreWordsWrong(draft, decide.opinion, false)) return std::nullopt;
  auto accepted = CheckDecision(draft.scope(), draft.actor(), decide);
  if (!accepted) {
    draft.Fail(std::move(accepted.error()));
    return std::nullopt;
  }
  const StateIndex index = accepted->state;
  const model::Seat& seat = *FindSeat(draft.state(), decide.task).seat;
  if (decide.outcome == "recused" && seat.candidates.size() > 1) {
    LeaveToTheOthers(draft, seat, decide);
    return std::nullopt;
  }
  model::Map form = FormOf(draft.definition(), accepted->form);
  const bool for_another = decide.on_behalf_of != draft.actor().id;
  model::Vote vote;
  vote.outcome = decide.outcome;
  vote.by = draft.actor().id;
  vote.at = draft.facts().now;
  vote.opinion = decide.opinion;
  if (for_another) vote.on_behalf_of = decide.on_behalf_of;
  vote.attachments = decide.attachments;
  vote.signature = decide.signature;
  draft.EmitNew<model::SeatDecided>(decide.task, std::move(vote), form);
  for (auto& [field, value] : accepted->form) draft.Assign(field, std::move(value));
  auto outcome = Settle(draft, index);
  if (!outcome || draft.failed()) return std::nullopt;
  Occurrence said;
  said.data = std::move(form);
  said.actor = draft.actor().id;
  said.reason = decide.opinion;
  said.needs_reason = *outcome == decide.outcome;
  return Conclude(draft, index, std::move(*outcome), std::move(said));
}

}  // namespace duban::statechart
