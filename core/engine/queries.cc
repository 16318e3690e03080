#include "core/engine/queries.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "core/engine/projection.h"
#include "core/engine/unreadable.h"
#include "core/model/codec.h"
#include "core/statechart/access.h"
#include "core/statechart/step.h"
#include "core/statechart/visible.h"

namespace duban::engine {
namespace {

using model::Reason;

std::unexpected<model::Rejection> Refused(Reason reason, std::string zh, std::string en) {
  return std::unexpected(model::Refusal(reason, std::move(zh), std::move(en)));
}

std::unexpected<model::Rejection> UnknownCase(model::CaseId id) {
  return Refused(Reason::kUnknownCase, fmt::format("没有案件 {}，或您无权知道它", id.ToString()),
                 fmt::format("there is no case {}, or you may not know of it", id.ToString()));
}

std::unexpected<model::Rejection> UnknownTask(model::TaskId id) {
  return Refused(Reason::kUnknownTask, fmt::format("没有任务 {}，或您无权知道它", id.ToString()),
                 fmt::format("there is no task {}, or you may not know of it", id.ToString()));
}

CaseLine LineOf(ports::CaseRow row) {
  CaseLine line;
  line.id = row.case_id;
  line.revision = row.revision;
  line.campaign = std::move(row.campaign);
  line.workflow = std::move(row.workflow);
  line.parent = row.parent;
  line.ended = row.ended;
  line.outcome = std::move(row.outcome);
  line.summary = model::Decode<CaseSummary>(row.summary);
  return line;
}

// A task as `who` may see it: a draft is whose it is.
TaskView ViewFor(const model::Principal& who, const ports::TaskRow& row) {
  auto view = model::Decode<TaskView>(row.body);
  if (view.seat.draft && view.seat.draft->by != who.id) view.seat.draft.reset();
  return view;
}

// As much of the case as the right to see it depends on.
model::Case Outline(const CaseLine& line) {
  model::Case state;
  state.id = line.id;
  state.campaign = line.campaign;
  state.workflow = line.workflow;
  state.starter = line.summary.starter;
  state.participants = line.summary.participants;
  for (const model::PersonId& person : line.summary.copied_to)
    state.copies.push_back({person, {}, {}, std::nullopt});
  return state;
}

}  // namespace

Queries::Queries(ports::Storage& storage, ports::Clock& clock, Catalog& catalog, World& world)
    : storage_(storage), clock_(clock), catalog_(catalog), world_(world), former_(storage) {}

Answer<model::Case> Queries::Visible(const model::Principal& who, model::CaseId id,
                                     Catalog::DefinitionPtr& definition) {
  auto row = storage_.LoadCase(id);
  if (!row) return std::unexpected(Unreadable(row.error()));
  if (!*row) return UnknownCase(id);
  auto found = catalog_.Find((*row)->campaign, (*row)->workflow);
  if (!found) return std::unexpected(found.error());
  definition = *found;
  auto state = model::Decode<model::Case>((*row)->body);
  if (!statechart::MaySee(*definition, world_.Now()->organisation, state, who, clock_.Now()))
    return UnknownCase(id);
  return state;
}

// What hidden fields held before may stand in events and messages of that time. Nothing is read for
// who may see everything.
Answer<void> Queries::Teach(statechart::Redaction& redaction,
                            const definition::Definition& definition, model::CaseId id,
                            model::Revision last) {
  if (!redaction.hides()) return {};
  const auto former = former_.Until(definition, id, last);
  if (!former) return std::unexpected(Unreadable(former.error()));
  for (const auto& [field, value] : **former)
    redaction.Learn(field, model::Decode<model::Value>(value));
  return {};
}

Answer<CaseDetail> Queries::GetCase(const model::Principal& who, model::CaseId id) {
  CaseDetail detail;
  auto state = Visible(who, id, detail.definition);
  if (!state) return std::unexpected(state.error());
  detail.state = std::move(*state);
  const auto snapshot = world_.Now();
  const statechart::Facts facts{clock_.Now(), &snapshot->organisation, &snapshot->calendar, {}};
  detail.title = statechart::TitleOf(*detail.definition, detail.state, facts);
  detail.deadlines = DeadlinesOf(*detail.definition, detail.state);
  detail.permitted = statechart::PermittedNow(*detail.definition, detail.state, facts);
  auto tasks = storage_.ListTasks({.candidate = {},
                                   .case_id = id,
                                   .include_closed = false,
                                   .after = {},
                                   .page_size = ports::kMaxPageSize});
  if (!tasks) return std::unexpected(Unreadable(tasks.error()));
  const statechart::Redaction redaction(*detail.definition, snapshot->organisation, detail.state,
                                        who.id);
  for (const ports::TaskRow& row : *tasks) {
    detail.tasks.push_back(model::Decode<TaskView>(row.body));
    redaction.Apply(detail.tasks.back().seat);
  }
  redaction.Apply(detail.state);
  return detail;
}

Answer<Page<CaseLine, model::CaseId>> Queries::ListCases(const model::Principal& who,
                                                         const ports::CaseQuery& query) {
  auto rows = storage_.ListCases(query);
  if (!rows) return std::unexpected(Unreadable(rows.error()));
  Page<CaseLine, model::CaseId> page;
  if (rows->size() == query.page_size) page.next = rows->back().case_id;
  const auto snapshot = world_.Now();
  for (ports::CaseRow& row : *rows) {
    CaseLine line = LineOf(std::move(row));
    const auto definition = catalog_.Find(line.campaign, line.workflow);
    if (!definition ||
        !statechart::MaySee(**definition, snapshot->organisation, Outline(line), who))
      continue;
    page.items.push_back(std::move(line));
  }
  return page;
}

Answer<Page<DeadlineLine, model::CaseId>> Queries::ListDeadlines(const model::Principal& who,
                                                                 const DeadlineQuery& query) {
  ports::CaseQuery cases;
  cases.ended = false;
  cases.after = query.after;
  cases.page_size = query.page_size;
  auto lines = ListCases(who, cases);
  if (!lines) return std::unexpected(std::move(lines.error()));
  Page<DeadlineLine, model::CaseId> page;
  page.next = lines->next;
  const model::Timestamp now = clock_.Now();
  for (CaseLine& line : lines->items) {
    const auto& holders = line.summary.holders;
    if (query.mine && std::ranges::find(holders, who.id) == holders.end()) continue;
    for (DeadlineView& deadline : line.summary.deadlines) {
      deadline.passed |= deadline.due <= now;  // its timer may not have fired yet
      if ((query.until && *query.until < deadline.due) || (query.overdue && !deadline.passed))
        continue;
      page.items.push_back({line.id, line.campaign, line.workflow, line.summary.title,
                            std::move(deadline), holders});
    }
  }
  return page;
}

Answer<Page<TaskView, model::TaskId>> Queries::TasksOfCase(const model::Principal& who,
                                                           model::CaseId id, bool closed,
                                                           model::TaskId after,
                                                           std::uint32_t size) {
  Catalog::DefinitionPtr definition;
  if (auto visible = Visible(who, id, definition); !visible)
    return std::unexpected(visible.error());
  auto rows = storage_.ListTasks({.candidate = {},
                                  .case_id = id,
                                  .include_closed = closed,
                                  .after = after,
                                  .page_size = size});
  if (!rows) return std::unexpected(Unreadable(rows.error()));
  Page<TaskView, model::TaskId> page;
  if (rows->size() == size) page.next = model::TaskId{id, rows->back().ordinal};
  for (const ports::TaskRow& row : *rows) page.items.push_back(ViewFor(who, row));
  return page;
}

Answer<TaskDetail> Queries::GetTask(const model::Principal& who, model::TaskId id) {
  auto row = storage_.LoadTask(id);
  if (!row) return std::unexpected(Unreadable(row.error()));
  if (!*row) return UnknownTask(id);
  TaskDetail detail;
  auto state = Visible(who, id.case_id, detail.definition);
  if (!state && state.error().reason != Reason::kUnknownCase) return std::unexpected(state.error());
  if (!state) return UnknownTask(id);
  const auto snapshot = world_.Now();
  const statechart::Facts facts{clock_.Now(), &snapshot->organisation, &snapshot->calendar, {}};
  detail.task = ViewFor(who, **row);
  detail.offer = statechart::OfferTo(*detail.definition, *state, facts, id.ordinal, who.id);
  statechart::Redaction(*detail.definition, snapshot->organisation, *state, who.id).Apply(*state);
  detail.data = statechart::DataOf(*detail.definition, *state);
  return detail;
}

Answer<Page<model::JournalEntry, model::Revision>> Queries::History(const model::Principal& who,
                                                                    model::CaseId id,
                                                                    model::Revision after,
                                                                    std::uint32_t size) {
  Catalog::DefinitionPtr definition;
  const auto state = Visible(who, id, definition);
  if (!state) return std::unexpected(state.error());
  auto rows = storage_.ReadJournal(id, after, size);
  if (!rows) return std::unexpected(Unreadable(rows.error()));
  Page<model::JournalEntry, model::Revision> page;
  if (rows->size() == size) page.next = rows->back().revision;
  const auto snapshot = world_.Now();
  statechart::Redaction redaction(*definition, snapshot->organisation, *state, who.id);
  // The page may be newer than the case that was read before it.
  const model::Revision last =
      rows->empty() ? state->revision : std::max(state->revision, rows->back().revision);
  if (auto taught = Teach(redaction, *definition, id, last); !taught)
    return std::unexpected(std::move(taught.error()));
  for (const ports::JournalRow& row : *rows) {
    page.items.push_back(model::Decode<model::JournalEntry>(row.body));
    redaction.Apply(page.items.back());
  }
  return page;
}

Answer<Queries::Changes> Queries::ChangesAfter(const model::Principal& who, std::uint64_t after,
                                               std::uint32_t size) {
  auto rows = storage_.ReadChanges(after, size);
  if (!rows) return std::unexpected(Unreadable(rows.error()));
  const auto snapshot = world_.Now();
  const statechart::Facts facts{clock_.Now(), &snapshot->organisation, &snapshot->calendar, {}};
  Changes changes{{}, after};
  std::map<model::CaseId, statechart::Redaction> redactions;
  for (const ports::JournalRow& row : *rows) {
    changes.scanned = row.change;
    Change change{row.change, row.case_id, nullptr, {}, {}};
    const auto state = Visible(who, row.case_id, change.definition);
    if (!state) {
      if (state.error().reason != Reason::kUnknownCase) return std::unexpected(state.error());
      continue;
    }
    change.case_title = statechart::TitleOf(*change.definition, *state, facts);
    change.entry = model::Decode<model::JournalEntry>(row.body);
    const auto [redaction, fresh] = redactions.try_emplace(row.case_id, *change.definition,
                                                           snapshot->organisation, *state, who.id);
    if (fresh) {
      auto taught = Teach(redaction->second, *change.definition, row.case_id, state->revision);
      if (!taught) return std::unexpected(std::move(taught.error()));
    }
    redaction->second.Apply(change.entry);
    changes.items.push_back(std::move(change));
  }
  return changes;
}

Answer<std::uint64_t> Queries::LastChange() {
  auto last = storage_.LastChange();
  if (!last) return std::unexpected(Unreadable(last.error()));
  return *last;
}

}  // namespace duban::engine
