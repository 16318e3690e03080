// What must survive: cases, their journal, tasks, timers, the outbox, answers already given, definitions.
//
// The engine is the only writer and makes one Commit at a time; every read may come from any thread at any
// time and sees all that was committed before it began (read-your-writes). Bodies are opaque: only the columns
// named here are ever searched.
#pragma once

#include <cstdint>
#include <expected>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/model/ids.h"
#include "core/model/time.h"

namespace duban::ports {

struct StorageError {
  enum class Code : std::uint8_t {
    kConflict,     // an expected revision was not the stored one (case_id says whose), or a request is answered
                   // already; nothing was written
    kUnavailable,  // may work later: busy, disk full, read-only, lost connection; nothing was written
    kUnknown,      // it is not known whether the commit happened: look the request up before trying again
    kCorrupt,      // the stored data is damaged; nothing was overwritten
    kIncompatible, // made by a newer version, or not a database of Duban
    kInvalid,      // the caller's mistake: unknown key in the settings, page size out of range …
  };
  Code code = Code::kUnavailable;
  std::string message;  // for an operator: what is wrong and what can be done
  model::CaseId case_id;

  template <class A>
  void Visit(A& a) { a(code, message, case_id.value); }
};

template <class T>
using StorageResult = std::expected<T, StorageError>;

// One committed step of a case. Clustered by (case_id, revision). `change` is given by the storage at commit:
// gapless, ascending in commit order over all cases; it is what a watch resumes from.
struct JournalRow {
  model::CaseId case_id;
  model::Revision revision = 0;
  std::uint64_t change = 0;  // set by reads; ignored by Commit
  std::string body;          // model::JournalEntry

  template <class A>
  void Visit(A& a) { a(case_id.value, revision, change, body); }
};

// The case after its last step, and what lists of cases show and search.
struct CaseRow {
  model::CaseId case_id;
  model::Revision revision = 0;
  std::string campaign;  // digest of the deployed campaign
  std::string workflow;
  model::CaseId parent;  // 0: none
  bool ended = false;
  std::string outcome;   // of an ended case
  std::string summary;   // model::CaseSummary: what a list shows
  std::string body;      // model::Case

  template <class A>
  void Visit(A& a) {
    a(case_id.value, revision, campaign, workflow, parent.value, ended, outcome, summary, body);
  }
};

// A task, open or closed. `candidates` are those in whose inbox it lies while it is open.
struct TaskRow {
  model::CaseId case_id;
  model::Ordinal ordinal = 0;
  bool open = true;
  std::optional<model::Timestamp> due;
  std::vector<model::PersonId> candidates;
  std::string body;  // model::TaskView

  template <class A>
  void Visit(A& a) { a(case_id.value, ordinal, open, due, candidates, body); }
};

struct TimerRow {
  model::CaseId case_id;
  model::Ordinal ordinal = 0;
  model::Timestamp due;

  template <class A>
  void Visit(A& a) { a(case_id.value, ordinal, due); }
};

// Each kind is a lane of its own: order within a case is kept inside it, and what waits in one holds back
// nothing in another.
enum class OutboxKind : std::uint8_t {
  kNotification,  // for a notifier, at normal urgency; body is engine::OutboxMessage
  kCommand,       // for the engine itself (start a child, tell a parent); body is model::Command
  kAlarm,         // for a notifier, at any hour; body as of kNotification
  kDigest,        // gathered for one message per person; body as of kNotification
};
enum class OutboxState : std::uint8_t { kPending, kDead };

struct OutboxRow {
  model::CaseId case_id;
  model::Ordinal ordinal = 0;  // with case_id the key, and the order within the case
  OutboxKind kind = OutboxKind::kNotification;
  OutboxState state = OutboxState::kPending;
  std::uint32_t attempts = 0;
  model::Timestamp next_attempt;
  std::string last_error;
  std::string body;

  template <class A>
  void Visit(A& a) { a(case_id.value, ordinal, kind, state, attempts, next_attempt, last_error, body); }
};

// An answer given once, kept under the caller's request id.
struct RequestRow {
  std::string request_id;  // "<principal>/<request id>": one caller cannot meet another's
  std::string fingerprint; // SHA-256 of what was asked
  std::string reply;       // model::Reply
  model::Timestamp at;

  template <class A>
  void Visit(A& a) { a(request_id, fingerprint, reply, at); }
};

struct OutboxKey {
  model::CaseId case_id;
  model::Ordinal ordinal = 0;
  auto operator<=>(const OutboxKey&) const = default;
  template <class A>
  void Visit(A& a) { a(case_id.value, ordinal); }
};
inline OutboxKey KeyOf(const OutboxRow& row) { return {row.case_id, row.ordinal}; }

// What one step changes, all of it or nothing. A write without a journal may keep the revision: it changes
// timers and the outbox only (a timer that failed and became a dead letter).
struct CaseWrite {
  model::Revision expected_revision = 0;  // what must be stored now; 0: the case must not exist
  CaseRow row;
  std::vector<JournalRow> journal;
  std::vector<TaskRow> tasks;             // inserted or replaced
  std::vector<TimerRow> timers_set;       // inserted or replaced
  std::vector<model::Ordinal> timers_cleared;
  std::vector<OutboxRow> outbox;          // inserted
  template <class A>
  void Visit(A& a) { a(expected_revision, row, journal, tasks, timers_set, timers_cleared, outbox); }
};

struct Batch {
  std::vector<CaseWrite> cases;            // a case may come more than once; applied in order
  std::vector<RequestRow> requests;
  std::vector<OutboxKey> outbox_done;      // delivered or executed: removed
  std::vector<OutboxRow> outbox_updated;   // another attempt, or dead: replaced
  // Those of outbox_done that this batch carries out: kConflict when one is not there when the batch begins,
  // because another node was first.
  std::vector<OutboxKey> outbox_taken;
  template <class A>
  void Visit(A& a) { a(cases, requests, outbox_done, outbox_updated, outbox_taken); }
};

struct CommitResult {
  std::uint64_t last_change = 0;  // of this batch
  template <class A>
  void Visit(A& a) { a(last_change); }
};

// A campaign as it was deployed. Never changed, never deleted while a case stands on it.
struct CampaignRow {
  std::string digest;
  std::string name;
  model::Timestamp deployed_at;
  model::PersonId deployed_by;
  std::map<std::string, std::string> files;  // path → text

  template <class A>
  void Visit(A& a) { a(digest, name, deployed_at, deployed_by, files); }
};

// How this node stands among those that share the storage.
inline constexpr std::uint32_t kMaxNodes = 64;
struct Membership {
  bool shared = false;           // other nodes may commit too
  std::uint32_t node = 0;        // below kMaxNodes; no other node has it now
  std::uint64_t generation = 0;  // grows when this node's share of timers and outbox has changed
  template <class A>
  void Visit(A& a) { a(shared, node, generation); }
};

// What a batch of commands has to know before it is decided.
struct KnownCase {
  model::CaseId case_id;
  model::Revision revision = 0;  // 0: nothing is known of it
  template <class A>
  void Visit(A& a) { a(case_id.value, revision); }
};
struct Lookup {
  std::vector<std::string> request_ids;
  std::vector<KnownCase> cases;
  template <class A>
  void Visit(A& a) { a(request_ids, cases); }
};
struct Found {
  std::vector<RequestRow> requests;  // those that were answered
  std::vector<CaseRow> cases;        // those that stand at another revision than the known one
  std::uint64_t campaigns = 0;       // how many are deployed
  template <class A>
  void Visit(A& a) { a(requests, cases, campaigns); }
};

inline constexpr std::uint32_t kMaxPageSize = 1000;
inline constexpr model::Timestamp kForever{model::Timestamp::kMaxSeconds, 0};  // an `until` that all are before

// Pages by key, never by offset: `after` is where the page before ended.
struct TaskQuery {
  model::PersonId candidate{};      // whose inbox; required unless case_id is set
  model::CaseId case_id{};          // 0: any
  bool include_closed = false;      // only with case_id
  model::TaskId after{};            // (case id, ordinal) of the last row seen; zero: from the start
  std::uint32_t page_size = 100;    // 1 … kMaxPageSize
  template <class A>
  void Visit(A& a) { a(candidate, case_id.value, include_closed, after.case_id.value, after.ordinal, page_size); }
};

struct CaseQuery {
  std::string workflow{};           // empty: any
  model::CaseId parent{};           // 0: any
  std::optional<bool> ended{};
  model::CaseId after{};            // ascending by id
  std::uint32_t page_size = 100;
  template <class A>
  void Visit(A& a) { a(workflow, parent.value, ended, after.value, page_size); }
};

// A `limit` or page_size is 1 … kMaxPageSize, anything else kInvalid. What is not there is empty, and no error.
class Storage {
 public:
  virtual ~Storage() = default;

  // Durable when it returns. Checks every expected revision; one mismatch and nothing is written. Within a case
  // timers are cleared before they are set; within a batch the cases come first, then requests, outbox_done and
  // outbox_updated. Removing or replacing what is not there does nothing. A request that is there already is a
  // kConflict without a case: it was answered. kInvalid, and nothing written: a journal row or outbox row that is
  // there already; rows of another case within a CaseWrite; a revision of 0 or of 2^63 and more; a time
  // outside the years 1678 to 2262.
  virtual StorageResult<CommitResult> Commit(const Batch& batch) = 0;

  virtual StorageResult<std::optional<CaseRow>> LoadCase(model::CaseId id) = 0;
  virtual StorageResult<std::vector<CaseRow>> ListCases(const CaseQuery& query) = 0;  // without body
  virtual StorageResult<std::optional<RequestRow>> FindRequest(const std::string& request_id) = 0;
  virtual StorageResult<std::optional<TaskRow>> LoadTask(model::TaskId id) = 0;
  virtual StorageResult<std::vector<TaskRow>> ListTasks(const TaskQuery& query) = 0;
  // Revisions after `after`, ascending.
  virtual StorageResult<std::vector<JournalRow>> ReadJournal(model::CaseId id, model::Revision after,
                                                             std::uint32_t limit) = 0;
  // Steps of all cases with change > `after`, ascending, gapless.
  virtual StorageResult<std::vector<JournalRow>> ReadChanges(std::uint64_t after, std::uint32_t limit) = 0;
  virtual StorageResult<std::uint64_t> LastChange() = 0;
  // Ordered by (due, case id, ordinal), those due at or before `until`.
  virtual StorageResult<std::vector<TimerRow>> DueTimers(model::Timestamp until, std::uint32_t limit) = 0;
  virtual StorageResult<std::optional<model::Timestamp>> NextTimer() = 0;
  // Pending rows of `kind` whose next_attempt is not after `until`, ordered by (case id, ordinal). Rows of a
  // case behind one of the same kind that must wait are not returned: order within a case is kept. Dead rows
  // hold back nobody.
  virtual StorageResult<std::vector<OutboxRow>> PendingOutbox(OutboxKind kind, model::Timestamp until,
                                                              std::uint32_t limit) = 0;
  // Every pending row of `kind` behind `after`, due or not, whichever node is to deal with it, ordered by (case id,
  // ordinal). Only a look: it says nothing about what is being delivered.
  virtual StorageResult<std::vector<OutboxRow>> PeekOutbox(OutboxKind kind, OutboxKey after, std::uint32_t limit) = 0;
  virtual StorageResult<std::vector<OutboxRow>> DeadOutbox(OutboxKey after, std::uint32_t limit) = 0;
  virtual StorageResult<std::uint64_t> LastCaseId() = 0;  // the greatest stored, 0 when empty

  virtual StorageResult<void> SaveCampaign(const CampaignRow& row) = 0;  // the same digest again: no change
  virtual StorageResult<std::vector<CampaignRow>> ListCampaigns() = 0;   // without files, newest last
  virtual StorageResult<std::optional<CampaignRow>> LoadCampaign(const std::string& digest) = 0;

  // Nodes on one storage share timers and outbox out among themselves, by the case: DueTimers, NextTimer and
  // PendingOutbox give this node's share only, and a node that dies loses its share within seconds. The share may
  // be wrong for a moment: what is done twice at once is decided by the expected revision and by outbox_taken. A
  // page of notifications counts as being delivered until PendingOutbox asks for the next.
  // Answers from memory. A storage for one node has no need of it.
  virtual StorageResult<Membership> Join() { return Membership{}; }
  // All of it in one round trip, as of one moment. Asked where the storage is shared.
  virtual StorageResult<Found> Prefetch(const Lookup& lookup);

  // A consistent copy, taken while the engine runs. `path`: where the plugin's documentation says.
  virtual StorageResult<void> Backup(const std::string& path) = 0;
};

inline StorageResult<Found> Storage::Prefetch(const Lookup& lookup) {
  Found found;
  for (const std::string& id : lookup.request_ids) {
    auto request = FindRequest(id);
    if (!request) return std::unexpected(std::move(request.error()));
    if (*request) found.requests.push_back(std::move(**request));
  }
  for (const KnownCase& known : lookup.cases) {
    auto row = LoadCase(known.case_id);
    if (!row) return std::unexpected(std::move(row.error()));
    if (*row && (*row)->revision != known.revision) found.cases.push_back(std::move(**row));
  }
  auto campaigns = ListCampaigns();
  if (!campaigns) return std::unexpected(std::move(campaigns.error()));
  found.campaigns = campaigns->size();
  return found;
}

}  // namespace duban::ports
