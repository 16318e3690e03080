// The runner itself: what it finds wrong, and how it says so.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/scenarios/folder.h"
#include "tests/scenarios/scenario.h"

namespace duban::scenarios {
namespace {

using testing::HasSubstr;

constexpr const char* kOrganisation = R"(
people:
  a: {name: 甲}
  b: {name: 乙}
roles: {administrator: {title: 管理员, members: [a]}}
)";

constexpr const char* kWorkflow = R"(
workflow: w
title: 测试
start: {by: [{person: a}]}
data: {note: text}
initial: asking
states:
  asking:
    task: {title: 办理, for: {person: b}, form: [note]}
    due: {within: 3 days}
    on: {submitted: done}
  done: {final: true}
)";

constexpr const char* kBegin = R"(
scenarios:
  - name: s
    now: 2022-05-16T09:00:00+08:00
    steps:
      - start: {by: a}
)";

Report RunSteps(const std::string& steps) {
  const std::map<std::string, std::string> files = {
      {"organisation.yaml", kOrganisation},
      {"campaign.yaml", "campaign: c" + std::string(kWorkflow)},
      {"campaign.scenario.yaml", kBegin + steps}};
  const auto read = ReadFolder(files);
  EXPECT_TRUE(read) << read.error();
  return read ? RunAll(read->folder, files, true) : Report{};
}

TEST(Scenarios, PassAndCoverEverything) {
  const Report report = RunSteps(
      "      - expect: {states: [asking], tasks: {asking: [b]}, due: {asking: 2022-05-19}, "
      "notified_exactly: [b]}\n"
      "      - decide: {task: asking, by: b, form: {note: 好}}\n"
      "      - expect: {outcome: done, data: {note: 好}, tasks: {}}\n");
  EXPECT_EQ(report.failed, 0) << report.text;
  EXPECT_TRUE(report.complete);
  EXPECT_THAT(report.text, HasSubstr("w: 2 of 2 states, 1 of 1 transitions, 100 %"));
}

TEST(Scenarios, AFailureNamesPlaceExpectationFactAndHistory) {
  const Report report = RunSteps("      - expect: {states: [done]}\n");
  EXPECT_EQ(report.failed, 1);
  EXPECT_THAT(report.text, HasSubstr("campaign.scenario.yaml:7: s"));
  EXPECT_THAT(report.text, HasSubstr("expected: states [done]"));
  EXPECT_THAT(report.text, HasSubstr("actual:   [asking]"));
  EXPECT_THAT(report.text, HasSubstr("2022-05-16 09:00 #1 a"));
}

TEST(Scenarios, WhatIsNotReachedIsListed) {
  const Report report = RunSteps("      - expect: {states: [asking]}\n");
  EXPECT_EQ(report.failed, 0);
  EXPECT_FALSE(report.complete);
  EXPECT_THAT(report.text, HasSubstr("w: 1 of 2 states, 0 of 1 transitions, 33 %"));
  EXPECT_THAT(report.text, HasSubstr("state done"));
  EXPECT_THAT(report.text, HasSubstr("transition of asking on submitted"));
}

struct Wrong {
  const char* step;
  const char* expected;
  const char* actual;
};

class WrongExpectation : public testing::TestWithParam<Wrong> {};

TEST_P(WrongExpectation, Fails) {
  const Report report = RunSteps(std::string("      - ") + GetParam().step + "\n");
  EXPECT_EQ(report.failed, 1) << report.text;
  EXPECT_THAT(report.text, HasSubstr(std::string("expected: ") + GetParam().expected));
  EXPECT_THAT(report.text, HasSubstr(std::string("actual:   ") + GetParam().actual));
}

INSTANTIATE_TEST_SUITE_P(
    Each, WrongExpectation,
    testing::Values(
        Wrong{"expect: {tasks: {asking: [a]}}", "asking for [a]", "[b]"},
        Wrong{"expect: {tasks: {done: [a]}}", "an open task in done", "open tasks in [asking]"},
        Wrong{"expect: {tasks: {}}", "no open task", "asking"},
        Wrong{"expect: {notified: [a]}", "told [a]", "[b"},
        Wrong{"expect: {notified_exactly: []}", "told exactly []", "[b"},
        Wrong{"expect: {due: {asking: 2022-05-20}}", "asking due 2022-05-20", "2022-05-19"},
        Wrong{"expect: {due: {done: 2022-05-20}}", "done due 2022-05-20", "no due date runs there"},
        Wrong{"expect: {data: {note: 好}}", "note = ", "null"},
        Wrong{"expect: {data: {nothing: 1}}", "a field nothing", "the workflow has none"},
        Wrong{"expect: {outcome: done}", "ended as done", "open, in [asking]"},
        Wrong{"expect: {children: {x: 1}}", "1 children in x", "0"},
        Wrong{"case: other", "a case named other", "none"},
        Wrong{"case: main/x/1", "a child x/1", "none"},
        Wrong{"advance: 3 fortnights", "minutes, hours, days or an instant", "3 fortnights"},
        Wrong{"advance: {to: 2022-05-16T08:00:00+08:00}", "an instant that lies ahead",
              "2022-05-16T08"},
        Wrong{"decide: {task: asking, by: a}", "a decides asking: submitted", "NOT_ALLOWED"},
        Wrong{"send: {event: e, by: a}", "a sends e", "EVENT_NOT_TAKEN"},
        Wrong{"{reject: {decide: {task: asking, by: b}}, reason: NOT_ALLOWED}",
              "refused with NOT_ALLOWED", "it was accepted"},
        Wrong{"{reject: {decide: {task: asking, by: a}}, reason: TASK_CLOSED}",
              "refused with TASK_CLOSED", "NOT_ALLOWED"}));

TEST(Scenarios, AMistakeInTheScenarioNamesItsLine) {
  const Report report = RunSteps("      - expekt: {states: [asking]}\n");
  EXPECT_EQ(report.failed, 1);
  EXPECT_THAT(report.text, HasSubstr("campaign.scenario.yaml:7: unknown key expekt"));
}

TEST(Scenarios, AListAmongStepsStandsForItsSteps) {
  const auto read = ReadScenarios(
      "define: {x: &x [{advance: 1 day}, {advance: 2 days}]}\n"
      "scenarios: [{name: s, now: n, steps: [*x, {advance: 3 days}, *x]}]\n",
      "w");
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(read->at(0).steps.size(), 5U);
}

TEST(Scenarios, AWorkflowWithoutAScenarioIsNotCovered) {
  const std::map<std::string, std::string> files = {
      {"organisation.yaml", kOrganisation},
      {"campaign.yaml", "campaign: c" + std::string(kWorkflow)}};
  const auto read = ReadFolder(files);
  ASSERT_TRUE(read) << read.error();
  const Report report = RunAll(read->folder, files, false);
  EXPECT_FALSE(report.complete);
  EXPECT_THAT(report.text, HasSubstr("w: no scenario beside it"));
}

}  // namespace
}  // namespace duban::scenarios
