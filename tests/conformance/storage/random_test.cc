// Random batches, compared with a model so simple that it can be seen to be right: lists, searched
// from the front.
#include <algorithm>
#include <random>

#include "tests/conformance/storage/subject.h"

namespace duban::conformance {
namespace {

using namespace ports;

struct Model {
  std::vector<CaseRow> cases;
  std::vector<JournalRow> journal;
  std::vector<TaskRow> tasks;
  std::vector<TimerRow> timers;
  std::vector<OutboxRow> outbox;

  static auto Key(const auto& row) { return std::pair(row.case_id, row.ordinal); }
  template <class Row>
  static void Put(std::vector<Row>& rows, const Row& row) {
    Remove(rows, Key(row));
    rows.push_back(row);
    std::ranges::sort(rows, {}, [](const Row& r) { return Key(r); });
  }
  template <class Row, class K>
  static bool Remove(std::vector<Row>& rows, const K& key) {
    return std::erase_if(rows, [&](const Row& r) { return Key(r) == key; }) > 0;
  }
  CaseRow* Find(model::CaseId id) {
    const auto found = std::ranges::find(cases, id, &CaseRow::case_id);
    return found == cases.end() ? nullptr : &*found;
  }

  void Apply(const Batch& batch) {
    for (const auto& write : batch.cases) {
      if (CaseRow* row = Find(write.row.case_id)) {
        *row = write.row;
      } else {
        cases.push_back(write.row);
      }
      for (JournalRow entry : write.journal) {
        entry.change = journal.size() + 1;
        journal.push_back(entry);
      }
      for (const auto& task : write.tasks) Put(tasks, task);
      for (const auto ordinal : write.timers_cleared)
        Remove(timers, std::pair(write.row.case_id, ordinal));
      for (const auto& timer : write.timers_set) Put(timers, timer);
      for (const auto& row : write.outbox) Put(outbox, row);
    }
    for (const auto& key : batch.outbox_done) Remove(outbox, std::pair(key.case_id, key.ordinal));
    for (const auto& row : batch.outbox_updated) {
      if (Remove(outbox, Key(row))) Put(outbox, row);
    }
    std::ranges::sort(cases, {}, &CaseRow::case_id);
  }

  std::vector<TaskRow> Inbox(const std::string& person, model::TaskId after,
                             std::size_t size) const {
    std::vector<TaskRow> page;
    for (const auto& task : tasks) {
      const bool theirs =
          task.open && std::ranges::find(task.candidates, person) != task.candidates.end();
      if (theirs && model::TaskId{task.case_id, task.ordinal} > after && page.size() < size)
        page.push_back(task);
    }
    return page;
  }
  std::vector<OutboxRow> Pending(OutboxKind kind, model::Timestamp until) const {
    std::vector<OutboxRow> page;
    for (const auto& row : outbox) {
      const auto holds_back = [&](const OutboxRow& other) {
        return other.case_id == row.case_id && other.ordinal <= row.ordinal && other.kind == kind &&
               other.state == OutboxState::kPending && other.next_attempt > until;
      };
      if (row.kind == kind && row.state == OutboxState::kPending &&
          std::ranges::none_of(outbox, holds_back)) {
        page.push_back(row);
      }
    }
    return page;
  }
  std::vector<TimerRow> Due(model::Timestamp until) const {
    std::vector<TimerRow> page;
    for (const auto& timer : timers) {
      if (timer.due <= until) page.push_back(timer);
    }
    std::ranges::stable_sort(page, {}, &TimerRow::due);
    return page;
  }
};

class RandomTest : public StorageTest {
 protected:
  std::uint64_t Below(std::uint64_t n) { return random_() % n; }
  std::string Person() { return "person-" + std::to_string(Below(4)); }

  CaseWrite RandomStep(model::CaseId id, model::Revision expected) {
    CaseWrite write = Step(id, expected);
    write.row.workflow = Below(2) == 0 ? "a" : "b";
    write.row.ended = Below(8) == 0;
    if (Below(3) == 0) write.row.parent = Id(Below(5) + 1);
    write.row.body = std::string(Below(2000), static_cast<char>(Below(256)));
    for (std::uint64_t i = Below(3); i > 0; --i) {
      TaskRow task = Task(id, static_cast<model::Ordinal>(Below(6)), {});
      for (std::uint64_t n = Below(3); n > 0; --n) task.candidates.push_back(Person());
      task.open = Below(3) != 0;
      write.tasks.push_back(task);
    }
    for (std::uint64_t i = Below(3); i > 0; --i) {
      const auto ordinal = static_cast<model::Ordinal>(Below(5));
      Below(3) == 0
          ? write.timers_cleared.push_back(ordinal)
          : write.timers_set.push_back({id, ordinal, At(static_cast<std::int64_t>(Below(50)))});
    }
    for (std::uint64_t i = Below(3); i > 0; --i) {
      write.outbox.push_back(RandomOutgoing(id, ++ordinal_));
    }
    return write;
  }
  OutboxRow RandomOutgoing(model::CaseId id, model::Ordinal ordinal) {
    OutboxRow row = Outgoing(id, ordinal, static_cast<OutboxKind>(Below(2)),
                             At(static_cast<std::int64_t>(Below(50))));
    row.state = Below(6) == 0 ? OutboxState::kDead : OutboxState::kPending;
    return row;
  }
  Batch RandomBatch() {
    Batch batch;
    Model ahead = model_;
    for (std::uint64_t i = Below(6) + 1; i > 0; --i) {
      const model::CaseId id = Id(Below(12) + 1);
      const CaseRow* stored = ahead.Find(id);
      batch.cases.push_back(RandomStep(id, stored == nullptr ? 0 : stored->revision));
      ahead.Apply(One(batch.cases.back()));
    }
    for (const auto& row : ahead.outbox) {
      if (Below(6) == 0) batch.outbox_done.push_back({row.case_id, row.ordinal});
      if (Below(6) == 0) batch.outbox_updated.push_back(RandomOutgoing(row.case_id, row.ordinal));
    }
    for (auto& row : batch.outbox_updated) {
      const auto stored = std::ranges::find(ahead.outbox, Model::Key(row),
                                            [](const auto& r) { return Model::Key(r); });
      row.kind = stored->kind;
    }
    return batch;
  }

  void Compare() {
    std::vector<CaseRow> listed = model_.cases;
    for (auto& row : listed) {
      EXPECT_EQ(Bytes(Got(storage->LoadCase(row.case_id)).value_or(CaseRow{})), Bytes(row));
      row.body.clear();
    }
    EXPECT_EQ(Bytes(Got(storage->ListCases({}))), Bytes(listed));
    std::erase_if(listed, [](const CaseRow& row) { return row.workflow != "a" || row.ended; });
    EXPECT_EQ(Bytes(Got(storage->ListCases({.workflow = "a", .ended = false}))), Bytes(listed));
    const std::string person = Person();
    const model::TaskId after{Id(Below(12)), static_cast<model::Ordinal>(Below(6))};
    EXPECT_EQ(Bytes(Got(storage->ListTasks({.candidate = person, .after = after, .page_size = 5}))),
              Bytes(model_.Inbox(person, after, 5)));
    const auto until = At(static_cast<std::int64_t>(Below(50)));
    EXPECT_EQ(Bytes(Got(storage->DueTimers(until, 1000))), Bytes(model_.Due(until)));
    for (const auto kind : {OutboxKind::kNotification, OutboxKind::kCommand}) {
      EXPECT_EQ(Bytes(Got(storage->PendingOutbox(kind, until, 1000))),
                Bytes(model_.Pending(kind, until)));
    }
    std::vector<OutboxRow> dead = model_.outbox;
    std::erase_if(dead, [](const OutboxRow& row) { return row.state != OutboxState::kDead; });
    EXPECT_EQ(Bytes(Got(storage->DeadOutbox({}, 1000))), Bytes(dead));
    const std::uint64_t last = model_.journal.size();
    EXPECT_EQ(Got(storage->LastChange()), last);
    const std::uint64_t from = Below(last + 1);
    const auto until_change = std::min<std::uint64_t>(last, from + 20);
    EXPECT_EQ(
        Bytes(Got(storage->ReadChanges(from, 20))),
        Bytes(std::vector(model_.journal.begin() + static_cast<std::ptrdiff_t>(from),
                          model_.journal.begin() + static_cast<std::ptrdiff_t>(until_change))));
  }

  std::mt19937_64 random_;
  model::Ordinal ordinal_ = 0;
  Model model_;
};

TEST_P(RandomTest, BehavesAsTheSimpleModel) {
  for (std::uint64_t seed = 1; seed <= 6; ++seed) {
    SCOPED_TRACE(seed);
    random_.seed(seed);
    for (int i = 0; i < 25 && !HasFailure(); ++i) {
      Batch batch = RandomBatch();
      if (Below(5) == 0) {
        Batch stale = batch;
        stale.cases.back().expected_revision += 1000;
        stale.cases.back().row.revision += 1000;
        ASSERT_FALSE(storage->Commit(stale));
      }
      ASSERT_COMMITS(batch);
      model_.Apply(batch);
      if (GetParam().durable && Below(20) == 0) {
        Close();
        Open();
      }
      Compare();
    }
  }
}

DUBAN_EVERY_STORAGE(RandomTest);

}  // namespace
}  // namespace duban::conformance
