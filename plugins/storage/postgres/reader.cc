#include "plugins/storage/postgres/reader.h"

#include <algorithm>

#include "core/model/codec.h"

namespace duban::storage_postgres {
namespace {

using namespace ports;

// bigint is signed; nothing stored reaches 2^63.
std::int64_t Clamp(std::uint64_t v) {
  return static_cast<std::int64_t>(std::min(v, static_cast<std::uint64_t>(INT64_MAX)));
}

template <class Row, class ReadRow>
std::vector<Row> All(const Rows& rows, ReadRow read) {
  std::vector<Row> all;
  all.reserve(static_cast<std::size_t>(rows.size()));
  for (int i = 0; i < rows.size(); ++i) all.push_back(read(rows, i));
  return all;
}

CaseRow ReadCase(const Rows& r, int i) {
  CaseRow row;
  row.case_id = r.Case(i, 0);
  row.revision = r.Unsigned<model::Revision>(i, 1);
  row.campaign = r.Text(i, 2);
  row.workflow = r.Text(i, 3);
  if (!r.IsNull(i, 4)) row.parent = r.Case(i, 4);
  row.ended = r.Bool(i, 5);
  row.outcome = r.Text(i, 6);
  row.summary = r.Text(i, 7);
  return row;
}
CaseRow ReadWholeCase(const Rows& r, int i) {
  CaseRow row = ReadCase(r, i);
  row.body = r.Text(i, 8);
  return row;
}

TaskRow ReadTask(const Rows& r, int i) {
  TaskRow row;
  row.case_id = r.Case(i, 0);
  row.ordinal = r.Unsigned<model::Ordinal>(i, 1);
  row.open = r.Bool(i, 2);
  if (!r.IsNull(i, 3)) row.due = r.Time(i, 3);
  row.candidates = model::Decode<std::vector<model::PersonId>>(r.Bytes(i, 4));
  row.body = r.Text(i, 5);
  return row;
}

OutboxRow ReadOutbox(const Rows& r, int i, OutboxState state) {
  OutboxRow row;
  row.case_id = r.Case(i, 0);
  row.ordinal = r.Unsigned<model::Ordinal>(i, 1);
  row.kind = static_cast<OutboxKind>(r.Integer(i, 2));
  row.state = state;
  row.attempts = r.Unsigned<std::uint32_t>(i, 3);
  row.next_attempt = r.Time(i, 4);
  row.last_error = r.Text(i, 5);
  row.body = r.Text(i, 6);
  return row;
}

JournalRow ReadEntry(const Rows& r, int i) {
  return {r.Case(i, 0), r.Unsigned<model::Revision>(i, 1), r.Unsigned<std::uint64_t>(i, 2),
          r.Text(i, 3)};
}

RequestRow ReadRequest(const Rows& r, int i) {
  return {r.Text(i, 0), r.Text(i, 1), r.Text(i, 2), r.Time(i, 3)};
}

CampaignRow ReadCampaign(const Rows& r, int i) {
  return {r.Text(i, 0), r.Text(i, 1), r.Time(i, 2), r.Text(i, 3), {}};
}

#define DUBAN_CASE_COLUMNS \
  "SELECT case_id, revision, campaign, workflow, parent, ended, outcome, summary FROM cases "
#define DUBAN_CASE_PAGE " ORDER BY case_id LIMIT $5::bigint"
#define DUBAN_CASES_OF_WORKFLOW(end)                                                            \
  DUBAN_CASE_COLUMNS                                                                            \
  "WHERE (workflow, ended, case_id) > ($2::text, " end                                          \
  ", $1::bigint) AND (workflow, ended) <= ($2::text, " end                                      \
  ") AND $3::bigint IS NULL AND ($4::bigint IS NULL OR TRUE) ORDER BY workflow, ended, case_id" \
  " LIMIT $5::bigint"
#define DUBAN_OUTBOX_COLUMNS \
  "SELECT case_id, ordinal, kind, attempts, next_attempt, last_error, body FROM outbox AS o "

// Each combination of filters has an index in whose order the ids come. Where only one of the two
// ends is wanted it is a range of that index, not an equality: for an equality the planner may take
// the primary key instead and read through all the others. Every text takes the same parameters:
// after, workflow, parent, ended, page size.
const char* ListCasesSql(const CaseQuery& query) {
  if (query.parent) {
    return DUBAN_CASE_COLUMNS
        "WHERE parent = $3::bigint AND case_id > $1::bigint AND ($2::text = '' OR workflow = "
        "$2::text) AND ($4::bigint IS NULL OR ended = ($4::bigint = 1))" DUBAN_CASE_PAGE;
  }
  if (query.workflow.empty() && !query.ended) {
    return DUBAN_CASE_COLUMNS
        "WHERE case_id > $1::bigint AND $2::text = '' AND $3::bigint IS NULL AND $4::bigint IS "
        "NULL" DUBAN_CASE_PAGE;
  }
  if (query.workflow.empty()) {
    return DUBAN_CASE_COLUMNS
        "WHERE (ended, case_id) > ($4::bigint = 1, $1::bigint) AND ended <= ($4::bigint = 1) AND "
        "$2::text = '' AND $3::bigint IS NULL ORDER BY ended, case_id LIMIT $5::bigint";
  }
  if (query.ended) return DUBAN_CASES_OF_WORKFLOW("($4::bigint = 1)");
  return "SELECT * FROM (" DUBAN_CASES_OF_WORKFLOW(
      "false") ") AS o UNION ALL SELECT * FROM (" DUBAN_CASES_OF_WORKFLOW("true") ") AS e" DUBAN_CASE_PAGE;
}

}  // namespace

std::optional<CaseRow> Reader::LoadCase(model::CaseId id) {
  const Rows rows = pool_.Read(
      "SELECT case_id, revision, campaign, workflow, parent, ended, outcome, summary, body FROM "
      "cases WHERE case_id = $1::bigint",
      std::move(Parameters() << id));
  if (rows.size() == 0) return std::nullopt;
  return ReadWholeCase(rows, 0);
}

std::vector<CaseRow> Reader::ListCases(const CaseQuery& query) {
  Parameters parameters;
  parameters << query.after << query.workflow;
  query.parent ? parameters << query.parent : parameters.Null();
  query.ended ? parameters << std::int64_t{*query.ended} : parameters.Null();
  parameters << query.page_size;
  return All<CaseRow>(pool_.Read(ListCasesSql(query), std::move(parameters)), ReadCase);
}

std::optional<RequestRow> Reader::FindRequest(const std::string& request_id) {
  const Rows rows = pool_.Read(
      "SELECT request_id, fingerprint, reply, at FROM requests WHERE request_id = $1::bytea",
      std::move(Parameters() << request_id));
  if (rows.size() == 0) return std::nullopt;
  return ReadRequest(rows, 0);
}

std::optional<TaskRow> Reader::LoadTask(model::TaskId id) {
  const Rows rows = pool_.Read(
      "SELECT case_id, ordinal, open, due, candidates, body FROM tasks WHERE case_id = $1::bigint "
      "AND ordinal = $2::bigint",
      std::move(Parameters() << id.case_id << id.ordinal));
  if (rows.size() == 0) return std::nullopt;
  return ReadTask(rows, 0);
}

std::vector<TaskRow> Reader::ListTasks(const TaskQuery& query) {
  return query.case_id ? OfCase(query) : Inbox(query);
}

std::vector<TaskRow> Reader::OfCase(const TaskQuery& query) {
  if (query.after.case_id > query.case_id) return {};
  const std::int64_t after =
      query.after.case_id == query.case_id ? std::int64_t{query.after.ordinal} : -1;
  if (query.candidate.empty()) {
    return All<TaskRow>(
        pool_.Read(
            "SELECT case_id, ordinal, open, due, candidates, body FROM tasks WHERE case_id "
            "= $1::bigint AND ordinal > $2::bigint AND ($3::bigint = 1 OR open) ORDER BY "
            "ordinal LIMIT $4::bigint",
            std::move(Parameters() << query.case_id << after << std::int64_t{query.include_closed}
                                   << query.page_size)),
        ReadTask);
  }
  // The candidates of a closed task are only in the row: look at all tasks of the case.
  auto all = All<TaskRow>(
      pool_.Read(
          "SELECT case_id, ordinal, open, due, candidates, body FROM tasks WHERE case_id = "
          "$1::bigint AND ordinal > $2::bigint AND ($3::bigint = 1 OR open) ORDER BY ordinal",
          std::move(Parameters() << query.case_id << after << std::int64_t{query.include_closed})),
      ReadTask);
  std::erase_if(all, [&](const TaskRow& row) {
    return std::ranges::find(row.candidates, query.candidate) == row.candidates.end();
  });
  if (all.size() > query.page_size) all.resize(query.page_size);
  return all;
}

std::vector<TaskRow> Reader::Inbox(const TaskQuery& query) {
  return All<TaskRow>(
      pool_.Read("SELECT t.case_id, t.ordinal, t.open, t.due, t.candidates, t.body FROM (SELECT "
                 "case_id, ordinal FROM inbox WHERE person = $1::bytea AND (case_id, ordinal) > "
                 "($2::bigint, $3::bigint) ORDER BY case_id, ordinal LIMIT $4::bigint) AS i JOIN "
                 "tasks AS t USING (case_id, ordinal) ORDER BY t.case_id, t.ordinal",
                 std::move(Parameters() << query.candidate << query.after.case_id
                                        << query.after.ordinal << query.page_size)),
      ReadTask);
}

std::vector<JournalRow> Reader::ReadJournal(model::CaseId id, model::Revision after,
                                            std::uint32_t limit) {
  return All<JournalRow>(
      pool_.Read("SELECT case_id, revision, change, body FROM journal WHERE case_id = $1::bigint "
                 "AND revision > $2::bigint ORDER BY revision LIMIT $3::bigint",
                 std::move(Parameters() << id << Clamp(after) << limit)),
      ReadEntry);
}

std::vector<JournalRow> Reader::ReadChanges(std::uint64_t after, std::uint32_t limit) {
  return All<JournalRow>(
      pool_.Read("SELECT case_id, revision, change, body FROM journal WHERE change > $1::bigint "
                 "ORDER BY change LIMIT $2::bigint",
                 std::move(Parameters() << Clamp(after) << limit)),
      ReadEntry);
}

std::uint64_t Reader::LastChange() {
  return pool_.Read("SELECT last FROM changes WHERE id = 1").Unsigned<std::uint64_t>(0, 0);
}

// The first of each part, then the first of those.
Rows Reader::FirstTimers(const Array& parts, model::Timestamp until, std::uint32_t limit,
                         std::uint32_t of_each) {
  return pool_.Read(
      "SELECT t.case_id, t.ordinal, t.due, t.number FROM unnest($1::bigint[]) AS mine (part) CROSS "
      "JOIN LATERAL (SELECT case_id, ordinal, due, row_number() OVER (ORDER BY due, case_id, "
      "ordinal) AS number FROM timers WHERE timers.part = mine.part AND due <= $2::bigint ORDER BY "
      "due, case_id, ordinal LIMIT $4::bigint) AS t ORDER BY t.due, t.case_id, t.ordinal LIMIT "
      "$3::bigint",
      std::move(Parameters() << parts << until << limit << of_each));
}

// Timers lie in the parts by a hash, so a few of each part are enough. Where all that were asked of
// a part are among the first, more of it may be: then as many are asked of each as there may be.
std::vector<TimerRow> Reader::DueTimers(const Array& parts, model::Timestamp until,
                                        std::uint32_t limit) {
  if (parts.empty()) return {};
  const std::uint32_t of_each = std::min(limit, 4 * limit / parts.size() + 8);
  Rows rows = FirstTimers(parts, until, limit, of_each);
  bool exhausted = false;
  for (int i = 0; i < rows.size(); ++i) exhausted |= rows.Unsigned<std::uint32_t>(i, 3) == of_each;
  if (exhausted && of_each < limit) rows = FirstTimers(parts, until, limit, limit);
  return All<TimerRow>(rows, [](const Rows& r, int i) {
    return TimerRow{r.Case(i, 0), r.Unsigned<model::Ordinal>(i, 1), r.Time(i, 2)};
  });
}

std::optional<model::Timestamp> Reader::NextTimer(const Array& parts) {
  if (parts.empty()) return std::nullopt;
  const Rows rows = pool_.Read(
      "SELECT min(t.due) FROM unnest($1::bigint[]) AS mine (part) CROSS JOIN LATERAL (SELECT due "
      "FROM timers WHERE timers.part = mine.part ORDER BY due LIMIT 1) AS t",
      std::move(Parameters() << parts));
  if (rows.IsNull(0, 0)) return std::nullopt;
  return rows.Time(0, 0);
}

std::vector<OutboxRow> Reader::PendingOutbox(const Array& parts, OutboxKind kind,
                                             model::Timestamp until, std::uint32_t limit) {
  if (parts.empty()) return {};
  return All<OutboxRow>(
      pool_.Read(
          DUBAN_OUTBOX_COLUMNS
          "WHERE NOT dead AND kind = $2::bigint AND part = ANY ($1::bigint[]) AND NOT EXISTS "
          "(SELECT FROM outbox AS w WHERE w.case_id = o.case_id AND w.ordinal <= o.ordinal "
          "AND w.kind = o.kind AND NOT w.dead AND w.next_attempt > $3::bigint) "
          "ORDER BY case_id, ordinal LIMIT $4::bigint",
          std::move(Parameters() << parts << static_cast<std::int64_t>(kind) << until << limit)),
      [](const Rows& r, int i) { return ReadOutbox(r, i, OutboxState::kPending); });
}

std::vector<OutboxRow> Reader::PeekOutbox(OutboxKind kind, OutboxKey after, std::uint32_t limit) {
  return All<OutboxRow>(
      pool_.Read(DUBAN_OUTBOX_COLUMNS
                 "WHERE NOT dead AND kind = $1::bigint AND (case_id, ordinal) > ($2::bigint, "
                 "$3::bigint) ORDER BY case_id, ordinal LIMIT $4::bigint",
                 std::move(Parameters() << static_cast<std::int64_t>(kind) << after.case_id
                                        << after.ordinal << limit)),
      [](const Rows& r, int i) { return ReadOutbox(r, i, OutboxState::kPending); });
}

std::vector<OutboxRow> Reader::DeadOutbox(OutboxKey after, std::uint32_t limit) {
  return All<OutboxRow>(
      pool_.Read(DUBAN_OUTBOX_COLUMNS
                 "WHERE dead AND (case_id, ordinal) > ($1::bigint, $2::bigint) ORDER BY case_id, "
                 "ordinal LIMIT $3::bigint",
                 std::move(Parameters() << after.case_id << after.ordinal << limit)),
      [](const Rows& r, int i) { return ReadOutbox(r, i, OutboxState::kDead); });
}

std::uint64_t Reader::LastCaseId() {
  const Rows rows = pool_.Read("SELECT max(case_id) FROM cases");
  return rows.IsNull(0, 0) ? 0 : rows.Case(0, 0).value;
}

std::vector<CampaignRow> Reader::ListCampaigns() {
  return All<CampaignRow>(
      pool_.Read("SELECT digest, name, deployed_at, deployed_by FROM campaigns ORDER BY number"),
      ReadCampaign);
}

std::optional<CampaignRow> Reader::LoadCampaign(const std::string& digest) {
  const Rows rows = pool_.Read(
      "SELECT digest, name, deployed_at, deployed_by, files FROM campaigns WHERE digest = "
      "$1::bytea",
      std::move(Parameters() << digest));
  if (rows.size() == 0) return std::nullopt;
  CampaignRow row = ReadCampaign(rows, 0);
  row.files = model::Decode<std::map<std::string, std::string>>(rows.Bytes(0, 4));
  return row;
}

// The cases first: a request that another node answers in between is found, and a case that it
// moves in between is a conflict at the commit.
Found Reader::Prefetch(const Lookup& lookup) {
  Array ids(Element::kBigint), revisions(Element::kBigint), requests(Element::kBytea);
  for (const KnownCase& known : lookup.cases) {
    ids.Add(ToColumn(known.case_id));
    revisions.Add(Clamp(known.revision));
  }
  for (const std::string& id : lookup.request_ids) requests.Add(std::string_view(id));
  std::vector<Call> calls;
  calls.push_back(
      {"SELECT c.case_id, c.revision, c.campaign, c.workflow, c.parent, c.ended, c.outcome, "
       "c.summary, c.body FROM unnest($1::bigint[], $2::bigint[]) AS k (case_id, revision) JOIN "
       "cases AS c USING (case_id) WHERE c.revision <> k.revision",
       std::move(Parameters() << ids << revisions)});
  calls.push_back(
      {"SELECT request_id, fingerprint, reply, at FROM requests WHERE request_id = ANY "
       "($1::bytea[])",
       std::move(Parameters() << requests)});
  calls.push_back({"SELECT count(*) FROM campaigns", {}});
  const std::vector<Rows> rows = pool_.Read(calls);
  return {All<RequestRow>(rows[1], ReadRequest), All<CaseRow>(rows[0], ReadWholeCase),
          rows[2].Unsigned<std::uint64_t>(0, 0)};
}

}  // namespace duban::storage_postgres
