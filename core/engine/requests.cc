// What was asked before under the same request id: it is answered as it was then.
#include <set>

#include "core/engine/loop.h"
#include "core/model/sha256.h"
#include "core/engine/unreadable.h"
#include "core/model/codec.h"

namespace duban::engine {
namespace {

// A decision without a mandate or documents, as it was written before there were any: fingerprints
// that are stored already have to stay what they are.
struct PlainDecide {
  const model::Decide& decide;
  template <class A>
  void Visit(A& a) const {
    a(decide.task, decide.outcome, decide.opinion, decide.form);
  }
};
using Plain = std::variant<model::StartCase, model::SendEvent, PlainDecide>;  // at Decide's index

bool IsPlain(const model::Decide& decide) {
  return decide.on_behalf_of.empty() && decide.attachments.empty() && !decide.signature;
}

// What makes two requests the same: everything but the id under which they came.
std::string Fingerprint(const model::Command& command) {
  model::Encoder encoder;
  encoder(command.case_id.value, command.expected_revision);
  if (const auto* decide = std::get_if<model::Decide>(&command.body); decide && IsPlain(*decide)) {
    encoder(Plain(PlainDecide{*decide}));
  } else {
    encoder(command.body);
  }
  return model::Sha256(encoder.view());
}

// Empty: not remembered.
std::string KeyOf(const model::Command& command) {
  std::string key;
  if (command.request_id.empty()) return key;
  key.reserve(command.actor.id.size() + 1 + command.request_id.size());
  key.append(command.actor.id).append(1, '/').append(command.request_id);
  return key;
}

}  // namespace

ports::StorageResult<void> Engine::Loop::Prefetch(Work& work) {
  ports::Lookup lookup;
  std::set<model::CaseId> asked;
  for (const Pending& pending : work.commands) {
    const model::Command& command = pending.command;
    if (std::string key = KeyOf(command); !key.empty())
      lookup.request_ids.push_back(std::move(key));
    const bool starts = std::holds_alternative<model::StartCase>(command.body);
    if (starts || !asked.insert(command.case_id).second) continue;
    const LiveCase* live = cache_.Find(command.case_id);
    lookup.cases.push_back({command.case_id, live ? live->state.revision : 0});
  }
  auto found = storage_.Prefetch(lookup);
  if (!found) return std::unexpected(std::move(found.error()));
  if (found->campaigns != seen_campaigns_) {
    if (auto loaded = catalog_.Load(); !loaded) return std::unexpected(loaded.error());
    seen_campaigns_ = found->campaigns;
  }
  for (const ports::CaseRow& row : found->cases) {
    cache_.Forget(row.case_id);  // Locate reads what cannot be kept here, and says why
    const auto definition = catalog_.Find(row.campaign, row.workflow);
    if (!definition) continue;
    try {
      cache_.Put({model::Decode<model::Case>(row.body), *definition, row.body.size()});
    } catch (const model::CodecError&) {
      continue;
    }
  }
  try {
    for (const ports::RequestRow& row : found->requests)
      work.stored[row.request_id] = {row.fingerprint, model::Decode<Receipt>(row.reply)};
    work.prefetched = true;
  } catch (const model::CodecError&) {
    return {};  // each is asked for when it is refused or decided again; only the damaged one fails
  }
  return {};
}

bool Engine::Loop::AnswerKnown(Pending& pending, Work& work) {
  if (pending.key.empty()) pending.key = KeyOf(pending.command);
  if (pending.key.empty()) return false;
  if (pending.fingerprint.empty()) pending.fingerprint = Fingerprint(pending.command);
  return AnswerStaged(pending, work) || (work.attempt > 1 && AnswerStored(pending, work));
}

bool Engine::Loop::AnswerStaged(const Pending& pending, Work& work) {
  for (const Work* staged : NotCommitted(work)) {
    if (const auto same = staged->answered.find(pending.key); same != staged->answered.end()) {
      const auto& [first, reply] = staged->replies[same->second];
      AnswerAgain(pending, first->fingerprint, std::get<Receipt>(reply), work);
      return true;
    }
    const auto stored = staged->stored.find(pending.key);
    if (stored == staged->stored.end()) continue;
    AnswerAgain(pending, stored->second.first, stored->second.second, work);
    return true;
  }
  return false;
}

bool Engine::Loop::AnswerStored(const Pending& pending, Work& work) {
  if (pending.key.empty() || work.prefetched) return false;
  const auto stored = storage_.FindRequest(pending.key);
  if (!stored) {
    work.replies.emplace_back(&pending, Unreadable(stored.error()));
    return true;
  }
  if (!*stored) return false;
  try {
    AnswerAgain(pending, (*stored)->fingerprint, model::Decode<Receipt>((*stored)->reply), work);
  } catch (const model::CodecError& e) {
    work.replies.emplace_back(&pending,
                              Unreadable({ports::StorageError::Code::kCorrupt, e.what(), {}}));
  }
  return true;
}

void Engine::Loop::AnswerAgain(const Pending& pending, const std::string& fingerprint,
                               Receipt receipt, Work& work) {
  if (fingerprint != pending.fingerprint) {
    ++work.counted.rejections;
    work.replies.emplace_back(
        &pending,
        model::Refusal(
            model::Reason::kRequestIdReused,
            "这个 request_id 已用于另一个请求；新的请求请用新的 request_id",
            "this request_id came before with another body; give each new request a new one"));
    return;
  }
  receipt.repeated = true;
  work.replies.emplace_back(&pending, std::move(receipt));
}

}  // namespace duban::engine
