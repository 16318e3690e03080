// What the parts of the loader share while one workflow is read.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/definition/definition.h"
#include "core/definition/organisation.h"
#include "core/definition/report.h"
#include "core/definition/scalars.h"
#include "core/definition/yaml.h"
#include "core/expression/expression.h"

namespace duban::definition {

// What stands around a workflow.
struct Surroundings {
  const Organisation* organisation = nullptr;  // null: addressees are not checked
  const std::map<std::string, NodePtr>* files =
      nullptr;  // the campaign's YAML by path; null outside a campaign
};

// A `start:` action: checked when all workflows are known.
struct StartUse {
  struct Given {
    std::string name;
    Place place;
    expression::Type type;
    std::string confidential;  // the first such field that the value shows
  };
  Place place;
  std::string workflow;
  std::vector<Given> data;
};

// An event that some action sends or raises.
struct EventUse {
  std::string event;
  Place place;
};

struct MessageWords {
  Words subject;
  Words body;
};

struct Context {
  Context(Report& r, const Surroundings& s, Definition& d)
      : report(r), surroundings(s), definition(d) {}

  Report& report;
  const Surroundings& surroundings;
  Definition& definition;
  expression::Environment environment;       // fields, event, now, case, children
  expression::Environment item_environment;  // and `item`
  std::map<std::string, model::StateIndex, std::less<>> states;
  std::map<std::string, model::FieldIndex, std::less<>> fields;
  std::map<std::string, MessageWords, std::less<>> messages;
  std::vector<const Node*> state_nodes;  // by StateIndex
  std::set<std::string> child_slots;
  std::vector<StartUse> starts;
  std::vector<EventUse> events;       // sent or raised
  bool computes_event_names = false;  // some send has event_expression
  std::size_t message_bytes = 0;      // of the messages, counted where they are used
};

// ---- expressions (expressions.cc) ----
// Fields and states are known from here on: builds the environments.
void PrepareEnvironments(Context& context);
enum class Item { kNone, kCurrent };
expression::Program CompileCel(Context& context, const Node& node,
                               const expression::Type& expected = {}, Item item = Item::kNone);
// What is confidential must not be said (confidential.cc): errors for texts, warnings for copies.
void CheckText(Context& context, const Node& node, std::span<const expression::Program> programs);
void CheckCopy(Context& context, const Node& node, const expression::Program& value,
               const Field& target);
// Of each value of the map `node` that carries away what only some may see: an error when it is
// confidential, else a warning.
void CheckEventData(Context& context, const Node& node, const DataMap& data);
// The first confidential field that the expression shows; null when there is none.
const Field* ConfidentialIn(const Context& context, const expression::Program& program);
// In('…') and comparisons with enums, in an expression that compiles (literals.cc).
void CheckLiterals(Context& context, const Node& node);
Words CompileWords(Context& context, const Node& node);
// The value for a place of type `expected`: null is always allowed, and the words of an enum or
// date are checked.
expression::Program CompileFor(Context& context, const Node& node, const Field& target,
                               Item item = Item::kNone);
DataMap ReadDataMap(Context& context, const Node& node, Item item = Item::kNone);
DataMap ReadEventData(Context& context, const Node& node);  // a DataMap that CheckEventData saw
std::vector<std::string_view> FieldNames(const Context& context);
std::vector<std::string_view> StateNames(const Context& context);
// The field of that name, or an error with what was meant.
std::optional<model::FieldIndex> FindFieldOrReport(Context& context, const Node& name);
std::optional<model::StateIndex> FindStateOrReport(Context& context, const Node& name);

// ---- data (loader_data.cc) ----
// The kind of the field that an addressee names; kAny where there is none of that name, which has
// been reported.
inline FieldKind FieldKindOf(const Definition& definition, const Addressee& who) {
  return who.field < definition.fields.size() ? definition.fields[who.field].kind : FieldKind::kAny;
}

enum class Scope { kCase, kState };
void ReadFields(Context& context, const Node& node, Scope scope);
// Data that states declare for themselves, in document order.
void ReadStateData(Context& context, const Node& states);
void ReadLateData(Context& context, State& state, const Node& data);
// `visible_to` of the fields below the node; needs all fields.
void ReadVisibility(Context& context, const Node& data);
void ReadStateVisibility(Context& context, const Node& states);
// What plain YAML means: null, true, 1, 1.5, text, list, map.
model::Value ToValue(const Node& node);

// ---- people (loader_people.cc, loader_tasks.cc, loader_rules.cc, loader_returns.cc) ----
enum class Weights { kNone, kGiven };  // whether the people may have weights here
Addressees ReadAddressees(Context& context, const Node& node, Weights weights = Weights::kNone);
bool HoldsPeople(const Field& field);  // a person, or a list of them
void ReadTask(Context& context, State& state, const Node& node);
void ReadApproval(Context& context, State& state, const Node& node);
struct WrittenRule {
  approval::Rule rule;
  bool tie_said = false;
  Place place;
  Weights weights() const {
    return rule.mode == approval::Mode::kWeighted ? Weights::kGiven : Weights::kNone;
  }
};
WrittenRule ReadRule(Context& context, const Node* node, const Place& fallback);
// As far as it is known now who has a seat; `draw`: so many of them, 0 all.
void CheckRule(Context& context, const WrittenRule& rule, const Addressees& people, int draw);
std::vector<Group> ReadGroups(Context& context, const Node& node);
Returns ReadReturns(Context& context, const Node& node);
// When all states are read: where `starter` leads, and whether there is anything to return to.
void ResolveReturns(Context& context);
// A return cannot enter one region of a parallel state from outside: where would the others be?
bool IsSerial(const Definition& definition, model::StateIndex source, model::StateIndex target);

// ---- the rules of the case (loader_duties.cc): when all states are read ----
void ReadDuties(Context& context, const Node& node);

// ---- time (loader_time.cc) ----
void ReadDue(Context& context, model::StateIndex state, const Node& node);
enum class ClockKey { kAfter, kAt, kEvery };
void ReadClocks(Context& context, model::StateIndex state, ClockKey key, const Node& node);
std::optional<calendar::TimeLimit> ReadTimeLimit(Context& context, const Node& node);

// ---- of a due date (loader_due.cc) ----
void ReadDueFrom(Context& context, Due& due, const Node& node);
void ReadBasis(Context& context, Due& due, const Node& node);
// Adds the transitions of the stages too.
void ReadOverdue(Context& context, model::StateIndex state, Due& due, const Node& node);
// What a due date decides by itself, when tasks are known.
void CheckOverdue(const Definition& definition, Report& report);

// ---- actions (loader_actions.cc) ----
Actions ReadActions(Context& context, const Node& node);
Notify ReadNotify(Context& context, const Node& node);
std::optional<model::Urgency> ReadUrgency(Context& context, const Node& node);
// Names of the slots of all `start:` actions below the node.
void CollectChildSlots(const Node& node, std::set<std::string>& slots);

// ---- states and transitions (loader_states.cc, loader_transitions.cc) ----
void FlattenStates(Context& context, const Node& states);  // names, kinds, tree
void ReadStateBodies(Context& context);
std::vector<model::StateIndex> ReadTargets(Context& context, const Node& node);
// `to`, `when`, `do`, `internal`, `title` of a transition or a clock.
Transition ReadTransitionCore(Context& context, model::StateIndex source, const Object& object);
void AddTransition(Context& context, Transition transition);
void ReadTransitions(Context& context, model::StateIndex state, const Node& body);

// ---- whole workflows (loader.cc) ----
struct ReadResult {
  std::shared_ptr<Definition> definition;  // null when it cannot stand for anything
  std::vector<StartUse> starts;
  std::vector<EventUse> events;
  bool computes_event_names = false;
};
ReadResult ReadWorkflow(const std::string& file, const Node& root, const Surroundings& surroundings,
                        Report& report);

// ---- cross-checks of a whole definition (check*.cc, analysis*.cc) ----
inline bool IsSelfOrInside(const Definition& definition, model::StateIndex inner,
                           model::StateIndex outer) {
  return inner == outer || definition.IsDescendant(inner, outer);
}
// SCXML 3.12.1: a prefix of whole tokens, or "*".
bool DescriptorTakes(std::string_view descriptor, std::string_view event);
bool TakesEvent(const Transition& transition, std::string_view event);
void CheckOutcomes(const Definition& definition, Report& report);
// `sent`: the events that some action sends.
void CheckNearMisses(const Definition& definition, const std::set<std::string, std::less<>>& sent,
                     Report& report);
void CheckSenders(const Definition& definition, const std::set<std::string, std::less<>>& sent,
                  Report& report);
bool SamePeople(const Addressee& a, const Addressee& b);
bool SamePeople(const Addressees& a, const Addressees& b);
// A round that fails by its quorum is an outcome too.
inline constexpr std::string_view kNoQuorum = "no_quorum";
bool HasQuorum(const Task& task);
// How many people that is at the most, and their weights; 0: known only when the case runs.
struct Seats {
  int people = 0;
  std::int64_t weights = 0;
};
Seats SeatsOf(const Definition& definition, const Addressees& people, int draw);
void CheckAutomaticPassing(const Definition& definition, Report& report);
// `organisation` may be null.
void CheckDuties(const Definition& definition, const Organisation* organisation, Report& report);
void CheckCandidates(const Definition& definition, const Organisation& organisation,
                     Report& report);
void Analyse(const Definition& definition, Report& report);
void CheckTransitions(const Definition& definition, Report& report);  // shadowed ones, loops
void CheckEscalations(const Definition& definition, Report& report);

}  // namespace duban::definition
