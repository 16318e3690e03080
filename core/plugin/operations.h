// What crosses the boundary: the operation numbers of each port and the messages that go with them,
// in the stored form of core/model/codec.h. A number keeps its meaning for ever; a message only
// grows at its end.
#pragma once

#include <cstdint>

#include "core/ports/notifier.h"
#include "core/ports/storage.h"

namespace duban::plugin {

// Errors: ports::NotifierError.
enum class NotifierCall : std::uint32_t {
  kDeliver = 1,  // Message → nothing
};

// Errors: ports::StorageError.
enum class StorageCall : std::uint32_t {
  kCommit = 1,          // Batch → CommitResult
  kLoadCase = 2,        // CaseKey → optional<CaseRow>
  kListCases = 3,       // CaseQuery → vector<CaseRow>
  kFindRequest = 4,     // NameKey → optional<RequestRow>
  kLoadTask = 5,        // TaskKey → optional<TaskRow>
  kListTasks = 6,       // TaskQuery → vector<TaskRow>
  kReadJournal = 7,     // JournalQuery → vector<JournalRow>
  kReadChanges = 8,     // ChangesQuery → vector<JournalRow>
  kLastChange = 9,      // nothing → uint64
  kDueTimers = 10,      // DueQuery → vector<TimerRow>
  kNextTimer = 11,      // nothing → optional<Timestamp>
  kPendingOutbox = 12,  // OutboxQuery → vector<OutboxRow>
  kDeadOutbox = 13,     // DeadQuery → vector<OutboxRow>
  kLastCaseId = 14,     // nothing → uint64
  kSaveCampaign = 15,   // CampaignRow → nothing
  kListCampaigns = 16,  // nothing → vector<CampaignRow>
  kLoadCampaign = 17,   // NameKey → optional<CampaignRow>
  kBackup = 18,         // NameKey → nothing
  kJoin = 19,           // nothing → Membership; a plugin that does not know it serves one node
  kPrefetch = 20,       // Lookup → Found
  // PeekQuery → vector<OutboxRow>; a plugin that does not know it serves one node, and shows the
  // first page only
  kPeekOutbox = 21,
};

struct CaseKey {
  model::CaseId case_id;
  template <class A>
  void Visit(A& a) {
    a(case_id.value);
  }
};

struct TaskKey {
  model::TaskId task_id;
  template <class A>
  void Visit(A& a) {
    a(task_id.case_id.value, task_id.ordinal);
  }
};

struct NameKey {
  std::string name;
  template <class A>
  void Visit(A& a) {
    a(name);
  }
};

struct JournalQuery {
  model::CaseId case_id;
  model::Revision after = 0;
  std::uint32_t limit = 0;
  template <class A>
  void Visit(A& a) {
    a(case_id.value, after, limit);
  }
};

struct ChangesQuery {
  std::uint64_t after = 0;
  std::uint32_t limit = 0;
  template <class A>
  void Visit(A& a) {
    a(after, limit);
  }
};

struct DueQuery {
  model::Timestamp until;
  std::uint32_t limit = 0;
  template <class A>
  void Visit(A& a) {
    a(until, limit);
  }
};

struct OutboxQuery {
  ports::OutboxKind kind = ports::OutboxKind::kNotification;
  model::Timestamp until;
  std::uint32_t limit = 0;
  template <class A>
  void Visit(A& a) {
    a(kind, until, limit);
  }
};

struct PeekQuery {
  ports::OutboxKind kind = ports::OutboxKind::kNotification;
  std::uint32_t limit = 0;
  ports::OutboxKey after;
  template <class A>
  void Visit(A& a) {
    a(kind, limit, after);
  }
};

struct DeadQuery {
  ports::OutboxKey after;
  std::uint32_t limit = 0;
  template <class A>
  void Visit(A& a) {
    a(after, limit);
  }
};

}  // namespace duban::plugin
