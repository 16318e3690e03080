// The keys of people: who is asked, how they decide, who is who.
#include "core/definition/keys.h"

namespace duban::definition {
namespace {

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
    {"attachment", Shape::kOpinion, "哪些结论必须有附件",
     "the outcomes that need an attachment; `required`: all"},
    {"signature", Shape::kOpinion, "哪些结论必须签名",
     "the outcomes that need a signature; `required`: all"},
    {"draw", Shape::kInteger, "从中抽签几人", "so many of the people, by lot"},
    {"when_starter", Shape::kStarterFound, "只找到发起人时：self（默认）、superior、administrators",
     "only the starter is found: self (default), superior, administrators"},
    {"return", Shape::kReturn, "可以退回到哪里：previous、starter、any 或状态",
     "where it may be returned to: previous, starter, any, or states"},
    {"transfer", Shape::kBool, "可以转办，默认 true", "may be transferred; default true"},
    {"delegate", Shape::kBool, "可以委派和代理，默认 true",
     "may be delegated, and done under a mandate; default true"},
    {"add_signers", Shape::kBool, "可以加签，默认 true", "signers may be added; default true"},
    {"withdraw", Shape::kBool, "可以撤回自己的意见，默认 true",
     "one's own decision may be withdrawn; default true"},
    {"copy", Shape::kAddressees, "抄送谁", "to whom a copy goes when it opens"},
    {"notify", Shape::kBool, "是否通知办理人，默认 true",
     "whether the candidates are told; default true"},
};

constexpr Key kApprovalList[] = {
    {"title", Shape::kWords, "标题，可含 {{表达式}}", "title; may contain {{expressions}}"},
    {"by", Shape::kAddressees, "由谁审批", "who approves"},
    {"rule", Shape::kRule,
     "one、any、all、sequence、{ratio: 60}、{count: 3}、{weighted: {threshold: 51}}",
     "one, any, all, sequence, {ratio: 60}, {count: 3}, {weighted: {threshold: 51}}"},
    {"groups", Shape::kGroups, "几个小组都须同意，代替 by 和 rule",
     "several groups have to agree, instead of by and rule"},
    {"collect", Shape::kBool, "各组都有结果再决定（与 groups 一起）",
     "every group first, then decide (with `groups`)"},
    {"fallback", Shape::kAddressees, "找不到人时由谁审批，默认管理员",
     "when nobody is found; default: the administrators"},
    {"form", Shape::kForm, "要填写的字段", "the fields to fill in"},
    {"opinion", Shape::kOpinion, "哪些结论必须写意见",
     "the outcomes that need an opinion; `required`: all"},
    {"attachment", Shape::kOpinion, "哪些结论必须有附件",
     "the outcomes that need an attachment; `required`: all"},
    {"signature", Shape::kOpinion, "哪些结论必须签名",
     "the outcomes that need a signature; `required`: all"},
    {"draw", Shape::kInteger, "从中抽签几人", "so many of the people, by lot"},
    {"abstain", Shape::kBool, "可以弃权，默认 false", "one may abstain; default false"},
    {"nobody", Shape::kNobody, "找不到人时：administrators（默认）、approve、reject",
     "nobody is found: administrators (default), approve, reject"},
    {"when_starter", Shape::kStarterFound,
     "只找到发起人时：superior（默认）、self、skip、administrators",
     "only the starter is found: superior (default), self, skip, administrators"},
    {"return", Shape::kReturn, "可以退回到哪里：previous、starter、any 或状态",
     "where it may be returned to: previous, starter, any, or states"},
    {"transfer", Shape::kBool, "可以转办，默认 true", "may be transferred; default true"},
    {"delegate", Shape::kBool, "可以委派和代理，默认 true",
     "may be delegated, and done under a mandate; default true"},
    {"add_signers", Shape::kBool, "可以加签，默认 true", "signers may be added; default true"},
    {"withdraw", Shape::kBool, "可以撤回自己的意见，默认 true",
     "one's own decision may be withdrawn; default true"},
    {"copy", Shape::kAddressees, "抄送谁", "to whom a copy goes when it opens"},
    {"notify", Shape::kBool, "是否通知审批人，默认 true",
     "whether the candidates are told; default true"},
};

constexpr Key kRuleList[] = {
    {"ratio", Shape::kInteger, "百分比 1…100", "percent, 1 … 100"},
    {"count", Shape::kInteger, "几票同意", "so many approvals"},
    {"weighted", Shape::kWeighted, "加权票签", "by weight"},
    {"all", Shape::kRoundOptions, "全部同意", "everybody"},
    {"sequence", Shape::kRoundOptions, "依次", "one after the other"},
    {"of", Shape::kBase, "比例的分母：seats（默认）或 votes（弃权不计）",
     "what it is a ratio of: seats (default), or votes: abstentions do not count"},
    {"tie", Shape::kTie, "恰好一半时（与 ratio: 50 一起）", "at exactly half (with ratio: 50)"},
    {"collect", Shape::kBool, "等所有意见到齐再决定（与 ratio、count 一起）",
     "wait for every opinion, then decide (with ratio, count)"},
    {"quorum", Shape::kInteger, "至少百分之几的人参加表决（与 ratio、count 一起）",
     "so many percent must have voted (with ratio, count)"},
};

constexpr Key kRoundOptionList[] = {
    {"collect", Shape::kBool, "等所有意见到齐再决定", "wait for every opinion, then decide"},
    {"quorum", Shape::kInteger, "至少百分之几的人参加表决，1…100",
     "so many percent must have voted, 1 … 100"},
};

constexpr Key kWeightedList[] = {
    {"threshold", Shape::kInteger, "同意者的权重之和至少",
     "the weights of those who approve reach it", true},
    {"tie", Shape::kTie, "恰好一半时", "at exactly half"},
    {"collect", Shape::kBool, "等所有意见到齐再决定", "wait for every opinion, then decide"},
    {"quorum", Shape::kInteger, "至少百分之几的人参加表决，1…100",
     "so many percent must have voted, 1 … 100"},
};

constexpr Key kGroupList[] = {
    {"title", Shape::kTitle, "小组的名称", "what the group is called", true},
    {"by", Shape::kAddressees, "由谁审批", "who approves", true},
    {"rule", Shape::kRule, "组内的规则，默认 one", "the rule inside the group; default: one"},
};

constexpr Key kReturnList[] = {
    {"to", Shape::kNames, "previous、starter、any 或状态", "previous, starter, any, or states",
     true},
    {"resubmit", Shape::kResubmit,
     "再次提交后：rerun（默认，依次重走）、back_to_returner（直接回到退回人）",
     "after that: rerun (default), or back_to_returner"},
};

constexpr Key kDutyList[] = {
    {"separate", Shape::kNames, "在其中一个状态办理过的人不得在另一个状态办理；可含 starter",
     "who acted in one of the states may not act in another; may contain starter"},
    {"barred", Shape::kAddressees, "须回避的人", "who may not act"},
    {"in", Shape::kNames, "回避适用的状态，默认全部（与 barred 一起）",
     "where they may not; default: anywhere (with `barred`)"},
    {"differ", Shape::kNames, "这些字段里的人必须不同", "the fields never name the same person"},
    {"basis", Shape::kTitle, "依据", "the law or plan"},
};

constexpr Key kFormFieldList[] = {
    {"field", Shape::kName, "字段", "the field", true},
    {"required", Shape::kRequired, "必填：true，或哪些结论必填",
     "must be filled in: true, or the outcomes that require it"},
    {"read_only", Shape::kBool, "只显示", "shown, not asked"},
    {"from", Shape::kAddressees, "可选的人（人员字段）", "whom one may choose (of a person field)"},
};

constexpr Key kAddresseeList[] = {
    {"person", Shape::kName, "人员", "a person"},
    {"post", Shape::kName, "岗位", "who holds a post"},
    {"office", Shape::kName, "科室全体", "every member of an office"},
    {"head_of", Shape::kSubject, "科室负责人",
     "the head of an office; of the office of starter, actor or a field"},
    {"role", Shape::kName, "角色", "every member of a role"},
    {"enterprise", Shape::kName, "企业联系人", "an enterprise's contacts"},
    {"group", Shape::kName, "工作组的成员", "the members of a group"},
    {"superior_of", Shape::kSubject, "谁的上级", "whose superior"},
    {"superiors_of", Shape::kSubject, "谁的逐级上级", "whose superiors, nearest first"},
    {"levels", Shape::kInteger, "几级，1…10（与 superiors_of 一起）",
     "so many levels, 1 … 10 (with superiors_of)"},
    {"deputy_in_charge_of", Shape::kSubject, "谁的分管负责人", "whose deputy in charge"},
    {"field", Shape::kName, "字段里的人员、科室或企业",
     "the person, office or enterprise in a field"},
    {"expression", Shape::kCel, "CEL：人员编号或其列表", "CEL: an id or a list of ids of people"},
    {"weight", Shape::kInteger, "每个席位的权重，默认 1（加权票签）",
     "of each seat; default 1 (with a weighted rule)"},
};

constexpr Key kFieldReferenceList[] = {
    {"field", Shape::kName, "字段", "the field", true},
};

constexpr Key kOrganisationList[] = {
    {"people", Shape::kPeople, "人员", "people"},
    {"posts", Shape::kPosts, "岗位", "posts"},
    {"offices", Shape::kOffices, "科室", "offices"},
    {"roles", Shape::kRoles, "角色", "roles"},
    {"enterprises", Shape::kEnterprises, "企业", "enterprises"},
    {"groups", Shape::kOrganisationGroups, "工作组：成员随岗位变动",
     "groups, whose members follow posts"},
    {"mandates", Shape::kMandates, "代理授权", "who may act in whose name, and when"},
};

constexpr Key kPersonList[] = {
    {"name", Shape::kTitle, "姓名", "name", true},
    {"office", Shape::kName, "所在科室", "the office"},
    {"language", Shape::kLanguage, "zh 或 en", "zh or en"},
    {"service", Shape::kBool, "客户端应用，不是人", "a client application, not a human"},
    {"addresses", Shape::kAddresses, "各渠道的地址", "address by channel"},
    {"disabled", Shape::kBool, "已离职", "has left"},
    {"away", Shape::kAway, "请假：[{from, to}]", "on leave: [{from, to}]"},
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
    {"deputy", Shape::kName, "分管负责人：岗位或人员", "the post or person in charge of it"},
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

constexpr Key kPeriodList[] = {
    {"from", Shape::kDate, "第一天", "the first day", true},
    {"to", Shape::kDate, "最后一天（含）", "the last day, included", true},
};

constexpr Key kOrganisationGroupList[] = {
    {"title", Shape::kTitle, "名称", "title", true},
    {"members", Shape::kMembers, "成员", "its members", true},
};

constexpr Key kMemberList[] = {
    {"post", Shape::kName, "岗位", "who holds a post"},
    {"person", Shape::kName, "人员", "a person"},
    {"office", Shape::kName, "科室全体", "every member of an office"},
    {"head_of", Shape::kName, "科室负责人", "the head of an office"},
    {"heads_of", Shape::kOfOffices, "offices：各科室负责人", "`offices`: the head of every office"},
    {"role", Shape::kName, "角色", "every member of a role"},
};

constexpr Key kMandateList[] = {
    {"principal", Shape::kName, "委托人", "in whose name", true},
    {"agent", Shape::kName, "代理人", "who may act", true},
    {"from", Shape::kDate, "第一天", "the first day", true},
    {"to", Shape::kDate, "最后一天（含）", "the last day, included", true},
    {"workflows", Shape::kNames, "适用的工作流，默认全部", "for which workflows; default: all"},
    {"except", Shape::kNames, "除外的工作流", "the workflows left out"},
};

}  // namespace

const Table kTaskKeys = {"task", "任务", "a task", kTaskList};
const Table kApprovalKeys = {"approval", "审批", "an approval", kApprovalList};
const Table kRuleKeys = {"rule", "审批规则", "a rule", kRuleList};
const Table kRoundOptionKeys = {"round_options", "审批规则", "a rule", kRoundOptionList};
const Table kWeightedKeys = {"weighted", "加权票签", "`weighted`", kWeightedList};
const Table kGroupKeys = {"approval_group", "小组", "a group", kGroupList};
const Table kReturnKeys = {"return", "return", "`return`", kReturnList};
const Table kDutyKeys = {"duty", "规则", "a rule of the case", kDutyList};
const Table kFormFieldKeys = {"form_field", "表单项", "a form field", kFormFieldList};
const Table kAddresseeKeys = {"addressee", "对象", "an addressee", kAddresseeList};
const Table kFieldReferenceKeys = {"field_reference", "字段引用", "a field", kFieldReferenceList};
const Table kOrganisationKeys = {"organisation", "组织", "an organisation", kOrganisationList};
const Table kPersonKeys = {"person", "人员", "a person", kPersonList};
const Table kPostKeys = {"post", "岗位", "a post", kPostList};
const Table kOfficeKeys = {"office", "科室", "an office", kOfficeList};
const Table kRoleKeys = {"role", "角色", "a role", kRoleList};
const Table kEnterpriseKeys = {"enterprise", "企业", "an enterprise", kEnterpriseList};
const Table kPeriodKeys = {"period", "时段", "a period", kPeriodList};
const Table kOrganisationGroupKeys = {"group", "工作组", "a group", kOrganisationGroupList};
const Table kMemberKeys = {"member", "成员", "a member", kMemberList};
const Table kMandateKeys = {"mandate", "代理授权", "a mandate", kMandateList};

}  // namespace duban::definition
