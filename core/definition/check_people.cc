// Whether the people that a definition asks can do what it asks of them.
#include <algorithm>
#include <set>

#include "core/definition/context.h"

namespace duban::definition {
namespace {

// Who the addressee is today; nothing when that is known only when the case runs.
std::optional<std::vector<model::PersonId>> Today(const Addressee& addressee,
                                                  const Organisation& organisation) {
  using Kind = Addressee::Kind;
  const auto one = [](const model::PersonId& id) {
    return id.empty() ? std::vector<model::PersonId>() : std::vector<model::PersonId>{id};
  };
  switch (addressee.kind) {
    case Kind::kPerson:
      return one(addressee.id);
    case Kind::kPost:
      if (const Post* post = organisation.FindPost(addressee.id)) return one(post->holder);
      break;
    case Kind::kOffice:
      if (const Office* office = organisation.FindOffice(addressee.id)) return office->members;
      break;
    case Kind::kOfficeHead:
      if (const Office* office = organisation.FindOffice(addressee.id);
          office != nullptr && addressee.of == Addressee::Of::kId)
        return one(office->head);
      break;
    case Kind::kRole:
      if (const Role* role = organisation.FindRole(addressee.id)) return role->members;
      break;
    case Kind::kGroup:
      if (const OrganisationGroup* group = organisation.FindGroup(addressee.id))
        return organisation.MembersOf(*group);
      break;
    case Kind::kEnterprise:
      if (const Enterprise* enterprise = organisation.FindEnterprise(addressee.id))
        return enterprise->contacts;
      break;
    default:
      break;
  }
  return std::nullopt;
}

bool Able(const model::PersonId& id, const Organisation& organisation) {
  const Person* person = organisation.FindPerson(id);
  return person != nullptr && !person->service && !person->disabled;
}

// The able ones of today with their weights; nothing when that is known only when the case runs.
std::optional<std::map<model::PersonId, std::int64_t>> AbleToday(const Addressees& people,
                                                                 const Organisation& organisation) {
  if (people.empty()) return std::nullopt;
  std::map<model::PersonId, std::int64_t> able;
  for (const Addressee& who : people) {
    const auto today = Today(who, organisation);
    if (!today) return std::nullopt;
    for (const model::PersonId& id : *today) {
      if (Able(id, organisation)) able.emplace(id, who.weight);  // named first counts
    }
  }
  return able;
}

void CheckNobodyToday(const State& state, const Addressees& people,
                      const Organisation& organisation, Report& report) {
  const auto able = AbleToday(people, organisation);
  if (!able || !able->empty()) return;
  model::Text hint = {
      "它会交给管理员；在 organisation.yaml 里补上人，或写 fallback",
      "it goes to the administrators; name somebody in organisation.yaml, or a fallback"};
  if (!state.task->fallback.empty()) {
    hint = {"它会交给 fallback", "it goes to the fallback"};
  } else if (state.task->when_nobody != WhenNobody::kAdministrators) {
    const bool approve = state.task->when_nobody == WhenNobody::kApprove;
    hint = Say("它会自动{}", "it would be {} by itself", approve ? "approved" : "rejected");
    hint.zh = approve ? "它会自动通过" : "它会自动否决";
  }
  report.Warning(
      "nobody", people.front().place,
      Say("目前没有人能办理 `{}` 的任务", "today nobody can do the task of `{}`", state.id),
      std::move(hint));
}

// What SeatsOf leaves open is known for today.
void CheckRuleToday(const approval::Rule& rule, const Addressees& people, int draw,
                    const Organisation& organisation, Report& report) {
  const auto able = AbleToday(people, organisation);
  if (!able || able->empty()) return;
  const int seats = draw > 0 ? std::min<int>(draw, static_cast<int>(able->size()))
                             : static_cast<int>(able->size());
  std::int64_t weights = 0;
  for (const auto& [id, weight] : *able) weights += weight;
  if (rule.mode == approval::Mode::kCount && rule.count > seats) {
    report.Warning("count-above-today", people.front().place,
                   Say("目前只有 {} 人，凑不出 {} 票同意",
                       "today {} can vote: {} approvals are not reached", seats, rule.count));
  }
  if (rule.mode == approval::Mode::kWeighted && rule.threshold > weights) {
    report.Warning("threshold-above-today", people.front().place,
                   Say("目前权重之和是 {}，达不到 {}",
                       "today the weights sum to {}: {} is not reached", weights, rule.threshold));
  }
}

// ---- separation of duties ----

// The people of all groups together.
Addressees PeopleOf(const Task& task) {
  Addressees people = task.people;
  for (const Group& group : task.groups)
    people.insert(people.end(), group.people.begin(), group.people.end());
  return people;
}

bool IsOnePerson(const Definition& definition, const Addressee& who) {
  using Kind = Addressee::Kind;
  switch (who.kind) {
    case Kind::kPerson:
    case Kind::kPost:
    case Kind::kStarter:
      return true;
    case Kind::kField:
      return FieldKindOf(definition, who) == FieldKind::kPerson;
    case Kind::kOfficeHead:
    case Kind::kSuperior:
    case Kind::kDeputyInCharge:
      return who.of == Addressee::Of::kId || who.of == Addressee::Of::kStarter;
    default:
      return false;
  }
}

// Whether both are always, or with the organisation of today, one and the same person.
bool OneAndTheSame(const Definition& definition, const Addressees& a, const Addressees& b,
                   const Organisation* organisation) {
  if (a.size() == 1 && b.size() == 1 && IsOnePerson(definition, a.front()) && SamePeople(a, b))
    return true;
  if (organisation == nullptr) return false;
  const auto first = AbleToday(a, *organisation);
  const auto second = AbleToday(b, *organisation);
  return first && second && first->size() == 1 && second->size() == 1 &&
         first->begin()->first == second->begin()->first;
}

void CheckSeparate(const Definition& definition, const Duty& duty, const Organisation* organisation,
                   Report& report) {
  std::vector<std::pair<std::string, Addressees>> places;
  if (duty.starter) {
    Addressee starter;
    starter.kind = Addressee::Kind::kStarter;
    places.emplace_back("starter", Addressees{starter});
  }
  for (const model::StateIndex state : duty.states)
    places.emplace_back(definition.states[state].id, PeopleOf(*definition.states[state].task));
  for (std::size_t i = 1; i < places.size(); ++i) {
    for (std::size_t k = 0; k < i; ++k) {
      if (report.full() ||
          !OneAndTheSame(definition, places[i].second, places[k].second, organisation))
        continue;
      report.Warning(
          "nobody-separate", duty.place,
          Say("`{}` 和 `{}` 是同一个人，分开后后一个没有人能办理",
              "`{}` and `{}` ask the same one person: nobody is left for the later one",
              places[k].first, places[i].first),
          {"给其中一个换人或多写几个人", "give one of them to others, or to more people"});
    }
  }
}

void CheckBarred(const Definition& definition, const Duty& duty, Report& report) {
  for (std::size_t i = 0; i < definition.states.size(); ++i) {
    const State& state = definition.states[i];
    const auto index = static_cast<model::StateIndex>(i);
    const bool applies = duty.states.empty() || std::find(duty.states.begin(), duty.states.end(),
                                                          index) != duty.states.end();
    if (!state.task || !applies) continue;
    const Addressees people = PeopleOf(*state.task);
    const bool all =
        !people.empty() && std::all_of(people.begin(), people.end(), [&](const Addressee& who) {
          return std::any_of(duty.people.begin(), duty.people.end(),
                             [&](const Addressee& barred) { return SamePeople(who, barred); });
        });
    if (!all) continue;
    report.Warning("nobody-unbarred", duty.place,
                   Say("`{}` 的办理人全都须回避", "everybody whom `{}` asks is barred", state.id),
                   {"给这个状态换人，或用 in: 缩小范围",
                    "give that state to others, or say with in: where they are barred"});
  }
}

}  // namespace

void CheckCandidates(const Definition& definition, const Organisation& organisation,
                     Report& report) {
  for (const State& state : definition.states) {
    if (!state.task) continue;
    const Task& task = *state.task;
    CheckNobodyToday(state, task.people, organisation, report);
    CheckRuleToday(task.rule, task.people, task.draw, organisation, report);
    for (const Group& group : task.groups) {
      CheckNobodyToday(state, group.people, organisation, report);
      CheckRuleToday(group.rule, group.people, 0, organisation, report);
    }
  }
}

void CheckDuties(const Definition& definition, const Organisation* organisation, Report& report) {
  for (const Duty& duty : definition.duties) {
    if (duty.kind == Duty::Kind::kSeparate) CheckSeparate(definition, duty, organisation, report);
    if (duty.kind == Duty::Kind::kBarred) CheckBarred(definition, duty, report);
  }
}

void CheckAutomaticPassing(const Definition& definition, Report& report) {
  for (const State& state : definition.states) {
    if (!state.task || !state.task->approval || !state.due || !state.due->has_basis()) continue;
    const auto refuse = [&](std::string_view what) {
      report.Error("automatic-with-basis", state.place,
                   Say("`{}` 的期限有法定依据，不能自动通过（{}）",
                       "the due date of `{}` has a statutory basis: it cannot pass by itself ({})",
                       state.id, what),
                   {"法定事项要由人决定", "what a law asks for is decided by people"});
    };
    if (state.task->when_nobody == WhenNobody::kApprove) refuse("nobody: approve");
    if (state.task->when_starter == WhenStarter::kSkip) refuse("when_starter: skip");
    if (definition.repeat == Repeat::kAsk) continue;
    report.Warning(
        "repeat-with-basis", state.place,
        Say("`{}` 的期限有法定依据，而 repeat 可能让它自动通过",
            "the due date of `{}` has a statutory basis, and `repeat` may let it pass by "
            "itself",
            state.id),
        {"写 repeat: ask", "write repeat: ask"});
  }
}

}  // namespace duban::definition
