#include "services/play/expectations.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>

#include "core/statechart/visible.h"

namespace duban::play {
namespace {

using Names = std::vector<std::string>;

std::string Listed(const Names& names) { return fmt::format("[{}]", fmt::join(names, ", ")); }

Names Sorted(Names names) {
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return names;
}

Names LeafStates(const Instance& instance) {
  Names names;
  const auto& states = instance.definition->states;
  for (const model::StateIndex index : instance.state.configuration) {
    const auto kind = states[index].kind;
    if (kind == definition::StateKind::kAtomic || kind == definition::StateKind::kFinal)
      names.push_back(states[index].id);
  }
  return names;
}

std::map<std::string, Names> OpenTasks(const Instance& instance) {
  std::map<std::string, Names> tasks;
  for (const model::Round& round : instance.state.rounds) {
    for (const model::Seat& seat : round.seats) {
      if (seat.state != model::SeatState::kOpen) continue;
      Names& people = tasks[instance.definition->states[round.state].id];
      people.insert(people.end(), seat.candidates.begin(), seat.candidates.end());
    }
  }
  return tasks;
}

std::optional<Difference> CompareTasks(const std::map<std::string, Names>& expected,
                                       const Instance& instance) {
  const auto actual = OpenTasks(instance);
  if (expected.empty() && !actual.empty()) return Difference{"no open task", actual.begin()->first};
  for (const auto& [task, people] : expected) {
    const auto found = actual.find(task);
    if (found == actual.end()) {
      Names open;
      for (const auto& [name, who] : actual) open.push_back(name);
      return Difference{"an open task in " + task, "open tasks in " + Listed(open)};
    }
    if (Sorted(people) == Sorted(found->second)) continue;
    return Difference{task + " for " + Listed(people), Listed(found->second)};
  }
  return std::nullopt;
}

std::optional<Difference> CompareNotified(const ExpectStep& expect,
                                          const std::vector<model::Notification>& notifications) {
  std::set<std::string> told;
  Names detail;
  for (const model::Notification& notification : notifications) {
    told.insert(notification.recipient);
    detail.push_back(fmt::format("{} ({})", notification.recipient, notification.subject.In("zh")));
  }
  const std::set<std::string> wanted(expect.notified->begin(), expect.notified->end());
  const bool all = std::includes(told.begin(), told.end(), wanted.begin(), wanted.end());
  if (all && (!expect.notified_exactly || told == wanted)) return std::nullopt;
  return Difference{
      (expect.notified_exactly ? "told exactly " : "told ") + Listed(*expect.notified),
      detail.empty() ? "nobody was told" : Listed(detail)};
}

// A date is compared with the last day on which the thing is in time, anything else with the
// instant.
std::optional<Difference> CompareDue(const std::string& state, const std::string& wanted,
                                     const Instance& instance) {
  const std::string& zone = instance.definition->time_zone;
  for (const model::Deadline& timer : instance.state.deadlines) {
    if (instance.definition->states[timer.state].id != state) continue;
    std::string actual;
    if (calendar::Date::Parse(wanted)) {
      const auto day = calendar::LocalDate({timer.due.seconds - 1, 0}, zone);
      actual = day ? day->ToString() : "";
    } else {
      const auto instant = model::ParseRfc3339(wanted);
      if (instant && *instant == timer.due) return std::nullopt;
      actual = calendar::LocalText(timer.due, zone);
    }
    if (actual == wanted) return std::nullopt;
    return Difference{fmt::format("{} due {}", state, wanted),
                      fmt::format("{} ({})", actual, timer.derivation.In("en"))};
  }
  return Difference{state + " due " + wanted, "no due date runs there"};
}

std::optional<Difference> CompareData(const std::string& name, const model::Value& wanted,
                                      const Instance& instance) {
  const auto field = instance.definition->FindField(name);
  if (!field) return Difference{"a field " + name, "the workflow has none"};
  const auto accepted = definition::Accept(instance.definition->fields[*field], wanted);
  const model::Value& actual = instance.state.data[*field];
  if (accepted ? *accepted == actual : wanted == actual) return std::nullopt;
  return Difference{name + " = " + model::ToJson(wanted), model::ToJson(actual)};
}

std::optional<Difference> CompareChildren(const std::string& slot, std::int64_t wanted,
                                          const Instance& instance) {
  const auto count = std::count_if(instance.state.children.begin(), instance.state.children.end(),
                                   [&](const model::Child& child) { return child.slot == slot; });
  if (count == wanted) return std::nullopt;
  return Difference{fmt::format("{} children in {}", wanted, slot), std::to_string(count)};
}

std::optional<Difference> CompareOutcome(const std::string& wanted, const Instance& instance) {
  if (instance.state.ended && instance.state.outcome == wanted) return std::nullopt;
  return Difference{"ended as " + wanted, instance.state.ended
                                              ? "ended as " + instance.state.outcome
                                              : "open, in " + Listed(LeafStates(instance))};
}

std::string_view NameOf(model::SeatState state) {
  static constexpr std::string_view kNames[] = {"waiting", "open", "decided", "cancelled",
                                                "removed"};
  return kNames[static_cast<std::size_t>(state)];
}

// The seat of each person who is named, the newest one.
std::optional<Difference> CompareSeats(const std::string& task,
                                       const std::map<std::string, std::string>& wanted,
                                       const Instance& instance) {
  std::map<std::string, std::string_view> actual;
  for (const model::Round& round : instance.state.rounds) {
    if (instance.definition->states[round.state].id != task) continue;
    for (const model::Seat& seat : round.seats) {
      for (const model::PersonId& person : seat.candidates) actual[person] = NameOf(seat.state);
    }
  }
  for (const auto& [person, state] : wanted) {
    const auto found = actual.find(person);
    if (found != actual.end() && found->second == state) continue;
    return Difference{fmt::format("the seat of {} in {} {}", person, task, state),
                      found == actual.end() ? "no seat" : std::string(found->second)};
  }
  return std::nullopt;
}

std::optional<Difference> CompareNames(const char* what, const Names& wanted, const Names& actual) {
  if (Sorted(wanted) == Sorted(actual)) return std::nullopt;
  return Difference{what + Listed(wanted), Listed(actual)};
}

Names CopiedTo(const Instance& instance) {
  Names people;
  for (const model::Copy& copy : instance.state.copies) people.push_back(copy.person);
  return people;
}

Names WhoHasRead(const Instance& instance) {
  Names people;
  for (const model::Copy& copy : instance.state.copies) {
    if (copy.read_at) people.push_back(copy.person);
  }
  return people;
}

Names WhoseDrafts(const Instance& instance) {
  Names people;
  for (const model::Round& round : instance.state.rounds) {
    for (const model::Seat& seat : round.seats) {
      if (seat.draft) people.push_back(seat.draft->by);
    }
  }
  return people;
}

Names HiddenFrom(const Instance& instance, const definition::Organisation& organisation,
                 const model::PersonId& person) {
  Names names;
  const auto& fields = instance.definition->fields;
  for (std::size_t i = 0; i < fields.size(); ++i) {
    if (!statechart::VisibleTo(*instance.definition, organisation, instance.state,
                               static_cast<model::FieldIndex>(i), person))
      names.push_back(fields[i].name);
  }
  return names;
}

std::optional<Difference> ComparePeople(const ExpectStep& expect, const Instance& instance,
                                        const definition::Organisation& organisation) {
  std::optional<Difference> difference;
  if (expect.copies) difference = CompareNames("copied to ", *expect.copies, CopiedTo(instance));
  if (!difference && expect.read)
    difference = CompareNames("read by ", *expect.read, WhoHasRead(instance));
  if (!difference && expect.drafts)
    difference = CompareNames("drafts of ", *expect.drafts, WhoseDrafts(instance));
  for (const auto& [person, fields] : expect.hidden) {
    if (difference) break;
    const std::string what = "hidden from " + person + ": ";
    difference = CompareNames(what.c_str(), fields, HiddenFrom(instance, organisation, person));
  }
  return difference;
}

}  // namespace

std::optional<Difference> Compare(const ExpectStep& expect, const Instance& instance,
                                  const definition::Organisation& organisation,
                                  const std::vector<model::Notification>& notifications) {
  if (expect.states) {
    const Names actual = LeafStates(instance);
    if (Sorted(*expect.states) != Sorted(actual))
      return Difference{"states " + Listed(*expect.states), Listed(actual)};
  }
  if (expect.outcome) {
    if (auto difference = CompareOutcome(*expect.outcome, instance)) return difference;
  }
  if (expect.tasks) {
    if (auto difference = CompareTasks(*expect.tasks, instance)) return difference;
  }
  if (expect.notified) {
    if (auto difference = CompareNotified(expect, notifications)) return difference;
  }
  for (const auto& [task, people] : expect.seats) {
    if (auto difference = CompareSeats(task, people, instance)) return difference;
  }
  if (auto difference = ComparePeople(expect, instance, organisation)) return difference;
  const bool suspended = instance.state.suspended_at.has_value();
  if (expect.suspended && *expect.suspended != suspended) {
    return Difference{*expect.suspended ? "suspended" : "not suspended",
                      suspended ? "suspended" : "running"};
  }
  for (const auto& [state, due] : expect.due) {
    if (auto difference = CompareDue(state, due, instance)) return difference;
  }
  for (const auto& [field, value] : expect.data) {
    if (auto difference = CompareData(*field.If<std::string>(), value, instance)) return difference;
  }
  for (const auto& [slot, count] : expect.children) {
    if (auto difference = CompareChildren(slot, count, instance)) return difference;
  }
  return std::nullopt;
}

}  // namespace duban::play
