// The outbox: order within a case, retries, dead letters.
#include "tests/conformance/storage/subject.h"

namespace duban::conformance {
namespace {

using namespace ports;
constexpr auto kMail = OutboxKind::kNotification;
constexpr auto kCommand = OutboxKind::kCommand;

using Keys = std::vector<std::pair<std::uint64_t, model::Ordinal>>;

class OutboxTest : public StorageTest {
 protected:
  void Put(std::vector<OutboxRow> rows) {
    Batch batch;
    for (auto& row : rows) {
      const auto stored = Got(storage->LoadCase(row.case_id));
      batch.cases.push_back(Step(row.case_id, stored ? stored->revision : 0));
      for (const auto& earlier : batch.cases) {
        if (&earlier != &batch.cases.back() && earlier.row.case_id == row.case_id) {
          batch.cases.back() = Step(row.case_id, earlier.row.revision);
        }
      }
      batch.cases.back().outbox = {row};
    }
    ASSERT_COMMITS(batch);
  }
  void Update(OutboxRow row) {
    Batch batch;
    batch.outbox_updated = {std::move(row)};
    ASSERT_COMMITS(batch);
  }
  void Done(OutboxKey key) {
    Batch batch;
    batch.outbox_done = {key};
    ASSERT_COMMITS(batch);
  }
  Keys Of(const StorageResult<std::vector<OutboxRow>>& rows) {
    Keys keys;
    for (const auto& row : Got(rows))
      keys.emplace_back(row.case_id.value - Id(0).value, row.ordinal);
    return keys;
  }
  Keys Pending(OutboxKind kind, model::Timestamp until, std::uint32_t limit = 100) {
    return Of(storage->PendingOutbox(kind, until, limit));
  }
};

TEST_P(OutboxTest, PendingRowsComeByCaseAndOrdinalAndKind) {
  Put({Outgoing(Id(2), 1, kMail, At(0)), Outgoing(Id(1), 9, kMail, At(1)),
       Outgoing(Id(1), 4, kMail, At(2)), Outgoing(Id(1), 5, kCommand, At(0))});
  EXPECT_EQ(Pending(kMail, At(2)), (Keys{{1, 4}, {1, 9}, {2, 1}}));
  EXPECT_EQ(Pending(kMail, At(2), 2), (Keys{{1, 4}, {1, 9}}));
  EXPECT_EQ(Pending(kCommand, At(0)), (Keys{{1, 5}}));
  EXPECT_EQ(Pending(kMail, At(-1)), Keys{});
}

TEST_P(OutboxTest, ALookSeesWhatIsPendingDueOrNot) {
  OutboxRow dead = Outgoing(Id(1), 3, kMail, At(0));
  dead.state = OutboxState::kDead;
  Put({Outgoing(Id(2), 1, kMail, At(0)), Outgoing(Id(1), 4, kMail, At(90)),
       Outgoing(Id(1), 9, kMail, At(0)), Outgoing(Id(1), 5, kCommand, At(0)), dead});
  EXPECT_EQ(Of(storage->PeekOutbox(kMail, {}, 100)), (Keys{{1, 4}, {1, 9}, {2, 1}}));
  EXPECT_EQ(Of(storage->PeekOutbox(kMail, {}, 2)), (Keys{{1, 4}, {1, 9}}));
  EXPECT_EQ(Of(storage->PeekOutbox(kCommand, {}, 100)), (Keys{{1, 5}}));
}

TEST_P(OutboxTest, ALookGoesOnWhereThePageBeforeEnded) {
  std::vector<OutboxRow> rows;
  Keys mail;
  for (std::uint64_t id = 1; id <= 7; ++id) {
    for (model::Ordinal ordinal = 1; ordinal <= 6; ++ordinal) {
      const bool is_mail = (id + ordinal) % 3 != 0;
      rows.push_back(Outgoing(Id(id), ordinal, is_mail ? kMail : kCommand, At(ordinal % 2 * 90)));
      if (is_mail && ordinal == 4) rows.back().state = OutboxState::kDead;
      if (is_mail && ordinal != 4) mail.emplace_back(id, ordinal);
    }
  }
  Put(rows);
  for (const std::uint32_t size : {1, 2, 5, 100}) {
    Keys seen;
    OutboxKey after;
    for (;;) {
      const auto page = Got(storage->PeekOutbox(kMail, after, size));
      if (page.empty()) break;
      EXPECT_LE(page.size(), size);
      std::ranges::copy(Of(page), std::back_inserter(seen));
      after = KeyOf(page.back());
      ASSERT_LE(seen.size(), mail.size());
    }
    EXPECT_EQ(seen, mail) << "in pages of " << size;
  }
  EXPECT_EQ(Of(storage->PeekOutbox(kMail, {Id(3), 99}, 1)), (Keys{{4, 1}}))
      << "the key need not be there";
  EXPECT_EQ(Of(storage->PeekOutbox(kMail, {Id(7), 6}, 10)), Keys{});
}

TEST_P(OutboxTest, ARowThatMustWaitHoldsBackThoseBehindItInItsCase) {
  Put({Outgoing(Id(1), 1, kMail, At(0)), Outgoing(Id(1), 2, kMail, At(50)),
       Outgoing(Id(1), 3, kMail, At(0)), Outgoing(Id(1), 4, kCommand, At(0)),
       Outgoing(Id(2), 1, kMail, At(0))});
  EXPECT_EQ(Pending(kMail, At(10)), (Keys{{1, 1}, {2, 1}}));
  EXPECT_EQ(Pending(kCommand, At(10)), (Keys{{1, 4}}))
      << "mail that waits does not hold back a command";
  EXPECT_EQ(Pending(kMail, At(50)), (Keys{{1, 1}, {1, 2}, {1, 3}, {2, 1}}));
  Done({Id(1), 2});
  EXPECT_EQ(Pending(kMail, At(10)), (Keys{{1, 1}, {1, 3}, {2, 1}}));
}

TEST_P(OutboxTest, AnUpdatedRowIsReplacedAndADeliveredOneIsGone) {
  Put({Outgoing(Id(1), 1, kMail, At(0)), Outgoing(Id(1), 2, kMail, At(0))});
  OutboxRow again = Outgoing(Id(1), 1, kMail, At(30));
  again.attempts = 3;
  again.last_error = "451 busy";
  Update(again);
  EXPECT_EQ(Pending(kMail, At(10)), Keys{});
  const auto rows = Got(storage->PendingOutbox(kMail, At(30), 1));
  EXPECT_EQ(Bytes(rows.at(0)), Bytes(again));
  Done({Id(1), 1});
  EXPECT_EQ(Pending(kMail, At(30)), (Keys{{1, 2}}));
  Done({Id(1), 1});
  Update(again);
  EXPECT_EQ(Pending(kMail, At(30)), (Keys{{1, 2}})) << "an update does not bring back what is done";
}

TEST_P(OutboxTest, ADeadRowHoldsBackNobodyAndCanBeRevivedOrDropped) {
  Put({Outgoing(Id(1), 1, kMail, At(0)), Outgoing(Id(1), 2, kMail, At(0)),
       Outgoing(Id(2), 1, kCommand, At(0))});
  OutboxRow dead = Outgoing(Id(1), 1, kMail, At(90));
  dead.state = OutboxState::kDead;
  dead.last_error = "550 no such mailbox";
  Update(dead);
  OutboxRow dead_command = Outgoing(Id(2), 1, kCommand, At(0));
  dead_command.state = OutboxState::kDead;
  Update(dead_command);
  EXPECT_EQ(Pending(kMail, At(10)), (Keys{{1, 2}}));
  EXPECT_EQ(Pending(kCommand, At(10)), Keys{});
  EXPECT_EQ(Of(storage->DeadOutbox({}, 10)), (Keys{{1, 1}, {2, 1}}));
  EXPECT_EQ(Of(storage->DeadOutbox({}, 1)), (Keys{{1, 1}}));
  EXPECT_EQ(Of(storage->DeadOutbox({Id(1), 1}, 10)), (Keys{{2, 1}}));
  EXPECT_EQ(Bytes(Got(storage->DeadOutbox({}, 1)).at(0)), Bytes(dead));

  Update(Outgoing(Id(1), 1, kMail, At(0)));
  Done({Id(2), 1});
  EXPECT_EQ(Of(storage->DeadOutbox({}, 10)), Keys{});
  EXPECT_EQ(Pending(kMail, At(10)), (Keys{{1, 1}, {1, 2}}));
}

TEST_P(OutboxTest, ARowMayBeBornDeadOrLeaveInTheBatchThatBringsIt) {
  OutboxRow dead = Outgoing(Id(1), 1, kMail, At(0));
  dead.state = OutboxState::kDead;
  CaseWrite write = Step(Id(1), 0);
  write.outbox = {dead, Outgoing(Id(1), 2, kMail, At(0)), Outgoing(Id(1), 3, kMail, At(0))};
  Batch batch = One(write);
  batch.outbox_done = {{Id(1), 2}};
  batch.outbox_updated = {Outgoing(Id(1), 3, kMail, At(60))};
  ASSERT_COMMITS(batch);
  EXPECT_EQ(Of(storage->DeadOutbox({}, 10)), (Keys{{1, 1}}));
  EXPECT_EQ(Pending(kMail, At(10)), Keys{});
  EXPECT_EQ(Pending(kMail, At(60)), (Keys{{1, 3}}));
}

DUBAN_EVERY_STORAGE(OutboxTest);

}  // namespace
}  // namespace duban::conformance
