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

constexpr Key kTaskList[] = {
    {"title", Shape::kWords, "标题，可含 {{表达式}}", "title; may contain {{expressions}}"},
    {"for", Shape::kAddressees, "由谁办理", "for whom", true},
    {"fallback", Shape::kAddressees, "找不到人时由谁办理，默认管理员",
     "when nobody is found; default: the administrators"},
    {"form", Shape::kForm, "要填写的字段", "the fields to fill in"},
    {"outcomes", Shape::kOutcomes, "可选的结论，默认 submitted",
     "the outcomes; default: submitted"},
    {"opinion", Shape::kOpinion, "哪些结论必须写意见",
     "the outcomes that need an opinion; `required`: all"},
    {"notify", Shape::kBool, "是否通知办理人，默认 true",
     "whether the candidates are told; default true"},
};

constexpr Key kApprovalList[] = {
    {"title", Shape::kWords, "标题，可含 {{表达式}}", "title; may contain {{expressions}}"},
    {"by", Shape::kAddressees, "由谁审批", "who approves", true},
    {"rule", Shape::kRule, "one、any、all、sequence、{ratio: 60}",
     "one, any, all, sequence, {ratio: 60}"},
    {"fallback", Shape::kAddressees, "找不到人时由谁审批，默认管理员",
     "when nobody is found; default: the administrators"},
    {"form", Shape::kForm, "要填写的字段", "the fields to fill in"},
    {"opinion", Shape::kOpinion, "哪些结论必须写意见",
     "the outcomes that need an opinion; `required`: all"},
    {"notify", Shape::kBool, "是否通知审批人，默认 true",
     "whether the candidates are told; default true"},
};

constexpr Key kRuleList[] = {
    {"ratio", Shape::kInteger, "百分比 1…100", "percent, 1 … 100"},
    {"collect", Shape::kBool, "等所有意见到齐再决定（与 ratio 一起）",
     "wait for every opinion, then decide (with `ratio`)"},
    {"all", Shape::kAny, "全部同意；{collect: true} 等所有意见到齐",
     "everybody; {collect: true} waits for every opinion"},
    {"sequence", Shape::kAny, "依次；{collect: true} 等所有意见到齐",
     "one after the other; {collect: true} waits for every opinion"},
};

constexpr Key kCollectList[] = {
    {"collect", Shape::kBool, "等所有意见到齐再决定", "wait for every opinion, then decide"},
};

constexpr Key kFormFieldList[] = {
    {"field", Shape::kName, "字段", "the field", true},
    {"required", Shape::kBool, "必填", "must be filled in"},
};

constexpr Key kAddresseeList[] = {
    {"person", Shape::kName, "人员", "a person"},
    {"post", Shape::kName, "岗位", "who holds a post"},
    {"office", Shape::kName, "科室全体", "every member of an office"},
    {"head_of", Shape::kOfficeOrField, "科室负责人", "the head of an office"},
    {"role", Shape::kName, "角色", "every member of a role"},
    {"enterprise", Shape::kName, "企业联系人", "an enterprise's contacts"},
    {"field", Shape::kName, "字段里的人员、科室或企业",
     "the person, office or enterprise in a field"},
    {"expression", Shape::kCel, "CEL：人员编号或其列表", "CEL: an id or a list of ids of people"},
};

constexpr Key kFieldReferenceList[] = {
    {"field", Shape::kName, "字段", "the field", true},
};

constexpr Key kDueList[] = {
    {"within", Shape::kTimeLimit, "期间，如 3 days、3 working days",
     "how long, such as 3 days, 3 working days"},
    {"on", Shape::kDate, "某一天", "a day"},
    {"monthly", Shape::kDayOfMonth, "进入之日起的第一个某日",
     "the first such day on or after the entry"},
    {"field", Shape::kName, "日期字段", "a date field"},
    {"first_day", Shape::kFirstDay, "首日是否计算", "whether the first day counts"},
    {"roll", Shape::kRoll, "末日为休息日时", "when the last day is a day off"},
    {"basis", Shape::kTitle, "依据", "the law or plan, with its article"},
    {"remind", Shape::kRemind, "提醒", "reminders: of the time, or before the end"},
    {"remind_also", Shape::kAddressees, "还提醒谁", "whom to remind too"},
    {"overdue", Shape::kOverdue, "逾期怎么办", "what happens when it passes"},
    {"urgency", Shape::kUrgency, "提醒的缓急；有 basis 时默认 statutory，否则 normal",
     "how urgent its reminders are; default: statutory with a basis, normal without"},
};

constexpr Key kOverdueList[] = {
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

constexpr Key kOrganisationList[] = {
    {"people", Shape::kPeople, "人员", "people"},
    {"posts", Shape::kPosts, "岗位", "posts"},
    {"offices", Shape::kOffices, "科室", "offices"},
    {"roles", Shape::kRoles, "角色", "roles"},
    {"enterprises", Shape::kEnterprises, "企业", "enterprises"},
};

constexpr Key kPersonList[] = {
    {"name", Shape::kTitle, "姓名", "name", true},
    {"office", Shape::kName, "所在科室", "the office"},
    {"language", Shape::kLanguage, "zh 或 en", "zh or en"},
    {"service", Shape::kBool, "客户端应用，不是人", "a client application, not a human"},
    {"addresses", Shape::kAddresses, "各渠道的地址", "address by channel"},
};

constexpr Key kPostList[] = {
    {"title", Shape::kTitle, "名称", "title", true},
    {"holder", Shape::kName, "任职人；空缺时不写", "who holds it; left out when vacant"},
};

constexpr Key kOfficeList[] = {
    {"title", Shape::kTitle, "名称", "title", true},
    {"head", Shape::kName, "负责人", "its head"},
    {"members", Shape::kNames, "成员", "its members"},
    {"superior", Shape::kName, "上级科室或岗位", "the office or post above it"},
};

constexpr Key kRoleList[] = {
    {"title", Shape::kTitle, "名称", "title", true},
    {"members", Shape::kNames, "成员", "its members"},
};

constexpr Key kEnterpriseList[] = {
    {"title", Shape::kTitle, "名称", "title", true},
    {"office", Shape::kName, "主管科室", "the section that it belongs to"},
    {"contacts", Shape::kNames, "联系人", "who acts for it"},
    {"principal", Shape::kName, "主要负责人", "the principal"},
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
const Table kTaskKeys = {"task", "任务", "a task", kTaskList};
const Table kApprovalKeys = {"approval", "审批", "an approval", kApprovalList};
const Table kRuleKeys = {"rule", "审批规则", "a rule", kRuleList};
const Table kCollectKeys = {"collect", "审批规则", "a rule", kCollectList};
const Table kFormFieldKeys = {"form_field", "表单项", "a form field", kFormFieldList};
const Table kAddresseeKeys = {"addressee", "对象", "an addressee", kAddresseeList};
const Table kFieldReferenceKeys = {"field_reference", "字段引用", "a field", kFieldReferenceList};
const Table kDueKeys = {"due", "期限", "`due`", kDueList};
const Table kOverdueKeys = {"overdue", "逾期", "`overdue`", kOverdueList};
const Table kActionKeys = {"action", "动作", "an action", kActionList};
const Table kRaiseKeys = {"raise", "raise", "`raise`", kRaiseList};
const Table kSendKeys = {"send", "send", "`send`", kSendList};
const Table kSendToKeys = {"send_to", "to", "`to`", kSendToList};
const Table kCancelKeys = {"cancel", "cancel", "`cancel`", kCancelList};
const Table kNotifyKeys = {"notify", "notify", "`notify`", kNotifyList};
const Table kStartKeys = {"start_child", "start", "`start`", kStartList};
const Table kForEachKeys = {"for_each", "for_each", "`for_each`", kForEachList};
const Table kOrganisationKeys = {"organisation", "组织", "an organisation", kOrganisationList};
const Table kPersonKeys = {"person", "人员", "a person", kPersonList};
const Table kPostKeys = {"post", "岗位", "a post", kPostList};
const Table kOfficeKeys = {"office", "科室", "an office", kOfficeList};
const Table kRoleKeys = {"role", "角色", "a role", kRoleList};
const Table kEnterpriseKeys = {"enterprise", "企业", "an enterprise", kEnterpriseList};

std::span<const Table* const> AllTables() {
  static constexpr const Table* kAll[] = {
      &kWorkflowKeys, &kPartKeys,      &kTitleKeys,     &kStartersKeys,       &kFieldKeys,
      &kMessageKeys,  &kStateKeys,     &kInitialKeys,   &kTransitionKeys,     &kAfterKeys,
      &kAtKeys,       &kEveryKeys,     &kTaskKeys,      &kApprovalKeys,       &kRuleKeys,
      &kCollectKeys,  &kFormFieldKeys, &kAddresseeKeys, &kFieldReferenceKeys, &kDueKeys,
      &kOverdueKeys,  &kActionKeys,    &kRaiseKeys,     &kSendKeys,           &kSendToKeys,
      &kCancelKeys,   &kNotifyKeys,    &kStartKeys,     &kForEachKeys,        &kOrganisationKeys,
      &kPersonKeys,   &kPostKeys,      &kOfficeKeys,    &kRoleKeys,           &kEnterpriseKeys};
  return kAll;
}

}  // namespace duban::definition
