#include "plugins/storage/sqlite/reader.h"

#include <algorithm>
#include <ranges>

#include "core/model/codec.h"

namespace duban::storage_sqlite {
namespace {

using namespace ports;

constexpr int kCacheKibibytes = 16 * 1024;

CaseRow ReadCase(Statement& s) {
  CaseRow row;
  row.case_id = s.Case(0);
  row.revision = s.Unsigned<model::Revision>(1);
  row.campaign = s.Bytes(2);
  row.workflow = s.Bytes(3);
  if (!s.IsNull(4)) row.parent = s.Case(4);
  row.ended = s.Integer(5) != 0;
  row.outcome = s.Bytes(6);
  row.summary = s.Bytes(7);
  return row;
}

#define DUBAN_TASK_COLUMNS "SELECT case_id, ordinal, due, candidates, body "

TaskRow ReadTask(Statement& s, bool open) {
  TaskRow row;
  row.case_id = s.Case(0);
  row.ordinal = s.Unsigned<model::Ordinal>(1);
  row.open = open;
  if (!s.IsNull(2)) row.due = s.Time(2);
  row.candidates = model::Decode<std::vector<model::PersonId>>(s.Bytes(3));
  row.body = s.Bytes(4);
  return row;
}

// The closed tasks of a case behind an ordinal, upwards.
class ClosedTasks {
 public:
  ClosedTasks(const Indexes& indexes, Connection& connection, model::CaseId id, std::int64_t after)
      : connection_(connection),
        id_(id),
        cursor_(indexes.closed_tasks, connection, ToColumn(id), after),
        more_(cursor_.Next()) {}

  bool Next() {
    if (!more_) return false;
    ordinal_ = cursor_.place();
    for (rows_.clear(); more_ && cursor_.place() == ordinal_; more_ = cursor_.Next())
      rows_.push_back(cursor_.row());
    return true;
  }
  model::Ordinal ordinal() const { return static_cast<model::Ordinal>(ordinal_); }
  // The last of its rows that is committed.
  std::optional<TaskRow> Load() {
    for (const std::int64_t number : std::views::reverse(rows_)) {
      Statement s(connection_,
                  DUBAN_TASK_COLUMNS
                  "FROM closed_tasks WHERE number = ? AND case_id = ? AND ordinal = ?",
                  number, id_, ordinal_);
      if (s.Next()) return ReadTask(s, false);
    }
    return std::nullopt;
  }

 private:
  Connection& connection_;
  const model::CaseId id_;
  BufferedIndex::Cursor cursor_;
  bool more_;
  std::int64_t ordinal_ = 0;
  std::vector<std::int64_t> rows_;
};

OutboxRow ReadOutbox(Statement& s, OutboxState state) {
  OutboxRow row;
  row.case_id = s.Case(0);
  row.ordinal = s.Unsigned<model::Ordinal>(1);
  row.kind = static_cast<OutboxKind>(s.Integer(2));
  row.state = state;
  row.attempts = s.Unsigned<std::uint32_t>(3);
  row.next_attempt = s.Time(4);
  row.last_error = s.Bytes(5);
  row.body = s.Bytes(6);
  return row;
}

JournalRow ReadJournalRow(Statement& s) {
  return {s.Case(0), s.Unsigned<model::Revision>(1), s.Unsigned<std::uint64_t>(2), s.Bytes(3)};
}

CampaignRow ReadCampaign(Statement& s) {
  return {s.Bytes(0), s.Bytes(1), s.Time(2), s.Bytes(3), {}};
}

// SQLite's integers are signed; nothing stored reaches 2^63.
std::int64_t Clamp(std::uint64_t v) {
  return static_cast<std::int64_t>(std::min(v, static_cast<std::uint64_t>(INT64_MAX)));
}

// Each combination of filters has an index in whose order the ids come. Every text takes the same
// parameters: after, workflow, parent, ended, page size.
const char* ListCasesSql(const CaseQuery& query) {
#define DUBAN_CASE_COLUMNS \
  "SELECT case_id, revision, campaign, workflow, parent, ended, outcome, summary FROM cases "
#define DUBAN_CASE_PAGE "AND case_id > ?1 ORDER BY case_id LIMIT ?5"
#define DUBAN_CASES_OF_WORKFLOW \
  DUBAN_CASE_COLUMNS "INDEXED BY cases_by_workflow WHERE workflow = ?2 AND ended = "
  if (query.parent) {
    return DUBAN_CASE_COLUMNS
        "WHERE parent = ?3 AND (?2 = '' OR workflow = ?2) AND (?4 IS NULL OR ended = "
        "?4) " DUBAN_CASE_PAGE;
  }
  if (query.workflow.empty() && !query.ended)
    return DUBAN_CASE_COLUMNS "WHERE TRUE " DUBAN_CASE_PAGE;
  if (query.workflow.empty())
    return DUBAN_CASE_COLUMNS "INDEXED BY cases_by_end WHERE ended = ?4 " DUBAN_CASE_PAGE;
  if (query.ended) return DUBAN_CASES_OF_WORKFLOW "?4 " DUBAN_CASE_PAGE;
  return "SELECT * FROM (" DUBAN_CASES_OF_WORKFLOW "0 " DUBAN_CASE_PAGE
         ") UNION ALL SELECT * FROM (" DUBAN_CASES_OF_WORKFLOW "1 " DUBAN_CASE_PAGE
         ") ORDER BY case_id LIMIT ?5";
#undef DUBAN_CASE_COLUMNS
#undef DUBAN_CASE_PAGE
#undef DUBAN_CASES_OF_WORKFLOW
}

}  // namespace

Reader::Reader(const std::string& path, const Indexes& indexes)
    : indexes_(indexes), connection_(path, SQLITE_OPEN_READONLY, kCacheKibibytes) {}

std::optional<CaseRow> Reader::LoadCase(model::CaseId id) {
  Statement s(connection_,
              "SELECT case_id, revision, campaign, workflow, parent, ended, outcome, summary, body "
              "FROM cases "
              "WHERE case_id = ?",
              id);
  if (!s.Next()) return std::nullopt;
  CaseRow row = ReadCase(s);
  row.body = s.Bytes(8);
  return row;
}

std::vector<CaseRow> Reader::ListCases(const CaseQuery& query) {
  Statement s(connection_, ListCasesSql(query), query.after, query.workflow, OrNull{query.parent},
              query.ended, query.page_size);
  std::vector<CaseRow> rows;
  while (s.Next()) rows.push_back(ReadCase(s));
  return rows;
}

std::optional<RequestRow> Reader::FindRequest(const std::string& request_id) {
  BufferedIndex::Cursor rows(indexes_.requests, connection_, HashOf(request_id), -1);
  while (rows.Next()) {
    Statement s(connection_,
                "SELECT fingerprint, reply, at FROM requests WHERE number = ? AND request_id = ?",
                rows.row(), request_id);
    if (s.Next()) return RequestRow{request_id, s.Bytes(0), s.Bytes(1), s.Time(2)};
  }
  return std::nullopt;
}

// First what is open: what closes meanwhile is found behind that.
std::optional<TaskRow> Reader::LoadTask(model::TaskId id) {
  {
    Statement s(connection_, DUBAN_TASK_COLUMNS "FROM tasks WHERE case_id = ? AND ordinal = ?",
                id.case_id, id.ordinal);
    if (s.Next()) return ReadTask(s, true);
  }
  ClosedTasks closed(indexes_, connection_, id.case_id, std::int64_t{id.ordinal} - 1);
  if (!closed.Next() || closed.ordinal() != id.ordinal) return std::nullopt;
  return closed.Load();
}

std::vector<TaskRow> Reader::ListTasks(const TaskQuery& query) {
  return query.case_id ? OfCase(query) : Inbox(query);
}

// A task that is open is shown so, whatever it was before.
std::vector<TaskRow> Reader::OfCase(const TaskQuery& query) {
  if (query.after.case_id > query.case_id) return {};
  const std::int64_t after =
      query.after.case_id == query.case_id ? std::int64_t{query.after.ordinal} : -1;
  std::vector<TaskRow> rows;
  const auto add = [&](TaskRow row) {
    const auto& people = row.candidates;
    if (rows.size() < query.page_size &&
        (query.candidate.empty() || std::ranges::find(people, query.candidate) != people.end()))
      rows.push_back(std::move(row));
  };
  std::vector<TaskRow> open = OpenTasks(query.case_id, after);
  ClosedTasks closed(indexes_, connection_, query.case_id, after);
  bool more = query.include_closed && closed.Next();
  for (auto next = open.begin(); rows.size() < query.page_size && (more || next != open.end());) {
    if (!more || (next != open.end() && next->ordinal <= closed.ordinal())) {
      if (more && next->ordinal == closed.ordinal()) more = closed.Next();
      add(std::move(*next++));
    } else {
      if (auto row = closed.Load()) add(std::move(*row));
      more = closed.Next();
    }
  }
  return rows;
}

std::vector<TaskRow> Reader::OpenTasks(model::CaseId id, std::int64_t after) {
  Statement s(connection_,
              DUBAN_TASK_COLUMNS "FROM tasks WHERE case_id = ? AND ordinal > ? ORDER BY ordinal",
              id, after);
  std::vector<TaskRow> rows;
  while (s.Next()) rows.push_back(ReadTask(s, true));
  return rows;
}

std::vector<TaskRow> Reader::Inbox(const TaskQuery& query) {
  Statement s(connection_,
              "SELECT t.case_id, t.ordinal, t.due, t.candidates, t.body FROM inbox AS i "
              "CROSS JOIN tasks AS t ON t.case_id = i.case_id AND t.ordinal = i.ordinal "
              "WHERE i.person = ? AND (i.case_id, i.ordinal) > (?, ?) ORDER BY i.case_id, "
              "i.ordinal LIMIT ?",
              query.candidate, query.after.case_id, query.after.ordinal, query.page_size);
  std::vector<TaskRow> rows;
  while (s.Next()) rows.push_back(ReadTask(s, true));
  return rows;
}

std::vector<JournalRow> Reader::ReadJournal(model::CaseId id, model::Revision after,
                                            std::uint32_t limit) {
  BufferedIndex::Cursor found(indexes_.journal, connection_, ToColumn(id), Clamp(after));
  std::vector<JournalRow> rows;
  while (rows.size() < limit && found.Next()) {
    Statement s(connection_,
                "SELECT case_id, revision, change, body FROM journal WHERE change = ? AND case_id "
                "= ? AND revision = ?",
                found.row(), id, found.place());
    if (s.Next()) rows.push_back(ReadJournalRow(s));
  }
  return rows;
}

std::vector<JournalRow> Reader::ReadChanges(std::uint64_t after, std::uint32_t limit) {
  Statement s(connection_,
              "SELECT case_id, revision, change, body FROM journal WHERE change > ? ORDER BY "
              "change LIMIT ?",
              Clamp(after), limit);
  std::vector<JournalRow> rows;
  while (s.Next()) rows.push_back(ReadJournalRow(s));
  return rows;
}

std::uint64_t Reader::LastChange() {
  return static_cast<std::uint64_t>(connection_.Integer("SELECT max(change) FROM journal"));
}

std::vector<TimerRow> Reader::DueTimers(model::Timestamp until, std::uint32_t limit) {
  Statement s(connection_,
              "SELECT case_id, ordinal, due FROM timers WHERE due <= ? ORDER BY due, case_id, "
              "ordinal LIMIT ?",
              until, limit);
  std::vector<TimerRow> rows;
  while (s.Next()) rows.push_back({s.Case(0), s.Unsigned<model::Ordinal>(1), s.Time(2)});
  return rows;
}

std::optional<model::Timestamp> Reader::NextTimer() {
  Statement s(connection_, "SELECT due FROM timers ORDER BY due LIMIT 1");
  if (!s.Next()) return std::nullopt;
  return s.Time(0);
}

// What waits is passed over in the index alone.
std::vector<OutboxRow> Reader::PendingOutbox(OutboxKind kind, model::Timestamp until,
                                             std::uint32_t limit) {
  Statement keys(connection_,
                 "SELECT case_id, ordinal, next_attempt FROM outbox INDEXED BY outbox_by_kind "
                 "WHERE kind = ? ORDER BY case_id, ordinal",
                 static_cast<int>(kind));
  std::vector<OutboxRow> rows;
  model::CaseId waiting;
  while (rows.size() < limit && keys.Next()) {
    if (keys.Case(0) == waiting) continue;
    if (keys.Time(2) > until) {
      waiting = keys.Case(0);
      continue;
    }
    Statement s(connection_,
                "SELECT case_id, ordinal, kind, attempts, next_attempt, last_error, body FROM "
                "outbox WHERE case_id = ? AND ordinal = ?",
                keys.Case(0), keys.Unsigned<model::Ordinal>(1));
    if (s.Next()) rows.push_back(ReadOutbox(s, OutboxState::kPending));
  }
  return rows;
}

std::vector<OutboxRow> Reader::PeekOutbox(OutboxKind kind, OutboxKey after, std::uint32_t limit) {
  Statement s(connection_,
              "SELECT case_id, ordinal, kind, attempts, next_attempt, last_error, body FROM outbox "
              "INDEXED BY outbox_by_kind WHERE kind = ? AND (case_id, ordinal) > (?, ?) ORDER BY "
              "case_id, ordinal LIMIT ?",
              static_cast<int>(kind), after.case_id, after.ordinal, limit);
  std::vector<OutboxRow> rows;
  while (s.Next()) rows.push_back(ReadOutbox(s, OutboxState::kPending));
  return rows;
}

std::vector<OutboxRow> Reader::DeadOutbox(OutboxKey after, std::uint32_t limit) {
  Statement s(
      connection_,
      "SELECT case_id, ordinal, kind, attempts, next_attempt, last_error, body FROM outbox_dead "
      "WHERE (case_id, ordinal) > (?, ?) ORDER BY case_id, ordinal LIMIT ?",
      after.case_id, after.ordinal, limit);
  std::vector<OutboxRow> rows;
  while (s.Next()) rows.push_back(ReadOutbox(s, OutboxState::kDead));
  return rows;
}

std::uint64_t Reader::LastCaseId() {
  Statement s(connection_, "SELECT case_id FROM cases ORDER BY case_id DESC LIMIT 1");
  return s.Next() ? s.Case(0).value : 0;
}

std::vector<CampaignRow> Reader::ListCampaigns() {
  Statement s(connection_,
              "SELECT digest, name, deployed_at, deployed_by FROM campaigns ORDER BY number");
  std::vector<CampaignRow> rows;
  while (s.Next()) rows.push_back(ReadCampaign(s));
  return rows;
}

std::optional<CampaignRow> Reader::LoadCampaign(const std::string& digest) {
  Statement s(
      connection_,
      "SELECT digest, name, deployed_at, deployed_by, files FROM campaigns WHERE digest = ?",
      digest);
  if (!s.Next()) return std::nullopt;
  CampaignRow row = ReadCampaign(s);
  row.files = model::Decode<std::map<std::string, std::string>>(s.Bytes(4));
  return row;
}

ReaderPool::Loan ReaderPool::Borrow() {
  std::unique_lock lock(mutex_);
  returned_.wait(lock, [this] { return !idle_.empty() || open_ < kMaxReaders; });
  if (!idle_.empty()) {
    auto reader = std::move(idle_.back());
    idle_.pop_back();
    return {*this, std::move(reader)};
  }
  auto reader = std::make_unique<Reader>(path_, indexes_);
  ++open_;
  return {*this, std::move(reader)};
}

void ReaderPool::Return(std::unique_ptr<Reader> reader) {
  {
    const std::scoped_lock lock(mutex_);
    idle_.push_back(std::move(reader));
  }
  returned_.notify_one();
}

}  // namespace duban::storage_sqlite
