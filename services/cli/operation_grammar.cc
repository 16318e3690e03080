// What can be done to tasks and cases beside deciding: docs/approvals.md has the catalogue.
#include "services/cli/command_line.h"

namespace duban::cli {
namespace {

using Verb = Outcome (*)(const Context&, const OperationArguments&);

// The parts of which these verbs are made.
class Grammar {
 public:
  Grammar(CLI::App& app, Invocation& i, const std::string& name, const model::Text& what,
          const std::string& examples, Verb act)
      : terminal_(i.terminal),
        arguments_(i.operation),
        verb_(AddVerb(app, terminal_, name, what, examples)) {
    verb_->callback(
        [&i, act] { i.verb = [&i, act](const Context& c) { return act(c, i.operation); }; });
  }

  Grammar& Task() { return Positional("TASK", arguments_.id, {"任务", "the task"}); }
  Grammar& Case() { return Positional("CASE", arguments_.id, {"案件", "the case"}); }
  Grammar& Person() { return Positional("PERSON", arguments_.to, {"给谁", "to whom"}); }
  Grammar& Positional(const std::string& name, std::string& into, const model::Text& what) {
    verb_->add_option(name, into, terminal_.In(what))->required()->type_name("");
    return *this;
  }
  Grammar& People() {
    verb_
        ->add_option("PERSON", arguments_.people,
                     terminal_.Say("谁，可以是几个人", "who; may be several"))
        ->required()
        ->type_name("");
    return *this;
  }
  Grammar& Words(const std::string& option, const model::Text& what) {
    verb_->add_option(option, arguments_.words, terminal_.In(what))->type_name("TEXT");
    return *this;
  }
  Grammar& Reason() { return Words("--reason", {"理由", "why"}); }
  Grammar& OneOf(const std::string& option, std::vector<std::string> values,
                 const model::Text& what) {
    verb_->add_option(option, arguments_.kind, terminal_.In(what))
        ->check(CLI::IsMember(std::move(values)));
    return *this;
  }
  Grammar& Flag(const std::string& option, const model::Text& what) {
    verb_->add_flag(option, arguments_.flag, terminal_.In(what));
    return *this;
  }
  Grammar& Revision() {
    verb_
        ->add_option("--expected-revision", arguments_.expected_revision,
                     terminal_.Say("案件不是这个修订号就不办",
                                   "do nothing when the case has another revision"))
        ->type_name("N");
    return *this;
  }
  CLI::App& verb() { return *verb_; }

 private:
  const Terminal& terminal_;
  OperationArguments& arguments_;
  CLI::App* verb_;
};

void DescribeHolders(CLI::App& app, Invocation& i) {
  Grammar(app, i, "claim", {"认领：由我来办", "Claim a task: it is mine now"},
          "  duban claim 0F1K2M3N4P5Q6-3\n", Claim)
      .Task()
      .Revision();
  Grammar(app, i, "release", {"取消认领，退回待认领", "Give a claimed task back to its candidates"},
          "  duban release 0F1K2M3N4P5Q6-3\n", Release)
      .Task()
      .Revision();
  Grammar(app, i, "transfer",
          {"转办：整个责任交给别人", "Transfer a task: the whole responsibility"},
          "  duban transfer 0F1K2M3N4P5Q6-3 deputy --reason 出差\n", Transfer)
      .Task()
      .Person()
      .Reason()
      .Revision();
  Grammar(app, i, "delegate",
          {"委派：别人提意见，再回到我", "Ask another for an opinion; then the task comes back"},
          "  duban delegate 0F1K2M3N4P5Q6-3 legal-officer --reason 请审查依据\n", Delegate)
      .Task()
      .Person()
      .Reason()
      .Revision();
  Grammar(app, i, "add-signers",
          {"加签：前、后或并列", "Add signers: before, after or beside oneself"},
          "  duban add-signers 0F1K2M3N4P5Q6-3 li wang --where before --any\n", AddSigners)
      .Task()
      .People()
      .OneOf("--where", {"before", "after", "parallel"},
             {"before 前加签，after 后加签，parallel 并加签（默认）",
              "before, after or parallel (default)"})
      .Flag("--any",
            {"其中一人表态即可（前、后加签）", "the first answer is enough (before, after)"})
      .Reason()
      .Revision();
  Grammar(app, i, "remove-signer", {"减签：撤下加签的人", "Take an added signer out again"},
          "  duban remove-signer 0F1K2M3N4P5Q6-7\n", RemoveSigner)
      .Task()
      .Reason()
      .Revision();
  Grammar(app, i, "hand-over",
          {"把一个人的全部待办交给另一人（管理员）",
           "Hand all open work of one person to another (administrators)"},
          "  duban hand-over zhang li --reason 调离\n", HandOver)
      .Positional("FROM", i.operation.id, {"谁的", "whose"})
      .Person()
      .Reason();
}

void DescribeCourse(CLI::App& app, Invocation& i) {
  Grammar back(app, i, "return",
               {"退回：上一步、发起人或某一步",
                "Return a task: to the previous one, the starter, or a state"},
               "  duban return 0F1K2M3N4P5Q6-3 previous --opinion 依据不全\n"
               "  duban return 0F1K2M3N4P5Q6-3 drafting --resubmit back --opinion 请补充依据\n",
               ReturnTask);
  back.Task()
      .Positional("WHERE", i.operation.to,
                  {"previous、starter 或状态名", "previous, starter or a state"})
      .OneOf("--resubmit", {"rerun", "back"},
             {"rerun 重新走，back 直接回到我（默认按定义）",
              "rerun everything, or back to me (default: as defined)"})
      .Words("--opinion", {"意见", "opinion"})
      .Revision();
  back.verb()
      .add_option("--on-behalf-of", i.operation.on_behalf_of,
                  i.terminal.Say("代理谁办理", "under whose mandate"))
      ->type_name("PERSON");
  Grammar(app, i, "withdraw", {"撤回自己刚作的决定", "Take one's own last decision back"},
          "  duban withdraw 0F1K2M3N4P5Q6-3\n", Withdraw)
      .Task()
      .Reason()
      .Revision();
  Grammar(app, i, "remind", {"催办", "Remind those who hold a task"},
          "  duban remind 0F1K2M3N4P5Q6-3 --note 明日到期\n", Remind)
      .Task()
      .Words("--note", {"附言", "a note"});
  Grammar draft(app, i, "save-draft", {"暂存，不提交", "Keep what was filled in, without deciding"},
                "  duban save-draft 0F1K2M3N4P5Q6-3 --opinion 拟同意 place=三号库房\n", SaveDraft);
  draft.Task().Words("--opinion", {"意见", "opinion"});
  draft.verb()
      .add_option("key=value", i.operation.form.words, i.terminal.Say("字段", "fields"))
      ->type_name("");
  draft.verb()
      .add_option("--outcome", i.operation.kind,
                  i.terminal.Say("拟选的结果", "the outcome in mind"))
      ->type_name("NAME");
}

void DescribeWhole(CLI::App& app, Invocation& i) {
  Grammar(app, i, "revoke", {"撤销：发起人收回整个案件", "Revoke: the starter takes the case back"},
          "  duban revoke 0F1K2M3N4P5Q6 --reason 重复报送\n", Revoke)
      .Case()
      .Reason()
      .Revision();
  Grammar(app, i, "copy", {"抄送", "Copy a case to people"},
          "  duban copy 0F1K2M3N4P5Q6 deputy li\n", Copy)
      .Case()
      .People()
      .Words("--note", {"附言", "a note"});
  Grammar(app, i, "read", {"已阅", "Mark a copied case as read"}, "  duban read 0F1K2M3N4P5Q6\n",
          MarkRead)
      .Case();
  Grammar(app, i, "comment", {"留言", "Leave a remark in the history"},
          "  duban comment 0F1K2M3N4P5Q6 --text 已电话核实\n", Comment)
      .Case()
      .Words("--text", {"内容", "what to say"});
  Grammar(app, i, "suspend", {"挂起", "Suspend a case: nothing can be decided"},
          "  duban suspend 0F1K2M3N4P5Q6 --reason 等待鉴定\n", Suspend)
      .Case()
      .Reason()
      .Revision();
  Grammar(app, i, "resume", {"恢复办理", "Resume a suspended case"},
          "  duban resume 0F1K2M3N4P5Q6\n", Resume)
      .Case()
      .Reason()
      .Revision();
}

void DescribeOverrides(CLI::App& app, Invocation& i) {
  CLI::App* overrides =
      AddVerb(app, i.terminal, "override",
              {"越轨处置：一名管理员提出，另一名确认",
               "Against the ordinary course: one administrator proposes, another confirms"},
              "  duban override jump 0F1K2M3N4P5Q6 deciding --reason 误操作\n"
              "  duban override confirm 0F1K2M3N4P5Q6-21\n");
  overrides->require_subcommand(1);
  const auto propose = [&](const char* name, const model::Text& what, const std::string& example) {
    Grammar grammar(*overrides, i, name, what, example, ProposeOverride);
    grammar.verb().preparse_callback([&i, name](std::size_t) { i.operation.kind = name; });
    return grammar;
  };
  propose("jump", {"提出跳转到一个状态", "Propose a jump to a state"},
          "  duban override jump 0F1K2M3N4P5Q6 deciding --reason 误操作\n")
      .Case()
      .Positional("STATE", i.operation.to, {"状态", "the state"})
      .Reason()
      .Revision();
  propose("terminate", {"提出终止案件", "Propose to end the case"},
          "  duban override terminate 0F1K2M3N4P5Q6 void --reason 立案有误\n")
      .Case()
      .Positional("OUTCOME", i.operation.to, {"结果", "its outcome"})
      .Reason()
      .Revision();
  propose("reassign", {"提出改派任务", "Propose other people for a task"},
          "  duban override reassign 0F1K2M3N4P5Q6-3 li --reason 原办理人离职\n")
      .Task()
      .People()
      .Reason();
  Grammar confirm(*overrides, i, "confirm",
                  {"确认（另一名管理员）", "Confirm it (another administrator)"},
                  "  duban override confirm 0F1K2M3N4P5Q6-21\n", CloseOverride);
  confirm.verb().preparse_callback([&i](std::size_t) { i.operation.flag = true; });
  confirm.Positional("OVERRIDE", i.operation.id, {"哪一项", "which"}).Reason();
  Grammar(*overrides, i, "refuse", {"不同意，或由提出人收回", "Refuse it, or take it back"},
          "  duban override refuse 0F1K2M3N4P5Q6-21 --reason 依据不足\n", CloseOverride)
      .Positional("OVERRIDE", i.operation.id, {"哪一项", "which"})
      .Reason();
}

}  // namespace

void DescribeOperations(CLI::App& app, Invocation& i) {
  DescribeHolders(app, i);
  DescribeCourse(app, i);
  DescribeWhole(app, i);
  DescribeOverrides(app, i);
}

}  // namespace duban::cli
