// What people do in scenarios: one step key per command, with its fields.
#include <algorithm>
#include <map>

#include "services/play/read_step.h"

namespace duban::play {
namespace {

using Node = YAML::Node;

bool Flag(const Node& parent, const char* key, bool otherwise) {
  const Node node = parent[key];
  return node.IsDefined() ? node.as<bool>() : otherwise;
}

std::vector<std::string> People(const Node& node) {
  const Node people = node["people"];
  if (!people.IsDefined()) Fail(node, "`people` is missing");
  return Texts(people);
}

model::Attachment ReadAttachment(const Node& node) {
  OnlyKeys(node, {"name", "media_type", "sha256", "bytes", "uri"});
  model::Attachment attachment;
  attachment.name = TextOr(node, "name", "");
  attachment.media_type = TextOr(node, "media_type", "");
  attachment.sha256 = TextOr(node, "sha256", "");
  if (const Node bytes = node["bytes"]) attachment.bytes = bytes.as<std::uint64_t>();
  attachment.uri = TextOr(node, "uri", "");
  return attachment;
}

std::vector<model::Attachment> ReadAttachments(const Node& node) {
  std::vector<model::Attachment> attachments;
  for (const auto& item : node["attachments"]) attachments.push_back(ReadAttachment(item));
  return attachments;
}

void ReadDecide(const Node& node, ActStep& step) {
  OnlyKeys(node, {"task", "by", "outcome", "form", "opinion", "on_behalf_of", "of", "attachments",
                  "signature"});
  model::Decide decide;
  decide.outcome = TextOr(node, "outcome", "submitted");
  decide.opinion = TextOr(node, "opinion", "");
  decide.form = ReadMap(node["form"], 0);
  decide.on_behalf_of = TextOr(node, "on_behalf_of", "");
  decide.attachments = ReadAttachments(node);
  if (const Node signature = node["signature"]) decide.signature = ReadAttachment(signature);
  if (step.of.empty()) step.of = decide.on_behalf_of;
  step.body = std::move(decide);
}

void ReadSend(const Node& node, ActStep& step) {
  OnlyKeys(node, {"event", "by", "data", "reason"});
  model::SendEvent send;
  send.name = TextOr(node, "event", "");
  if (node["data"].IsDefined()) send.data = ReadValue(node["data"]);
  send.reason = TextOr(node, "reason", "");
  step.body = std::move(send);
}

void ReadTransfer(const Node& node, ActStep& step) {
  OnlyKeys(node, {"task", "by", "of", "to", "reason"});
  model::Transfer transfer;
  transfer.to = TextOr(node, "to", "");
  transfer.reason = TextOr(node, "reason", "");
  step.body = std::move(transfer);
}

// 离职转办: by an administrator; `from` is whose place goes over.
void ReadHandOver(const Node& node, ActStep& step) {
  OnlyKeys(node, {"task", "by", "from", "to", "reason"});
  model::Transfer transfer;
  transfer.kind = model::Move::Kind::kHandedOver;
  transfer.from = TextOr(node, "from", "");
  transfer.to = TextOr(node, "to", "");
  transfer.reason = TextOr(node, "reason", "");
  step.of = transfer.from;
  step.body = std::move(transfer);
}

void ReadDelegate(const Node& node, ActStep& step) {
  OnlyKeys(node, {"task", "by", "of", "to", "reason"});
  model::Delegate delegate;
  delegate.to = TextOr(node, "to", "");
  delegate.reason = TextOr(node, "reason", "");
  step.body = std::move(delegate);
}

void ReadAddSigners(const Node& node, ActStep& step) {
  OnlyKeys(node, {"task", "by", "of", "people", "relation", "any_of", "reason"});
  static const std::map<std::string, model::Relation> kRelations = {
      {"before", model::Relation::kBefore},
      {"after", model::Relation::kAfter},
      {"parallel", model::Relation::kParallel}};
  const auto relation = kRelations.find(TextOr(node, "relation", "parallel"));
  if (relation == kRelations.end()) Fail(node["relation"], "relation is before, after or parallel");
  model::AddSigners add;
  add.people = People(node);
  add.relation = relation->second;
  add.any_of = Flag(node, "any_of", false);
  add.reason = TextOr(node, "reason", "");
  step.body = std::move(add);
}

void ReadReturn(const Node& node, ActStep& step) {
  OnlyKeys(node, {"task", "by", "of", "to", "resubmit", "opinion", "on_behalf_of"});
  model::Return back;
  const std::string to = TextOr(node, "to", "previous");
  if (to == "starter") {
    back.to = model::Return::To::kStarter;
  } else if (to != "previous") {
    back.to = model::Return::To::kState;
    back.state = to;
  }
  const std::string resubmit = TextOr(node, "resubmit", "");
  if (resubmit == "rerun") {
    back.resubmit = model::Return::Resubmit::kRerun;
  } else if (resubmit == "back_to_returner") {
    back.resubmit = model::Return::Resubmit::kBackToReturner;
  } else if (!resubmit.empty()) {
    Fail(node["resubmit"], "resubmit is rerun or back_to_returner");
  }
  back.opinion = TextOr(node, "opinion", "");
  back.on_behalf_of = TextOr(node, "on_behalf_of", "");
  if (step.of.empty()) step.of = back.on_behalf_of;
  step.body = std::move(back);
}

// Commands with a place and a reason only.
template <class Command>
void ReadReasoned(const Node& node, ActStep& step) {
  OnlyKeys(node, {"task", "by", "of", "reason"});
  Command command;
  command.reason = TextOr(node, "reason", "");
  step.body = std::move(command);
}

template <class Command>
void ReadPlain(const Node& node, ActStep& step) {
  OnlyKeys(node, {"task", "by", "of"});
  step.body = Command{};
}

void ReadCopy(const Node& node, ActStep& step) {
  OnlyKeys(node, {"by", "people", "note"});
  step.body = model::CopyTo{People(node), TextOr(node, "note", "")};
}

void ReadRemind(const Node& node, ActStep& step) {
  OnlyKeys(node, {"task", "by", "of", "note"});
  model::Remind remind;
  remind.note = TextOr(node, "note", "");
  step.body = std::move(remind);
}

void ReadComment(const Node& node, ActStep& step) {
  OnlyKeys(node, {"by", "text", "attachments"});
  step.body = model::Comment{TextOr(node, "text", ""), ReadAttachments(node)};
}

void ReadDraft(const Node& node, ActStep& step) {
  OnlyKeys(node, {"task", "by", "of", "outcome", "opinion", "form"});
  model::SaveDraft draft;
  draft.outcome = TextOr(node, "outcome", "");
  draft.opinion = TextOr(node, "opinion", "");
  draft.form = ReadMap(node["form"], 0);
  step.body = std::move(draft);
}

void ReadOverride(const Node& node, ActStep& step) {
  OnlyKeys(node, {"by", "jump", "terminate", "reassign", "people", "of", "reason"});
  model::ProposeOverride proposal;
  proposal.reason = TextOr(node, "reason", "");
  if (const Node jump = node["jump"]) {
    proposal.state = Text(jump);
  } else if (const Node terminate = node["terminate"]) {
    proposal.kind = model::Override::Kind::kTerminate;
    proposal.outcome = Text(terminate);
  } else if (const Node reassign = node["reassign"]) {
    proposal.kind = model::Override::Kind::kReassign;
    proposal.people = People(node);
    step.task = Text(reassign);
  } else {
    Fail(node, "an override is one of jump, terminate, reassign");
  }
  step.body = std::move(proposal);
}

template <bool kConfirm>
void ReadClosing(const Node& node, ActStep& step) {
  OnlyKeys(node, {"by", "reason"});
  step.body = model::CloseOverride{0, kConfirm, TextOr(node, "reason", "")};
}

using Reader = void (*)(const Node&, ActStep&);

const std::map<std::string, Reader>& Readers() {
  static const std::map<std::string, Reader> kReaders = {
      {"decide", ReadDecide},
      {"send", ReadSend},
      {"claim", ReadPlain<model::Claim>},
      {"release", ReadPlain<model::Release>},
      {"transfer", ReadTransfer},
      {"hand_over", ReadHandOver},
      {"delegate", ReadDelegate},
      {"add_signers", ReadAddSigners},
      {"remove_signer", ReadReasoned<model::RemoveSigner>},
      {"return", ReadReturn},
      {"withdraw", ReadReasoned<model::Withdraw>},
      {"revoke", ReadReasoned<model::Revoke>},
      {"copy", ReadCopy},
      {"read", ReadPlain<model::MarkRead>},
      {"remind", ReadRemind},
      {"comment", ReadComment},
      {"draft", ReadDraft},
      {"suspend", ReadReasoned<model::Suspend>},
      {"resume", ReadReasoned<model::Resume>},
      {"override", ReadOverride},
      {"confirm", ReadClosing<true>},
      {"refuse", ReadClosing<false>},
  };
  return kReaders;
}

}  // namespace

std::optional<ActStep> ReadAct(const std::string& verb, const YAML::Node& node) {
  const auto reader = Readers().find(verb);
  if (reader == Readers().end()) return std::nullopt;
  if (!node.IsMap()) Fail(node, "a map was expected");
  ActStep step;
  step.verb = verb;
  step.by = TextOr(node, "by", "");
  step.task = TextOr(node, "task", "");
  step.of = TextOr(node, "of", "");
  reader->second(node, step);
  return step;
}

std::string ActVerbs() {
  std::string verbs;
  for (const auto& [verb, reader] : Readers()) verbs += (verbs.empty() ? "" : ", ") + verb;
  return verbs;
}

}  // namespace duban::play
