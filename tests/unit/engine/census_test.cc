// What a walk through the open cases tells an operator: tasks that a change of the organisation
// leaves without anybody able, dates that the present holidays would move, cases that cannot be
// read.
#include <gmock/gmock.h>

#include "core/engine/census.h"
#include "tests/unit/engine/fixture.h"

namespace duban::engine {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr const char* kLimits = R"(
workflow: limits
campaign: test
title: 时限
start: {by: [{person: clerk}]}
rules: [{barred: [{field: relative}], in: [deciding], basis: 回避}]
data: {relative: person}
states:
  deciding:
    approval: {title: 决定, by: {post: bureau-head}, form: [relative]}
    due: {within: 3 working days}
    on: {approved: done, rejected: done, "noted": {by: [{person: clerk}], do: [{assign: {relative: "'head'"}}]}}
  done: {final: true}
)";

class CensusTest : public EngineTest {
 protected:
  Census Take() {
    const auto census =
        TakeCensus(*storage, *catalog, *world.Now(), clock.Now(), [] { return true; });
    EXPECT_TRUE(census);
    return census ? *census : Census();
  }
  void Replace(std::string_view from, std::string_view to) {
    texts.organisation.replace(texts.organisation.find(from), from.size(), to);
    ASSERT_TRUE(world.Refresh(texts).empty());
  }
};

TEST_F(CensusTest, WhatAChangeOfTheOrganisationLeavesWithoutAnybodyAble) {
  Up();
  Deploy(kLimits);
  const model::CaseId id = Ok(Start("clerk", "limits"))->case_id;
  const model::TaskId task{id, TaskOf("head", id)};
  EXPECT_EQ(Take().without_holder, 0u);
  EXPECT_EQ(Take().workflows.at("limits").tasks, 1u);
  Replace("{name: {zh: 局长, en: Head}}", "{name: {zh: 局长, en: Head}, disabled: true}");
  const Census census = Take();
  EXPECT_EQ(census.without_holder, 1u);
  EXPECT_THAT(census.first_without_holder, ElementsAre(task));
  Replace(", disabled: true", "");
  EXPECT_EQ(Take().without_holder, 0u);
}

TEST_F(CensusTest, AnotherHolderOfThePostDoesNotTakeOverWhatIsOpen) {
  Up();
  Deploy(kLimits);
  const model::CaseId id = Ok(Start("clerk", "limits"))->case_id;
  Replace("{title: 局长, holder: head}", "{title: 局长, holder: other}");
  EXPECT_EQ(Take().without_holder, 0u) << "the former holder can still act";
  EXPECT_NE(TaskOf("head", id), 0u);
  Replace("{name: {zh: 局长, en: Head}}", "{name: {zh: 局长, en: Head}, disabled: true}");
  EXPECT_EQ(Take().without_holder, 1u);
}

TEST_F(CensusTest, DatesThatThePresentHolidaysWouldMove) {
  Up();
  Deploy(kLimits);
  const model::CaseId id = Ok(Start("clerk", "limits"))->case_id;
  EXPECT_EQ(Take().not_recounted, 0u);
  Down();
  texts.calendars = {
      {"2022.json",
       R"({"year":2022,"papers":[],"days":[{"name":"节日","date":"2022-05-18","isOffDay":true}]})"}};
  ASSERT_TRUE(world.Refresh(texts).empty());
  catalog = std::make_unique<Catalog>(*storage);
  ASSERT_TRUE(catalog->Load());
  const Census census = Take();
  EXPECT_EQ(census.not_recounted, 1u);
  EXPECT_THAT(census.first_not_recounted, ElementsAre(id));
  Up();
  engine->Settle();
  EXPECT_EQ(Take().not_recounted, 0u);
}

TEST_F(CensusTest, ADamagedCaseIsNamedAndTheOthersCount) {
  Up();
  Deploy(kLimits);
  const model::CaseId good = Ok(Start("clerk", "limits"))->case_id;
  const model::CaseId bad = Ok(Start("clerk", "limits"))->case_id;
  Down();
  auto row = **storage->LoadCase(bad);
  row.body.resize(row.body.size() / 2);
  ports::CaseWrite write;
  write.expected_revision = row.revision;
  write.row = row;
  ports::Batch batch;
  batch.cases.push_back(write);
  ASSERT_TRUE(storage->Commit(batch));
  catalog = std::make_unique<Catalog>(*storage);
  ASSERT_TRUE(catalog->Load());
  const Census census = Take();
  EXPECT_EQ(census.unreadable, 1u);
  EXPECT_THAT(census.first_unreadable, ElementsAre(bad));
  EXPECT_EQ(census.workflows.at("limits").cases, 1u);
  EXPECT_NE(good, bad);
}

}  // namespace
}  // namespace duban::engine
