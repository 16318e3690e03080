#include "tests/simulation/simulation.h"

#include <algorithm>
#include <exception>

#include "core/model/codec.h"
#include "tests/simulation/clients.h"
#include "tests/simulation/operations.h"

namespace duban::simulation {
namespace {

constexpr std::int64_t kHour = 3'600'000;
constexpr int kTurnsToRest = 100'000;
constexpr int kRoundsToRest = 3'000;

engine::Limits RandomLimits(Random& random) {
  engine::Limits limits;
  limits.queue = static_cast<std::size_t>(random.Between(8, 200));
  limits.batch = static_cast<std::size_t>(random.Between(1, 40));
  limits.timers_per_batch = static_cast<std::size_t>(random.Between(1, 30));
  limits.cached_cases = static_cast<std::size_t>(random.Between(1, 60));
  return limits;
}

class Run {
 public:
  Run(Theatre& theatre, const Options& options, Report& report)
      : options_(options),
        report_(report),
        random_(options.seed * 0x2545f4914f6cdd1d + 1),
        faults_(RandomFaults(random_)),
        clock_(1'651'363'200'000 + random_.Between(0, 60) * 24 * kHour),  // from 2022-05-01
        trace_(options.trace),
        effects_({"mail"}, {"mail", "phone"}),
        checker_(disk_, *theatre.campaign, theatre.world, clock_, effects_),
        workload_(theatre, checker_, clock_, random_),
        clients_(checker_, workload_, random_, trace_),
        theatre_(theatre) {
    disk_.on_applied = [this](const ports::Batch& batch, std::uint64_t last) {
      checker_.Applied(batch, last);
    };
    if (options.sabotage) sabotage_ = options.sabotage(disk_);
    const std::size_t nodes = options.nodes;
    fleet_.alive.resize(nodes);
    const Surroundings around{theatre_, disk_,   sabotage_ ? *sabotage_ : disk_,
                              effects_, random_, clock_,
                              faults_,  trace_,  fleet_};
    for (std::size_t i = 0; i < nodes; ++i) {
      nodes_.push_back(std::make_unique<Node>(around, i, RandomLimits(random_)));
      if (nodes > 1) nodes_[i]->OnOvertaken([this] { LetAnotherGo(); });
    }
  }

  void Play() {
    engine::Catalog catalog(disk_);
    if (!catalog.Deploy(theatre_.files, theatre_.administrators.front(), clock_.Now()))
      throw Violation{"the campaign is not deployed"};
    for (; report_.steps < options_.steps; ++report_.steps) Step();
    trace_.Add([] { return std::string("no more faults; everything comes to rest"); });
    faults_ = {};
    Rest();
    checker_.Final(clock_);
  }

  void Count() {
    report_.cases = disk_.cases().size();
    report_.commits = checker_.commits();
    report_.conflicts = disk_.conflicts();
    report_.entries = checker_.entries();
    report_.acknowledged = checker_.acknowledged();
    report_.idle = checker_.idle();
    report_.done = clients_.done();
    report_.rejected = clients_.rejected();
    report_.repeated = clients_.repeated();
    report_.timers = checker_.timers_fired();
    report_.delivered = effects_.delivered();
    report_.delivered_again = effects_.repeated();
    report_.trace = trace_.lines();
  }

 private:
  void Step() {
    Node& node = *random_.Pick(nodes_);
    busy_ = {&node};
    try {
      if (!node.alive()) {
        if (nodes_.size() == 1 || random_.Percent(30)) Start(node);
        return;
      }
      Do(node);
    } catch (const Crash& crash) {
      Died(node, crash);
    }
  }

  void Start(Node& node) {
    const bool up = node.Start();
    report_.restarts += up;
    trace_.Add([&] { return std::string(up ? "a node starts" : "a node cannot start"); });
    if (!up) clock_.Pass(1'000);
  }

  void Do(Node& node) {
    if (random_.Happens(faults_.killed)) throw Crash{"between two steps"};
    if (random_.Happens(faults_.stopped)) {
      for (int turns = 0; turns < 1'000 && node.engine().Turn(); ++turns) {
      }
      node.Die();
      return;
    }
    if (random_.Happens(faults_.clock_set_back)) clock_.SetBack(random_.Between(1, 10'000));
    const std::uint64_t what = random_.Below(100);
    if (what < 45) {
      clients_.Act(node);
    } else if (what < 80) {
      trace_.Add([&] { return Stamp() + " a turn of the engine"; });
      node.engine().Turn();
    } else if (what < 90) {
      trace_.Add([&] { return Stamp() + " the outbox is looked at"; });
      node.outbox().Turn();
    } else if (what < 98) {
      LetTimePass();
    } else {
      node.Look(random_.Pick(theatre_.people));
    }
  }

  // In the middle of a turn. Whoever is in the middle of one already stands where it is.
  void LetAnotherGo() {
    Node& node = *random_.Pick(nodes_);
    if (!node.alive() || std::ranges::find(busy_, &node) != busy_.end()) return;
    busy_.push_back(&node);
    trace_.Add([] { return std::string("    meanwhile another node"); });
    try {
      if (random_.Percent(70)) {
        node.engine().Turn();
      } else {
        node.outbox().Turn();
      }
    } catch (const Crash& crash) {
      Died(node, crash);
    }
    busy_.pop_back();
  }

  void Died(Node& node, const Crash& crash) {
    ++report_.crashes;
    trace_.Add([&] { return "  CRASH " + crash.where; });
    node.Die();
  }

  std::string Stamp() const { return model::FormatRfc3339(clock_.Now(), 8 * 3600); }

  void LetTimePass() {
    const std::uint64_t how = random_.Below(100);
    if (how < 60) return clock_.Pass(random_.Between(1, 5'000));
    if (how < 85) {
      const auto next = disk_.NextTimer();
      const std::int64_t wait =
          next && *next ? (*next)->UnixMillis() - clock_.Now().UnixMillis() : 0;
      return clock_.Pass(std::clamp<std::int64_t>(wait + random_.Between(-1, 1), 1, 100 * kHour));
    }
    clock_.Pass(random_.Between(1, how < 98 ? 5 * kHour : 10 * 24 * kHour));
  }

  // Everybody lives, nothing fails any more: clients insist, and the engines work until nothing is
  // due.
  void Rest() {
    for (const auto& node : nodes_) {
      if (!node->alive() && !node->Start()) throw Violation{"a node does not start, for no reason"};
    }
    int quiet = 0;  // rounds in which nothing waited
    for (int round = 0; quiet < 3; ++round) {
      if (round > kRoundsToRest)
        throw Violation{"something waits for ever: " + WhatWaits() + LastSteps()};
      bool waiting = clients_.Insist(*nodes_.front());
      for (const auto& node : nodes_) {
        int turns = 0;
        while (node->engine().Turn() || node->outbox().Turn()) {
          if (++turns > kTurnsToRest)
            throw Violation{"the engine does not come to rest: " + WhatWaits() + LastSteps()};
        }
      }
      std::optional<model::Timestamp> next;
      for (const auto& [key, row] : disk_.outbox()) {
        if (row.state == ports::OutboxState::kPending && (!next || row.next_attempt < *next))
          next = row.next_attempt;
      }
      const auto timer = disk_.NextTimer();
      waiting |= next || (timer && *timer && **timer <= clock_.Now());
      quiet = waiting ? 0 : quiet + 1;
      const std::int64_t wait = next ? next->UnixMillis() - clock_.Now().UnixMillis() : 0;
      if (quiet < 3) clock_.Pass(std::max<std::int64_t>(wait, 1'100));
    }
  }

  // What was written at last, for whoever looks for the circle.
  std::string LastSteps() const {
    std::string text;
    const auto& changes = disk_.changes();
    for (std::size_t i = changes.size() - std::min<std::size_t>(changes.size(), 4);
         i < changes.size(); ++i) {
      const auto& [id, revision] = changes[i];
      const StoredCase& stored = disk_.cases().at(id);
      const auto entry = model::Decode<model::JournalEntry>(stored.journal.at(revision).body);
      text += fmt::format("\n  {} ({}) revision {}, by {}:", id.ToString(), stored.row.workflow,
                          revision, entry.actor);
      for (const model::Event& event : entry.events) {
        text += fmt::format(" {}", event.index());
        if (const auto* set = std::get_if<model::TimerSet>(&event))
          text += fmt::format("[set {} of state {} for {}]", set->timer.ordinal, set->timer.state,
                              model::FormatRfc3339(set->timer.due));
        if (const auto* fired = std::get_if<model::TimerFired>(&event))
          text +=
              fmt::format("[fired {}, due {}]", fired->ordinal, model::FormatRfc3339(fired->due));
      }
    }
    return text;
  }

  std::string WhatWaits() const {
    for (const auto& [key, row] : disk_.outbox()) {
      if (row.state != ports::OutboxState::kPending) continue;
      std::string what = "notification";
      if (row.kind == ports::OutboxKind::kCommand) {
        const auto command = model::Decode<model::Command>(row.body);
        what = fmt::format("{} to {}", NameOf(command.body), command.case_id.ToString());
      }
      return fmt::format("outbox row {} ({}, next attempt {}, last error '{}') at {}",
                         model::TaskId{key.case_id, key.ordinal}.ToString(), what,
                         model::FormatRfc3339(row.next_attempt), row.last_error,
                         model::FormatRfc3339(clock_.Now()));
    }
    for (const auto& [id, stored] : disk_.cases()) {
      for (const auto& [ordinal, due] : stored.timers) {
        if (due <= clock_.Now())
          return fmt::format("timer {}-{}, due {}", id.ToString(), ordinal,
                             model::FormatRfc3339(due));
      }
    }
    return "a client";
  }

  const Options& options_;
  Report& report_;
  Random random_;
  Faults faults_;
  VirtualClock clock_;
  Trace trace_;
  Disk disk_;
  std::unique_ptr<ports::Storage> sabotage_;
  Effects effects_;
  Checker checker_;
  Workload workload_;
  Clients clients_;
  Theatre& theatre_;
  Fleet fleet_;
  std::vector<std::unique_ptr<Node>> nodes_;
  std::vector<const Node*> busy_;  // in the middle of a step
};

}  // namespace

Report Simulate(Theatre& theatre, const Options& options) {
  Report report;
  Run run(theatre, options, report);
  try {
    run.Play();
  } catch (const Violation& violation) {
    report.failure = violation.what;
  } catch (const Crash& crash) {
    report.failure = "a crash where nothing crashes: " + crash.where;
  } catch (const std::exception& error) {
    report.failure = std::string("an exception: ") + error.what();
  }
  run.Count();
  return report;
}

void Report::Add(const Report& other) {
  steps += other.steps;
  cases += other.cases;
  commits += other.commits;
  conflicts += other.conflicts;
  entries += other.entries;
  crashes += other.crashes;
  restarts += other.restarts;
  acknowledged += other.acknowledged;
  idle += other.idle;
  for (const auto& [operation, times] : other.done) done[operation] += times;
  rejected += other.rejected;
  repeated += other.repeated;
  timers += other.timers;
  delivered += other.delivered;
  delivered_again += other.delivered_again;
}

std::string Report::ToString() const {
  std::string text = fmt::format(
      "steps {}, cases {}, commits {} (overtaken {}), committed steps of cases {}, crashes {}, "
      "restarts {},\n"
      "acknowledged {} (answered again {}, so already {}), refused {}, timers fired {}, messages "
      "delivered {} (again {})\nof them:",
      steps, cases, commits, conflicts, entries, crashes, restarts, acknowledged, repeated, idle,
      rejected, timers, delivered, delivered_again);
  for (const auto& [operation, times] : done) text += fmt::format(" {} {}", operation, times);
  return text;
}

}  // namespace duban::simulation
