// deploy, start, send, cases, show, history, watch, tasks, decide.
#include "services/cli/command_line.h"

namespace duban::cli {
namespace {

void AddData(CLI::App& verb, const Terminal& t, DataArguments& data) {
  verb.add_option(
          "key=value", data.words,
          t.Say("字段；JSON 数、true、列表、对象照此理解，其余为文字，强制文字用 'key=\"3\"'",
                "fields; JSON numbers, true, lists, objects are that, all else is text; force text "
                "by 'key=\"3\"'"))
      ->type_name("");
  verb.add_option("--data", data.json,
                  t.Say("JSON 对象，或 @文件，或 - 表示标准输入",
                        "a JSON object, or @FILE, or - for standard input"))
      ->type_name("JSON");
}

void AddRevision(CLI::App& verb, const Terminal& t, std::uint64_t& revision) {
  verb.add_option(
          "--expected-revision", revision,
          t.Say("案件不是这个修订号就不办", "do nothing when the case has another revision"))
      ->type_name("N");
}

void DescribeStart(CLI::App& app, Invocation& i) {
  const Terminal& t = i.terminal;
  CLI::App* deploy = AddVerb(app, t, "deploy",
                             {"部署一个行动：全部或不部署（管理员）",
                              "Deploy a campaign, all of it or nothing (administrators)"},
                             "  duban deploy workflows/safety-inspection-2022\n");
  deploy->add_option("FOLDER", i.name, t.Say("行动的文件夹", "the campaign's folder"))
      ->required()
      ->type_name("");
  deploy->callback([&i] { i.verb = [&i](const Context& c) { return Deploy(c, i.name); }; });

  CLI::App* start =
      AddVerb(app, t, "start", {"启动一个案件", "Start a case"},
              "  duban start safety-inspection-2022 judicial-referral suspect_offence=危险作业罪\n"
              "  duban start safety-inspection-2022 major-hazard --data '{\"count\": 3}'\n");
  start
      ->add_option("CAMPAIGN", i.start.campaign,
                   t.Say("行动的名称（最新版）或摘要", "the campaign's name (newest) or digest"))
      ->required()
      ->type_name("");
  start->add_option("WORKFLOW", i.start.workflow, t.Say("工作流", "the workflow"))
      ->required()
      ->type_name("");
  AddData(*start, t, i.start.data);
  start->callback([&i] { i.verb = [&i](const Context& c) { return Start(c, i.start); }; });

  CLI::App* send = AddVerb(app, t, "send", {"向案件发送事件", "Send an event to a case"},
                           "  duban send 0F1K2M3N4P5Q6 hazard.reported level=major\n"
                           "  duban send 0F1K2M3N4P5Q6 withdraw --reason 重复登记\n");
  send->add_option("CASE", i.send.case_id, t.Say("案件", "the case"))->required()->type_name("");
  send->add_option("EVENT", i.send.event, t.Say("事件", "the event"))->required()->type_name("");
  AddData(*send, t, i.send.data);
  send->add_option("--reason", i.send.reason,
                   t.Say("理由，有的事件必须说明", "why; some events require it"))
      ->type_name("TEXT");
  AddRevision(*send, t, i.send.expected_revision);
  send->callback([&i] { i.verb = [&i](const Context& c) { return Send(c, i.send); }; });
}

void DescribeTasks(CLI::App& app, Invocation& i) {
  const Terminal& t = i.terminal;
  const std::string limit =
      t.Say("最多列出多少（0：全部；默认 100）", "list at most so many (0: all; default 100)");
  CLI::App* tasks =
      AddVerb(app, t, "tasks", {"我的待办；或一个案件的任务", "My inbox; or the tasks of a case"},
              "  duban tasks\n  duban tasks --case 0F1K2M3N4P5Q6 --closed\n");
  auto* of_case =
      tasks
          ->add_option("--case", i.tasks.case_id, t.Say("这个案件的任务", "the tasks of this case"))
          ->type_name("ID");
  tasks
      ->add_flag("--closed", i.tasks.closed,
                 t.Say("包括已办和取消的", "decided and cancelled ones too"))
      ->needs(of_case);
  tasks->add_option("--limit", i.tasks.limit, limit)->type_name("N");
  tasks->callback([&i] { i.verb = [&i](const Context& c) { return Tasks(c, i.tasks); }; });

  CLI::App* decide =
      AddVerb(app, t, "decide",
              {"办理一个任务：同意、不同意、提交…", "Decide a task: approve, reject, submit …"},
              "  duban decide 0F1K2M3N4P5Q6-3 approved --opinion 同意移送\n"
              "  duban decide 0F1K2M3N4P5Q6-4 submitted place=三号库房 count=3\n");
  decide->add_option("TASK", i.decide.task_id, t.Say("任务", "the task"))
      ->required()
      ->type_name("");
  decide
      ->add_option("OUTCOME", i.decide.outcome,
                   t.Say("结果，例如 approved", "for example approved"))
      ->required()
      ->type_name("");
  AddData(*decide, t, i.decide.form);
  decide
      ->add_option("--opinion", i.decide.opinion,
                   t.Say("意见，有的结果必须写", "some outcomes require one"))
      ->type_name("TEXT");
  decide
      ->add_option("--on-behalf-of", i.decide.on_behalf_of,
                   t.Say("代理谁办理（须有代理授权）", "under whose mandate (代理)"))
      ->type_name("PERSON");
  decide
      ->add_option("--attach", i.decide.attachments,
                   t.Say("附件：只发送摘要，文件由您自己保管",
                         "documents: their digests are sent, you keep the files"))
      ->type_name("FILE");
  decide
      ->add_option("--signature", i.decide.signature,
                   t.Say("签名图片：同附件", "the picture of a signature: as with --attach"))
      ->type_name("FILE");
  AddRevision(*decide, t, i.decide.expected_revision);
  decide->callback([&i] { i.verb = [&i](const Context& c) { return Decide(c, i.decide); }; });

  CLI::App* cases =
      AddVerb(app, t, "cases", {"我可以看到的案件", "The cases that I may see"},
              "  duban cases --open\n  duban cases --workflow major-hazard --limit 0\n");
  cases
      ->add_option("--workflow", i.cases.workflow,
                   t.Say("只列这个工作流的", "only of this workflow"))
      ->type_name("NAME");
  cases
      ->add_option("--parent", i.cases.parent,
                   t.Say("只列这个案件的子案件", "only the children of this case"))
      ->type_name("ID");
  cases->add_flag("--open", i.cases.open, t.Say("只列未办结的", "only open ones"));
  cases->add_flag("--ended", i.cases.ended, t.Say("只列已办结的", "only ended ones"));
  cases->add_option("--limit", i.cases.limit, limit)->type_name("N");
  cases->callback([&i] { i.verb = [&i](const Context& c) { return Cases(c, i.cases); }; });
}

void DescribeDeadlines(CLI::App& app, Invocation& i) {
  const Terminal& t = i.terminal;
  CLI::App* deadlines =
      AddVerb(app, t, "deadlines",
              {"到期的、将到期的、逾期的，附算法和依据",
               "What is due, what soon, what has passed, with how it was counted and its basis"},
              "  duban deadlines --due-within 3d\n  duban deadlines --overdue --mine\n"
              "  duban deadlines --amber 50 --limit 0\n"
              "  duban deadlines --output json | jq '.deadlines[].deadline.due'\n");
  DeadlinesArguments& a = i.deadlines;
  deadlines
      ->add_option("--due-within", a.due_within,
                   t.Say("只列这段时间内到期的（含逾期）：3d、12h、30m",
                         "only what is due within so long, or has passed: 3d, 12h, 30m"))
      ->type_name("SPAN");
  deadlines->add_flag("--overdue", a.overdue, t.Say("只列逾期的", "only what has passed"));
  deadlines->add_flag("--mine", a.mine,
                      t.Say("只列我有待办的案件", "only cases in which I hold a task"));
  deadlines
      ->add_option("--amber", a.amber,
                   t.Say("剩余时间不足 N% 即为临近；默认 25",
                         "amber when at most N % of the time is left; default 25"))
      ->check(CLI::Range(0, 100))
      ->type_name("N");
  deadlines
      ->add_option("--limit", a.limit,
                   t.Say("最多列几个；0：全部；默认 100", "at most so many; 0: all; default 100"))
      ->type_name("N");
  deadlines->callback(
      [&i] { i.verb = [&i](const Context& c) { return Deadlines(c, i.deadlines); }; });
}

void DescribeStories(CLI::App& app, Invocation& i) {
  const Terminal& t = i.terminal;
  const std::string all = t.Say("包括引擎内部的步骤", "the engine's own steps too");
  CLI::App* show = AddVerb(app, t, "show",
                           {"一个案件：状态、期限与依据、待办、数据、子案件",
                            "One case: states, deadlines with their basis, tasks, data, children"},
                           "  duban show 0F1K2M3N4P5Q6\n  duban show 0F1K2M3N4P5Q6 --output json | "
                           "jq .case.deadlines\n");
  show->add_option("CASE", i.name, t.Say("案件", "the case"))->required()->type_name("");
  show->callback([&i] { i.verb = [&i](const Context& c) { return Show(c, i.name); }; });

  CLI::App* history =
      AddVerb(app, t, "history", {"一个案件的来龙去脉", "What happened to a case, as a story"},
              "  duban history 0F1K2M3N4P5Q6\n");
  history->add_option("CASE", i.name, t.Say("案件", "the case"))->required()->type_name("");
  history->add_flag("--all", i.all, all);
  history->callback(
      [&i] { i.verb = [&i](const Context& c) { return History(c, i.name, i.all); }; });

  CLI::App* watch = AddVerb(
      app, t, "watch", {"随时看到变化，Ctrl-C 结束", "See changes as they happen; Ctrl-C ends it"},
      "  duban watch\n  duban watch 0F1K2M3N4P5Q6 --from start --count 10\n"
      "  duban watch --output json        # one object per line\n");
  watch->add_option("CASE", i.watch.case_id, t.Say("只看这个案件", "only this case"))
      ->type_name("");
  watch->add_option("--workflow", i.watch.workflow, t.Say("只看这个工作流", "only this workflow"))
      ->type_name("NAME");
  watch
      ->add_option(
          "--from", i.watch.from,
          t.Say("start（从头），或上次的 resumeToken", "start, or the last resumeToken received"))
      ->type_name("TOKEN");
  watch
      ->add_option("--count", i.watch.count,
                   t.Say("看到这么多变化后结束", "end after so many changes"))
      ->type_name("N");
  watch->add_flag("--all", i.watch.all, all);
  watch->callback([&i] { i.verb = [&i](const Context& c) { return Watch(c, i.watch); }; });
}

}  // namespace

void DescribeCases(CLI::App& app, Invocation& i) {
  DescribeStart(app, i);
  DescribeTasks(app, i);
  DescribeDeadlines(app, i);
  DescribeStories(app, i);
}

}  // namespace duban::cli
