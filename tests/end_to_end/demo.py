#!/usr/bin/env python3
"""The safety inspection of 2022, played on a virtual clock by a real duband and the real command line.

    python3 tests/end_to_end/demo.py --bin build/dev/bin [--language zh|en|both] [--keep]

Prints the story, checks every state and notification that it names, and exits 0 only if all were as expected.
"""

import argparse
import pathlib
import sys

from demo_approvals import plan_issue, whistle_blower
from demo_routine import ALL_OFFICES, office_self_inspection, enterprise_self_inspection, month, year_end
from demo_stage import Duban, Narrator, Refused, Server, Stage

SOURCE = pathlib.Path(__file__).resolve().parents[2]
CAMPAIGN = SOURCE / "workflows" / "safety-inspection-2022"
PEOPLE = ("head deputy renovation-head renovation-clerk explosives-head explosives-clerk equipment-head equipment-clerk "
          "inspector-a inspector-b officer-a officer-b resident-a committee-clerk police-clerk procuratorate-clerk "
          "north-principal north-safety east-principal east-safety south-principal south-safety report-clerk identity-keeper finance-clerk admin").split()
LEADING_GROUP = {"head", "deputy", "renovation-head", "explosives-head", "equipment-head"}
TITLES = {"technical-renovation": {"zh": "技术改造科", "en": "technical renovation"}, "explosives": {"zh": "民爆科", "en": "civil explosives"},
          "equipment": {"zh": "装备科", "en": "equipment"}, "north-blasting": {"zh": "北山爆破", "en": "Beishan Blasting"},
          "east-machinery": {"zh": "东河机械", "en": "Donghe Machinery"}, "south-recycling": {"zh": "南湖再生", "en": "Nanhu Recycling"}}
NORTH = {"north-principal", "north-safety"}


def urgent(people):
    return {(person, True) for person in people}


def normal(people):
    return {(person, False) for person in people}


class Story:
    """The scenes in order; each leaves behind the cases that the next ones need."""

    def __init__(self, stage, narrator):
        self.s = stage
        self.n = narrator
        self.campaign = self.hazard = self.item = self.referral = None

    def play(self):
        scenes = [self.campaign_starts, self.self_inspection_begins, self.notice, self.major_hazard, self.no_authority, self.treatment_plan, self.report,
                  self.limit_passes, self.heavier_penalty, self.turns_criminal, self.three_days, self.police,
                  self.hazard_removed, self.saturday_report, self.reports_come_in, self.guidance_ends, self.closed]
        for number, scene in enumerate(scenes, 1):
            self.n.scene(number, *scene.__doc__.strip().split("\n", 1)[0].split(" | "))
            scene()

    def campaign_starts(self):
        """大检查启动 | The campaign starts"""
        s, n = self.s, self.n
        s.now = "2022-05-16 08:00"
        deployed = s.duban.ask("admin", "deploy", str(CAMPAIGN))
        names = {w["name"] for w in deployed["campaign"]["workflows"]}
        n.act(s.now, "admin", f"部署行动 {deployed['campaign']['name']}（{len(names)} 个工作流）", f"deploys it, {len(names)} workflows")
        n.expect("the escalations are part of it / 升级程序一并部署", names >= {"major-hazard", "re-inspection", "judicial-referral"}, True)
        self.campaign = s.start("renovation-head", "safety-inspection-2022", "safety-inspection",
                                "启动安全生产大检查", "starts the safety inspection")
        n.expect("deployment is over (15 May), self-inspection and guidance run / 部署已毕，自查自纠与督促指导并行", s.leaves(self.campaign),
                 sorted(["deployed", "self_inspecting", "guiding", "summing_up_ahead", "collecting"]))
        n.expect("the leading group was told / 领导小组已获通知",
                 {who for who, _ in s.told(self.campaign)}, LEADING_GROUP)
        children = [c["slot"] for c in s.case(self.campaign)["children"]]
        n.expect("3 sections, 3 enterprises, 1 monthly digest / 三个科室、三家企业、一期月报",
                 [children.count(slot) for slot in ("office_checks", "enterprise_checks", "digests")], [3, 3, 1])
        office = s.child(self.campaign, "office_checks", "equipment")
        due, derivation, basis = s.deadline(office, "preparing")
        n.expect("reports are due on 30 September / 报告9月30日截止", due, "2022-09-30 24:00")
        n.expect("and the deadline says why / 期限写明依据", ("2022-09-30" in derivation, "高工信字〔2022〕15号" in basis), (True, True))

    def self_inspection_begins(self):
        """企业自查自纠 | The enterprises inspect themselves"""
        s, n = self.s, self.n
        s.clock("2022-05-17 09:00")
        east = s.child(self.campaign, "enterprise_checks", "east-machinery")
        s.decide("east-safety", east, "receiving", "submitted", "确认接收，填报主要负责人", "confirms and names the principal",
                 principal="east-principal")
        s.decide("east-safety", east, "selecting", "submitted", "拟聘诊断机构", "proposes a service agency", agency="安诊技术服务公司（虚构）")
        s.decide("equipment-head", east, "checking_agency", "approved", opinion="资质符合要求")
        n.expect("diagnosis begins / 进入诊断", s.leaves(east), ["diagnosing"])
        s.clock("2022-05-19 10:00")
        month(s, self.campaign, 5)
        n.expect("May's digest is filed before the 20th / 5月月报20日前归档",
                 s.case(s.child(self.campaign, "digests"))["outcome"], "filed")

    def notice(self):
        """补充通知：会签、退回、委派、签发 | A further notice: countersigned, returned, delegated, signed"""
        plan_issue(self)

    def major_hazard(self):
        """驻点监督员报告重大隐患，局长、副局长当即获知 | A resident supervisor reports a major hazard; head and deputy know at once"""
        s, n = self.s, self.n
        s.clock("2022-06-06 10:00")
        s.send("resident-a", self.campaign, "hazard.reported", "报告北山公司三号库房超量储存", "reports overstocking in store 3 of Beishan",
               "enterprise=north-blasting", "place=三号库房", "description=超核定药量储存，安全距离不足，监控失效")
        self.hazard = s.child(self.campaign, "hazards")
        n.expect("head, deputy and safety committee were told, urgently / 局长、副局长、安委办收到急件",
                 s.told(self.hazard), urgent({"head", "deputy", "committee-clerk"}))
        n.expect("in the same minute / 与报告同一分钟", s.times(self.hazard), ["2022-06-06 10:00"])
        due, derivation, basis = s.deadline(self.hazard, "reporting")
        n.expect("the direct report is due the same day / 当日直报", (due, bool(derivation), bool(basis)), ("2022-06-06 24:00", True, True))
        s.decide("equipment-clerk", self.hazard, "reporting", "submitted", direct_report_number="直报-2022-0606-01")
        n.expect("the direct report is in / 已直报", s.leaves(self.hazard), ["reported", "studying"])

    def no_authority(self):
        """派出单位无权处理，移送有管辖权的科室 | The dispatching office has no authority and transfers"""
        s, n = self.s, self.n
        s.clock("2022-06-06 11:30")
        s.decide("equipment-head", self.hazard, "studying", "transfer", "装备科对民爆库房无执法权，移送民爆科",
                 "no authority over explosives stores: transfers to civil explosives", study="立即停用三号库房，移送民爆科处理",
                 competent="explosives")
        n.expect("the resident supervisor hears what is to be done / 处置意见反馈驻点人员", ("resident-a", False) in s.told(self.hazard), True)
        s.decide("equipment-clerk", self.hazard, "sending_letter", "submitted", transfer_letter="移送函-2022-01.pdf")
        n.expect("the competent office must sign within one working day / 一个工作日内签收",
                 s.deadline(self.hazard, "awaiting_receipt")[0], "2022-06-07 24:00")
        s.clock("2022-06-07 09:00")
        s.decide("explosives-head", self.hazard, "awaiting_receipt", "accepted", receipt="回执-2022-01.pdf")
        n.expect("who sent it knows / 各方获知已签收", s.told(self.hazard), normal({"resident-a", "equipment-head", "deputy"}))
        s.decide("explosives-clerk", self.hazard, "ordering", "ordered", "责令停止使用三号库房", "orders store 3 out of use", stop_order="partial")
        n.expect("the enterprise owes a treatment plan / 企业制定治理方案", s.leaves(self.hazard), ["planning", "reported"])

    def treatment_plan(self):
        """治理方案与整改期限 | The treatment plan and its limit"""
        s, n = self.s, self.n
        s.clock("2022-06-08 15:00")
        s.decide("north-principal", self.hazard, "planning", "submitted", goals="清退超量药量，修复监控", measures="分批转运，更换监控主机",
                 funds=3000000, responsible="北山公司负责人", limit="2022-07-08", contingency="库区警戒，撤离无关人员")
        s.decide("explosives-head", self.hazard, "approving_plan", "approved")
        s.decide("deputy", self.hazard, "approving_plan", "approved", opinion="同意，7月8日前完成")
        self.item = s.child(self.hazard, "rectification")
        due, derivation, basis = s.deadline(self.item, "rectifying")
        n.expect("the ledger item runs to 8 July / 台账条目7月8日到期", (due, bool(derivation), basis), ("2022-07-08 24:00", True, "整改通知载明的期限"))
        s.clock("2022-06-17 10:00", tell=False)
        month(s, self.campaign, 6)

    def report(self):
        """举报“海棠”：代号办理，大额奖励票决 | Report “Haitang”: under a code name, its reward voted on"""
        whistle_blower(self)

    def limit_passes(self):
        """整改逾期，复查不合格 | Rectification passes its limit, and re-inspection fails"""
        s, n = self.s, self.n
        s.clock("2022-07-08 10:00")
        n.expect("reminded 3 and 1 working days before, and on the day / 三次提醒，均为工作日九时", s.times(self.item, "reminder"),
                 ["2022-07-05 09:00", "2022-07-07 09:00", "2022-07-08 09:00"])
        s.clock("2022-07-09 08:00")
        n.expect("nothing was done: overdue, re-inspection by the calendar / 逾期即转入复查", "re_inspecting" in s.leaves(self.item), True)
        n.expect("enterprise, section head and deputy know / 企业、科室、分管负责人获知",
                 s.told(self.item), urgent(NORTH | {"explosives-head", "deputy"}))
        s.clock("2022-07-11 14:00")
        s.decide("inspector-a", self.item, "re_inspecting", "rejected", "复查：仍超量储存", "re-inspects: still overstocked",
                 opinion="药量未清退，监控仍未修复")
        n.expect("a new order, and liability opens / 责令继续整改，同时追责", s.leaves(self.item), ["ordering_again", "proposing"])
        n.expect("the failure is told at once / 复查不合格当即通报", s.told(self.item), urgent(NORTH | {"explosives-head", "deputy"}))
        s.decide("inspector-b", self.item, "ordering_again", "submitted", "责令停产停业，限8月5日前整改", "orders a full stop, new limit 5 August",
                 limit="2022-08-05", stop_order="full")
        n.expect("the new limit / 新的期限", s.deadline(self.item, "rectifying")[0], "2022-08-05 24:00")

    def heavier_penalty(self):
        """从重处罚 | The heavier penalty"""
        s, n = self.s, self.n
        due, derivation, basis = s.deadline(self.item, "penalty_case")
        n.expect("decide within 90 days of filing / 立案九十日内", (due, "第六十条" in basis), ("2022-10-09 24:00", True))
        s.clock("2022-07-12 10:00")
        s.decide("inspector-a", self.item, "proposing", "submitted", "提出从重处罚意见", "proposes the heavier penalty",
                 penalty_kind="停产停业整顿并处罚款", penalty_amount=20000000, penalty_grounds="安全生产法第一百零二条；逾期且复查不合格")
        n.expect("five working days to be heard / 五个工作日内陈述申辩", s.deadline(self.item, "informing")[0], "2022-07-19 24:00")
        s.clock("2022-07-13 10:00")
        s.decide("north-principal", self.item, "informing", "waived")
        s.decide("head", self.item, "deciding_penalty", "approved", opinion="同意从重处罚")
        n.expect("the enterprise and its section know / 处罚决定告知", s.told(self.item), normal(NORTH | {"explosives-head"}))
        s.decide("inspector-b", self.item, "serving", "submitted", penalty_document="处罚决定书及送达回证.pdf")
        n.expect("penalised / 已处罚", s.case(self.item)["data"]["liability"], "penalised")
        s.clock("2022-07-18 10:00", tell=False)
        month(s, self.campaign, 7)

    def turns_criminal(self):
        """拒不执行停产决定，涉嫌犯罪，启动移送 | The order to stop is defied: a suspected crime, and the referral starts"""
        s, n = self.s, self.n
        s.clock("2022-08-09 09:30")
        n.expect("overdue a second time / 再次逾期", "re_inspecting" in s.leaves(self.item), True)
        s.send("inspector-a", self.item, "crime.suspected", "发现企业在停产期间擅自生产，涉嫌犯罪", "finds production going on despite the order",
               reason="被责令停产停业后拒不执行，擅自恢复生产，涉嫌危险作业罪")
        n.expect("the leaders know at once / 领导当即获知", s.told(self.item), urgent({"head", "deputy"}))
        self.referral = s.child(self.item, "referral")
        s.decide("deputy", self.referral, "appointing", "submitted", "指定吴、郑二人组成专案组", "appoints a team of two",
                 officers=["officer-a", "officer-b"])
        s.clock("2022-08-10 15:00")
        for officer in ("officer-a", "officer-b"):
            s.decide(officer, self.referral, "verifying", "approved", suspect_offence="危险作业罪", report="移送书面报告.pdf")
        due, derivation, basis = s.deadline(self.referral, "deciding")
        n.expect("the head has 3 days, weekend or not / 正职三日内决定，周末不停", (due, basis), ("2022-08-13 24:00", "310 第五条"))
        n.both(f"期限：{due}；推算：{derivation}；依据：{basis}", "Deadline, how it was counted, and its basis", "      ", "35")

    def three_days(self):
        """三日时限将至，升级督促，局长签批 | The three-day clock is nearly missed and escalates; the head signs"""
        s, n = self.s, self.n
        task = s.task("head", self.referral, "deciding")["id"]
        words = s.refused("deputy", "decide", task, "approved", "--language", "zh")
        n.act(s.now, "deputy", "试图代为签批", "tries to sign in the head's place")
        n.both(words, "(refused: nobody below the head may)", "      ", "31")
        n.expect("refused, and told who may / 被拒绝并告知何人有权", ("[NOT_ALLOWED]" in words, "head" in words), (True, True))
        s.clock("2022-08-13 16:00")
        n.expect("reminded at half and at four fifths of the time / 过半和八成时提醒", s.times(self.referral, "reminder"),
                 ["2022-08-12 07:30", "2022-08-13 07:48"])
        n.expect("nine hours before the end it escalates / 期限前九小时升级督促", s.times(self.referral), ["2022-08-13 15:00"])
        n.expect("to head and safety committee, and to whoever presides / 告知局长、安委办和主持工作的负责人",
                 s.told(self.referral), urgent({"head", "committee-clerk", "deputy"}))
        s.clock("2022-08-13 20:00")
        s.decide("head", self.referral, "deciding", "approved", "签批：批准移送", "signs: refer it", opinion="批准移送")
        n.expect("signed four hours before the limit / 期限前四小时签批", s.leaves(self.referral), ["transferring"])
        n.expect("24 hours to send it / 二十四小时内移送", s.deadline(self.referral, "transferring")[::2], ("2022-08-14 20:00", "310 第五条"))

    def police(self):
        """移送公安机关并立案 | The police receive the case and open it"""
        s, n = self.s, self.n
        s.clock("2022-08-14 10:00")
        s.decide("officer-a", self.referral, "transferring", "submitted", transfer_letter="移送书.pdf", investigation_report="调查报告.pdf",
                 item_list="物品清单.pdf")
        n.expect("police and procuratorate were told / 公安、检察机关获知", s.told(self.referral), normal({"police-clerk", "procuratorate-clerk"}))
        s.decide("police-clerk", self.referral, "awaiting_receipt", "signed")
        s.clock("2022-08-16 10:00")
        s.decide("police-clerk", self.referral, "police_deciding", "filed")
        s.decide("police-clerk", self.referral, "notifying", "submitted", decision_letter="立案告知书.pdf")
        n.expect("items go over within 3 days / 三日内移交物品", s.deadline(self.referral, "handing_over")[::2], ("2022-08-19 24:00", "310 第十二条"))
        s.clock("2022-08-17 10:00")
        s.decide("officer-b", self.referral, "handing_over", "submitted", handover_list="移交清单.pdf")
        case = s.case(self.referral)
        n.expect("the referral ended with a case opened / 移送办结：立案", (case["ended"], case["outcome"]), (True, "filed"))
        n.expect("and the ledger item knows / 台账记载已移送", s.case(self.item)["data"]["liability"], "referred")

    def hazard_removed(self):
        """隐患消除，销号并同意恢复生产 | The hazard is removed, struck off, and production may resume"""
        s, n = self.s, self.n
        s.clock("2022-08-18 14:00")
        for inspector in ("inspector-a", "inspector-b"):
            s.decide(inspector, self.item, "re_inspecting", "approved", "复查合格", "re-inspects: removed", opinion_document="复查意见书.pdf")
        s.decide("explosives-head", self.item, "striking_off", "approved")
        n.expect("the ledger item is closed / 台账销号", s.case(self.item)["outcome"], "closed")
        for leader in ("explosives-head", "deputy"):
            s.decide(leader, self.hazard, "accepting", "approved", opinion="同意恢复生产")
        n.expect("the major hazard is closed / 重大隐患办结", s.case(self.hazard)["outcome"], "closed")
        n.expect("enterprise, reporter, head and safety committee know / 各方获知",
                 s.told(self.hazard), normal(NORTH | {"resident-a", "head", "committee-clerk"}))

    def saturday_report(self):
        """8月20日是星期六：月报在19日提醒 | 20 August is a Saturday: the reminder comes on the 19th"""
        s, n = self.s, self.n
        digest = s.child(self.campaign, "digests")
        report = s.child(digest, "reports", "equipment")
        due, derivation, basis = s.deadline(report, "preparing")
        n.both(f"期限：{due}；推算：{derivation}；依据：{basis}", "The deadline stays; the reminder does not wait for it", "      ", "35")
        n.expect("due by the 20th, as the plan says / 期限仍为20日", (due, "20日前" in basis), ("2022-08-20 24:00", True))
        s.clock("2022-08-19 09:00")
        n.expect("reminded on Friday the 19th at nine / 19日（星期五）九时提醒", s.times(report, "reminder")[-1], "2022-08-19 09:00")
        n.expect("head and clerk of the section / 科室负责人和经办人", s.told(report, "reminder"), normal({"equipment-head", "equipment-clerk"}))
        s.clock("2022-08-19 12:00")
        n.expect("at noon technical renovation sees who is missing / 正午技改科看到未报名单", {who for who, _ in s.told(digest)},
                 {"renovation-head", "renovation-clerk"})
        month(s, self.campaign, 8)
        n.expect("August's digest is filed on the 19th / 8月月报19日归档", s.case(digest)["outcome"], "filed")

    def reports_come_in(self):
        """自查自纠报告9月30日前收齐 | Self-inspection reports are in by 30 September"""
        s, n = self.s, self.n
        s.clock("2022-09-19 10:00", tell=False)
        month(s, self.campaign, 9)
        for enterprise in ("north-blasting", "east-machinery", "south-recycling"):
            enterprise_self_inspection(s, s.child(self.campaign, "enterprise_checks", enterprise), enterprise)
        s.clock("2022-09-26 10:00", tell=False)
        for office in ALL_OFFICES:
            office_self_inspection(s, s.child(self.campaign, "office_checks", office), office)
        children = s.case(self.campaign)["children"]
        n.expect("three enterprises, three sections / 三家企业、三个科室",
                 sorted(c["outcome"] for c in children if c["slot"].endswith("_checks")), ["accepted"] * 3 + ["reported"] * 3)
        s.clock("2022-10-01 08:00")
        n.expect("the phase is over / 阶段结束", "self_inspected" in s.leaves(self.campaign), True)
        n.expect("the leading group knows / 领导小组获知", {w for w, _ in s.told(self.campaign)} >= LEADING_GROUP, True)

    def guidance_ends(self):
        """督导检查一家企业，督促指导阶段11月30日结束 | One supervision visit; guidance ends on 30 November"""
        s, n = self.s, self.n
        s.clock("2022-10-11 09:00", tell=False)
        s.send("deputy", self.campaign, "supervision.planned", "安排督导东河公司", "plans a visit to Donghe", "enterprise=east-machinery")
        visit = s.child(self.campaign, "supervisions")
        s.decide("deputy", visit, "preparing", "submitted", inspectors=["explosives-head", "equipment-head"], date="2022-10-13",
                 announced=False, duty="regulate")
        n.expect("an unannounced visit tells nobody in the enterprise / 四不两直：企业不知情",
                 [who for who, _ in s.told(visit) if who.startswith("east-")], [])
        s.clock("2022-10-13 16:00")
        for inspector in ("explosives-head", "equipment-head"):
            s.decide(inspector, visit, "inspecting", "approved", record="现场检查记录.pdf", findings=[])
        s.decide("east-principal", visit, "feeding_back", "signed")
        n.expect("no findings: done / 未发现问题，办结", s.case(visit)["outcome"], "done")
        for when, number in (("2022-10-19 10:00", 10), ("2022-11-17 10:00", 11)):
            s.clock(when, tell=False)
            month(s, self.campaign, number)
        s.clock("2022-12-01 08:00")
        n.expect("guidance is over, summing up runs / 督促指导结束，进入总结提升", s.leaves(self.campaign),
                 sorted(["deployed", "self_inspected", "guided", "summarising", "collecting"]))

    def closed(self):
        """总结提升，12月31日前全部结束 | Summing up; everything is closed by 31 December"""
        s, n = self.s, self.n
        summary = s.child(self.campaign, "summaries", "explosives")
        n.expect("the 31st is a day off / 31日为休息日，期限照旧", s.deadline(summary, "summing_up")[0], "2022-12-31 24:00")
        s.clock("2022-12-19 10:00", tell=False)
        month(s, self.campaign, 12)
        s.clock("2022-12-28 10:00", tell=False)
        year_end(s, self.campaign)
        case = s.case(self.campaign)
        n.expect("the campaign is closed / 大检查结束", (case["ended"], case["outcome"]), (True, "closed"))
        n.expect("before the end of the year / 年内全部结束", s.now < "2022-12-31 24:00", True)
        open_cases = s.duban.ask(s.operator, "cases", "--open", "--limit", "0")["cases"]
        n.expect("no case is left open / 没有未办结的案件", [c["title"]["zh"] for c in open_cases], [])
        n.expect("the leading group was told / 领导小组获知", {w for w, _ in s.told(self.campaign)}, LEADING_GROUP)


def check_deliveries(server, stage, narrator):
    """Every committed message reached the notifier, once, and what was committed is what the histories say."""
    sent = sorted((c["caseId"], e["detail"]["recipient"], e["detail"]["subject"]) for c in stage.follower.changes
                  for e in c["entry"]["events"] if e["kind"] == "notified")
    got = sorted((m["case_id"], m["recipient"], m["subject"]) for m in server.delivered())
    narrator.scene("末", "核对", "The books are checked")
    narrator.expect(f"{len(sent)} messages committed, each delivered once / 每条通知恰好送达一次", got, sent)
    narrator.expect("no dead letters / 没有无法送达的消息", stage.duban.ask("admin", "dead-letters", "list")["deadLetters"], [])


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--bin", type=pathlib.Path, default=SOURCE / "build" / "dev" / "bin", help="where duband and duban are")
    parser.add_argument("--language", choices=("zh", "en", "both"), default="both")
    parser.add_argument("--keep", action="store_true", help="leave the server's directory behind")
    options = parser.parse_args()
    server = Server(options.bin.resolve(), CAMPAIGN, PEOPLE, "2022-05-16T08:00:00+08:00")
    try:
        print(f"{server.ready}; {server.directory}")
        print("人员、企业均为占位。 Every person and enterprise is a placeholder.")
        duban = Duban(options.bin.resolve(), server.address, server.tokens)
        names = {person: duban.ask(person, "whoami")["name"] for person in PEOPLE}
        narrator = Narrator(names, TITLES, options.language)
        stage = Stage(duban, narrator, "admin")
        try:
            Story(stage, narrator).play()
            check_deliveries(server, stage, narrator)
        except Refused as refusal:
            narrator.stopped(str(refusal))
        finally:
            stage.follower.stop()
        return narrator.finish()
    finally:
        server.stop(options.keep)


if __name__ == "__main__":
    sys.exit(main())
