#include "core/engine/census.h"

#include "core/engine/views.h"
#include "core/model/codec.h"
#include "core/statechart/offers.h"
#include "core/statechart/step.h"

namespace duban::engine {
namespace {

constexpr std::uint32_t kCases = 200;  // a page; a task page may be longer

template <class Id>
void Note(std::uint64_t& count, std::vector<Id>& first, Id id) {
  if (++count <= Census::kListed) first.push_back(id);
}

// What the engine would do about the present holidays, without doing it.
bool IsRecounted(const definition::Definition& definition, const model::Case& state,
                 const statechart::Facts& facts) {
  const std::string& version = facts.calendar->version();
  if (version.empty() || state.timers.empty()) return true;
  model::Command recount;
  recount.actor.id = model::Principal::kSystem;
  recount.case_id = state.id;
  recount.body = model::RecomputeDeadlines{version};
  const auto outcome = statechart::Step(definition, model::Case(state), recount, facts);
  return outcome && outcome->events.empty();
}

// A change of the organisation leaves tasks behind whose people have left or are kept out; one of
// the calendar, dates to be counted again.
ports::StorageResult<void> LookAt(ports::Storage& storage, Catalog& catalog,
                                  const statechart::Facts& facts, model::CaseId id,
                                  Census& census) {
  const auto row = storage.LoadCase(id);
  if (!row) return std::unexpected(row.error());
  if (!*row) return {};
  const auto definition = catalog.Find((*row)->campaign, (*row)->workflow);
  if (!definition) {
    Note(census.unreadable, census.first_unreadable, id);
    return {};
  }
  const auto state = model::Decode<model::Case>((*row)->body);
  for (model::Ordinal task : statechart::WithoutAbleHolder(**definition, state, facts))
    Note(census.without_holder, census.first_without_holder, {id, task});
  if (!IsRecounted(**definition, state, facts))
    Note(census.not_recounted, census.first_not_recounted, id);
  return {};
}

ports::StorageResult<void> CountTasks(ports::Storage& storage, model::Timestamp now,
                                      const ports::CaseRow& row, Census& census) {
  Census::Workflow& workflow = census.workflows[row.workflow];
  ++workflow.cases;
  ports::TaskQuery query{.case_id = row.case_id, .page_size = ports::kMaxPageSize};
  for (;;) {
    const auto tasks = storage.ListTasks(query);
    if (!tasks) return std::unexpected(tasks.error());
    for (const ports::TaskRow& task : *tasks) {
      const model::TaskId id{task.case_id, task.ordinal};
      ++workflow.tasks;
      workflow.overdue += task.due && *task.due < now;
      const auto view = model::Decode<TaskView>(task.body);
      if (view.deadline && view.deadline->provisional)
        Note(census.provisional, census.first_provisional, id);
    }
    if (tasks->size() < query.page_size) return {};
    query.after = {tasks->back().case_id, tasks->back().ordinal};
  }
}

}  // namespace

ports::StorageResult<Census> TakeCensus(ports::Storage& storage, Catalog& catalog,
                                        const Snapshot& world, model::Timestamp now,
                                        const std::function<bool()>& go_on) {
  const statechart::Facts facts{now, &world.organisation, &world.calendar, {}};
  Census census;
  ports::CaseQuery query{.ended = false, .page_size = kCases};
  for (;;) {
    const auto cases = storage.ListCases(query);
    if (!cases) return std::unexpected(cases.error());
    for (const ports::CaseRow& row : *cases) {
      ports::StorageResult<void> counted;
      try {
        counted = LookAt(storage, catalog, facts, row.case_id, census);
        if (counted) counted = CountTasks(storage, now, row, census);
      } catch (const model::CodecError&) {
        Note(census.unreadable, census.first_unreadable, row.case_id);
      }
      if (!counted) return std::unexpected(counted.error());
    }
    if (cases->size() < kCases) return census;
    query.after = cases->back().case_id;
    if (!go_on()) {
      census.complete = false;
      return census;
    }
  }
}

}  // namespace duban::engine
