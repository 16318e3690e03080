// Reading: what is so, for those who may know it. Goes to the storage directly and sees every write
// that was answered before. Thread-safe; every method checks the right to see through
// statechart/access.
#pragma once

#include <cstdint>
#include <expected>
#include <string>
#include <vector>

#include "core/engine/catalog.h"
#include "core/engine/former_values.h"
#include "core/engine/views.h"
#include "core/engine/world.h"
#include "core/model/command.h"
#include "core/model/event.h"
#include "core/model/rejection.h"
#include "core/ports/clock.h"
#include "core/ports/storage.h"
#include "core/statechart/offers.h"
#include "core/statechart/visible.h"

namespace duban::engine {

template <class T>
using Answer = std::expected<T, model::Rejection>;

struct CaseDetail {
  model::Case state;
  Catalog::DefinitionPtr definition;
  model::Text title;
  std::vector<TaskView> tasks;          // open
  std::vector<DeadlineView> deadlines;  // of the active states, soonest first
  std::vector<model::Permitted> permitted;
};

struct TaskDetail {
  TaskView task;
  Catalog::DefinitionPtr definition;
  model::Map data;  // of the case, as far as it may be seen
  statechart::Offer offer;
};

struct CaseLine {
  model::CaseId id;
  model::Revision revision = 0;
  std::string campaign;
  std::string workflow;
  model::CaseId parent;
  bool ended = false;
  std::string outcome;
  CaseSummary summary;
};

// A due date that runs, or has passed, in an open case.
struct DeadlineLine {
  model::CaseId case_id;
  std::string campaign;
  std::string workflow;
  model::Text case_title;
  DeadlineView deadline;
  std::vector<model::PersonId> holders;  // of the case's open tasks
};

struct DeadlineQuery {
  std::optional<model::Timestamp> until{};  // due at or before it
  bool overdue = false;                     // only what has passed
  bool mine = false;                        // only cases in which the caller holds a task
  model::CaseId after{};                    // ascending by case
  std::uint32_t page_size = 100;            // cases looked at
};

template <class T, class Key>
struct Page {
  std::vector<T> items;
  std::optional<Key> next;  // where the following page begins; nullopt: this was the last
};

struct Change {
  std::uint64_t change = 0;
  model::CaseId case_id;
  Catalog::DefinitionPtr definition;
  model::Text case_title;
  model::JournalEntry entry;
};

class Queries {
 public:
  Queries(ports::Storage& storage, ports::Clock& clock, Catalog& catalog, World& world);

  Answer<CaseDetail> GetCase(const model::Principal& who, model::CaseId id);
  Answer<Page<CaseLine, model::CaseId>> ListCases(const model::Principal& who,
                                                  const ports::CaseQuery& query);
  // The due dates of the cases that the caller may see, by case and within it soonest first. A page
  // may be empty and yet have a next one.
  Answer<Page<DeadlineLine, model::CaseId>> ListDeadlines(const model::Principal& who,
                                                          const DeadlineQuery& query);
  // What is asked of `who`, and of those whose mandate covers it today (TaskView::seat still names
  // the principal): by mandate only what `who` may do, as statechart/access says. A page may have
  // fewer items than `size` and go on all the same.
  Answer<Page<TaskView, model::TaskId>> Inbox(const model::Principal& who, model::TaskId after,
                                              std::uint32_t size);
  Answer<Page<TaskView, model::TaskId>> TasksOfCase(const model::Principal& who, model::CaseId id,
                                                    bool closed, model::TaskId after,
                                                    std::uint32_t size);
  Answer<TaskDetail> GetTask(const model::Principal& who, model::TaskId id);
  // Reads the page, whatever the length of the history. For who may not see everything it reads
  // what FormerValues says besides, and compares the page with each value that hidden fields ever
  // held; so does ChangesAfter for each case that has changed.
  Answer<Page<model::JournalEntry, model::Revision>> History(const model::Principal& who,
                                                             model::CaseId id,
                                                             model::Revision after,
                                                             std::uint32_t size);
  // Changes after `after` that `who` may see; `scanned` is where to go on, also when nothing was
  // visible.
  struct Changes {
    std::vector<Change> items;
    std::uint64_t scanned = 0;
  };
  Answer<Changes> ChangesAfter(const model::Principal& who, std::uint64_t after,
                               std::uint32_t size);
  Answer<std::uint64_t> LastChange();

 private:
  Answer<bool> IsByMandate(const model::Principal& agent, const ports::TaskRow& row,
                           const Snapshot& snapshot);
  Answer<model::Case> Visible(const model::Principal& who, model::CaseId id,
                              Catalog::DefinitionPtr& definition);
  Answer<void> Teach(statechart::Redaction& redaction, const definition::Definition& definition,
                     model::CaseId id, model::Revision last);
  ports::Storage& storage_;
  ports::Clock& clock_;
  Catalog& catalog_;
  World& world_;
  FormerValues former_;
};

}  // namespace duban::engine
