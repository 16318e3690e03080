// test, simulate: definitions played on a virtual clock, without a server.
#include "services/cli/command_line.h"
#include "services/play/simulate.h"

namespace duban::cli {
namespace {

void DescribeTest(CLI::App& app, Invocation& i) {
  const Terminal& t = i.terminal;
  CLI::App* test = AddVerb(
      app, t, "test",
      {"运行场景：每个都从头开始，用虚拟时钟；并给出覆盖率",
       "Run scenarios, each from nothing on a virtual clock, and tell what they cover"},
      "  duban test                                               # the campaign in this folder\n"
      "  duban test workflows/safety-inspection-2022 --min-coverage 100\n"
      "  duban test phases/supervision.scenario.yaml --name overdue --history\n"
      "  duban test . --junit results.xml --output json | jq .failed\n");
  TestArguments& a = i.test;
  test->add_option("PATH", a.paths,
                   t.Say("行动的文件夹，或场景文件；默认当前文件夹",
                         "campaigns' folders, or files of scenarios; default: this folder"))
      ->type_name("");
  test->add_option("--name", a.name,
                   t.Say("只运行名称含有 TEXT 的场景（此时不计覆盖率）",
                         "only scenarios whose name contains TEXT (coverage is not told then)"))
      ->type_name("TEXT");
  test->add_option("--min-coverage", a.min_coverage,
                   t.Say("任一工作流的覆盖率低于 N% 即失败",
                         "fail when a workflow is covered less than N %"))
      ->check(CLI::Range(0, 100))
      ->type_name("N");
  test->add_option("--junit", a.junit,
                   t.Say("把结果另存为 JUnit XML", "write the results there too, as JUnit XML"))
      ->type_name("FILE");
  test->add_flag("--history", a.history,
                 t.Say("打印失败案件的历史", "print the history of a case that failed"));
  test->callback([&i] { i.verb = [&i](const Context& c) { return Test(c, i.test); }; });
}

void DescribeSimulate(CLI::App& app, Invocation& i) {
  const Terminal& t = i.terminal;
  CLI::App* simulate = AddVerb(
      app, t, "simulate",
      {"让虚构的人把工作流演一遍：时间线、结果、用时、逾期、覆盖",
       "Play a workflow with made-up people: timeline, outcomes, durations, deadlines missed, "
       "coverage"},
      "  duban simulate workflows/safety-inspection-2022 --workflow judicial-referral\n"
      "  duban simulate escalations/judicial-referral.yaml --runs 500 --seed 7\n"
      "  duban simulate . --workflow rectification --from 2022-05-16 --until 2022-12-31 \\\n"
      "      --people people.yaml --output json | jq .outcomes\n");
  SimulateArguments& a = i.simulate;
  simulate
      ->add_option("PATH", a.path,
                   t.Say("行动的文件夹，或其中一个工作流的文件",
                         "a campaign's folder, or the file of one of its workflows"))
      ->required()
      ->type_name("");
  simulate
      ->add_option("--workflow", a.workflow,
                   t.Say("演哪个工作流；默认文件里的，或行动自己的",
                         "which workflow; default: that of the file, or the campaign's own"))
      ->type_name("NAME");
  simulate
      ->add_option(
          "--runs", a.runs,
          t.Say("演几次；默认 1，并打印时间线", "how often; default 1, which prints the timeline"))
      ->check(CLI::Range(1, play::kMaxRuns))
      ->type_name("N");
  simulate
      ->add_option("--seed", a.seed,
                   t.Say("随机数种子；同一种子结果相同，默认 1",
                         "of the random numbers; the same seed gives the same run; default 1"))
      ->type_name("N");
  simulate
      ->add_option("--from", a.from,
                   t.Say("开始的日期或时间；默认现在", "when it begins; default: now"))
      ->type_name("DATE");
  simulate
      ->add_option("--until", a.until,
                   t.Say("结束的日期或时间；默认一年以后", "when it ends; default: a year later"))
      ->type_name("DATE");
  simulate
      ->add_option("--people", a.people,
                   t.Say("脚本：谁多久以后怎样做（见 docs/cli.md）",
                         "a script: who does what, and how long they take (docs/cli.md)"))
      ->type_name("FILE");
  simulate->callback([&i] { i.verb = [&i](const Context& c) { return Simulate(c, i.simulate); }; });
}

}  // namespace

void DescribePlay(CLI::App& app, Invocation& i) {
  DescribeTest(app, i);
  DescribeSimulate(app, i);
}

}  // namespace duban::cli
