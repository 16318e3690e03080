// Do the checks bite? Each test puts something between engine and disk that breaks one promise, as
// a defect of the engine would, and expects the simulator to say so.
#include <gmock/gmock.h>

#include <cstdlib>

#include "core/model/codec.h"
#include "core/model/event.h"
#include "tests/doubles/storage_proxy.h"
#include "tests/simulation/simulation.h"

namespace duban::simulation {
namespace {

using testing::AnyOf;
using testing::HasSubstr;

// Passes everything on, but lets a batch be changed first. The change is made to every batch for
// which it says true; `swallow` acknowledges such a batch without writing it.
class Sabotage final : public doubles::StorageProxy {
 public:
  using Change = std::function<bool(ports::Batch&)>;
  Sabotage(ports::Storage& disk, Change change, bool swallow)
      : StorageProxy(disk), change_(std::move(change)), swallow_(swallow) {}

  ports::StorageResult<ports::CommitResult> Commit(const ports::Batch& batch) override {
    ports::Batch changed = batch;
    if (!change_(changed)) return StorageProxy::Commit(batch);
    if (!swallow_) return StorageProxy::Commit(changed);
    return ports::CommitResult{*LastChange()};
  }

 private:
  const Change change_;
  const bool swallow_;
};

Theatre& Own() {
  static const std::unique_ptr<Theatre> theatre =
      OpenTheatre(std::string(std::getenv("DUBAN_SOURCE")) + "/tests/simulation/campaign");
  return *theatre;
}

// What the simulator finds within a few seeds; empty when it finds nothing.
std::string Found(const Sabotage::Change& change, bool swallow = false, std::uint64_t nodes = 1) {
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    Options options{.seed = seed, .steps = 4'000, .nodes = nodes, .trace = false, .sabotage = {}};
    options.sabotage = [&](ports::Storage& disk) {
      return std::make_unique<Sabotage>(disk, change, swallow);
    };
    const Report report = Simulate(Own(), options);
    if (report.failure) return *report.failure;
  }
  return "";
}

// True for one batch in ten of those that have what is asked for.
Sabotage::Change Sometimes(std::function<bool(ports::Batch&)> change) {
  return [change, count = 0](ports::Batch& batch) mutable {
    ports::Batch changed = batch;
    if (!change(changed) || ++count % 10 != 0) return false;
    batch = std::move(changed);
    return true;
  };
}

TEST(Teeth, WithoutSabotageNothingIsFound) {
  EXPECT_EQ(Found([](ports::Batch&) { return false; }), "");
  EXPECT_EQ(Found([](ports::Batch&) { return false; }, false, 3), "");
}

TEST(Teeth, AMessageThatTwoNodesCarryOut) {
  EXPECT_THAT(Found(
                  [](ports::Batch& batch) {
                    const bool any = !batch.outbox_taken.empty();
                    batch.outbox_taken.clear();
                    return any;
                  },
                  false, 3),
              HasSubstr("but it stays in the outbox"));
}

TEST(Teeth, AcknowledgingBeforeTheCommit) {
  EXPECT_THAT(Found(Sometimes([](ports::Batch& batch) { return !batch.requests.empty(); }), true),
              AnyOf(HasSubstr("is acknowledged and not stored"),
                    HasSubstr("is answered otherwise than it is stored")));
}

TEST(Teeth, ForgettingTheAnswerOfARequest) {
  EXPECT_THAT(Found(Sometimes([](ports::Batch& batch) {
                if (batch.requests.empty()) return false;
                batch.requests.pop_back();
                return true;
              })),
              HasSubstr("its answer is not stored with it"));
}

TEST(Teeth, ForgettingToRemoveAMessageThatWasTaken) {
  EXPECT_THAT(Found(Sometimes([](ports::Batch& batch) {
                const bool any = !batch.outbox_done.empty() && !batch.cases.empty();
                batch.outbox_done.clear();
                return any;
              })),
              AnyOf(HasSubstr("but it stays in the outbox"), HasSubstr("sent again without need"),
                    HasSubstr("something waits for ever"), HasSubstr("still in the outbox")));
}

TEST(Teeth, LosingAnEffect) {
  EXPECT_THAT(Found(Sometimes([](ports::Batch& batch) {
                for (ports::CaseWrite& write : batch.cases) {
                  if (write.outbox.empty()) continue;
                  write.outbox.pop_back();
                  return true;
                }
                return false;
              })),
              HasSubstr("an effect without an outbox row"));
}

TEST(Teeth, ATimerThatStaysWhenItHasFired) {
  EXPECT_THAT(Found(Sometimes([](ports::Batch& batch) {
                for (ports::CaseWrite& write : batch.cases) {
                  if (write.timers_cleared.empty()) continue;
                  write.timers_cleared.clear();
                  return true;
                }
                return false;
              })),
              HasSubstr("a timer is stored that the case does not have"));
}

TEST(Teeth, ATimerThatIsForgotten) {
  EXPECT_THAT(Found(Sometimes([](ports::Batch& batch) {
                for (ports::CaseWrite& write : batch.cases) {
                  if (write.timers_set.empty()) continue;
                  write.timers_set.pop_back();
                  return true;
                }
                return false;
              })),
              HasSubstr("is lost"));
}

// The entry of a timer, or of a decision, once more under the next revision.
Sabotage::Change Twice(std::function<bool(const model::Event&)> which) {
  return Sometimes([which](ports::Batch& batch) {
    for (std::size_t i = batch.cases.size(); i-- > 0;) {
      const ports::CaseWrite& write = batch.cases[i];
      if (write.journal.empty()) continue;
      auto entry = model::Decode<model::JournalEntry>(write.journal.front().body);
      if (std::ranges::none_of(entry.events, which)) continue;
      ports::CaseWrite again;
      again.expected_revision = write.row.revision;
      again.row = write.row;
      ++again.row.revision;
      entry.revision = again.row.revision;
      again.journal.push_back({write.row.case_id, entry.revision, 0, model::Encode(entry)});
      batch.cases.insert(batch.cases.begin() + static_cast<std::ptrdiff_t>(i) + 1, again);
      return true;
    }
    return false;
  });
}

TEST(Teeth, ATimerThatFiresTwice) {
  EXPECT_THAT(Found(Twice([](const model::Event& event) {
                return std::holds_alternative<model::TimerFired>(event);
              })),
              HasSubstr("a timer fires that is not set: twice"));
}

TEST(Teeth, ADecisionThatIsTakenTwice) {
  EXPECT_THAT(Found(Twice([](const model::Event& event) {
                return std::holds_alternative<model::SeatDecided>(event);
              })),
              AnyOf(HasSubstr("a decision on a seat that is not open"),
                    HasSubstr("a decision on a seat that there is not"),
                    HasSubstr("is applied a second time")));
}

TEST(Teeth, ACaseThatIsNotTheFoldOfItsJournal) {
  EXPECT_THAT(Found(Sometimes([](ports::Batch& batch) {
                if (batch.cases.empty()) return false;
                ports::CaseRow& row = batch.cases.back().row;
                auto state = model::Decode<model::Case>(row.body);
                state.next_ordinal += 1;
                row.body = model::Encode(state);
                return true;
              })),
              HasSubstr("not the fold of its journal"));
}

TEST(Teeth, ATaskThatStaysOpen) {
  EXPECT_THAT(
      Found(Sometimes([](ports::Batch& batch) {
        for (ports::CaseWrite& write : batch.cases) {
          for (ports::TaskRow& task : write.tasks) {
            if (task.open) continue;
            task.open = true;
            return true;
          }
        }
        return false;
      })),
      AnyOf(HasSubstr("its row is not the task"), HasSubstr("an open task that nothing asks for")));
}

TEST(Teeth, AMessageThatCountsAsSentBeforeItIs) {
  EXPECT_THAT(Found(Sometimes([](ports::Batch& batch) {
                for (const ports::CaseWrite& write : batch.cases) {
                  for (const ports::OutboxRow& row : write.outbox) {
                    if (row.kind == ports::OutboxKind::kCommand) continue;
                    batch.outbox_done.push_back({row.case_id, row.ordinal});
                    return true;
                  }
                }
                return false;
              })),
              HasSubstr("counts as delivered"));
}

TEST(Teeth, TheSameSeedPlaysTheSameRun) {
  const Options options{.seed = 7, .steps = 3'000, .nodes = 1, .trace = true, .sabotage = {}};
  const Report first = Simulate(Own(), options);
  const Report second = Simulate(Own(), options);
  EXPECT_EQ(first.ToString(), second.ToString());
  EXPECT_EQ(first.trace, second.trace);
}

}  // namespace
}  // namespace duban::simulation
