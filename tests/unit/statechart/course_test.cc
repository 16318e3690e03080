// The catalogue of docs/approvals.md, operations on the course of a case and on the case as a
// whole: each test is called after its row.
#include "core/statechart/access.h"
#include "core/statechart/offers.h"
#include "tests/unit/statechart/bureau.h"

namespace duban::statechart {
namespace {

using model::Return;
using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr std::string_view kChain = R"(
start: {by: [{person: s}]}
REPEAT
REVOKE
states:
  drafting:
    task: {title: 拟稿, for: starter}
    on: {submitted: checking}
  checking:
    approval: {title: 核稿, by: {person: a}, RETURN}
    on: {approved: signing, rejected: no_}
  signing:
    approval: {title: 会签, by: [{person: b}, {person: c}], rule: all, RETURN}
    on: {approved: issuing, rejected: no_}
  issuing:
    approval: {title: 签发, by: {post: bureau-head}, LAST}
    on: {approved: yes_, rejected: no_}
  yes_: {final: true}
  no_: {final: true}
)";

std::string Chain(std::string_view returns, std::string_view repeat = "",
                  std::string_view revoke = "", std::string_view last = "") {
  std::string chart(kChain);
  const auto replace = [&](std::string_view mark, std::string_view by) {
    for (auto at = chart.find(mark); at != std::string::npos; at = chart.find(mark))
      chart.replace(at, mark.size(), by);
  };
  replace("RETURN", returns);
  replace("LAST", last.empty() ? returns : last);
  replace("REPEAT", repeat);
  replace("REVOKE", revoke);
  return chart;
}

// To `issuing`, everybody having approved.
void ToIssuing(Bureau& world) {
  ASSERT_TRUE(world.Start("s"));
  ASSERT_TRUE(world.Vote("s", "submitted", "drafting"));
  ASSERT_TRUE(world.Vote("a", "approved", "checking"));
  ASSERT_TRUE(world.Vote("b", "approved", "signing"));
  ASSERT_TRUE(world.Vote("c", "approved", "signing"));
  ASSERT_THAT(world.Active(), ElementsAre("issuing"));
}

TEST(Catalogue, return_prev) {
  Bureau world(Chain("return: previous"));
  ToIssuing(world);
  world.Told();
  ASSERT_TRUE(world.Return("head", "issuing", "previous"));
  EXPECT_THAT(world.Active(), ElementsAre("signing"));
  EXPECT_THAT(world.Told(), ElementsAre("task b", "task c", "returned b", "returned c"));
  ASSERT_TRUE(world.Return("b", "signing", "previous"));
  EXPECT_THAT(world.Active(), ElementsAre("checking")) << "not back to where it came from";
  ASSERT_TRUE(world.Return("a", "checking", "previous"));
  EXPECT_THAT(world.Active(), ElementsAre("drafting"));
  ASSERT_TRUE(world.Vote("s", "submitted", "drafting"));
  EXPECT_THAT(world.Active(), ElementsAre("checking")) << "runs on from there";
}

TEST(Catalogue, return_to) {
  Bureau world(Chain("return: previous", "", "",
                     "return: {to: [checking, drafting], resubmit: back_to_returner}"));
  ToIssuing(world);
  const auto forward = world.Return("head", "issuing", "yes_");
  ASSERT_EQ(ReasonOf(forward), "CANNOT_RETURN");
  ASSERT_EQ(forward.error().permitted.size(), 2U);
  EXPECT_EQ(ReasonOf(world.Return("head", "issuing", "signing")), "CANNOT_RETURN");
  Return mute;
  mute.to = Return::To::kState;
  mute.state = "checking";
  mute.task = world.TaskOf("issuing", "head");
  EXPECT_EQ(ReasonOf(world.Do("head", mute)), "REASON_REQUIRED");
  ASSERT_TRUE(world.Return("head", "issuing", "checking"));
  EXPECT_THAT(world.Active(), ElementsAre("checking"));
  ASSERT_TRUE(world.Vote("a", "approved", "checking"));
  EXPECT_THAT(world.Active(), ElementsAre("issuing")) << "jumps back to who returned it";
  ASSERT_TRUE(world.Return("head", "issuing", "checking", Return::Resubmit::kRerun));
  ASSERT_TRUE(world.Vote("a", "approved", "checking"));
  EXPECT_THAT(world.Active(), ElementsAre("signing")) << "this time it was to run on";
}

TEST(Catalogue, return_start) {
  Bureau world(Chain("return: starter"));
  ToIssuing(world);
  EXPECT_EQ(ReasonOf(world.Return("head", "issuing", "previous")), "CANNOT_RETURN");
  world.Disable("s");
  ASSERT_TRUE(world.Return("head", "issuing", "starter"));
  EXPECT_THAT(world.Active(), ElementsAre("drafting"));
  EXPECT_THAT(world.Turns("drafting"), ElementsAre("admin", "admin2")) << "the starter has left";
}

TEST(Catalogue, return_can_be_ruled_out) {
  Bureau world(Chain("transfer: true"));
  ToIssuing(world);
  EXPECT_EQ(ReasonOf(world.Return("head", "issuing", "previous")), "NOT_PERMITTED_HERE");
}

TEST(Catalogue, return_leaves_parallel_regions_that_are_not_downstream) {
  Bureau world(R"(
start: {by: [{person: s}]}
states:
  both:
    parallel: true
    states:
      left:
        states:
          l1: {task: {title: 左一, for: {person: a}}, on: {submitted: l2}}
          l2: {approval: {title: 左二, by: {person: b}, return: any}, on: {approved: l3, rejected: l3}}
          l3: {final: true}
      right:
        states:
          r1: {task: {title: 右一, for: {person: c}}, on: {submitted: r2}}
          r2: {task: {title: 右二, for: {person: d}}, on: {submitted: r3}}
          r3: {final: true}
    on: {done.state.both: last}
  last: {approval: {title: 末, by: {post: bureau-head}, return: any}, on: {approved: end, rejected: end}}
  end: {final: true}
)");
  ASSERT_TRUE(world.Start("s"));
  ASSERT_TRUE(world.Vote("a", "submitted", "l1"));
  ASSERT_TRUE(world.Vote("c", "submitted", "r1"));
  EXPECT_EQ(ReasonOf(world.Return("b", "l2", "r1")), "CANNOT_RETURN") << "another region";
  const model::Ordinal beside = world.TaskOf("r2", "d");
  ASSERT_TRUE(world.Return("b", "l2", "l1"));
  EXPECT_THAT(world.Active(), ElementsAre("l1", "r2"));
  EXPECT_EQ(world.TaskOf("r2", "d"), beside);
  ASSERT_TRUE(world.Vote("a", "submitted", "l1"));
  ASSERT_TRUE(world.Vote("b", "approved", "l2"));
  ASSERT_TRUE(world.Vote("d", "submitted", "r2"));
  EXPECT_THAT(world.Active(), ElementsAre("last"));
  EXPECT_EQ(ReasonOf(world.Return("head", "last", "l2")), "CANNOT_RETURN")
      << "the regions are over";
}

TEST(Catalogue, repeat_is_never_skipped_after_a_return) {
  Bureau world(R"(
start: {by: [{person: s}]}
repeat: skip_any
states:
  one: {approval: {title: 一, by: {person: a}, return: any}, on: {approved: two, rejected: end}}
  two: {approval: {title: 二, by: {person: a}, return: any}, on: {approved: three, rejected: end}}
  three: {approval: {title: 三, by: {person: b}, return: any}, on: {approved: end, rejected: end}}
  end: {final: true}
)");
  ASSERT_TRUE(world.Start("s"));
  ASSERT_TRUE(world.Vote("a", "approved", "one"));
  EXPECT_THAT(world.Active(), ElementsAre("three")) << "a is not asked twice";
  ASSERT_TRUE(world.Return("b", "three", "one"));
  ASSERT_THAT(world.Active(), ElementsAre("one"));
  ASSERT_TRUE(world.Vote("a", "approved", "one"));
  EXPECT_THAT(world.Active(), ElementsAre("three")) << "a has said it again, after the return";
}

TEST(Catalogue, retract) {
  Bureau world(Chain("return: any"));
  ASSERT_TRUE(world.Start("s"));
  ASSERT_TRUE(world.Vote("s", "submitted", "drafting"));
  const model::Ordinal task = world.TaskOf("checking", "a");
  ASSERT_TRUE(world.Vote("a", "approved", "checking"));
  ASSERT_THAT(world.Active(), ElementsAre("signing"));
  EXPECT_EQ(ReasonOf(world.Do("b", model::Withdraw{task, ""})), "NOT_ALLOWED");
  ASSERT_TRUE(world.Do("a", model::Withdraw{task, "看错了"}));
  EXPECT_THAT(world.Active(), ElementsAre("checking"));
  EXPECT_EQ(world.TaskOf("checking", "a"), task) << "the same task again";
  ASSERT_TRUE(world.Vote("a", "approved", "checking"));
  ASSERT_TRUE(world.Vote("b", "approved", "signing"));
  EXPECT_EQ(ReasonOf(world.Do("a", model::Withdraw{task, ""})), "CANNOT_WITHDRAW")
      << "somebody has acted since";
}

TEST(Catalogue, a_daily_word_does_not_fill_the_trail) {
  Bureau world(R"(
start: {by: [{person: s}]}
states:
  first: {task: {title: 交底, for: {person: a}}, on: {submitted: daily}}
  daily:
    task: {title: 日记录, for: {person: b}, outcomes: [submitted, finished]}
    on: {submitted: daily, finished: checking}
  checking:
    approval: {title: 核对, by: {person: c}, return: any}
    on: {approved: end, rejected: end}
  end: {final: true}
)");
  ASSERT_TRUE(world.Start("s"));
  ASSERT_TRUE(world.Vote("a", "submitted", "first"));
  for (int day = 0; day < 200; ++day) ASSERT_TRUE(world.Vote("b", "submitted", "daily"));
  EXPECT_EQ(world.state().trail.size(), 3u);
  // What it is for holds: a decision is taken back, taken again, and both states can be returned
  // to.
  const model::Ordinal task = world.TaskOf("daily", "b");
  ASSERT_TRUE(world.Vote("b", "submitted", "daily"));
  ASSERT_TRUE(world.Do("b", model::Withdraw{task, "写错了"}));
  EXPECT_EQ(world.TaskOf("daily", "b"), task);
  EXPECT_EQ(world.state().trail.size(), 2u);
  ASSERT_TRUE(world.Vote("b", "submitted", "daily"));
  ASSERT_TRUE(world.Vote("b", "finished", "daily"));
  ASSERT_TRUE(world.Return("c", "checking", "first"));
  EXPECT_THAT(world.Active(), ElementsAre("first"));
}

TEST(Catalogue, retract_while_the_round_is_open) {
  Bureau world(Approval("by: {role: officers}, rule: sequence"));
  Submit(world);
  const model::Ordinal mine = world.TaskOf("deciding", "a");
  ASSERT_TRUE(world.Vote("a", "approved"));
  ASSERT_TRUE(world.Do("a", model::Withdraw{mine, "再想想"}));
  EXPECT_THAT(world.Turns(), ElementsAre("a"));
  ASSERT_TRUE(world.Vote("a", "approved"));
  ASSERT_TRUE(world.Vote("b", "approved"));
  EXPECT_EQ(ReasonOf(world.Do("a", model::Withdraw{mine, ""})), "CANNOT_WITHDRAW");
}

TEST(Catalogue, retract_is_refused_after_what_cannot_be_taken_back) {
  Bureau world(R"(
start: {by: [{person: s}]}
states:
  one:
    approval: {title: 一, by: {person: a}}
    on: {approved: {to: two, do: [{start: {workflow: child}}]}, rejected: end}
  two: {approval: {title: 二, by: {person: b}}, on: {approved: end, rejected: end}}
  end: {final: true}
)");
  ASSERT_TRUE(world.Start("s"));
  const model::Ordinal task = world.TaskOf("one", "a");
  ASSERT_TRUE(world.Vote("a", "approved", "one"));
  EXPECT_EQ(ReasonOf(world.Do("a", model::Withdraw{task, ""})), "CANNOT_WITHDRAW");
}

TEST(Catalogue, revoke) {
  Bureau world(Chain("return: any"));
  ASSERT_TRUE(world.Start("s"));
  ASSERT_TRUE(world.Vote("s", "submitted", "drafting"));
  EXPECT_EQ(ReasonOf(world.Do("a", model::Revoke{"x"})), "NOT_ALLOWED");
  EXPECT_EQ(ReasonOf(world.Do("s", model::Revoke{""})), "REASON_REQUIRED");
  ASSERT_TRUE(world.Do("s", model::Revoke{"不办了"}));
  EXPECT_TRUE(world.state().ended);
  EXPECT_EQ(world.state().outcome, "revoked");
  EXPECT_EQ(ReasonOf(world.Do("s", model::Revoke{"x"})), "CASE_ENDED");
}

TEST(Catalogue, revoke_by_policy) {
  Bureau first(Chain("return: any"));
  ToIssuing(first);
  EXPECT_EQ(ReasonOf(first.Do("s", model::Revoke{"x"})), "CANNOT_WITHDRAW");
  Bureau never(Chain("return: any", "", "revoke: never"));
  ASSERT_TRUE(never.Start("s"));
  EXPECT_EQ(ReasonOf(never.Do("s", model::Revoke{"x"})), "NOT_PERMITTED_HERE");
  Bureau any(Chain("return: any", "", "revoke: any_time"));
  ToIssuing(any);
  EXPECT_TRUE(any.Do("s", model::Revoke{"x"}));
}

TEST(Catalogue, reject_end) {
  Bureau world(Chain("return: any"));
  ASSERT_TRUE(world.Start("s"));
  ASSERT_TRUE(world.Vote("s", "submitted", "drafting"));
  ASSERT_TRUE(world.Vote("a", "rejected", "checking"));
  EXPECT_EQ(world.state().outcome, "no_");
}

TEST(Catalogue, cc_and_read_receipt) {
  Bureau world(Approval("by: {person: a}, copy: {person: d}"));
  Submit(world);
  EXPECT_TRUE(MaySee(world.definition(), world.organisation, world.state(), {"d"}));
  EXPECT_EQ(ReasonOf(world.Do("e", model::CopyTo{{"f"}, ""})), "NOT_ALLOWED");
  EXPECT_EQ(ReasonOf(world.Do("a", model::CopyTo{{"former"}, ""})), "UNKNOWN_PERSON");
  world.Told();
  ASSERT_TRUE(world.Do("a", model::CopyTo{{"e", "d", "e"}, "请知悉"}));
  EXPECT_THAT(world.Told(), ElementsAre("copy e")) << "d has it already";
  ASSERT_TRUE(world.Do("e", model::MarkRead{}));
  const auto read = world.state().copies.back().read_at;
  ASSERT_TRUE(read);
  world.Advance(model::Duration::Hours(1));
  ASSERT_TRUE(world.Do("e", model::MarkRead{}));
  EXPECT_EQ(world.state().copies.back().read_at, read) << "the first opening is kept";
  EXPECT_EQ(ReasonOf(world.Do("f", model::MarkRead{})), "NOT_ALLOWED");
}

TEST(Catalogue, urge) {
  Bureau world(Approval("by: {role: officers}"));
  Submit(world);
  EXPECT_EQ(ReasonOf(world.Do("e", model::Remind{0, ""})), "NOT_ALLOWED");
  world.Told();
  ASSERT_TRUE(world.Do("s", model::Remind{0, "急"}));
  EXPECT_THAT(world.Told(), ElementsAre("urge a", "urge b", "urge c"));
  world.Advance(model::Duration::Seconds(600));
  const auto soon = world.Do("s", model::Remind{0, "急"});
  ASSERT_EQ(ReasonOf(soon), "TOO_SOON");
  EXPECT_EQ(soon.error().retry_after_ms, 20 * 60 * 1000);
  world.Advance(model::Duration::Seconds(1200));
  EXPECT_TRUE(world.Do("s", model::Remind{world.TaskOf("deciding", "a"), ""}));
}

TEST(Catalogue, comment) {
  Bureau world(Approval("by: {person: a}"));
  Submit(world);
  EXPECT_EQ(ReasonOf(world.Do("e", model::Comment{"x", {}})), "NOT_ALLOWED");
  EXPECT_EQ(ReasonOf(world.Do("s", model::Comment{"", {}})), "REASON_REQUIRED");
  EXPECT_EQ(ReasonOf(world.Do("s", model::Comment{"", {{"a.pdf", "", "nothing", 1, ""}}})),
            "INVALID_DATA");
  EXPECT_TRUE(world.Do("s", model::Comment{"已补充材料", {}}));
}

TEST(Catalogue, suspend_and_resume) {
  Bureau world(Approval("by: {role: officers}"));
  Submit(world);
  EXPECT_EQ(ReasonOf(world.Do("s", model::Suspend{"x"})), "NOT_ALLOWED");
  EXPECT_EQ(ReasonOf(world.Do("admin", model::Suspend{""})), "REASON_REQUIRED");
  ASSERT_TRUE(world.Do("admin", model::Suspend{"等待鉴定"}));
  const model::Ordinal task = world.TaskOf("deciding", "a");
  const auto refused = world.Vote("a", "approved");
  ASSERT_EQ(ReasonOf(refused), "SUSPENDED");
  EXPECT_NE(refused.error().message.zh.find("等待鉴定"), std::string::npos);
  EXPECT_NE(refused.error().message.zh.find("管理员"), std::string::npos);
  EXPECT_EQ(ReasonOf(world.Do("a", model::Claim{task})), "SUSPENDED");
  EXPECT_EQ(ReasonOf(world.Do("s", model::Remind{0, ""})), "SUSPENDED");
  EXPECT_EQ(ReasonOf(world.Do("s", model::Revoke{"x"})), "SUSPENDED");
  EXPECT_EQ(ReasonOf(world.Send("a", "anything")), "SUSPENDED");
  EXPECT_EQ(ReasonOf(world.Do("admin2", model::Suspend{"x"})), "SUSPENDED");
  EXPECT_TRUE(world.Do("s", model::Comment{"知悉", {}}));
  ASSERT_TRUE(world.Do("admin2", model::Resume{"鉴定完成"}));
  EXPECT_EQ(ReasonOf(world.Do("admin2", model::Resume{""})), "NOT_PERMITTED_HERE");
  EXPECT_TRUE(world.Vote("a", "approved"));
}

Result Propose(Bureau& world, std::string_view who, model::ProposeOverride propose) {
  propose.reason = "情况特殊";
  return world.Do(who, std::move(propose));
}

TEST(Catalogue, jump) {
  Bureau world(Chain("return: any"));
  ASSERT_TRUE(world.Start("s"));
  model::ProposeOverride jump;
  jump.state = "issuing";
  EXPECT_EQ(ReasonOf(Propose(world, "s", jump)), "NOT_ALLOWED");
  ASSERT_TRUE(Propose(world, "admin", jump));
  const model::Ordinal ordinal = world.state().overrides.front().ordinal;
  EXPECT_EQ(ReasonOf(world.Do("admin", model::CloseOverride{ordinal, true, ""})), "BARRED");
  EXPECT_EQ(ReasonOf(world.Do("admin2", model::CloseOverride{999, true, ""})), "UNKNOWN_OVERRIDE");
  ASSERT_TRUE(world.Do("admin2", model::CloseOverride{ordinal, true, "同意"}));
  EXPECT_THAT(world.Active(), ElementsAre("issuing"));
  const auto* logged = world.Find<model::Logged>();
  ASSERT_NE(logged, nullptr);
  EXPECT_EQ(logged->text, "skipped by override: checking, signing");
  EXPECT_EQ(ReasonOf(world.Do("admin2", model::CloseOverride{ordinal, true, ""})),
            "UNKNOWN_OVERRIDE");
}

TEST(Catalogue, terminate) {
  Bureau world(Chain("return: any"));
  ASSERT_TRUE(world.Start("s"));
  model::ProposeOverride end;
  end.kind = model::Override::Kind::kTerminate;
  end.outcome = "nullified";
  ASSERT_TRUE(Propose(world, "admin", end));
  ASSERT_TRUE(world.Do(
      "admin2", model::CloseOverride{world.state().overrides.front().ordinal, false, "不妥"}));
  EXPECT_FALSE(world.state().ended);
  ASSERT_TRUE(Propose(world, "admin", end));
  ASSERT_TRUE(
      world.Do("admin2", model::CloseOverride{world.state().overrides.front().ordinal, true, ""}));
  EXPECT_EQ(world.state().outcome, "nullified");
  EXPECT_THAT(world.Told(), Contains("withdrawn s")) << "whoever held a task hears of it";
}

TEST(Catalogue, reassign) {
  Bureau world(Approval("by: {person: a}"));
  Submit(world);
  model::ProposeOverride reassign;
  reassign.kind = model::Override::Kind::kReassign;
  reassign.task = world.TaskOf("deciding", "a");
  reassign.people = {"s"};
  EXPECT_EQ(ReasonOf(Propose(world, "admin", reassign)), "BARRED");
  reassign.people = {"d"};
  ASSERT_TRUE(Propose(world, "admin", reassign));
  ASSERT_TRUE(
      world.Do("admin2", model::CloseOverride{world.state().overrides.front().ordinal, true, ""}));
  EXPECT_THAT(world.Turns(), ElementsAre("d"));
}

TEST(Catalogue, offers_are_what_will_be_taken) {
  Bureau world(Chain("return: any"));
  ToIssuing(world);
  const model::Ordinal task = world.TaskOf("issuing", "head");
  const Offer offer = OfferTo(world.definition(), world.state(), world.facts(), task, "head");
  EXPECT_THAT(offer.outcomes, ElementsAre("approved", "rejected", "recused"));
  EXPECT_EQ(offer.return_to.size(), 3U);
  EXPECT_TRUE(offer.transfer && offer.delegate && offer.add_signers && offer.save_draft);
  EXPECT_FALSE(offer.claim || offer.release || offer.remove || offer.withdraw);
  EXPECT_TRUE(
      OfferTo(world.definition(), world.state(), world.facts(), task, "a").outcomes.empty());
}

}  // namespace
}  // namespace duban::statechart
