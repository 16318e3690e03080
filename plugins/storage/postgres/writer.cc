#include "plugins/storage/postgres/writer.h"

#include <charconv>
#include <iterator>

#include "core/model/codec.h"
#include "plugins/storage/postgres/fold.h"
#include "plugins/storage/postgres/schema.h"

namespace duban::storage_postgres {
namespace {

constexpr int kAttempts = 3;

// The rows are locked in the order of their keys, so that two nodes never wait for each other in a
// circle.
constexpr const char* kCheckCases =
    "SELECT refuse(g.case_id) FROM unnest($1::bigint[], $2::bigint[]) AS g (case_id, expected) "
    "LEFT JOIN (SELECT case_id, revision FROM cases WHERE case_id = ANY ($1::bigint[]) "
    "ORDER BY case_id FOR UPDATE) AS c USING (case_id) WHERE c.revision IS DISTINCT FROM "
    "g.expected";
constexpr const char* kInsertCases =
    "WITH g AS (SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::text[], $4::text[], "
    "$5::bigint[], $6::boolean[], $7::bytea[], $8::bytea[], $9::bytea[]) AS g (case_id, revision, "
    "campaign, workflow, parent, ended, outcome, summary, body)), put AS (INSERT INTO cases "
    "SELECT * FROM g ON CONFLICT (case_id) DO NOTHING RETURNING case_id) "
    "SELECT refuse(g.case_id) FROM g WHERE NOT EXISTS (SELECT FROM put WHERE put.case_id = "
    "g.case_id)";
constexpr const char* kUpdateCases =
    "UPDATE cases AS c SET revision = g.revision, campaign = g.campaign, workflow = g.workflow, "
    "parent = g.parent, ended = g.ended, outcome = g.outcome, summary = g.summary, body = g.body "
    "FROM unnest($1::bigint[], $2::bigint[], $3::text[], $4::text[], $5::bigint[], "
    "$6::boolean[], $7::bytea[], $8::bytea[], $9::bytea[]) AS g (case_id, revision, campaign, "
    "workflow, parent, ended, outcome, summary, body) WHERE c.case_id = g.case_id";
constexpr const char* kPutTasks =
    "INSERT INTO tasks SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::boolean[], "
    "$4::bigint[], $5::bytea[], $6::bytea[]) ON CONFLICT (case_id, ordinal) DO UPDATE SET open = "
    "excluded.open, due = excluded.due, candidates = excluded.candidates, body = excluded.body";
constexpr const char* kClearInbox =
    "DELETE FROM inbox AS i USING unnest($1::bigint[], $2::bigint[]) AS g (case_id, ordinal) "
    "WHERE i.case_id = g.case_id AND i.ordinal = g.ordinal";
constexpr const char* kPutInbox =
    "INSERT INTO inbox SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::bytea[]) "
    "ON CONFLICT DO NOTHING";
constexpr const char* kClearTimers =
    "DELETE FROM timers AS t USING unnest($1::bigint[], $2::bigint[]) AS g (case_id, ordinal) "
    "WHERE t.case_id = g.case_id AND t.ordinal = g.ordinal";
constexpr const char* kPutTimers =
    "INSERT INTO timers SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], "
    "$4::bigint[]) ON CONFLICT (case_id, ordinal) DO UPDATE SET due = excluded.due";
constexpr const char* kPutOutbox =
    "INSERT INTO outbox SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], "
    "$4::bigint[], $5::boolean[], $6::bigint[], $7::bigint[], $8::bytea[], $9::bytea[])";
constexpr const char* kTakeOutbox =
    "WITH gone AS (DELETE FROM outbox AS o USING unnest($1::bigint[], $2::bigint[]) AS g (case_id, "
    "ordinal) WHERE o.case_id = g.case_id AND o.ordinal = g.ordinal RETURNING o.case_id, "
    "o.ordinal) SELECT refuse(t.case_id) FROM unnest($3::bigint[], $4::bigint[]) AS t (case_id, "
    "ordinal) WHERE NOT EXISTS (SELECT FROM gone WHERE gone.case_id = t.case_id AND gone.ordinal "
    "= t.ordinal)";
constexpr const char* kUpdateOutbox =
    "UPDATE outbox AS o SET kind = g.kind, dead = g.dead, attempts = g.attempts, next_attempt = "
    "g.next_attempt, last_error = g.last_error, body = g.body FROM unnest($1::bigint[], "
    "$2::bigint[], $3::bigint[], $4::bigint[], $5::boolean[], $6::bigint[], $7::bigint[], "
    "$8::bytea[], $9::bytea[]) AS g (case_id, ordinal, kind, part, dead, attempts, next_attempt, "
    "last_error, body) WHERE o.case_id = g.case_id AND o.ordinal = g.ordinal";
constexpr const char* kPutRequests =
    "WITH g AS (SELECT * FROM unnest($1::bytea[], $2::bytea[], $3::bigint[], $4::bytea[]) AS g "
    "(request_id, fingerprint, at, reply) ORDER BY request_id), put AS (INSERT INTO requests "
    "SELECT * FROM g ON CONFLICT (request_id) DO NOTHING RETURNING request_id) "
    "SELECT refuse($5::bigint) WHERE (SELECT count(*) FROM put) < (SELECT count(*) FROM g)";
// The row of `changes` is what all nodes' commits queue for: last, so that it is held only while
// the commit is made durable. No time-out from here on: one that strikes while a standby is waited
// for would report a commit that is on one server only.
constexpr const char* kPutJournal =
    "WITH n AS (UPDATE changes SET last = last + $4::bigint WHERE id = 1 RETURNING last), "
    "put AS (INSERT INTO journal SELECT g.case_id, g.revision, n.last - $4::bigint + g.number, "
    "g.body FROM n, unnest($1::bigint[], $2::bigint[], $3::bytea[]) WITH ORDINALITY AS g (case_id, "
    "revision, body, number)) SELECT last, set_config('statement_timeout', '0', true) FROM n";
constexpr const char* kLastChange =
    "SELECT last, set_config('statement_timeout', '0', true) FROM changes WHERE id = 1";

struct Keys {
  Array cases{Element::kBigint};
  Array ordinals{Element::kBigint};
  void Add(model::CaseId id, model::Ordinal ordinal) {
    cases.Add(ToColumn(id));
    ordinals.Add(std::int64_t{ordinal});
  }
};

Call CaseCall(const Folded& folded, bool is_new) {
  Array id(Element::kBigint), revision(Element::kBigint), campaign(Element::kText),
      workflow(Element::kText), parent(Element::kBigint), ended(Element::kBool),
      outcome(Element::kBytea), summary(Element::kBytea), body(Element::kBytea);
  for (const auto& [case_id, write] : folded.cases) {
    if ((write.expected == 0) != is_new) continue;
    const ports::CaseRow& row = *write.row;
    id.Add(ToColumn(case_id));
    revision.Add(static_cast<std::int64_t>(row.revision));
    campaign.Add(row.campaign);
    workflow.Add(row.workflow);
    row.parent ? parent.Add(ToColumn(row.parent)) : parent.AddNull();
    ended.Add(row.ended);
    outcome.Add(row.outcome);
    summary.Add(row.summary);
    body.Add(row.body);
  }
  Call call{is_new ? kInsertCases : kUpdateCases, {}};
  if (id.empty()) return {nullptr, {}};
  call.parameters << id << revision << campaign << workflow << parent << ended << outcome << summary
                  << body;
  return call;
}

void AddCases(const Folded& folded, std::vector<Call>& calls) {
  Array id(Element::kBigint), expected(Element::kBigint);
  for (const auto& [case_id, write] : folded.cases) {
    if (write.expected == 0) continue;
    id.Add(ToColumn(case_id));
    expected.Add(static_cast<std::int64_t>(write.expected));
  }
  if (!id.empty()) calls.push_back({kCheckCases, std::move(Parameters() << id << expected)});
  for (const bool is_new : {true, false}) {
    if (Call call = CaseCall(folded, is_new); call.sql != nullptr) calls.push_back(std::move(call));
  }
}

void AddTasks(const Folded& folded, std::vector<Call>& calls) {
  if (folded.tasks.empty()) return;
  Keys keys, wanted;
  Array open(Element::kBool), due(Element::kBigint), candidates(Element::kBytea),
      body(Element::kBytea), person(Element::kBytea);
  for (const auto& [key, task] : folded.tasks) {
    keys.Add(key.first, key.second);
    open.Add(task->open);
    task->due ? due.Add(ToColumn(*task->due)) : due.AddNull();
    candidates.Add(model::Encode(task->candidates));
    body.Add(task->body);
    if (!task->open) continue;
    for (const model::PersonId& candidate : task->candidates) {
      wanted.Add(key.first, key.second);
      person.Add(candidate);
    }
  }
  calls.push_back({kPutTasks, std::move(Parameters() << keys.cases << keys.ordinals << open << due
                                                     << candidates << body)});
  calls.push_back({kClearInbox, std::move(Parameters() << keys.cases << keys.ordinals)});
  if (person.empty()) return;
  calls.push_back(
      {kPutInbox, std::move(Parameters() << wanted.cases << wanted.ordinals << person)});
}

void AddTimers(const Folded& folded, std::vector<Call>& calls) {
  Keys cleared, set;
  Array part(Element::kBigint), due(Element::kBigint);
  for (const auto& [key, at] : folded.timers) {
    if (!at) {
      cleared.Add(key.first, key.second);
      continue;
    }
    set.Add(key.first, key.second);
    part.Add(PartOf(key.first));
    due.Add(ToColumn(*at));
  }
  if (!cleared.cases.empty())
    calls.push_back({kClearTimers, std::move(Parameters() << cleared.cases << cleared.ordinals)});
  if (set.cases.empty()) return;
  calls.push_back(
      {kPutTimers, std::move(Parameters() << set.cases << set.ordinals << part << due)});
}

void AddOutbox(const std::map<Folded::Key, const ports::OutboxRow*>& rows, const char* sql,
               std::vector<Call>& calls) {
  if (rows.empty()) return;
  Keys keys;
  Array kind(Element::kBigint), part(Element::kBigint), dead(Element::kBool),
      attempts(Element::kBigint), next(Element::kBigint), error(Element::kBytea),
      body(Element::kBytea);
  for (const auto& [key, row] : rows) {
    keys.Add(key.first, key.second);
    kind.Add(static_cast<std::int64_t>(row->kind));
    part.Add(PartOf(key.first));
    dead.Add(row->state == ports::OutboxState::kDead);
    attempts.Add(std::int64_t{row->attempts});
    next.Add(ToColumn(row->next_attempt));
    error.Add(row->last_error);
    body.Add(row->body);
  }
  calls.push_back({sql, std::move(Parameters() << keys.cases << keys.ordinals << kind << part
                                               << dead << attempts << next << error << body)});
}

void AddDone(const ports::Batch& batch, std::vector<Call>& calls) {
  if (batch.outbox_done.empty()) return;
  Keys done, taken;
  for (const auto& key : batch.outbox_done) done.Add(key.case_id, key.ordinal);
  for (const auto& key : batch.outbox_taken) taken.Add(key.case_id, key.ordinal);
  calls.push_back({kTakeOutbox, std::move(Parameters() << done.cases << done.ordinals << taken.cases
                                                       << taken.ordinals)});
}

void AddRequests(const ports::Batch& batch, std::vector<Call>& calls) {
  if (batch.requests.empty()) return;
  Array id(Element::kBytea), fingerprint(Element::kBytea), at(Element::kBigint),
      reply(Element::kBytea);
  for (const ports::RequestRow& row : batch.requests) {
    id.Add(row.request_id);
    fingerprint.Add(row.fingerprint);
    at.Add(ToColumn(row.at));
    reply.Add(row.reply);
  }
  calls.push_back({kPutRequests,
                   std::move(Parameters() << id << fingerprint << at << reply << model::CaseId{})});
}

void AddJournal(const Folded& folded, std::vector<Call>& calls) {
  if (folded.journal.empty()) {
    calls.push_back({kLastChange, {}});
    return;
  }
  Array id(Element::kBigint), revision(Element::kBigint), body(Element::kBytea);
  for (const ports::JournalRow* entry : folded.journal) {
    id.Add(ToColumn(entry->case_id));
    revision.Add(static_cast<std::int64_t>(entry->revision));
    body.Add(entry->body);
  }
  calls.push_back(
      {kPutJournal, std::move(Parameters() << id << revision << body << folded.journal.size())});
}

model::CaseId CaseOf(const PgError& e) {
  std::int64_t column = 0;
  std::from_chars(e.detail.data(), e.detail.data() + e.detail.size(), column);
  return ToCaseId(column);
}

// The server is going, coming back, or has become a standby: another connection may do better.
bool ElsewhereBetter(const std::string& state) {
  return state.starts_with("57P") || state.starts_with("08") || state == "25006";
}
bool WorthRepeating(const std::string& state) {
  return state == "40001" || state == "40P01" || ElsewhereBetter(state);
}

}  // namespace

ports::StorageResult<ports::CommitResult> Writer::Commit(const ports::Batch& batch) {
  const auto folded = Fold(batch);
  if (!folded) return std::unexpected(folded.error());
  std::vector<Call> calls;
  calls.push_back({"BEGIN", {}});
  AddCases(*folded, calls);
  AddTasks(*folded, calls);
  AddTimers(*folded, calls);
  AddOutbox(folded->outbox, kPutOutbox, calls);
  AddDone(batch, calls);
  AddOutbox(folded->updated, kUpdateOutbox, calls);
  AddRequests(batch, calls);
  AddJournal(*folded, calls);
  calls.push_back({"COMMIT", {}});
  const std::vector<Rows> rows = Transact(calls);
  return ports::CommitResult{rows[calls.size() - 2].Unsigned<std::uint64_t>(0, 0)};
}

std::vector<Rows> Writer::Transact(const std::vector<Call>& calls) {
  const std::scoped_lock lock(mutex_);
  for (int attempt = 1;; ++attempt) {
    try {
      return Attempt(calls);
    } catch (const Unknown&) {
      session_.reset();
      throw;
    } catch (const PgError& e) {
      if (e.lost || ElsewhereBetter(e.sqlstate)) session_.reset();
      if (e.sqlstate == kConflictState) throw Conflict{CaseOf(e)};
      if (attempt == kAttempts || !WorthRepeating(e.sqlstate)) throw;
    }
  }
}

// A failure that is a PgError and nothing more: not committed. The server answers in order, so an
// error of its own for a statement before COMMIT says that COMMIT was not executed; a connection
// that ends without a word says nothing.
std::vector<Rows> Writer::Attempt(const std::vector<Call>& calls) {
  if (session_ && !session_->Alive()) session_.reset();
  if (!session_) session_ = std::make_unique<Session>(options_);
  try {
    std::vector<Rows> rows = session_->Run(calls);
    if (session_->warned())
      throw Unknown("committed on the primary, perhaps not on its standby", "", true);
    return rows;
  } catch (const PgError& e) {
    const bool known = !e.sqlstate.empty() && e.call + 1 < calls.size();
    if (known) throw;
    throw Unknown(e.what(), e.sqlstate, true);
  }
}

void Writer::SaveCampaign(const ports::CampaignRow& row) {
  const std::string files = model::Encode(row.files);
  std::vector<Call> calls;
  calls.push_back({"BEGIN", {}});
  calls.push_back(
      {"INSERT INTO campaigns (digest, name, deployed_at, deployed_by, files) VALUES ($1::bytea, "
       "$2::bytea, $3::bigint, $4::bytea, $5::bytea) ON CONFLICT (digest) DO NOTHING",
       std::move(Parameters() << row.digest << row.name << row.deployed_at << row.deployed_by
                              << files)});
  calls.push_back({"SELECT set_config('statement_timeout', '0', true)", {}});
  calls.push_back({"COMMIT", {}});
  Transact(calls);
}

}  // namespace duban::storage_postgres
