// The shell around the pure step: one loop that gathers, steps, commits, answers.
//
// One thread owns all writes. It takes whatever queued while the last commit was being made
// durable, decides each command on the case as it is after the one before, and writes all of it in
// one transaction; only then the answers leave. Timers and messages between cases come in again as
// commands, at the front door.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <variant>
#include <vector>

#include "core/engine/catalog.h"
#include "core/engine/world.h"
#include "core/model/command.h"
#include "core/model/event.h"
#include "core/model/rejection.h"
#include "core/ports/clock.h"
#include "core/ports/storage.h"

namespace duban::engine {

// What a committed step led to.
struct Receipt {
  model::CaseId case_id;
  model::Revision revision = 0;
  std::vector<std::string> states;  // entered and still active
  bool ended = false;
  std::string outcome;
  bool repeated = false;  // answered before; not stored
  template <class A>
  void Visit(A& a) {
    a(case_id.value, revision, states, ended, outcome);
  }
};

// Only receipts are remembered under their request id: a rejection changed nothing, and the same
// request may be taken another time.
using Reply = std::variant<Receipt, model::Rejection>;

// A waiting command counts one place in the queue, and one more for each so many bytes of it.
inline constexpr std::size_t kCommandUnit = 16 * 1024;

struct Limits {
  std::size_t queue = 4'096;  // places for waiting commands; admission.h says who gets them
  std::chrono::milliseconds max_wait{2'000};  // a command that would wait longer: kOverloaded
  std::size_t batch = 256;                    // commands in one transaction
  std::size_t timers_per_batch = 128;  // so that a flood of due timers leaves room for people
  std::size_t cached_cases = 10'000;
  std::size_t cached_bytes = std::size_t{32} * 1024 * 1024;  // of them, in their stored form
  std::size_t recounts_per_batch = 64;  // cases whose deadlines are counted again, likewise
};

// Thread-safe unless said otherwise.
class Engine {
 public:
  Engine(ports::Storage& storage, ports::Clock& clock, Catalog& catalog, World& world,
         Limits limits = {});
  ~Engine();  // Stop()
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;

  // Reads what is pending and starts the loop's thread. Errors: storage.
  ports::StorageResult<void> Start();

  // Instead of Start, where everything runs in one thread (a simulation): reads what is pending and
  // starts no thread. Each Turn then decides one batch in the caller's thread, and commits and
  // answers the one before; false when there was nothing to do. FinishOutbox takes turns until its
  // own commit is done; Settle is not for it.
  ports::StorageResult<void> Open();
  bool Turn();

  // Takes what is queued to its end, answers the rest with kShuttingDown, joins the thread. After
  // Open what is queued is forgotten, as by a crash.
  void Stop();

  // `reply` is called exactly once, from the loop's thread or, when the command is refused at the
  // door, from the caller's; it must not block and must not call Submit. `bytes`: about how much
  // memory the command and its answer hold while it waits.
  void Submit(model::Command command, std::function<void(const Reply&)> reply,
              std::size_t bytes = 0);

  // Commits the fate of outbox rows: removed when delivered, replaced when they wait or are dead.
  // Waits for the commit. Never from the loop's thread.
  ports::StorageResult<void> FinishOutbox(std::vector<ports::OutboxKey> done,
                                          std::vector<ports::OutboxRow> updated);

  // Looks at the timers again: after a virtual clock was moved.
  void Wake();

  // Returns when everything that is due now has been done: no command queued, no timer due, no
  // message between cases pending. For tests and virtual clocks. False when the engine stops
  // meanwhile.
  bool Settle();

  // Called after each commit with its last change, from the loop's thread; for watchers. Set before
  // Start.
  void OnCommit(std::function<void(std::uint64_t last_change)> listener);

  // Called after OnCommit when there may be something new to deliver: the commit wrote
  // notifications, or another node may have. From the loop's thread. Set before Start.
  void OnNotification(std::function<void()> listener);

  // Called after each batch, also one that failed, from the loop's thread; it must not block. Set
  // before Start.
  struct BatchReport {
    std::size_t commands = 0;           // of clients, timers and other cases
    std::chrono::nanoseconds took{};    // from gathering to the last answer
    std::chrono::nanoseconds commit{};  // of it in the storage; 0: nothing was to be written
    bool failed = false;
  };
  void OnBatch(std::function<void(const BatchReport&)> listener);

  struct Counters {
    std::uint64_t steps = 0;
    std::uint64_t rejections = 0;
    std::uint64_t batches = 0;
    std::uint64_t timers_fired = 0;
    std::uint64_t overloaded = 0;                   // refused at the door
    std::map<std::string, std::uint64_t> steps_of;  // by workflow
    // As it is now.
    std::size_t waiting = 0;
    std::chrono::milliseconds oldest_waits{};
    std::size_t internal = 0;  // messages between cases, read and not yet carried out
  };
  Counters counters() const;

 private:
  class Loop;
  std::unique_ptr<Loop> loop_;
};

}  // namespace duban::engine
