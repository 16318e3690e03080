// The engine's loop: the only writer. loop.cc has its turns, take.cc how one command is decided,
// commit.cc what becomes of a batch, requests.cc what was asked before. Included by these and
// engine.cc only.
#pragma once

#include <boost/container/small_vector.hpp>
#include <boost/unordered/unordered_flat_map.hpp>
#include <chrono>
#include <deque>
#include <future>
#include <list>
#include <map>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "core/engine/admission.h"
#include "core/engine/case_cache.h"
#include "core/engine/committer.h"
#include "core/engine/engine.h"
#include "core/engine/recount.h"
#include "core/engine/views.h"
#include "core/model/codec.h"
#include "core/statechart/step.h"

namespace duban::engine {

class Engine::Loop {
 public:
  Loop(ports::Storage& storage, ports::Clock& clock, Catalog& catalog, World& world, Limits limits);

  ports::StorageResult<void> Start();
  ports::StorageResult<void> Open();
  bool Turn();
  void Stop();
  void Submit(std::list<Asked> asked);  // one
  ports::StorageResult<void> FinishOutbox(std::vector<ports::OutboxKey> done,
                                          std::vector<ports::OutboxRow> updated);
  void Wake();
  bool Settle();
  Counters counters() const;

  std::function<void(std::uint64_t)> on_commit;
  std::function<void()> on_notification;
  std::function<void(const BatchReport&)> on_batch;

 private:
  using Pending = Asked;
  static bool IsRecount(const Pending& pending) {
    return std::holds_alternative<model::RecomputeDeadlines>(pending.command.body);
  }
  struct Finish {
    std::vector<ports::OutboxKey> done;
    std::vector<ports::OutboxRow> updated;
    std::promise<ports::StorageResult<void>> promise;
  };
  // A batch on its way: what is asked, what will be written, and who is to be answered then.
  struct Work {
    std::list<Pending> commands;
    std::size_t decided = 0;  // of them; the rest is new
    std::deque<Finish> finishes;
    int attempt = 1;
    ports::Batch batch;
    std::vector<std::pair<const Pending*, Reply>> replies;
    boost::unordered_flat_map<std::string_view, std::size_t> answered;  // key → place in `replies`
    // With other nodes, what the storage has of the requests: key → fingerprint, receipt.
    std::unordered_map<std::string, std::pair<std::string, Receipt>> stored;
    boost::unordered_flat_map<std::uint64_t, std::size_t> write_of;  // case → place in batch.cases
    bool prefetched = false;             // the storage has no answer but those in `stored`
    std::vector<model::CaseId> touched;  // a case once for each of its writes
    std::vector<Pending*> retry;         // internal ones that met an unreadable storage
    Counters counted;
    bool timers_cleared = false;
    Admission::Clock::time_point begun;
    BatchReport report;

    bool IsEmpty() const {
      return commands.empty() && finishes.empty() && batch.outbox_updated.empty();
    }
    bool Writes() const;
    // An empty one, in the memory of one that is over.
    static Work In(Work over);
  };

  void Run();
  void TakeTurn(std::unique_lock<std::mutex>& lock);
  // Sleeps until there is something to do. False: stopped, and nothing is left.
  bool Wait(std::unique_lock<std::mutex>& lock);
  bool ClientWork() const;
  std::size_t Room() const;  // how many commands more the batch takes that is being decided
  bool Holding() const;
  bool InternalWork() const;
  void GatherInternal(Work& work);
  void GatherTimers(Work& work);
  void GatherRecounts(Work& work);
  void GatherOwn(Work& work);
  // Decides what is new in it; only the reads before that can fail.
  ports::StorageResult<void> Decide(Work& work);
  // Commits what is decided: itself, or beside the loop, which then decides the next batch.
  void Launch();
  // Waits for the batch that is being committed, and answers it.
  void Land();
  void HandOver(Work work);
  Work Seal();
  bool IsWaitedFor() const;
  void Ended(Work work, const Committer::Result& result);
  // With other nodes: the answers and the cases that the batch needs, as they are stored now.
  ports::StorageResult<void> Prefetch(Work& work);
  // With other nodes: sees what they committed, now and then.
  void LookAround();
  void Take(Pending& pending, const Snapshot& snapshot, Work& work);
  // True: the request was answered before, or its id is used up; the reply is set. What is stored
  // is asked only for a request that would be refused: one that would be done meets its answer when
  // it is committed, and is then decided again.
  bool AnswerKnown(Pending& pending, Work& work);
  bool AnswerStaged(const Pending& pending, Work& work);
  bool AnswerStored(const Pending& pending, Work& work);
  static void AnswerAgain(const Pending& pending, const std::string& fingerprint, Receipt receipt,
                          Work& work);
  ports::StorageResult<void> PassPromisedIds();
  void PassPromisedId(const ports::OutboxRow& row);
  // Why no case can be made under the id that the parent gave its child; nullopt: none has it.
  std::optional<model::Rejection> WhyTaken(const model::Command& command);
  // The case that the command speaks of: from the cache, from storage, or new.
  std::expected<LiveCase, model::Rejection> Create(const model::Command& command,
                                                   model::Timestamp now);
  std::expected<LiveCase*, model::Rejection> Locate(model::CaseId id);
  // The case is now what the step led to; the memory of what it was goes to the next step.
  void Adopt(LiveCase& live, statechart::Outcome&& outcome);
  Receipt Write(const Pending& pending, const definition::Definition& definition,
                const model::Case& before, statechart::Outcome& outcome,
                const statechart::Facts& facts, Work& work);
  // Into the batch, in which each case has one write.
  void Stage(ports::CaseWrite write, Work& work);
  // What is decided and not committed yet, the newest first; and what of it is of the case.
  boost::container::small_vector<const Work*, 2> NotCommitted(const Work& work) const;
  std::vector<const ports::CaseWrite*> StagedOf(model::CaseId id, const Work& work) const;
  // How the task ended, that the command came too late for: in the batch, or stored.
  std::optional<TaskView> ViewOf(const model::TaskId& task, const Work& work);
  void SayWhatBecame(const model::Command& command, const LiveCase& live,
                     const statechart::Facts& facts, const Work& work, model::Rejection& rejection);
  void SayWhoClosed(const model::TaskId& task, const TaskView& view, const LiveCase& live,
                    const statechart::Facts& facts, const Work& work, model::Rejection& rejection);
  static void SayWhoDecided(const model::Vote& vote, const LiveCase& live,
                            const statechart::Facts& facts, model::Rejection& rejection);
  void Refuse(Pending& pending, const LiveCase* live, const statechart::Facts& facts,
              model::Rejection rejection, Work& work);
  void RefuseInternal(Pending& pending, const LiveCase* live, const statechart::Facts& facts,
                      const model::Rejection& rejection, Work& work);
  void Committed(Work& work, std::uint64_t last_change);
  void Failed(Work work, const ports::StorageError& error);
  // Decides again, on what is stored now; `alone`: each command, and what each delivery recorded,
  // in a batch of its own.
  void Again(Work work, bool alone);
  // It can never be written: a dead letter, if it was not a client who asked.
  void GiveUp(Pending& pending, const ports::StorageError& error);
  void Hold();
  Admission::Clock::time_point Tick() const;
  void RefreshNextTimer();
  // The first of kMaxChildrenPerStep + 1 ids that no case has and no other node gives.
  model::CaseId FreeIds(model::Timestamp now) const;

  ports::Storage& storage_;
  ports::Clock& clock_;
  Catalog& catalog_;
  World& world_;
  const Limits limits_;

  mutable std::mutex mutex_;  // guards what is below, up to the blank line
  std::condition_variable wake_;
  std::condition_variable idle_changed_;
  Admission waiting_;
  std::deque<Finish> finishes_;
  bool stopping_ = false;
  bool woken_ = false;
  bool idle_ = false;
  Counters counters_;
  std::size_t internal_size_ = 0;  // of internal_, between batches

  // The loop's own.
  Work work_;                       // what is being decided
  std::optional<Work> committing_;  // what is being committed meanwhile
  Work spare_;                      // empty, with the memory of one that is over
  statechart::Outcome next_;        // likewise: in which the next step is made
  CaseCache cache_;
  std::list<Pending> internal_;
  Recount recount_;
  bool backlog_ = true;  // storage holds messages between cases that are not in internal_
  std::optional<model::Timestamp> next_timer_;
  std::chrono::nanoseconds hold_until_{};  // storage failed: timers and messages rest until then
  std::uint64_t last_case_id_ = 0;
  ports::Membership membership_;
  std::uint64_t seen_change_ = 0;  // of all nodes; what is below matters with other nodes only
  std::uint64_t seen_campaigns_ = 0;
  std::uint64_t looks_ = 0;
  std::chrono::nanoseconds look_again_{};
  bool stepped_ = true;  // no thread of its own: Turn
  Committer committer_;
  std::thread thread_;
};

}  // namespace duban::engine
