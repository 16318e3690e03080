"""Two procedures in which people do more than say yes or no: a returned, a delegated and a voted decision."""


def plan_issue(story):
    """A notice is countersigned, returned once, delegated once, signed and signed for."""
    s, n = story.s, story.n
    s.clock("2022-05-23 09:00", tell=False)
    plan = s.start("renovation-clerk", "safety-inspection-2022", "plan-issue", "拟发补充通知", "drafts a further notice",
                   "subject=关于做好汛期安全检查的补充通知")
    s.decide("renovation-clerk", plan, "drafting", "submitted", draft="补充通知送审稿.docx")
    n.expect("three sections countersign / 三个科室会签", s.holders(plan, "countersigning"), {"explosives-head", "equipment-head", "renovation-head"})
    s.decide("explosives-head", plan, "countersigning", "approved")
    s.operate("equipment-head", "return", plan, "countersigning", "退回拟稿人：缺附件", "returns it to the drafter: an annex is missing",
              "starter", "--opinion", "缺检查表附件")
    n.expect("back with its drafter / 回到拟稿人", (s.leaves(plan), s.holders(plan, "drafting")), (["drafting"], {"renovation-clerk"}))
    s.decide("renovation-clerk", plan, "drafting", "submitted", "补齐附件", "adds the annex", draft="补充通知送审稿-2.docx")
    n.expect("straight back to those who returned it / 直接回到退回环节", s.leaves(plan), ["countersigning"])
    for head in ("explosives-head", "equipment-head", "renovation-head"):
        s.decide(head, plan, "countersigning", "approved", tell=False)
    s.operate("deputy", "delegate", plan, "reviewing", "委派民爆科长先提意见", "asks the head of civil explosives for an opinion first",
              "explosives-head", "--reason", "请核对民爆条款")
    n.expect("the opinion is asked of one, the decision stays with the other / 意见归受托人，决定仍归委托人",
             s.holders(plan, "reviewing"), {"explosives-head"})
    s.decide("explosives-head", plan, "reviewing", "approved", opinion="民爆条款无误")
    n.expect("it came back / 回到委托人", s.holders(plan, "reviewing"), {"deputy"})
    s.decide("deputy", plan, "reviewing", "approved")
    s.decide("head", plan, "signing", "approved", "签发", "signs")
    s.decide("renovation-clerk", plan, "numbering", "submitted", tell=False, number="示例〔2022〕2号")
    for head in ("explosives-head", "equipment-head", "renovation-head"):
        s.decide(head, plan, "receiving", "approved", tell=False)
    n.expect("issued / 已印发", s.case(plan)["outcome"], "issued")


def whistle_blower(story):
    """A report under a code name; its large reward is voted on by the leading group."""
    s, n = story.s, story.n
    s.clock("2022-06-20 09:00", tell=False)
    report = s.start("report-clerk", "safety-inspection-2022", "whistle-blower", "登记举报“海棠”", "registers the report “Haitang”",
                     "code_name=海棠", "identity=占位身份与联系方式", "real_name=true", "channel=phone", "enterprise=east-machinery",
                     "matter=夜间停用联锁装置")
    s.decide("report-clerk", report, "deciding_acceptance", "accepted")
    seen = {who: s.duban.ask(who, "show", report)["case"]["data"].get("identity") for who in ("identity-keeper", "report-clerk", "deputy")}
    n.expect("only the keeper sees who it is / 身份只有保管员可见",
             (bool(seen["identity-keeper"]), seen["report-clerk"], seen["deputy"]), (True, None, None))
    s.decide("deputy", report, "assigning", "submitted", verifiers=["inspector-a", "inspector-b"])
    for inspector in ("inspector-a", "inspector-b"):
        s.decide(inspector, report, "verifying", "approved", finding="true_report", report="核查报告.pdf", grade="major")
    s.decide("identity-keeper", report, "feedback", "submitted")
    s.decide("deputy", report, "reward_review", "approved", "拟奖励五万元", "proposes 50,000 yuan", amount=5000000)
    n.expect("the leading group votes, without who proposed it / 领导小组票决，提出人回避",
             s.holders(report, "reward_vote"), {"head", "renovation-head", "explosives-head", "equipment-head"})
    s.decide("head", report, "reward_vote", "approved")
    s.decide("renovation-head", report, "reward_vote", "approved")
    s.decide("equipment-head", report, "reward_vote", "rejected", opinion="金额偏高")
    s.decide("explosives-head", report, "reward_vote", "abstained")
    n.expect("two of three votes: carried / 三票两赞成，通过", s.leaves(report), ["claiming"])
    s.decide("finance-clerk", report, "claiming", "paid", paid_by="凭证-2022-06")
    item = s.child(report, "rectification")
    s.decide("equipment-head", item, "assigning", "submitted", tell=False, responsible="东河公司负责人", measures="恢复联锁", limit="2022-07-01")
    s.decide("east-safety", item, "rectifying", "submitted", tell=False, result="已恢复", evidence="照片.jpg")
    for inspector in ("inspector-a", "inspector-b"):
        s.decide(inspector, item, "re_inspecting", "approved", tell=False, opinion_document="复查意见书.pdf")
    s.decide("equipment-head", item, "striking_off", "approved", tell=False)
    n.expect("rewarded, rectified, archived / 已奖励、已整改、已归档", (s.case(report)["outcome"], s.case(item)["outcome"]), ("archived", "closed"))
    everything = str(s.follower.changes)
    n.expect("the identity is in no message and no history / 身份不出现在任何通知和历史", "占位身份与联系方式" in everything, False)
