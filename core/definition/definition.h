// A workflow as it runs: checked, immutable, every name resolved to an index.
// docs/definition-language.md says how it is written; load.h reads it. Shared between threads.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/approval/approval.h"
#include "core/calendar/calendar.h"
#include "core/definition/diagnostic.h"
#include "core/expression/expression.h"
#include "core/model/case.h"
#include "core/model/urgency.h"

namespace duban::definition {

// Limits of the language; each is an error of the loader and tested.
inline constexpr std::size_t kMaxFileBytes = 1024 * 1024;
inline constexpr std::size_t kMaxCampaignBytes = 8 * 1024 * 1024;
inline constexpr std::size_t kMaxFiles = 500;
inline constexpr std::size_t kMaxNodes =
    100'000;  // YAML nodes of one file, aliases counted where they are used
inline constexpr int kMaxYamlDepth = 64;
inline constexpr std::size_t kMaxStates = 2'000;  // of one workflow
inline constexpr std::size_t kMaxTransitions = 10'000;
inline constexpr std::size_t kMaxFields = 500;
inline constexpr std::size_t kMaxGroups = 100;  // of one approval

// ---- data
// ----------------------------------------------------------------------------------------------

enum class FieldKind : std::uint8_t {
  kText,
  kInt,
  kDecimal,
  kBool,
  kDate,
  kTime,
  kEnum,
  kList,
  kObject,
  kPerson,
  kOffice,
  kEnterprise,
  kFile,
  kMoney,
  kAny
};

struct Addressee;
using Addressees = std::vector<Addressee>;

// A field of the case's data. How each kind looks in CEL: text, enum, person, office, enterprise,
// date
// ("2022-09-30") and file (its name) are strings; int and money (in fen 分) are int; decimal is
// double; time is a timestamp; list and object as CEL has them; any is dyn.
struct Field {
  std::string name;
  FieldKind kind = FieldKind::kText;
  model::Text title;
  bool required = false;  // must be given when the case is started
  std::optional<model::Value> initial;
  std::vector<std::string> values;  // kEnum
  std::vector<model::Text> value_titles;
  std::optional<std::int64_t>
      min;  // of a number; of a text or list: its length (code points, items)
  std::optional<std::int64_t> max;
  std::vector<Field> fields;          // kObject
  std::shared_ptr<const Field> item;  // kList
  Place place;
  bool confidential = false;  // never in a message, a title or the history; of whole fields only
  Addressees visible_to;  // who may see it, of fields of the case only; empty: who sees the case
};

// The CEL type of a field.
expression::Type TypeOf(const Field& field);
// Checks a value from outside against the field and brings it to its CEL form (an int for a double
// field becomes a double, an RFC 3339 text a timestamp …). On failure the text says what was
// expected.
std::expected<model::Value, model::Text> Accept(const Field& field, const model::Value& value);

// The limits that Accept enforces on top: bytes of one text, items of one list, total bytes of one
// value.
inline constexpr std::size_t kMaxTextBytes = 64 * 1024;
inline constexpr std::size_t kMaxListItems = 1'000;
inline constexpr std::size_t kMaxValueBytes = 256 * 1024;

// Slots of an expression's variables: the fields first (slot = FieldIndex), then these.
struct Slots {
  int event =
      0;  // {name, data, actor, reason}: the event being taken, SCXML's _event; null between events
  int now = 0;       // timestamp: when this step runs
  int self = 0;      // `case`: {id, workflow, starter, started}
  int children = 0;  // slot name → {total, open, ended, outcomes: {outcome: count}}
  int item = 0;      // inside `start … for_each`: the current item
  int count = 0;     // one past the last
};

// Host functions of expressions, by expression::Function::id.
enum HostFunction : int {
  kIn = 1,       // In('state'): whether that state is active
  kNameOf,       // name_of(id): what people call a person, office, post or enterprise (Chinese)
  kOfficeOf,     // office_of(id): the office of a person or enterprise
  kEnterprises,  // enterprises('office'): the ids of an office's enterprises; '' for all
  kOffices,      // offices(): the ids of all offices
};

// ---- people
// --------------------------------------------------------------------------------------------

// For whom: resolved to people when a task opens or a message is sent.
struct Addressee {
  enum class Kind : std::uint8_t {
    kPerson,      // {person: id}
    kPost,        // {post: id}: who holds it
    kOffice,      // {office: id}: every member
    kOfficeHead,  // {head_of: id}: the head of the office; `of` kStarter, kActor: of their office
    kRole,        // {role: id}: every member
    kEnterprise,  // {enterprise: id}: its contacts
    kStarter,     // starter
    kField,  // {field: name}: the person, office (its members) or enterprise (its contacts) in the
             // field
    kHeadOfField,   // {head_of: {field: name}}: head of the office in the field, or of its person's
                    // or enterprise's office
    kParticipants,  // participants: everybody who took part so far
    kExpression,    // {expression: CEL}: an id or a list of ids of people
    kGroup,  // {group: id}: a group of the organisation, by its rule: whoever holds its posts now
    kSuperior,   // {superior_of: …}: the head of their office; of a head, who the office answers to
    kSuperiors,  // {superiors_of: …, levels: n}: the chain of superiors, nearest first
    kDeputyInCharge,  // {deputy_in_charge_of: …}: the leader to whom the office is assigned (分管)
  };
  // Whose superior, deputy in charge …: only for the kinds that ask.
  enum class Of : std::uint8_t {
    kId,       // a person, post, office or enterprise by id
    kStarter,  // starter
    kField,    // {field: name}
    kActor,    // actor: who acted last, the previous approver
  };
  Kind kind = Kind::kPerson;
  std::string id;
  model::FieldIndex field = 0;
  expression::Program program;
  Place place;
  Of of = Of::kId;
  int levels = 1;           // kSuperiors: 1 … 10
  std::int64_t weight = 1;  // of each seat that these people get (加权票签)
};

// A text in two languages with {{ expressions }}.
struct Words {
  expression::Template zh;
  expression::Template en;
};

struct FormField {
  model::FieldIndex field = 0;
  bool required = false;
  std::vector<std::string> required_for;  // the outcomes that require it; empty: all
  bool read_only = false;                 // shown, not asked
  Addressees from;  // of a person field: whom one may choose (审批人自选); empty: anybody
};

// One of the groups that all have to agree.
struct Group {
  model::Text title;
  Addressees people;
  approval::Rule rule;
};

// The six questions on which systems disagree, and their defaults; docs/approvals.md says why.
enum class WhenNobody : std::uint8_t { kAdministrators, kApprove, kReject };
// The starter is among those found.
enum class WhenStarter : std::uint8_t {
  kSelf,      // the default of a task
  kSkip,      // the others on the round decide; approved when there are none
  kSuperior,  // the default of an approval; nobody there: the administrators
  kAdministrators,
};
// Somebody who has approved already is found again.
enum class Repeat : std::uint8_t { kAsk, kSkipConsecutive, kSkipAny };
enum class Resubmit : std::uint8_t { kRerun, kBackToReturner };
enum class Revocation : std::uint8_t { kBeforeFirstAct, kAnyTime, kNever };

// Where a task may be returned to.
struct Returns {
  bool previous = false;
  bool starter = false;
  bool any = false;  // any task that the case has behind it
  std::vector<model::StateIndex> states;
  Resubmit resubmit = Resubmit::kRerun;
  model::StateIndex starter_state = model::kNoState;  // the first with a task for the starter
  Place place;
  bool none() const { return !previous && !starter && !any && states.empty(); }
};

// What a state asks of people.
struct Task {
  bool approval = false;  // outcomes approved, rejected; else `outcomes`
  Words title;
  Addressees people;
  Addressees fallback;  // when nobody is found; empty: the administrators
  approval::Rule rule;
  std::vector<std::string> outcomes;  // default: submitted
  std::vector<model::Text> outcome_titles;
  std::vector<FormField> form;
  std::vector<std::string> opinion_required;  // the outcomes that need one
  bool tell = true;                           // notify the candidates when it opens
  std::vector<Group> groups;    // instead of people and rule: each with seats of its own
  bool collect_groups = false;  // every group first, then decide
  int draw = 0;                 // so many of the people, by lot; 0: all
  bool may_abstain = false;     // outcome `abstained`; `recused` is always there
  WhenNobody when_nobody = WhenNobody::kAdministrators;
  WhenStarter when_starter = WhenStarter::kSelf;
  Returns returns;
  bool transferable = true;                      // 转办
  bool delegable = true;                         // 委派, and standing mandates
  bool signers = true;                           // 加签
  bool withdrawable = true;                      // 撤回
  std::vector<std::string> attachment_required;  // the outcomes that need one
  std::vector<std::string> signature_required;
  Addressees copy;  // 抄送 when it opens
};

// A rule of the case about who may not act where. Enforced in statechart/access, on every path.
struct Duty {
  enum class Kind : std::uint8_t {
    kSeparate,  // {separate: [a, b]}: who acted in one of the states may not act in another
    kBarred,    // {barred: addressees, in: [states]}: 回避
    kDiffer,    // {differ: [field, field]}: fields never name the same person
  } kind = Kind::kSeparate;
  std::vector<model::StateIndex> states;  // kSeparate, kBarred (empty: all)
  bool starter = false;                   // kSeparate: `starter` is one of them
  Addressees people;                      // kBarred
  std::vector<model::FieldIndex> fields;  // kDiffer
  model::Text basis;
  Place place;
};

// ---- time
// ----------------------------------------------------------------------------------------------

struct Remind {
  enum class Kind : std::uint8_t { kPercent, kWorkingDays, kSpan } kind = Kind::kPercent;
  int percent = 0;           // of the time from start to due
  int working_days = 0;      // before the last day; 0: on it, at 09:00 local time
  std::int64_t seconds = 0;  // kSpan: before the due instant
};

// A rule of law or of a plan while it is in force: which limit it sets.
struct Provision {
  model::Text basis;
  std::optional<calendar::Date> from;  // the first day on which it is in force; nullopt: always was
  std::optional<calendar::Date> to;    // the last one; nullopt: it still is
  calendar::TimeLimit limit;
  bool InForce(calendar::Date day) const { return !(from && day < *from) && !(to && *to < day); }
};

// One step of the escalation that begins when a due date passes. Its transition is in
// State::transitions with Transition::overdue and Transition::stage.
struct Overdue {
  calendar::TimeLimit after;  // from the due date; amount 0: at once
  std::string decide;         // the outcome that the system decides; empty: none
  Place place;
};

// The due date of a state: who holds the state's task is reminded, and something happens when it
// passes.
struct Due {
  enum class Kind : std::uint8_t { kWithin, kOn, kMonthly, kField } kind = Kind::kWithin;
  // kWithin: where the count begins.
  enum class From : std::uint8_t {
    kEntry,  // the entry of the state
    kStart,  // the start of the case
    kField,  // {field: name}: a date or a time in the case's data
    kEvent,  // {event: key}: a date or a time in the data of the event that led to the entry
  };
  calendar::TimeLimit limit;  // kWithin
  calendar::Date date;        // kOn
  int day_of_month = 0;       // kMonthly: the first such day on or after the entry
  model::FieldIndex field =
      0;  // kField: a date field; entering the state with it unset is an error event
  calendar::Roll roll = calendar::Roll::kNone;  // kOn, kMonthly, kField
  model::Text basis;                            // the law or plan, with its article
  std::vector<Remind> remind;
  Addressees remind_also;  // beside those who hold the task
  Place place;
  // Of reminders; what is overdue or escalated is urgent at least. Default: statutory with a basis,
  // normal without.
  std::optional<model::Urgency> urgency;
  From from = From::kEntry;
  model::FieldIndex from_field = 0;   // From::kField
  std::string from_key;               // From::kEvent
  std::vector<Provision> provisions;  // kWithin, by date and without a gap; empty: limit and basis
  bool pause = false;                 // a suspension of the case is not counted
  std::vector<Overdue> overdue;       // the first is at the due instant
  bool has_basis() const { return !basis.empty() || !provisions.empty(); }
};

// When a state acts by the clock. The transition of each clock is in State::transitions with
// Transition::clock.
struct Clock {
  enum class Kind : std::uint8_t { kAfter, kFrom, kUntil, kMonthly, kEvery } kind = Kind::kAfter;
  calendar::TimeLimit limit;  // kAfter, kEvery: from the entry, or the last time
  calendar::Date
      date;  // kFrom: fires when the day begins (or at hour:minute); kUntil: at its 24:00
  int day_of_month = 0;  // kMonthly
  int working_days_before =
      0;  // kMonthly: as Remind::kWorkingDays; -1: on the day itself, working or not
  int hour = 0;
  int minute = 0;
  model::Text basis;
  // kMonthly and kEvery start again each time they fire, as long as the state is active.
  bool repeats() const { return kind == Kind::kMonthly || kind == Kind::kEvery; }
};

// ---- actions
// -------------------------------------------------------------------------------------------

struct Action;
using Actions = std::vector<Action>;

// field, or a member of an object field (path), becomes the value.
struct Assign {
  model::FieldIndex field = 0;
  std::vector<std::string> path;
  expression::Program value;
};
using DataMap = std::vector<std::pair<std::string, expression::Program>>;
struct Raise {
  std::string event;
  DataMap data;
};
struct Send {
  enum class To : std::uint8_t { kSelf, kParent, kChildren } to = To::kSelf;
  std::string slot;  // kChildren
  std::string event;
  expression::Program event_expression;          // instead of event
  calendar::TimeLimit delay;                     // amount 0: at once
  expression::Program delay_expression;          // a duration, or an int of milliseconds
  std::string id;                                // for cancel
  model::FieldIndex id_field = model::kNoState;  // where a generated id is put
  DataMap data;
};
struct Cancel {
  std::string id;
  expression::Program id_expression;
};
struct Notify {
  Addressees to;
  Words subject;
  Words body;
  model::Urgency urgency = model::Urgency::kNormal;
};
struct Start {
  std::string workflow;
  std::string slot;              // `as`; default: the workflow's name
  expression::Program for_each;  // a list; empty: one child
  DataMap data;
};
struct Escalate {  // the people may act on the state's open seats too, and are told
  Addressees to;
};
struct If {
  expression::Program condition;
  std::vector<Action> then;
  std::vector<Action> otherwise;
};
struct ForEach {  // SCXML foreach: over a copy of the list; item and index are fields
  expression::Program in;
  model::FieldIndex item = model::kNoState;
  model::FieldIndex index = model::kNoState;
  std::vector<Action> actions;
};
struct Log {
  expression::Program value;
};

struct Action {
  std::variant<Assign, Raise, Send, Cancel, Notify, Start, Escalate, If, ForEach, Log> what;
  Place place;
};

// ---- states
// --------------------------------------------------------------------------------------------

struct Transition {
  model::StateIndex source = model::kNoState;
  std::vector<std::string>
      events;            // SCXML descriptors: "a.b" also takes a.b.c, "*" takes all; empty: always
  int clock = -1;        // the source's clock that triggers it, instead of events
  bool overdue = false;  // triggered by the source's due date passing, instead of events
  int stage = 0;         // of Due::overdue, when `overdue`
  expression::Program guard;               // empty: true
  std::vector<model::StateIndex> targets;  // empty: targetless
  bool internal = false;
  Actions actions;
  Addressees by;  // who may send the event; empty for outcomes, clocks, internal events
  bool reason_required = false;
  model::Text title;
  Place place;
  bool always() const { return events.empty() && clock < 0 && !overdue; }
};

enum class StateKind : std::uint8_t {
  kAtomic,
  kCompound,
  kParallel,
  kFinal,
  kShallowHistory,
  kDeepHistory
};

struct State {
  std::string id;
  model::Text title;
  StateKind kind = StateKind::kAtomic;
  model::StateIndex parent = model::kNoState;
  model::StateIndex last = 0;               // the last descendant in document order; itself if none
  std::vector<model::StateIndex> children;  // histories included
  std::vector<model::StateIndex> initial;   // kCompound; a history's default targets too
  Actions initial_actions;                  // with the initial or default-history transition
  std::vector<model::TransitionIndex> transitions;  // in document order
  Actions entry;
  Actions exit;
  std::vector<std::pair<model::FieldIndex, expression::Program>>
      late_data;  // initialised when first entered (SCXML late binding)
  std::optional<Task> task;
  std::optional<Due> due;
  std::vector<Clock> clocks;
  std::string outcome;  // kFinal at the top
  DataMap result;       // kFinal: SCXML donedata; at the top the case's result
  Place place;
};

struct Definition {
  std::string campaign;  // digest of the campaign it is part of; empty outside one
  std::string campaign_name;
  std::string workflow;
  model::Text title;
  std::string time_zone = "Asia/Shanghai";
  std::vector<Field> fields;
  Slots slots;
  std::vector<State>
      states;  // document order; states[0] is the root and stands for the workflow itself
  std::vector<Transition> transitions;  // document order
  std::vector<std::string>
      child_slots;      // the slots of all `start` actions, sorted: what `children` has
  Addressees starters;  // who may start a case; empty: only administrators and parents
  Addressees readers;   // who may see every case, beside participants and administrators
  std::optional<Words> case_title;  // how a case of it is called in lists; default: title
  std::string source;               // the file
  std::vector<Duty> duties;         // `rules:`
  Repeat repeat = Repeat::kAsk;
  Revocation revoke = Revocation::kBeforeFirstAct;

  model::StateIndex FindState(std::string_view id) const;  // kNoState when there is none
  std::optional<model::FieldIndex> FindField(std::string_view name) const;
  // Whether `inner` lies strictly below `outer`.
  bool IsDescendant(model::StateIndex inner, model::StateIndex outer) const {
    return inner > outer && inner <= states[outer].last;
  }
};

// A campaign: a folder deployed as one, and what it is called by its content.
struct Campaign {
  std::string digest;  // SHA-256 over the sorted paths and texts, in hex
  std::string name;
  model::Text title;
  std::map<std::string, std::shared_ptr<const Definition>, std::less<>> workflows;
  std::map<std::string, std::string> files;
};

}  // namespace duban::definition
