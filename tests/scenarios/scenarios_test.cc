// The runner itself: what it finds wrong, and how it says so.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/play/folder.h"
#include "services/play/scenario.h"

namespace duban::play {
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

struct Report {
  int failed = 0;
  int coverage = 0;
  std::string text;
};

// Everything that is told, as one text.
Report ReportOf(const Results& results) {
  Report report{results.failed(), results.coverage(), ""};
  const auto tell = [&](const std::string& path, const std::string& name, const Failure& failure) {
    report.text +=
        fmt::format("{}:{}: {}\n    expected: {}\n    actual:   {}\n{}", path, failure.line, name,
                    failure.expected, failure.actual, failure.history);
  };
  for (const FileResult& file : results.files) {
    if (file.unreadable) tell(file.path, "", *file.unreadable);
    for (const ScenarioResult& one : file.scenarios) {
      if (one.failure) tell(file.path, one.name, *one.failure);
    }
    if (!file.coverage) continue;
    report.text += ToString(file.workflow, *file.coverage) + "\n";
    for (const std::string& missing : file.coverage->missing) report.text += missing + "\n";
  }
  return report;
}

Report RunSteps(const std::string& steps) {
  const std::map<std::string, std::string> files = {
      {"organisation.yaml", kOrganisation},
      {"campaign.yaml", "campaign: c" + std::string(kWorkflow)},
      {"campaign.scenario.yaml", kBegin + steps}};
  const auto read = ReadFolder(files);
  EXPECT_TRUE(read) << read.error();
  return read ? ReportOf(RunAll(read->folder, files)) : Report{};
}

TEST(Scenarios, PassAndCoverEverything) {
  const Report report = RunSteps(
      "      - expect: {states: [asking], tasks: {asking: [b]}, due: {asking: 2022-05-19}, "
      "notified_exactly: [b]}\n"
      "      - decide: {task: asking, by: b, form: {note: 好}}\n"
      "      - expect: {outcome: done, data: {note: 好}, tasks: {}}\n");
  EXPECT_EQ(report.failed, 0) << report.text;
  EXPECT_EQ(report.coverage, 100);
  EXPECT_THAT(report.text,
              HasSubstr("w: 2 of 2 states, 1 of 1 transitions, 1 of 1 outcomes, 100 %"));
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
  EXPECT_EQ(report.coverage, 25);
  EXPECT_THAT(report.text,
              HasSubstr("w: 1 of 2 states, 0 of 1 transitions, 0 of 1 outcomes, 25 %"));
  EXPECT_THAT(report.text, HasSubstr("state done"));
  EXPECT_THAT(report.text, HasSubstr("transition of asking on submitted"));
  EXPECT_THAT(report.text, HasSubstr("outcome submitted of asking"));
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
        Wrong{"expect: {seats: {asking: {b: decided}}}", "the seat of b in asking decided", "open"},
        Wrong{"expect: {copies: [a]}", "copied to [a]", "[]"},
        Wrong{"expect: {suspended: true}", "suspended", "running"},
        Wrong{"send: {event: e, by: a}", "a sends e", "EVENT_NOT_TAKEN"},
        Wrong{"{reject: {decide: {task: asking, by: b}}, reason: NOT_ALLOWED}",
              "refused with NOT_ALLOWED", "it was accepted"},
        Wrong{"{reject: {decide: {task: asking, by: a}}, reason: TASK_CLOSED}",
              "refused with TASK_CLOSED", "NOT_ALLOWED"}));

TEST(Scenarios, AMistakeInTheScenarioNamesItsLine) {
  const Report report = RunSteps("      - expekt: {states: [asking]}\n");
  EXPECT_EQ(report.failed, 1);
  EXPECT_THAT(report.text, HasSubstr("unknown key expekt"));
}

// Each command has a step; what is written becomes the command.
TEST(Scenarios, EveryCommandHasAStep) {
  const auto read = ReadScenarios(R"(
scenarios:
  - name: s
    now: n
    steps:
      - claim: {task: t, by: a}
      - release: {task: t, by: a}
      - transfer: {task: t, by: a, to: b, reason: r}
      - hand_over: {task: t, by: admin, from: a, to: b, reason: r}
      - delegate: {task: t, by: a, to: b}
      - add_signers: {task: t, by: a, people: [b, c], relation: before, any_of: true}
      - remove_signer: {task: t, by: a, of: b}
      - return: {task: t, by: a, to: starter, resubmit: back_to_returner, opinion: o}
      - return: {task: t, by: a, to: drafting}
      - withdraw: {task: t, by: a}
      - revoke: {by: a, reason: r}
      - copy: {by: a, people: b, note: n}
      - read: {by: b}
      - remind: {by: a}
      - comment: {by: a, text: x}
      - draft: {task: t, by: a, outcome: approved, form: {f: 1}}
      - suspend: {by: a, reason: r}
      - resume: {by: a}
      - override: {by: a, jump: s, reason: r}
      - override: {by: a, reassign: t, people: [b]}
      - confirm: {by: b}
      - refuse: {by: b, reason: r}
      - decide: {task: t, by: b, outcome: approved, on_behalf_of: a}
)",
                                  "w");
  ASSERT_TRUE(read) << read.error().line << ": " << read.error().message;
  const auto& steps = read->at(0).steps;
  const auto body = [&](std::size_t i) { return std::get<ActStep>(steps.at(i).what).body; };
  EXPECT_EQ(std::get<model::Transfer>(body(3)).kind, model::Move::Kind::kHandedOver);
  EXPECT_EQ(std::get<ActStep>(steps.at(3).what).of, "a");
  EXPECT_EQ(std::get<model::AddSigners>(body(5)).relation, model::Relation::kBefore);
  EXPECT_EQ(std::get<model::AddSigners>(body(5)).people.size(), 2U);
  EXPECT_EQ(std::get<model::Return>(body(7)).to, model::Return::To::kStarter);
  EXPECT_EQ(std::get<model::Return>(body(8)).state, "drafting");
  EXPECT_EQ(std::get<model::ProposeOverride>(body(19)).kind, model::Override::Kind::kReassign);
  EXPECT_TRUE(std::get<model::CloseOverride>(body(20)).confirm);
  EXPECT_FALSE(std::get<model::CloseOverride>(body(21)).confirm);
  EXPECT_EQ(std::get<model::Decide>(body(22)).on_behalf_of, "a");
  EXPECT_EQ(std::get<ActStep>(steps.at(22).what).of, "a");
}

TEST(Scenarios, AreChosenByFileAndName) {
  const std::map<std::string, std::string> files = {
      {"organisation.yaml", kOrganisation},
      {"campaign.yaml", "campaign: c" + std::string(kWorkflow)},
      {"campaign.scenario.yaml", kBegin + std::string("      - expect: {states: [done]}\n")}};
  const auto read = ReadFolder(files);
  ASSERT_TRUE(read) << read.error();
  EXPECT_EQ(RunAll(read->folder, files, {{"other.scenario.yaml"}, ""}).scenarios(), 0);
  EXPECT_EQ(RunAll(read->folder, files, {{}, "nothing like it"}).scenarios(), 0);
  const Results one = RunAll(read->folder, files, {{"campaign.scenario.yaml"}, "s"});
  EXPECT_EQ(one.scenarios(), 1);
  EXPECT_EQ(one.failed(), 1);
  EXPECT_EQ(one.coverage(), 100);
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
  const Results results = RunAll(read->folder, files);
  EXPECT_EQ(results.coverage(), 0);
  EXPECT_EQ(results.uncovered, std::vector<std::string>{"w"});
}

}  // namespace
}  // namespace duban::play
