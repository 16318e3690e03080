// The door of the engine: which command may wait, how long it would have to, and who is taken next.
//
// Three rules, so that a flood is refused while answers are still quick and one caller cannot take
// the place of another:
// - Room: a caller who has n commands waiting may add one while n is less than the room that is
//   left. One flood takes half of the queue at most, two a third each; there is always a place for
//   somebody who has nothing waiting. A command counts one, and one more for each kCommandUnit
//   bytes of it.
// - Wait: a command that would wait longer than `max_wait` is refused at once. The wait is what the
//   batches before it took lately, together with the age of the batch under way.
// - Turns: one command of each caller, in the order in which they came, then the next of each.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <list>
#include <optional>
#include <string>
#include <unordered_map>

#include "core/engine/engine.h"

namespace duban::engine {

// A command on its way: from a client, a timer, or another case's step. It gets its place in memory
// when it comes, and keeps it until it is answered: lists hand it on.
struct Asked {
  model::Command command;
  std::function<void(const Reply&)> reply{};      // clients only
  std::size_t bytes = 0;                          // of clients' commands
  std::optional<ports::OutboxRow> from_outbox{};  // messages between cases: removed with the commit
  bool is_timer = false;
  // Under which the answer is remembered, and what makes the request the same; empty: not at all.
  std::string key{};
  std::string fingerprint{};
  // While it waits.
  std::size_t weight = 0;
  std::chrono::steady_clock::time_point since{};
};

// Not thread-safe: the engine's mutex guards it.
class Admission {
 public:
  using Clock = std::chrono::steady_clock;
  using Millis = std::chrono::milliseconds;

  explicit Admission(const Limits& limits) : limits_(limits) {}

  // The first of `asked`. nullopt: it waits, and has gone from there. Else all is as it was, and
  // the caller should come again after so long.
  std::optional<Millis> Add(std::list<Asked>& asked, Clock::time_point now);

  // At most so many for the next batch, in turns.
  std::list<Asked> Take(std::size_t most);

  // Whether a batch is under way, and since when: what waits goes after it.
  void Began(Clock::time_point now);
  void Finished(Clock::time_point now);

  bool empty() const { return size_ == 0; }
  std::size_t size() const { return size_; }  // commands
  // Of the command that waits longest; 0 when none does.
  Millis OldestAge(Clock::time_point now) const;

 private:
  struct Caller {
    model::PersonId id;
    std::list<Asked> waiting;
    std::size_t weight = 0;
  };

  static std::size_t WeightOf(const Asked& asked);
  Millis WaitOf(std::size_t ahead, Clock::time_point now) const;

  const Limits limits_;
  std::list<Caller> callers_;  // who waits, next in turn first
  std::unordered_map<model::PersonId, std::list<Caller>::iterator> by_id_;
  std::size_t size_ = 0;
  std::size_t weight_ = 0;
  std::optional<Clock::time_point> begun_;  // of the batch under way
  Clock::duration usual_{};                 // how long a batch took lately
};

}  // namespace duban::engine
