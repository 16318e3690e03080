// What a long history costs whoever may not see all of it: its journal once, then what is added.
#include "core/engine/former_values.h"

#include <fmt/format.h>

#include "tests/unit/engine/fixture.h"

namespace duban::engine {
namespace {

constexpr const char* kReport = R"(
workflow: report
campaign: test
title: 举报
start: {by: [{person: clerk}]}
readers: [{person: other}]
data: {reporter: {type: text, visible_to: [{post: bureau-head}]}}
states:
  receiving:
    task: {title: 登记, for: {post: bureau-head}, form: [reporter], outcomes: [corrected], notify: false}
    on: {corrected: {to: receiving, do: [{log: "'来自 ' + reporter"}]}}
)";

class CountingStorage final : public doubles::StorageProxy {
 public:
  using StorageProxy::StorageProxy;
  ports::StorageResult<std::vector<ports::JournalRow>> ReadJournal(model::CaseId id,
                                                                   model::Revision after,
                                                                   std::uint32_t limit) override {
    auto page = StorageProxy::ReadJournal(id, after, limit);
    ++reads;
    if (page) rows += page->size();
    return page;
  }
  void Reset() { reads = rows = 0; }
  std::size_t reads = 0;
  std::size_t rows = 0;
};

class FormerValuesTest : public EngineTest {
 protected:
  FormerValuesTest() {
    Up();
    Deploy(kReport);
    id = Begin();
  }
  model::CaseId Begin() { return Ok(Start("clerk", "report"))->case_id; }
  void Correct(model::CaseId report, int times) {
    for (; times > 0; --times) {
      model::Command command;
      command.actor.id = "head";
      command.request_id = NewRequest();
      command.case_id = report;
      command.body = model::Decide{TaskOf("head", report), "corrected", "",
                                   model::Map({{"reporter", fmt::format("某某{:04}", ++names)}})};
      ASSERT_TRUE(Ok(Ask(std::move(command))));
    }
  }
  static bool Tells(const model::JournalEntry& entry) {
    return model::Encode(entry).contains("某某");
  }
  definition::Definition const& DefinitionOf(model::CaseId report) {
    definition = catalog->Find(Stored(report).campaign, "report").value();
    return *definition;
  }

  CountingStorage counted{*storage};
  model::CaseId id;
  Catalog::DefinitionPtr definition;
  int names = 0;
};

TEST_F(FormerValuesTest, AHistoryIsReadOnceForAllItsPagesAndReaders) {
  Correct(id, 1'000);
  Queries fresh(counted, clock, *catalog, world);
  ASSERT_TRUE(fresh.History({"clerk"}, id, 0, 100));
  EXPECT_LE(counted.rows, 100u + 1'001u) << "its page, and the journal";
  for (const char* person : {"clerk", "other"}) {
    model::Revision after = 0;
    for (std::optional<model::Revision> next = 0; next; after = next.value_or(0)) {
      counted.Reset();
      const auto page = fresh.History({person}, id, after, 100);
      ASSERT_TRUE(page);
      EXPECT_EQ(counted.reads, 1u) << "the page after " << after;
      EXPECT_LE(counted.rows, 100u);
      for (const auto& entry : page->items) EXPECT_FALSE(Tells(entry)) << entry.revision;
      next = page->next;
    }
  }
}

TEST_F(FormerValuesTest, AWatchReadsOfALongCaseWhatIsAdded) {
  Correct(id, 1'000);
  Queries fresh(counted, clock, *catalog, world);
  std::uint64_t seen = *storage->LastChange() - 1;
  ASSERT_TRUE(fresh.ChangesAfter({"clerk"}, seen, 100));
  EXPECT_LE(counted.rows, 1'001u);
  for (++seen; seen < 1'021; ++seen) {
    Correct(id, 1);
    counted.Reset();
    for (const char* person : {"clerk", "other", "head"}) {
      const auto changes = fresh.ChangesAfter({person}, seen, 100);
      ASSERT_TRUE(changes && changes->items.size() == 1);
      EXPECT_EQ(Tells(changes->items.front().entry), person == std::string("head"));
    }
    EXPECT_EQ(counted.reads, 1u) << "for all readers together";
    EXPECT_EQ(counted.rows, 1u);
  }
}

TEST_F(FormerValuesTest, WhatIsKeptIsBoundedAndWhatWasDroppedIsReadAgain) {
  const model::CaseId another = Begin();
  Correct(id, 10);
  Correct(another, 10);
  const auto& report = DefinitionOf(id);
  FormerValues former(counted, 11 * (128 + 32));
  const auto read = [&](model::CaseId of) {
    counted.Reset();
    const auto values = former.Until(report, of, 11);
    EXPECT_TRUE(values && (*values)->size() == 10);
    return counted.rows;
  };
  EXPECT_EQ(read(id), 11u);
  EXPECT_EQ(read(id), 0u);
  EXPECT_EQ(read(another), 11u) << "there is room for one";
  EXPECT_EQ(read(another), 0u);
  EXPECT_EQ(read(id), 11u);
}

TEST_F(FormerValuesTest, ACaseThatIsTooLongToKeepIsReadEachTime) {
  Correct(id, 10);
  FormerValues former(counted, 1'000);
  for (int i = 0; i < 2; ++i) {
    counted.Reset();
    EXPECT_EQ((*former.Until(DefinitionOf(id), id, 11))->size(), 10u);
    EXPECT_EQ(counted.rows, 11u);
  }
}

}  // namespace
}  // namespace duban::engine
