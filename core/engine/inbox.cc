// The inbox: one's own tasks, and by mandate those of others, merged by their key.
#include <map>
#include <utility>

#include "core/engine/queries.h"
#include "core/engine/unreadable.h"
#include "core/model/codec.h"
#include "core/statechart/access.h"
#include "core/statechart/mandates.h"
#include "core/statechart/offers.h"

namespace duban::engine {
namespace {

using Key = std::pair<model::CaseId, model::Ordinal>;

Key KeyOf(const ports::TaskRow& row) { return {row.case_id, row.ordinal}; }

}  // namespace

// Whether the mandate covers the task: its workflow, and no rule keeps the agent out.
Answer<bool> Queries::IsByMandate(const model::Principal& agent, const ports::TaskRow& row,
                                  const Snapshot& snapshot) {
  const auto stored = storage_.LoadCase(row.case_id);
  if (!stored) return std::unexpected(Unreadable(stored.error()));
  if (!*stored) return false;
  const auto definition = catalog_.Find((*stored)->campaign, (*stored)->workflow);
  if (!definition) return false;
  const auto state = model::Decode<model::Case>((*stored)->body);
  const statechart::Facts facts{clock_.Now(), &snapshot.organisation, &snapshot.calendar, {}};
  return !statechart::OfferTo(**definition, state, facts, row.ordinal, agent.id).outcomes.empty();
}

Answer<Page<TaskView, model::TaskId>> Queries::Inbox(const model::Principal& who,
                                                     model::TaskId after, std::uint32_t size) {
  const auto snapshot = world_.Now();
  // The day of the default time zone chooses whose inboxes are read; each task is then looked at
  // by the day of its own definition.
  std::vector<model::PersonId> people{who.id};
  const definition::Definition anywhere;
  for (model::PersonId& principal : statechart::PrincipalsOf(
           snapshot->organisation, who.id, statechart::Today(anywhere, clock_.Now())))
    people.push_back(std::move(principal));
  std::map<Key, ports::TaskRow> merged;
  std::map<Key, bool> own;
  bool more = false;
  for (const model::PersonId& person : people) {
    auto rows = storage_.ListTasks({.candidate = person,
                                    .case_id = {},
                                    .include_closed = false,
                                    .after = after,
                                    .page_size = size});
    if (!rows) return std::unexpected(Unreadable(rows.error()));
    more |= rows->size() == size;
    for (ports::TaskRow& row : *rows) {
      own[KeyOf(row)] |= person == who.id;
      merged.emplace(KeyOf(row), std::move(row));
    }
  }
  Page<TaskView, model::TaskId> page;
  std::uint32_t taken = 0;
  for (const auto& [key, row] : merged) {
    if (taken == size) break;
    if (++taken == size && (more || merged.size() > size))
      page.next = model::TaskId{key.first, key.second};
    if (!own[key]) {
      const auto theirs = IsByMandate(who, row, *snapshot);
      if (!theirs) return std::unexpected(theirs.error());
      if (!*theirs) continue;
    }
    page.items.push_back(model::Decode<TaskView>(row.body));
    auto& draft = page.items.back().seat.draft;
    if (draft && draft->by != who.id) draft.reset();
  }
  return page;
}

}  // namespace duban::engine
