// Reading: order, filters, pages.
#include "tests/conformance/storage/subject.h"

namespace duban::conformance {
namespace {

using namespace ports;
using Code = StorageError::Code;

class QueryTest : public StorageTest {
 protected:
  std::vector<std::uint64_t> Numbers(const std::vector<CaseRow>& rows) {
    std::vector<std::uint64_t> numbers;
    for (const auto& row : rows) numbers.push_back(row.case_id.value - Id(0).value);
    return numbers;
  }
  std::vector<model::Ordinal> Ordinals(const std::vector<TaskRow>& rows) {
    std::vector<model::Ordinal> ordinals;
    for (const auto& row : rows) ordinals.push_back(row.ordinal);
    return ordinals;
  }
};

using Cases = std::vector<std::uint64_t>;
using Tasks = std::vector<model::Ordinal>;

TEST_P(QueryTest, CasesComeByIdWithEveryCombinationOfFilters) {
  Batch batch;
  for (const std::uint64_t n : {7, 2, 5, 3, 6, 1, 4}) {
    CaseWrite write = Step(Id(n), 0);
    write.row.workflow = n % 2 == 0 ? "even" : "odd";
    write.row.ended = n > 4;
    if (n > 2) write.row.parent = Id(n % 3 + 1);
    batch.cases.push_back(write);
  }
  ASSERT_COMMITS(batch);
  const auto list = [&](CaseQuery query) { return Numbers(Got(storage->ListCases(query))); };
  EXPECT_EQ(list({}), (Cases{1, 2, 3, 4, 5, 6, 7}));
  EXPECT_EQ(list({.workflow = "even"}), (Cases{2, 4, 6}));
  EXPECT_EQ(list({.workflow = "even", .ended = false}), (Cases{2, 4}));
  EXPECT_EQ(list({.workflow = "odd", .ended = true}), (Cases{5, 7}));
  EXPECT_EQ(list({.ended = false}), (Cases{1, 2, 3, 4}));
  EXPECT_EQ(list({.ended = true, .after = Id(5)}), (Cases{6, 7}));
  EXPECT_EQ(list({.parent = Id(1)}), (Cases{3, 6}));
  EXPECT_EQ(list({.workflow = "odd", .parent = Id(1), .ended = false}), (Cases{3}));
  EXPECT_EQ(list({.workflow = "none"}), (Cases{}));
  EXPECT_EQ(list({.after = Id(2), .page_size = 3}), (Cases{3, 4, 5}));
  EXPECT_EQ(Got(storage->LastCaseId()), Id(7).value);
  for (const auto& row : Got(storage->ListCases({}))) {
    EXPECT_TRUE(row.body.empty()) << "a list comes without bodies";
    EXPECT_FALSE(row.summary.empty());
  }
}

TEST_P(QueryTest, ACaseThatEndsOrMovesIsFoundWhereItIsNow) {
  ASSERT_COMMITS(One(Step(Id(1), 0)));
  CaseWrite write = Step(Id(1), 1);
  write.row.ended = true;
  write.row.outcome = "closed";
  write.row.workflow = "other";
  write.row.parent = Id(8);
  ASSERT_COMMITS(One(write));
  EXPECT_TRUE(Got(storage->ListCases({.workflow = "inspection"})).empty());
  EXPECT_TRUE(Got(storage->ListCases({.workflow = "other", .ended = false})).empty());
  EXPECT_EQ(Got(storage->ListCases({.workflow = "other", .ended = true})).size(), 1u);
  EXPECT_EQ(Got(storage->ListCases({.parent = Id(8)})).at(0).outcome, "closed");
}

TEST_P(QueryTest, IdsOfTheWholeRangeKeepTheirOrder) {
  constexpr std::uint64_t kTop = std::uint64_t{1} << 63;
  Batch batch;
  for (const std::uint64_t value : {kTop, std::uint64_t{1}, UINT64_MAX, kTop - 1}) {
    CaseWrite write = Step({value}, 0);
    write.timers_set = {{{value}, 1, At(0)}};
    batch.cases.push_back(write);
  }
  ASSERT_COMMITS(batch);
  std::vector<std::uint64_t> listed, timers;
  for (const auto& row : Got(storage->ListCases({}))) listed.push_back(row.case_id.value);
  for (const auto& row : Got(storage->DueTimers(At(0), 10))) timers.push_back(row.case_id.value);
  EXPECT_EQ(listed, (std::vector<std::uint64_t>{1, kTop - 1, kTop, UINT64_MAX}));
  EXPECT_EQ(timers, listed);
  EXPECT_EQ(Got(storage->ListCases({.after = {kTop}})).size(), 1u);
  EXPECT_EQ(Got(storage->LastCaseId()), UINT64_MAX);
}

TEST_P(QueryTest, AnInboxHoldsTheOpenTasksOfItsPerson) {
  CaseWrite write = Step(Id(1), 0);
  write.tasks = {Task(Id(1), 1, {"li", "wang"}), Task(Id(1), 2, {"wang"}),
                 Task(Id(1), 3, {"li", "li"})};
  write.tasks[0].due.reset();
  ASSERT_COMMITS(One(write));
  EXPECT_EQ(Ordinals(Got(storage->ListTasks({.candidate = "li"}))), (Tasks{1, 3}));
  EXPECT_EQ(Ordinals(Got(storage->ListTasks({.candidate = "wang"}))), (Tasks{1, 2}));
  EXPECT_EQ(Bytes(Got(storage->ListTasks({.candidate = "wang"}))[0]), Bytes(write.tasks[0]));
  EXPECT_TRUE(Got(storage->ListTasks({.candidate = "l"})).empty());

  CaseWrite next = Step(Id(1), 1);
  next.tasks = {Task(Id(1), 1, {"zhao", "wang"}), Task(Id(1), 2, {"wang"})};
  next.tasks[1].open = false;
  ASSERT_COMMITS(One(next));
  EXPECT_EQ(Ordinals(Got(storage->ListTasks({.candidate = "li"}))), (Tasks{3}));
  EXPECT_EQ(Ordinals(Got(storage->ListTasks({.candidate = "wang"}))), (Tasks{1}));
  EXPECT_EQ(Ordinals(Got(storage->ListTasks({.candidate = "zhao"}))), (Tasks{1}));
  EXPECT_EQ(Bytes(Got(storage->LoadTask({Id(1), 2})).value()), Bytes(next.tasks[1]));

  CaseWrite reopened = Step(Id(1), 2);
  reopened.tasks = {Task(Id(1), 2, {"wang"})};
  ASSERT_COMMITS(One(reopened));
  EXPECT_EQ(Ordinals(Got(storage->ListTasks({.candidate = "wang"}))), (Tasks{1, 2}));
}

TEST_P(QueryTest, ATaskIsAsItWasPutLastHoweverOftenItClosesAndOpens) {
  const auto put = [&](model::Revision expected, bool open, const char* body) {
    CaseWrite write = Step(Id(1), expected);
    write.tasks = {Task(Id(1), 7, {open ? "li" : "wang"})};
    write.tasks[0].open = open;
    write.tasks[0].body = body;
    ASSERT_COMMITS(One(write));
    EXPECT_EQ(Bytes(Got(storage->LoadTask({Id(1), 7})).value()), Bytes(write.tasks[0])) << body;
    const auto all = Got(storage->ListTasks({.case_id = Id(1), .include_closed = true}));
    ASSERT_EQ(all.size(), 1u) << body;
    EXPECT_EQ(Bytes(all[0]), Bytes(write.tasks[0])) << body;
    EXPECT_EQ(Got(storage->ListTasks({.case_id = Id(1)})).size(), open ? 1u : 0u) << body;
    EXPECT_EQ(Got(storage->ListTasks({.candidate = "li"})).size(), open ? 1u : 0u) << body;
    EXPECT_TRUE(Got(storage->ListTasks({.candidate = "wang"})).empty()) << body;
  };
  put(0, true, "opened");
  put(1, false, "closed");
  put(2, false, "closed once more");
  put(3, true, "opened again");
  put(4, true, "changed");
  put(5, false, "closed at last");
}

TEST_P(QueryTest, TheTasksOfACaseCanIncludeTheClosed) {
  CaseWrite write = Step(Id(1), 0);
  for (model::Ordinal n = 1; n <= 6; ++n) {
    write.tasks.push_back(Task(Id(1), n, {n % 2 == 0 ? "li" : "wang"}));
    write.tasks.back().open = n > 2;
  }
  Batch batch = One(write);
  batch.cases.push_back(Step(Id(2), 0));
  batch.cases.back().tasks = {Task(Id(2), 9, {"li"})};
  ASSERT_COMMITS(batch);
  const auto list = [&](TaskQuery query) { return Ordinals(Got(storage->ListTasks(query))); };
  EXPECT_EQ(list({.case_id = Id(1)}), (Tasks{3, 4, 5, 6}));
  EXPECT_EQ(list({.case_id = Id(1), .include_closed = true}), (Tasks{1, 2, 3, 4, 5, 6}));
  EXPECT_EQ(list({.candidate = "li", .case_id = Id(1), .include_closed = true}), (Tasks{2, 4, 6}));
  EXPECT_EQ(list({.candidate = "li", .case_id = Id(1), .page_size = 1}), (Tasks{4}));
  EXPECT_EQ(list({.candidate = "li", .case_id = Id(1), .after = {Id(1), 4}}), (Tasks{6}));
  EXPECT_EQ(list({.case_id = Id(1), .after = {Id(2), 0}}), (Tasks{}));
  EXPECT_EQ(list({.case_id = Id(2), .after = {Id(1), 99}}), (Tasks{9}));
}

TEST_P(QueryTest, AnInboxIsPagedByKeyWhileItChanges) {
  Batch batch;
  for (std::uint64_t n = 1; n <= 10; ++n) {
    CaseWrite write = Step(Id(n), 0);
    write.tasks = {Task(Id(n), 1, {"li"}), Task(Id(n), 2, {"li"})};
    batch.cases.push_back(write);
  }
  ASSERT_COMMITS(batch);
  std::vector<model::TaskId> seen;
  TaskQuery query{.candidate = "li", .page_size = 3};
  for (int page = 0; page < 20; ++page) {
    const auto rows = Got(storage->ListTasks(query));
    for (const auto& row : rows) seen.push_back({row.case_id, row.ordinal});
    if (rows.size() < query.page_size) break;
    query.after = seen.back();
    if (page != 0) continue;
    CaseWrite write = Step(Id(1), 1);  // a task already seen goes, and nothing is skipped for it
    write.tasks = {Task(Id(1), 1, {})};
    ASSERT_COMMITS(One(write));
  }
  ASSERT_EQ(seen.size(), 20u);
  EXPECT_TRUE(std::is_sorted(seen.begin(), seen.end()));
  EXPECT_EQ(std::adjacent_find(seen.begin(), seen.end()), seen.end());
}

TEST_P(QueryTest, AJournalComesByRevision) {
  for (model::Revision r = 0; r < 12; ++r) ASSERT_COMMITS(One(Step(Id(1), r)));
  const auto rows = Got(storage->ReadJournal(Id(1), 9, 100));
  ASSERT_EQ(rows.size(), 3u);
  EXPECT_EQ(rows[0].revision, 10u);
  EXPECT_EQ(rows[0].body, "entry 10");
  EXPECT_EQ(rows[2].revision, 12u);
  EXPECT_EQ(Got(storage->ReadJournal(Id(1), 0, 5)).size(), 5u);
  EXPECT_TRUE(Got(storage->ReadJournal(Id(1), UINT64_MAX, 5)).empty());
}

TEST_P(QueryTest, TimersComeByDueThenCaseThenOrdinal) {
  Batch batch;
  batch.cases = {Step(Id(2), 0), Step(Id(1), 0)};
  batch.cases[0].timers_set = {{Id(2), 5, At(10)}, {Id(2), 1, At(20)}};
  batch.cases[1].timers_set = {{Id(1), 7, At(10)}, {Id(1), 3, At(10)}, {Id(1), 4, At(30)}};
  ASSERT_COMMITS(batch);
  const auto due = [&](model::Timestamp until, std::uint32_t limit) {
    std::vector<model::Ordinal> ordinals;
    for (const auto& row : Got(storage->DueTimers(until, limit))) ordinals.push_back(row.ordinal);
    return ordinals;
  };
  EXPECT_EQ(due(At(30), 10), (Tasks{3, 7, 5, 1, 4}));
  EXPECT_EQ(due(At(20), 10), (Tasks{3, 7, 5, 1})) << "due at the very moment counts";
  EXPECT_EQ(due({At(20).seconds, 6}, 10), (Tasks{3, 7, 5})) << "to the nanosecond";
  EXPECT_EQ(due(At(30), 2), (Tasks{3, 7}));
  EXPECT_EQ(due({model::Timestamp::kMaxSeconds, 0}, 10).size(), 5u);
  EXPECT_EQ(due({model::Timestamp::kMinSeconds, 0}, 10).size(), 0u);
  EXPECT_EQ(Got(storage->NextTimer()), At(10));

  CaseWrite write = Step(Id(1), 1);
  write.timers_cleared = {3, 7, 999};
  write.timers_set = {{Id(1), 4, At(5)}, {Id(1), 7, At(40)}};  // cleared first, then set
  ASSERT_COMMITS(One(write));
  EXPECT_EQ(due(At(50), 10), (Tasks{4, 5, 1, 7}));
  EXPECT_EQ(Got(storage->NextTimer()), At(5));
}

// However unevenly they lie: three hundred with one case, then one with each of a hundred.
TEST_P(QueryTest, APageOfDueTimersIsFullAndInOrder) {
  CaseWrite many = Step(Id(7), 0);
  for (model::Ordinal n = 1; n <= 300; ++n) many.timers_set.push_back({Id(7), n, At(n)});
  Batch batch = One(many);
  for (model::Ordinal n = 301; n <= 400; ++n) {
    CaseWrite one = Step(Id(n), 0);
    one.timers_set = {{Id(n), n, At(n)}};
    batch.cases.push_back(one);
  }
  ASSERT_COMMITS(batch);
  for (const std::uint32_t limit : {1, 40, 128, 350, 400, 1000}) {
    std::vector<model::Ordinal> expected;
    for (model::Ordinal n = 1; n <= std::min(limit, 400U); ++n) expected.push_back(n);
    std::vector<model::Ordinal> found;
    for (const auto& row : Got(storage->DueTimers(At(500), limit))) found.push_back(row.ordinal);
    EXPECT_EQ(found, expected);
  }
}

TEST_P(QueryTest, PageSizesOutOfRangeAreRefused) {
  const auto invalid = [](const auto& result) {
    return !result && result.error().code == Code::kInvalid;
  };
  for (const std::uint32_t size : {std::uint32_t{0}, kMaxPageSize + 1}) {
    EXPECT_TRUE(invalid(storage->ListCases({.page_size = size})));
    EXPECT_TRUE(invalid(storage->ListTasks({.candidate = "li", .page_size = size})));
    EXPECT_TRUE(invalid(storage->ReadJournal(Id(1), 0, size)));
    EXPECT_TRUE(invalid(storage->ReadChanges(0, size)));
    EXPECT_TRUE(invalid(storage->DueTimers(At(0), size)));
    EXPECT_TRUE(invalid(storage->PendingOutbox(OutboxKind::kCommand, At(0), size)));
    EXPECT_TRUE(invalid(storage->PeekOutbox(OutboxKind::kCommand, {}, size)));
    EXPECT_TRUE(invalid(storage->DeadOutbox({}, size)));
  }
  EXPECT_TRUE(storage->ListCases({.page_size = kMaxPageSize}));
  EXPECT_TRUE(invalid(storage->ListTasks({}))) << "neither person nor case";
  EXPECT_TRUE(invalid(storage->ListTasks({.candidate = "li", .include_closed = true})));
}

DUBAN_EVERY_STORAGE(QueryTest);

}  // namespace
}  // namespace duban::conformance
