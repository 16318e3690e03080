// Made-up people: the same seed gives the same run, scripts are kept to, figures add up.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/play/folder.h"
#include "services/play/simulate.h"

namespace duban::play {
namespace {

using testing::Contains;
using testing::HasSubstr;

constexpr const char* kOrganisation = R"(
people:
  a: {name: 甲}
  b: {name: 乙}
  c: {name: 丙}
roles: {administrator: {title: 管理员, members: [a]}}
)";

constexpr const char* kWorkflow = R"(
campaign: c
workflow: w
title: 测试
start: {by: [{person: a}]}
data:
  matter: {type: text, required: true, min: 3}
  level: {type: enum, values: [low, high]}
  count: {type: int, min: 5, max: 9}
initial: asking
states:
  asking:
    task: {title: 办理, for: {person: b}, form: [level, {field: count, required: true}]}
    due: {within: 3 days}
    on: {submitted: deciding}
  deciding:
    approval: {title: 审批, by: {person: c}}
    due: {within: 24 hours, overdue: {notify: {to: [{person: b}], subject: 逾期}}}
    on: {approved: done, rejected: asking}
  done: {final: true}
)";

Folder TheFolder() {
  const auto read =
      ReadFolder({{"organisation.yaml", kOrganisation}, {"campaign.yaml", kWorkflow}});
  EXPECT_TRUE(read) << read.error();
  return read ? read->folder : Folder{};
}

Plan ThePlan(int runs, const std::string& script = "{}") {
  Plan plan;
  plan.workflow = "w";
  plan.begin = *model::ParseRfc3339("2022-05-16T09:00:00+08:00");
  plan.until = *model::ParseRfc3339("2022-12-31T00:00:00+08:00");
  plan.runs = runs;
  const auto read = ReadScript(script);
  EXPECT_TRUE(read) << read.error().message;
  if (read) plan.script = *read;
  return plan;
}

TEST(Simulate, TheSameSeedGivesTheSameRun) {
  const Folder folder = TheFolder();
  const auto first = Simulate(folder, ThePlan(5));
  const auto second = Simulate(folder, ThePlan(5));
  ASSERT_TRUE(first) << first.error().message.In("en");
  ASSERT_TRUE(second);
  ASSERT_EQ(first->timeline.size(), second->timeline.size());
  for (std::size_t i = 0; i < first->timeline.size(); ++i) {
    EXPECT_EQ(first->timeline[i].at, second->timeline[i].at);
    EXPECT_EQ(first->timeline[i].what.en, second->timeline[i].what.en);
  }
  for (std::size_t i = 0; i < 5; ++i) EXPECT_EQ(first->runs[i].seconds, second->runs[i].seconds);
}

TEST(Simulate, EveryRunEndsAndTheFiguresAddUp) {
  const auto simulation = Simulate(TheFolder(), ThePlan(50));
  ASSERT_TRUE(simulation) << simulation.error().message.In("en");
  EXPECT_TRUE(simulation->problems.empty()) << simulation->problems.begin()->first;
  for (const RunResult& run : simulation->runs) {
    EXPECT_TRUE(run.ended);
    EXPECT_EQ(run.outcome, "done");
    EXPECT_GE(run.acts, 2);
  }
  EXPECT_EQ(simulation->coverage.at("w").percent(), 100);
  EXPECT_GE(DurationAt(*simulation, 0.9), DurationAt(*simulation, 0.5));
  const DeadlineCount asking = simulation->deadlines.at("w: asking");
  EXPECT_GE(asking.met + asking.missed, 50);
  EXPECT_EQ(asking.open, 0);
  // From one hour to three days against a limit of one day: both come about.
  EXPECT_GT(simulation->deadlines.at("w: deciding").met, 0);
  EXPECT_GT(simulation->deadlines.at("w: deciding").missed, 0);
}

TEST(Simulate, AScriptIsKeptTo) {
  const auto simulation = Simulate(TheFolder(), ThePlan(1, R"(
start: {by: a, data: {matter: 事项一}}
delay: 1 hour
people: {c: {delay: 30 hours}}
tasks:
  asking: {form: {level: high}}
  deciding: {outcomes: {approved: 1}}
)"));
  ASSERT_TRUE(simulation) << simulation.error().message.In("en");
  EXPECT_EQ(simulation->runs[0].seconds, 31 * 3'600);
  EXPECT_EQ(simulation->deadlines.at("w: asking").met, 1);
  EXPECT_EQ(simulation->deadlines.at("w: deciding").missed, 1);
  std::vector<std::string> told;
  for (const Moment& moment : simulation->timeline) told.push_back(moment.what.en);
  EXPECT_THAT(told, Contains(HasSubstr("overdue: ")));
}

TEST(Simulate, NobodyActsWhenTheScriptSaysNever) {
  const auto simulation = Simulate(TheFolder(), ThePlan(1, "tasks: {asking: never}"));
  ASSERT_TRUE(simulation) << simulation.error().message.In("en");
  EXPECT_FALSE(simulation->runs[0].ended);
  EXPECT_EQ(simulation->deadlines.at("w: asking").missed, 1);
  EXPECT_EQ(DurationAt(*simulation, 0.5), -1);
}

TEST(Simulate, WhoMayNotStartIsRefused) {
  const auto simulation = Simulate(TheFolder(), ThePlan(1, "start: {by: b}"));
  ASSERT_FALSE(simulation);
  EXPECT_EQ(simulation.error().reason, model::Reason::kNotAllowed);
}

TEST(Simulate, AScriptWithAMistakeNamesItsLine) {
  const auto unknown = ReadScript("tasks:\n  t: {delai: 1 hour}\n");
  ASSERT_FALSE(unknown);
  EXPECT_EQ(unknown.error().line, 2);
  EXPECT_FALSE(ReadScript("delay: [3 days, 1 hour]"));
  EXPECT_FALSE(ReadScript("delay: 3 working days"));
  EXPECT_FALSE(ReadScript("["));
}

}  // namespace
}  // namespace duban::play
