"""The campaign's routine, told briefly: monthly reports, self-inspections, the summary of the year."""

ALL_OFFICES = ("technical-renovation", "explosives", "equipment")
CLERK = {"technical-renovation": "renovation-clerk", "explosives": "explosives-clerk", "equipment": "equipment-clerk"}
HEAD = {"technical-renovation": "renovation-head", "explosives": "explosives-head", "equipment": "equipment-head"}
ENTERPRISES = {"north-blasting": ("north-safety", "north-principal", "explosives-head"),
               "east-machinery": ("east-safety", "east-principal", "equipment-head"),
               "south-recycling": ("south-safety", "south-principal", "renovation-head")}


def month(stage, campaign, number):
    """One month: every section reports, its head and the technical renovation section review, the deputy approves."""
    digest = stage.child(campaign, "digests")
    for office in ALL_OFFICES:
        report = stage.child(digest, "reports", office)
        stage.decide(CLERK[office], report, "filling", "submitted", tell=False, plan_basis="高工信字〔2022〕15号",
                     plan_action="安全生产大检查", inspections=2, hazards_found=1, hazards_closed=1, next_month="继续推进自查自纠")
        stage.decide(HEAD[office], report, "reviewing", "approved", tell=False)
        stage.decide("renovation-clerk", report, "checking", "accepted", tell=False)
    stage.decide("renovation-clerk", digest, "merging", "submitted", tell=False, digest=f"{number}月汇总.pdf")
    stage.decide("deputy", digest, "approving", "approved", f"审定{number}月月报汇总（三个科室已报）",
                 f"approves the digest of 2022-{number:02}; three sections reported")


def enterprise_self_inspection(stage, case, enterprise):
    """From wherever the enterprise is to its accepted report."""
    safety, principal, section_head = ENTERPRISES[enterprise]
    all_yes = {"principal_duty": {"legal_duty": "yes"}, "management": {"morning_meeting": "yes"},
               "risk_control": {"dual_prevention": "yes"}, "inherent_safety": {}, "safety_director": {}, "agency_workers": {}}
    steps = [("receiving", safety, "submitted", {"principal": principal}),
             ("selecting", safety, "submitted", {"agency": "安诊技术服务公司（虚构）"}),
             ("checking_agency", section_head, "approved", {}),
             ("diagnosing", safety, "submitted", {"units": "库房、装卸、动火作业", "diagnosis": "诊断报告.pdf"}),
             ("checking", safety, "submitted", all_yes),
             ("rectifying", safety, "submitted", {"solved": "已按台账整改"}),
             ("reporting", safety, "submitted", {"report": "自查自纠报告.pdf"}),
             ("signing", principal, "approved", {}),
             ("reviewing", section_head, "approved", {})]
    at = stage.leaves(case)[0]
    for state, person, outcome, form in steps[[s[0] for s in steps].index(at):]:
        last = state == "reviewing"
        stage.decide(person, case, state, outcome, "审核通过企业自查自纠报告", "accepts the enterprise's report", tell=last, **form)


def office_self_inspection(stage, case, office):
    """A section checks itself, reports, and is filed."""
    heads = {head: {} for head in ("duties", "resident", "red_lines", "enforcement", "rewards")}
    stage.decide(CLERK[office], case, "inspecting", "submitted", tell=False, **heads)
    stage.decide(CLERK[office], case, "reporting", "submitted", tell=False, report="科室自查自纠报告.pdf")
    stage.decide(HEAD[office], case, "reviewing", "approved", tell=False)
    stage.decide("deputy", case, "reviewing", "approved", tell=False)
    stage.decide("renovation-clerk", case, "filing", "filed", "收齐归档科室自查自纠报告", "files the section's report")


def year_end(stage, campaign):
    """Every section sums up and proposes what shall last; every enterprise analyses the causes."""
    for office in ALL_OFFICES:
        case = stage.child(campaign, "summaries", office)
        stage.decide(CLERK[office], case, "writing", "submitted", tell=False, figures="检查24家次，隐患8项，销号8项", summary="工作总结.pdf")
        stage.decide(HEAD[office], case, "reviewing", "approved", tell=False)
        stage.decide("deputy", case, "reviewing", "approved", tell=False)
        stage.decide(CLERK[office], case, "proposing", "submitted", tell=False, mechanism="长效机制.pdf")
        stage.decide("deputy", case, "deciding", "approved", tell=False)
        stage.decide("head", case, "deciding", "approved", "审定科室长效机制", "adopts the section's lasting mechanism")
    for enterprise, (safety, _, section_head) in ENTERPRISES.items():
        case = stage.child(campaign, "analyses", enterprise)
        stage.decide(safety, case, "analysing", "submitted", tell=False, causes="责任落实层层递减", measures="包保到人、每月复核", report="分析报告.pdf")
        stage.decide(section_head, case, "reviewing", "approved", "审核通过企业分析报告", "accepts the enterprise's analysis")
