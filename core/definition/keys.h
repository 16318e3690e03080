// The keys of the language: what the loader allows, and what the JSON Schema describes, from one
// source.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace duban::definition {

// What stands behind a key.
enum class Shape : std::uint8_t {
  kName,   // of a workflow, state, field, event …
  kNames,  // one name or a list
  kTitle,  // a text, or zh and en
  kWords,  // the same with {{expressions}}
  kText,   // a plain text
  kBool,
  kInteger,
  kAny,
  kFieldType,
  kValues,  // of an enum: names, or titles by name
  kFields,  // fields by name
  kField,
  kMessages,
  kStates,
  kHistory,  // shallow or deep
  kInitial,
  kCel,
  kData,  // CEL by name
  kTask,
  kApproval,
  kRule,
  kForm,
  kOutcomes,
  kOpinion,
  kAddressees,
  kStarters,
  kTimeLimit,
  kFirstDay,
  kRoll,
  kDate,
  kClockTime,
  kDayOfMonth,
  kWorkingDays,
  kDue,
  kDueFrom,
  kBasis,
  kOverdue,
  kRemind,
  kAfter,
  kAt,
  kEvery,
  kOn,
  kTransitions,
  kRequire,
  kActions,
  kRaise,
  kSend,
  kSendTo,
  kCancel,
  kNotify,
  kStart,
  kForEach,
  kPeople,
  kPosts,
  kOffices,
  kRoles,
  kEnterprises,
  kAddresses,
  kLanguage,
  kUrgency,
  kDuties,
  kRepeat,
  kRevoke,
  kGroups,  // of an approval
  kRoundOptions,
  kWeighted,
  kBase,
  kTie,
  kReturn,
  kResubmit,
  kNobody,
  kStarterFound,
  kRequired,  // true, or the outcomes
  kSubject,   // whose superior …: starter, actor, an id, or a field
  kAway,
  kOrganisationGroups,
  kMembers,
  kOfOffices,
  kMandates,
};

struct Key {
  std::string_view name;
  Shape shape;
  std::string_view help_zh;
  std::string_view help_en;
  bool required = false;
};

// The keys that one kind of map may have.
struct Table {
  std::string_view name;  // in the schema's $defs
  std::string_view zh;    // what people call such a map
  std::string_view en;
  std::span<const Key> keys;
};

extern const Table kWorkflowKeys;
extern const Table kPartKeys;
extern const Table kTitleKeys;
extern const Table kStartersKeys;
extern const Table kFieldKeys;
extern const Table kMessageKeys;
extern const Table kStateKeys;
extern const Table kInitialKeys;
extern const Table kTransitionKeys;
extern const Table kAfterKeys;
extern const Table kAtKeys;
extern const Table kEveryKeys;
extern const Table kTaskKeys;
extern const Table kApprovalKeys;
extern const Table kRuleKeys;
extern const Table kRoundOptionKeys;
extern const Table kWeightedKeys;
extern const Table kGroupKeys;
extern const Table kReturnKeys;
extern const Table kDutyKeys;
extern const Table kFormFieldKeys;
extern const Table kAddresseeKeys;
extern const Table kFieldReferenceKeys;
extern const Table kDueKeys;
extern const Table kDueFromKeys;
extern const Table kProvisionKeys;
extern const Table kOverdueKeys;
extern const Table kActionKeys;
extern const Table kRaiseKeys;
extern const Table kSendKeys;
extern const Table kSendToKeys;
extern const Table kCancelKeys;
extern const Table kNotifyKeys;
extern const Table kStartKeys;
extern const Table kForEachKeys;
extern const Table kOrganisationKeys;
extern const Table kPersonKeys;
extern const Table kPostKeys;
extern const Table kOfficeKeys;
extern const Table kRoleKeys;
extern const Table kEnterpriseKeys;
extern const Table kPeriodKeys;
extern const Table kOrganisationGroupKeys;
extern const Table kMemberKeys;
extern const Table kMandateKeys;

// All of them, for the schema.
std::span<const Table* const> AllTables();

inline constexpr std::string_view kFieldTypes[] = {
    "text",   "int",    "decimal", "bool",       "date", "time",  "enum", "list",
    "object", "person", "office",  "enterprise", "file", "money", "any"};

// Words that stand for the values of an enum, in its order.
inline constexpr std::string_view kBaseWords[] = {"seats", "votes"};
inline constexpr std::string_view kTieWords[] = {"approve", "reject"};
inline constexpr std::string_view kNobodyWords[] = {"administrators", "approve", "reject"};
inline constexpr std::string_view kStarterFoundWords[] = {"self", "skip", "superior",
                                                          "administrators"};
inline constexpr std::string_view kRepeatWords[] = {"ask", "skip_consecutive", "skip_any"};
inline constexpr std::string_view kResubmitWords[] = {"rerun", "back_to_returner"};
inline constexpr std::string_view kRevokeWords[] = {"before_first_act", "any_time", "never"};

}  // namespace duban::definition
