// Attachments, votes, and what operations leave on tasks and cases.
#include "core/engine/describe.h"
#include "services/duband/translate.h"

namespace duban::duband {
namespace {

v1::TaskRelation ToProto(model::Relation relation) {
  switch (relation) {
    case model::Relation::kOriginal:
      return v1::TASK_RELATION_ORIGINAL;
    case model::Relation::kParallel:
      return v1::TASK_RELATION_PARALLEL;
    case model::Relation::kBefore:
      return v1::TASK_RELATION_BEFORE;
    case model::Relation::kAfter:
      return v1::TASK_RELATION_AFTER;
    case model::Relation::kDelegate:
      return v1::TASK_RELATION_DELEGATE;
  }
  return v1::TASK_RELATION_UNSPECIFIED;
}

v1::OverrideKind ToProto(model::Override::Kind kind) {
  switch (kind) {
    case model::Override::Kind::kJump:
      return v1::OVERRIDE_KIND_JUMP;
    case model::Override::Kind::kTerminate:
      return v1::OVERRIDE_KIND_TERMINATE;
    case model::Override::Kind::kReassign:
      return v1::OVERRIDE_KIND_REASSIGN;
  }
  return v1::OVERRIDE_KIND_UNSPECIFIED;
}

}  // namespace

model::Attachment FromProto(const v1::Attachment& attachment) {
  return {attachment.name(), attachment.media_type(), attachment.sha256(), attachment.bytes(),
          attachment.uri()};
}

std::vector<model::Attachment> FromProto(
    const google::protobuf::RepeatedPtrField<v1::Attachment>& attachments) {
  std::vector<model::Attachment> list;
  list.reserve(static_cast<std::size_t>(attachments.size()));
  for (const v1::Attachment& attachment : attachments) list.push_back(FromProto(attachment));
  return list;
}

std::optional<model::Relation> FromProto(v1::TaskRelation relation) {
  switch (relation) {
    case v1::TASK_RELATION_BEFORE:
      return model::Relation::kBefore;
    case v1::TASK_RELATION_AFTER:
      return model::Relation::kAfter;
    case v1::TASK_RELATION_PARALLEL:
      return model::Relation::kParallel;
    default:
      return std::nullopt;
  }
}

void Set(const model::Attachment& attachment, v1::Attachment* to) {
  to->set_name(attachment.name);
  to->set_media_type(attachment.media_type);
  to->set_sha256(attachment.sha256);
  to->set_bytes(attachment.bytes);
  to->set_uri(attachment.uri);
}

void Set(const model::Vote& vote, v1::Vote* to) {
  to->set_outcome(vote.outcome);
  to->set_by(vote.by);
  Set(vote.at, to->mutable_at());
  to->set_opinion(vote.opinion);
  to->set_on_behalf_of(vote.on_behalf_of);
  for (const auto& attachment : vote.attachments) Set(attachment, to->add_attachments());
  if (vote.signature) Set(*vote.signature, to->mutable_signature());
  to->set_automatic(std::string(engine::WordOf(vote.automatic)));
}

void Set(const model::Seat& seat, model::CaseId case_id, v1::Task* to) {
  to->set_relation(ToProto(seat.relation));
  if (seat.parent != 0) to->set_parent_task_id(model::TaskId{case_id, seat.parent}.ToString());
  to->set_claimed_by(seat.claimed_by);
  to->set_owner(seat.owner);
  to->set_weight(seat.weight);
  for (const model::Move& move : seat.moves) {
    auto* added = to->add_moves();
    added->set_kind(std::string(engine::WordOf(move.kind)));
    added->set_from(move.from);
    added->set_to(move.to);
    added->set_by(move.by);
    Set(move.at, added->mutable_at());
    added->set_reason(move.reason);
  }
  if (!seat.draft) return;
  auto* draft = to->mutable_draft();
  Set(seat.draft->at, draft->mutable_at());
  draft->set_outcome(seat.draft->outcome);
  draft->set_opinion(seat.draft->opinion);
  Set(seat.draft->form, draft->mutable_form());
}

void Set(const statechart::Offer& offer, const definition::Definition& definition,
         v1::TaskOffer* to) {
  to->set_on_behalf_of(offer.on_behalf_of);
  for (const auto& [method, offered] :
       {std::pair{"Decide", !offer.outcomes.empty()}, std::pair{"SaveDraft", offer.save_draft},
        std::pair{"Claim", offer.claim}, std::pair{"Release", offer.release},
        std::pair{"Transfer", offer.transfer}, std::pair{"Delegate", offer.delegate},
        std::pair{"AddSigners", offer.add_signers}, std::pair{"RemoveSigner", offer.remove},
        std::pair{"Withdraw", offer.withdraw}}) {
    if (offered) to->add_methods(method);
  }
  to->set_return_to_previous(offer.return_to_previous);
  to->set_return_to_starter(offer.return_to_starter);
  for (model::StateIndex state : offer.return_to) to->add_return_to(definition.states[state].id);
}

void SetOperations(const model::Case& state, const definition::Definition& definition,
                   v1::Case* to) {
  if (state.suspended_at) Set(*state.suspended_at, to->mutable_suspended_at());
  for (const model::Copy& copy : state.copies) {
    auto* added = to->add_copies();
    added->set_person(copy.person);
    added->set_by(copy.by);
    Set(copy.at, added->mutable_at());
    if (copy.read_at) Set(*copy.read_at, added->mutable_read_at());
  }
  for (const model::Override& one : state.overrides) {
    auto* added = to->add_overrides();
    added->set_id(model::TaskId{state.id, one.ordinal}.ToString());
    added->set_kind(ToProto(one.kind));
    added->set_by(one.by);
    Set(one.at, added->mutable_at());
    added->set_reason(one.reason);
    if (one.target < definition.states.size()) added->set_state(definition.states[one.target].id);
    added->set_outcome(one.outcome);
    if (one.task != 0) added->set_task_id(model::TaskId{state.id, one.task}.ToString());
    for (const auto& person : one.people) added->add_people(person);
  }
}

}  // namespace duban::duband
