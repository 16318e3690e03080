#include "core/definition/keys.h"

namespace duban::definition {
namespace {

constexpr Key kWorkflowList[] = {
    {"workflow", Shape::kName, "工作流的名称：a-z、0-9、-、_、.",
     "the workflow's name: a-z, 0-9, '-', '_', '.'", true},
    {"campaign", Shape::kName, "专项行动的名称；只写在它自己的工作流里",
     "the campaign's name; only beside its own workflow"},
    {"title", Shape::kTitle, "标题", "what people call it"},
    {"time_zone", Shape::kText, "IANA 时区，默认 Asia/Shanghai",
     "IANA time zone; default Asia/Shanghai"},
    {"include", Shape::kNames, "引入的部件文件，路径相对于本文件",
     "parts to include, by path relative to this file"},
    {"case_title", Shape::kWords, "每个案件在列表里的名称，可含 {{表达式}}",
     "how one case is called in lists; may contain {{expressions}}"},
    {"start", Shape::kStarters, "谁可以发起", "who may start a case"},
    {"readers", Shape::kAddressees, "参与人之外谁可以查看全部案件",
     "who may see every case, beside those who took part"},
    {"data", Shape::kFields, "案件的数据字段", "the fields of the case's data"},
    {"rules", Shape::kDuties, "职责分离与回避", "separation of duties and recusal"},
    {"repeat", Shape::kRepeat, "已同意过的人再次遇到时：ask（默认）、skip_consecutive、skip_any",
     "who has approved already is found again: ask (default), skip_consecutive, skip_any"},
    {"revoke", Shape::kRevoke, "发起人何时可以撤销：before_first_act（默认）、any_time、never",
     "when the starter may take the case back: before_first_act (default), any_time, never"},
    {"messages", Shape::kMessages, "通知用语", "messages for `notify`"},
    {"initial", Shape::kInitial, "从哪里开始，默认第一个状态",
     "where to begin; default: the first state"},
    {"states", Shape::kStates, "状态", "the states", true},
};

constexpr Key kPartList[] = {
    {"part", Shape::kName, "部件的名称", "the part's name", true},
    {"include", Shape::kNames, "引入的其他部件", "other parts to include"},
    {"data", Shape::kFields, "数据字段", "fields"},
    {"messages", Shape::kMessages, "通知用语", "messages"},
};

constexpr Key kTitleList[] = {
    {"zh", Shape::kText, "中文", "Chinese"},
    {"en", Shape::kText, "英文", "English"},
};

constexpr Key kStartersList[] = {
    {"by", Shape::kAddressees, "谁可以发起", "who may start a case", true},
};

constexpr Key kFieldList[] = {
    {"type", Shape::kFieldType, "类型", "the type", true},
    {"title", Shape::kTitle, "标题", "title"},
    {"required", Shape::kBool, "发起时必填", "must be given when the case is started"},
    {"default", Shape::kAny, "初值", "the value it begins with"},
    {"value", Shape::kCel, "进入状态时计算的初值（只用于状态内的 data）",
     "the value it gets on first entry, CEL (only for data inside a state)"},
    {"values", Shape::kValues, "枚举的取值", "the values of an enum"},
    {"min", Shape::kInteger, "数的下限；文本和列表的最短长度",
     "least number; least length of a text or list"},
    {"max", Shape::kInteger, "数的上限；文本和列表的最大长度",
     "greatest number; greatest length of a text or list"},
    {"fields", Shape::kFields, "对象的成员", "the members of an object"},
    {"of", Shape::kField, "列表元素", "the items of a list"},
    {"confidential", Shape::kBool, "保密：不进入通知、标题和记录（如举报人）",
     "confidential: never in messages, titles or the history (a whistle-blower)"},
    {"visible_to", Shape::kAddressees, "谁可以看到，默认能查看案件的人",
     "who may see it; default: who may see the case"},
};

constexpr Key kMessageList[] = {
    {"subject", Shape::kWords, "主题", "subject", true},
    {"text", Shape::kWords, "正文", "body"},
};

constexpr Key kStateList[] = {
    {"title", Shape::kTitle, "标题", "title"},
    {"initial", Shape::kInitial, "复合状态从哪里开始，默认第一个",
     "compound: where to begin; default: the first"},
    {"states", Shape::kStates, "子状态", "child states"},
    {"parallel", Shape::kBool, "所有子状态同时进行", "all children at once"},
    {"final", Shape::kBool, "终态", "a final state"},
    {"outcome", Shape::kName, "案件的结果，默认状态名",
     "the case's outcome; default: the state's name"},
    {"result", Shape::kData, "结果数据：名称到 CEL", "result data: CEL by name"},
    {"history", Shape::kHistory, "历史状态", "a history state"},
    {"to", Shape::kNames, "历史为空时进入哪里", "a history's default targets"},
    {"do", Shape::kActions, "进入历史默认目标时的动作", "actions with a history's default targets"},
    {"task", Shape::kTask, "要人办理的任务", "a task for people"},
    {"approval", Shape::kApproval, "审批", "an approval"},
    {"due", Shape::kDue, "期限", "when it is due"},
    {"after", Shape::kAfter, "进入后多久", "so long after the entry"},
    {"at", Shape::kAt, "某一天", "on a day"},
    {"every", Shape::kEvery, "周期", "again and again"},
    {"entry", Shape::kActions, "进入时的动作", "actions on entry"},
    {"exit", Shape::kActions, "离开时的动作", "actions on exit"},
    {"on", Shape::kOn, "事件引起的转移", "transitions by event"},
    {"always", Shape::kTransitions, "条件成立即自动转移",
     "transitions taken as soon as their guard holds"},
    {"data", Shape::kFields, "首次进入时初始化的字段",
     "fields that are initialised on first entry"},
};

constexpr Key kInitialList[] = {
    {"to", Shape::kNames, "目标", "targets", true},
    {"do", Shape::kActions, "动作", "actions"},
};

constexpr Key kTransitionList[] = {
    {"to", Shape::kNames, "目标状态；没有则不离开任何状态",
     "target states; without it nothing is left"},
    {"when", Shape::kCel, "条件（CEL）", "guard (CEL)"},
    {"do", Shape::kActions, "动作", "actions"},
    {"by", Shape::kAddressees, "谁可以发送这个事件", "who may send the event"},
    {"require", Shape::kRequire, "必须说明理由", "a reason is required"},
    {"internal", Shape::kBool, "不离开源状态", "the source state is not left"},
    {"title", Shape::kTitle, "标题", "title"},
};

constexpr Key kAfterList[] = {
    {"within", Shape::kTimeLimit, "期间，如 10 days、3 working days",
     "how long, such as 10 days, 3 working days", true},
    {"first_day", Shape::kFirstDay, "首日是否计算", "whether the first day counts"},
    {"roll", Shape::kRoll, "末日为休息日时", "when the last day is a day off"},
    {"basis", Shape::kTitle, "依据", "the law or plan"},
    {"to", Shape::kNames, "目标状态", "target states"},
    {"when", Shape::kCel, "条件（CEL）", "guard (CEL)"},
    {"do", Shape::kActions, "动作", "actions"},
    {"internal", Shape::kBool, "不离开源状态", "the source state is not left"},
    {"title", Shape::kTitle, "标题", "title"},
};

constexpr Key kAtList[] = {
    {"from", Shape::kDate, "这一天开始时", "when this day begins"},
    {"until", Shape::kDate, "这一天 24:00", "at 24:00 of this day"},
    {"time", Shape::kClockTime, "时刻，如 09:00（与 from 一起）",
     "the time of day, such as 09:00 (with `from`)"},
    {"basis", Shape::kTitle, "依据", "the law or plan"},
    {"to", Shape::kNames, "目标状态", "target states"},
    {"when", Shape::kCel, "条件（CEL）", "guard (CEL)"},
    {"do", Shape::kActions, "动作", "actions"},
    {"internal", Shape::kBool, "不离开源状态", "the source state is not left"},
    {"title", Shape::kTitle, "标题", "title"},
};

constexpr Key kEveryList[] = {
    {"monthly", Shape::kDayOfMonth, "每月几日", "the day of each month"},
    {"before", Shape::kWorkingDays, "提前几个工作日，如 0 working days",
     "so many working days before it, such as 0 working days"},
    {"time", Shape::kClockTime, "时刻，默认 09:00（与 monthly 一起）",
     "the time of day; default 09:00 (with `monthly`)"},
    {"within", Shape::kTimeLimit, "间隔，如 7 days", "the interval, such as 7 days"},
    {"basis", Shape::kTitle, "依据", "the law or plan"},
    {"to", Shape::kNames, "目标状态", "target states"},
    {"when", Shape::kCel, "条件（CEL）", "guard (CEL)"},
    {"do", Shape::kActions, "动作", "actions"},
    {"internal", Shape::kBool, "不离开源状态", "the source state is not left"},
    {"title", Shape::kTitle, "标题", "title"},
};

constexpr Key kDueList[] = {
    {"within", Shape::kTimeLimit, "期间，如 3 days、3 working days",
     "how long, such as 3 days, 3 working days"},
    {"on", Shape::kDate, "某一天", "a day"},
    {"monthly", Shape::kDayOfMonth, "进入之日起的第一个某日",
     "the first such day on or after the entry"},
    {"field", Shape::kName, "日期字段", "a date field"},
    {"from", Shape::kDueFrom, "从何时起算，默认 entry；与 within 一起",
     "where the count begins: entry (default), start, {field: …}, {event: …}; with `within`"},
    {"first_day", Shape::kFirstDay, "首日是否计算", "whether the first day counts"},
    {"roll", Shape::kRoll, "末日为休息日时", "when the last day is a day off"},
    {"pause", Shape::kBool, "案件中止期间是否不计，默认 false",
     "whether a suspension of the case is not counted; default false"},
    {"basis", Shape::kBasis, "依据；或按施行日期列出的多个版本",
     "the law or plan, with its article; or its versions by date"},
    {"remind", Shape::kRemind, "提醒", "reminders: of the time, or before the end"},
    {"remind_also", Shape::kAddressees, "还提醒谁", "whom to remind too"},
    {"overdue", Shape::kOverdue, "逾期怎么办", "what happens when it passes"},
    {"urgency", Shape::kUrgency, "提醒的缓急；有 basis 时默认 statutory，否则 normal",
     "how urgent its reminders are; default: statutory with a basis, normal without"},
};

constexpr Key kDueFromList[] = {
    {"field", Shape::kName, "日期或时间字段", "a date or time field"},
    {"event", Shape::kName, "事件数据里的日期或时间", "a date or time in the event's data"},
};

constexpr Key kProvisionList[] = {
    {"text", Shape::kTitle, "依据，含条款", "the law or plan, with its article", true},
    {"from", Shape::kDate, "施行之日", "the first day on which it is in force"},
    {"to", Shape::kDate, "最后有效之日", "the last day on which it is in force"},
    {"within", Shape::kTimeLimit, "它规定的期间，默认 due 的 within",
     "the limit that it sets; default: the due date's `within`"},
};

constexpr Key kOverdueList[] = {
    {"after", Shape::kTimeLimit, "逾期多久以后，默认立即",
     "so long after the due date; default: at once"},
    {"decide", Shape::kName, "由系统作出的结论；法定期限不得自动同意",
     "the outcome that the system decides; never an approval where there is a basis"},
    {"escalate", Shape::kAddressees, "升级给谁", "to whom it escalates"},
    {"notify", Shape::kNotify, "通知", "a message"},
    {"do", Shape::kActions, "动作", "actions"},
    {"to", Shape::kNames, "目标状态", "target states"},
    {"when", Shape::kCel, "条件（CEL）", "guard (CEL)"},
};

constexpr Key kActionList[] = {
    {"assign", Shape::kData, "赋值：字段到 CEL", "CEL by field"},
    {"raise", Shape::kRaise, "内部事件", "an internal event"},
    {"send", Shape::kSend, "发送事件", "an event to this case, its parent or its children"},
    {"cancel", Shape::kCancel, "撤销延时发送", "takes back a delayed send"},
    {"notify", Shape::kNotify, "通知", "a message to people"},
    {"start", Shape::kStart, "发起子案件", "starts children"},
    {"escalate", Shape::kAddressees, "让他们也能办理本状态的任务",
     "they may act on the state's open task too, and are told"},
    {"if", Shape::kCel, "条件（CEL）；与 do、else 一起", "a condition (CEL); with do and else"},
    {"else", Shape::kActions, "条件不成立时", "when the condition is false"},
    {"for_each", Shape::kForEach, "遍历列表；与 do 一起", "walks through a list; with do"},
    {"do", Shape::kActions, "动作（与 if 或 for_each 一起）", "actions (with if or for_each)"},
    {"log", Shape::kCel, "记录（CEL）", "a line in the history (CEL)"},
};

constexpr Key kRaiseList[] = {
    {"event", Shape::kName, "事件", "the event", true},
    {"data", Shape::kData, "数据：名称到 CEL", "data: CEL by name"},
};

constexpr Key kSendList[] = {
    {"event", Shape::kName, "事件", "the event"},
    {"event_expression", Shape::kCel, "事件名（CEL）", "the event's name (CEL)"},
    {"to", Shape::kSendTo, "self（默认）、parent、{children: 槽}",
     "self (default), parent, {children: slot}"},
    {"after", Shape::kTimeLimit, "延时", "the delay"},
    {"delay", Shape::kCel, "延时（CEL：duration 或毫秒）",
     "the delay (CEL: duration, or milliseconds)"},
    {"id", Shape::kName, "撤销时用的名称", "a name for `cancel`"},
    {"id_field", Shape::kName, "存放生成的名称的字段", "the field that gets a generated name"},
    {"data", Shape::kData, "数据：名称到 CEL", "data: CEL by name"},
};

constexpr Key kSendToList[] = {
    {"children", Shape::kName, "子案件的槽", "the slot of the children", true},
};

constexpr Key kCancelList[] = {
    {"expression", Shape::kCel, "名称（CEL）", "the name (CEL)", true},
};

constexpr Key kNotifyList[] = {
    {"to", Shape::kAddressees, "给谁", "to whom", true},
    {"message", Shape::kName, "messages 里的用语", "one of `messages`"},
    {"subject", Shape::kWords, "主题", "subject"},
    {"text", Shape::kWords, "正文", "body"},
    {"urgency", Shape::kUrgency, "缓急：digest（汇总）、normal（默认）、urgent、statutory（法定）",
     "digest (gathered), normal (default), urgent, statutory"},
    {"urgent", Shape::kBool, "同 urgency: urgent", "the same as urgency: urgent"},
};

constexpr Key kStartList[] = {
    {"workflow", Shape::kName, "工作流", "the workflow", true},
    {"as", Shape::kName, "槽，默认工作流名", "the slot; default: the workflow's name"},
    {"for_each", Shape::kCel, "每项发起一个（CEL 列表）", "one child for each item (CEL list)"},
    {"data", Shape::kData, "数据：名称到 CEL", "data: CEL by name"},
};

constexpr Key kForEachList[] = {
    {"in", Shape::kCel, "列表（CEL）", "the list (CEL)", true},
    {"item", Shape::kName, "存放当前项的字段", "the field that gets the item", true},
    {"index", Shape::kName, "存放序号（从 0）的字段", "the field that gets its number, from 0"},
};

}  // namespace

const Table kWorkflowKeys = {"workflow", "工作流", "a workflow", kWorkflowList};
const Table kPartKeys = {"part", "部件", "a part", kPartList};
const Table kTitleKeys = {"bilingual", "双语文字", "a text in zh and en", kTitleList};
const Table kStartersKeys = {"starters", "start", "`start`", kStartersList};
const Table kFieldKeys = {"field", "字段", "a field", kFieldList};
const Table kMessageKeys = {"message", "通知用语", "a message", kMessageList};
const Table kStateKeys = {"state", "状态", "a state", kStateList};
const Table kInitialKeys = {"initial", "initial", "`initial`", kInitialList};
const Table kTransitionKeys = {"transition", "转移", "a transition", kTransitionList};
const Table kAfterKeys = {"after", "after", "`after`", kAfterList};
const Table kAtKeys = {"at", "at", "`at`", kAtList};
const Table kEveryKeys = {"every", "every", "`every`", kEveryList};
const Table kDueKeys = {"due", "期限", "`due`", kDueList};
const Table kDueFromKeys = {"due_from", "起算点", "where a due date is counted from", kDueFromList};
const Table kProvisionKeys = {"provision", "依据的一个版本", "one version of a rule",
                              kProvisionList};
const Table kOverdueKeys = {"overdue", "逾期", "`overdue`", kOverdueList};
const Table kActionKeys = {"action", "动作", "an action", kActionList};
const Table kRaiseKeys = {"raise", "raise", "`raise`", kRaiseList};
const Table kSendKeys = {"send", "send", "`send`", kSendList};
const Table kSendToKeys = {"send_to", "to", "`to`", kSendToList};
const Table kCancelKeys = {"cancel", "cancel", "`cancel`", kCancelList};
const Table kNotifyKeys = {"notify", "notify", "`notify`", kNotifyList};
const Table kStartKeys = {"start_child", "start", "`start`", kStartList};
const Table kForEachKeys = {"for_each", "for_each", "`for_each`", kForEachList};

std::span<const Table* const> AllTables() {
  static constexpr const Table* kAll[] = {&kWorkflowKeys,
                                          &kPartKeys,
                                          &kTitleKeys,
                                          &kStartersKeys,
                                          &kFieldKeys,
                                          &kMessageKeys,
                                          &kStateKeys,
                                          &kInitialKeys,
                                          &kTransitionKeys,
                                          &kAfterKeys,
                                          &kAtKeys,
                                          &kEveryKeys,
                                          &kTaskKeys,
                                          &kApprovalKeys,
                                          &kRuleKeys,
                                          &kRoundOptionKeys,
                                          &kWeightedKeys,
                                          &kGroupKeys,
                                          &kReturnKeys,
                                          &kDutyKeys,
                                          &kFormFieldKeys,
                                          &kAddresseeKeys,
                                          &kFieldReferenceKeys,
                                          &kDueKeys,
                                          &kDueFromKeys,
                                          &kProvisionKeys,
                                          &kOverdueKeys,
                                          &kActionKeys,
                                          &kRaiseKeys,
                                          &kSendKeys,
                                          &kSendToKeys,
                                          &kCancelKeys,
                                          &kNotifyKeys,
                                          &kStartKeys,
                                          &kForEachKeys,
                                          &kOrganisationKeys,
                                          &kPersonKeys,
                                          &kPostKeys,
                                          &kOfficeKeys,
                                          &kRoleKeys,
                                          &kEnterpriseKeys,
                                          &kPeriodKeys,
                                          &kOrganisationGroupKeys,
                                          &kMemberKeys,
                                          &kMandateKeys};
  return kAll;
}

}  // namespace duban::definition
