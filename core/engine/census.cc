#include "core/engine/census.h"

#include <algorithm>

#include "core/engine/views.h"
#include "core/model/codec.h"

namespace duban::engine {
namespace {

constexpr std::uint32_t kCases = 200;  // a page; a task page may be longer

void Note(std::uint64_t& count, std::vector<model::TaskId>& first, model::TaskId id) {
  if (++count <= Census::kListed) first.push_back(id);
}

ports::StorageResult<void> CountTasks(ports::Storage& storage, const Snapshot& world,
                                      model::Timestamp now, const ports::CaseRow& row,
                                      Census& census) {
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
      const bool held = std::ranges::any_of(task.candidates, [&](const model::PersonId& person) {
        return world.organisation.FindPerson(person) != nullptr;
      });
      if (!held) Note(census.without_holder, census.first_without_holder, id);
      const auto view = model::Decode<TaskView>(task.body);
      if (view.deadline && view.deadline->provisional)
        Note(census.provisional, census.first_provisional, id);
    }
    if (tasks->size() < query.page_size) return {};
    query.after = {tasks->back().case_id, tasks->back().ordinal};
  }
}

}  // namespace

ports::StorageResult<Census> TakeCensus(ports::Storage& storage, const Snapshot& world,
                                        model::Timestamp now, const std::function<bool()>& go_on) {
  Census census;
  ports::CaseQuery query{.ended = false, .page_size = kCases};
  for (;;) {
    const auto cases = storage.ListCases(query);
    if (!cases) return std::unexpected(cases.error());
    for (const ports::CaseRow& row : *cases) {
      if (auto counted = CountTasks(storage, world, now, row, census); !counted)
        return std::unexpected(counted.error());
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
