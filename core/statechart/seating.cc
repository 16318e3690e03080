#include "core/statechart/seating.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/statechart/access.h"
#include "core/statechart/mandates.h"
#include "core/statechart/resolve.h"
#include "core/statechart/rounds.h"
#include "core/statechart/seats.h"
#include "core/statechart/words.h"

namespace duban::statechart {
namespace {

using approval::Mode;
using definition::Task;
using definition::WhenNobody;
using definition::WhenStarter;
using model::Automatic;
using model::PersonId;
using model::Seat;
using model::StateIndex;

struct Candidate {
  PersonId person;
  std::int64_t weight = 1;
};
using Candidates = std::vector<Candidate>;

Candidates CandidatesOf(const Found& found) {
  Candidates candidates;
  for (std::size_t i = 0; i < found.people.size(); ++i)
    candidates.push_back({found.people[i], found.weights[i]});
  return candidates;
}

// Whether the rule can still come out as approved without those who are left out.
bool Suffices(const approval::Rule& rule, const Candidates& candidates) {
  if (candidates.empty()) return false;
  if (rule.mode == Mode::kCount) return candidates.size() >= static_cast<std::size_t>(rule.count);
  if (rule.mode != Mode::kWeighted) return true;
  std::int64_t sum = 0;
  for (const Candidate& candidate : candidates) sum += candidate.weight;
  return sum >= rule.threshold;
}

class Seater {
 public:
  Seater(Draft& draft, StateIndex state, bool again)
      : draft_(draft),
        index_(state),
        state_(draft.definition().states[state]),
        task_(*state_.task),
        again_(again),
        next_(draft.next_ordinal()) {}

  Seating Run() {
    if (task_.groups.empty()) {
      SeatGroup(task_.people, task_.rule, 0);
    } else {
      for (std::size_t group = 0; group < task_.groups.size() && !draft_.failed(); ++group) {
        SeatGroup(task_.groups[group].people, task_.groups[group].rule,
                  static_cast<std::uint16_t>(group));
      }
    }
    if (seating_.seats.size() > kMaxSeats) {
      draft_.Fail(model::Reason::kLimitExceeded,
                  fmt::format("“{}”要 {} 个席位，一步最多 {} 个", TitleOfState(state_).In("zh"),
                              seating_.seats.size(), kMaxSeats),
                  fmt::format("`{}` asks for {} seats, and {} is the most in one step",
                              TitleOfState(state_).In("en"), seating_.seats.size(), kMaxSeats));
    }
    return std::move(seating_);
  }

 private:
  void SeatGroup(const definition::Addressees& addressees, const approval::Rule& rule,
                 std::uint16_t group) {
    const Found found = Find(addressees, draft_.scope());
    if (found.failure) draft_.RaiseError(found.failure->place, found.failure->message);
    const bool somebody = found.failure || !found.people.empty();
    Candidates candidates = Able(CandidatesOf(found), Starter::kReplaced);
    const bool starter = ReplaceStarter(candidates, rule);
    SkipAway(candidates, rule);
    if (candidates.empty() && starter && task_.when_starter == WhenStarter::kSkip)
      return SeatAutomatic(group, task_.outcomes.front(), Automatic::kStarter);
    if (candidates.empty()) {
      candidates = Able(CandidatesOf(Find(task_.fallback, draft_.scope())), Starter::kLeftOut);
      if (candidates.empty() && !somebody && task_.when_nobody != WhenNobody::kAdministrators) {
        const bool approve = task_.when_nobody == WhenNobody::kApprove;
        return SeatAutomatic(group, approve ? task_.outcomes.front() : task_.outcomes.back(),
                             Automatic::kNobody);
      }
      if (candidates.empty()) {
        for (PersonId& person : StandInsFor(draft_, index_)) candidates.push_back({person, 1});
      }
    }
    if (draft_.failed()) return;
    if (group == 0 && task_.groups.empty()) DrawLots(candidates);
    Seat(candidates, rule, group);
  }

  void Note(const PersonId& person, std::string_view why) {
    draft_.Emit(model::Logged{fmt::format("{}: {} {}", state_.id, person, why)});
  }

  // kReplaced: ReplaceStarter has the word on the starter who may not decide.
  enum class Starter { kReplaced, kLeftOut };
  Candidates Able(Candidates candidates, Starter how) {
    std::erase_if(candidates, [&](const Candidate& candidate) {
      const bool starter = IsStarter(candidate) && task_.when_starter != WhenStarter::kSelf;
      if (starter && how == Starter::kReplaced) return false;
      const auto why = WhyNotOn(draft_.scope(), index_, candidate.person);
      if (why) Note(candidate.person, "is left out: " + why->message.In("en"));
      return why.has_value();
    });
    return candidates;
  }

  bool IsStarter(const Candidate& candidate) const {
    return candidate.person == draft_.state().starter;
  }

  // Whether the starter was among them, and has no seat now because of that.
  bool ReplaceStarter(Candidates& candidates, const approval::Rule& rule) {
    if (task_.when_starter == WhenStarter::kSelf) return false;
    const auto starter =
        std::ranges::find_if(candidates, [&](const Candidate& c) { return IsStarter(c); });
    if (starter == candidates.end()) return false;
    Note(starter->person, "is the starter and does not decide on their own case");
    const bool others = candidates.size() > 1;
    std::vector<PersonId> instead;
    if (task_.when_starter != WhenStarter::kSkip && !(others && rule.mode == Mode::kOne)) {
      if (task_.when_starter == WhenStarter::kSuperior) instead = Superior();
      if (instead.empty() && !others) instead = StandInsFor(draft_, index_);
    }
    const std::int64_t weight = starter->weight;
    auto place = candidates.erase(starter);
    for (PersonId& person : instead) {
      if (std::ranges::find(candidates, person, &Candidate::person) != candidates.end()) continue;
      place = candidates.insert(place, {std::move(person), weight}) + 1;
    }
    return true;
  }

  std::vector<PersonId> Superior() {
    definition::Addressee superior;
    superior.kind = definition::Addressee::Kind::kSuperior;
    superior.of = definition::Addressee::Of::kStarter;
    auto people = Find({superior}, draft_.scope()).people;
    std::erase_if(people, [&](const PersonId& person) {
      return WhyNotOn(draft_.scope(), index_, person).has_value();
    });
    return people;
  }

  void SkipAway(Candidates& candidates, const approval::Rule& rule) {
    if (candidates.size() < 2) return;
    const auto& definition = draft_.definition();
    std::optional<calendar::Date> today;
    Candidates present;
    for (const Candidate& candidate : candidates) {
      const auto* person = draft_.organisation().FindPerson(candidate.person);
      bool away = person != nullptr && !person->away.empty();
      if (away && !today) today = Today(definition, draft_.facts().now);
      away = away && IsAway(draft_.organisation(), candidate.person, definition.workflow, *today);
      if (!away) present.push_back(candidate);
    }
    if (present.size() == candidates.size() || !Suffices(rule, present)) return;
    for (const Candidate& candidate : candidates) {
      const bool stays =
          std::ranges::find(present, candidate.person, &Candidate::person) != present.end();
      if (!stays) Note(candidate.person, "is on leave and is not asked");
    }
    candidates = std::move(present);
  }

  void DrawLots(Candidates& candidates) {
    const auto count = static_cast<std::size_t>(std::max(task_.draw, 0));
    if (count == 0 || count >= candidates.size()) return;
    constexpr std::uint64_t kGolden = 0x9e3779b97f4a7c15;  // other lots for each round of a step
    seating_.seed = std::max<std::uint64_t>(draft_.facts().seed ^ (kGolden * next_), 1);
    Candidates drawn;
    for (std::size_t place : approval::Draw(seating_.seed, candidates.size(), count))
      drawn.push_back(candidates[place]);
    candidates = std::move(drawn);
  }

  void Seat(const Candidates& candidates, const approval::Rule& rule, std::uint16_t group) {
    model::Seat seat;
    seat.state = model::SeatState::kWaiting;
    seat.group = group;
    if (rule.mode == Mode::kOne) {
      seat.ordinal = next_++;
      for (const Candidate& candidate : candidates) seat.candidates.push_back(candidate.person);
      if (candidates.size() == 1) AskNotAgain(seat);
      seating_.seats.push_back(std::move(seat));
      return;
    }
    for (const Candidate& candidate : candidates) {
      seat.ordinal = next_++;
      seat.candidates = {candidate.person};
      seat.weight = candidate.weight;
      AskNotAgain(seat);
      seating_.seats.push_back(seat);
    }
  }

  // Whoever approved before does so here without being asked, if the definition says so.
  void AskNotAgain(const model::Seat& seat) {
    using definition::Repeat;
    const Repeat repeat = draft_.definition().repeat;
    if (repeat == Repeat::kAsk || again_ || !task_.approval) return;
    const auto& trail = draft_.state().trail;
    for (auto passage = trail.rbegin(); passage != trail.rend(); ++passage) {
      // What was said before a return or an override does not count any more.
      if (passage->outcome == "returned" || passage->outcome == "overridden") return;
      const bool said =
          passage->outcome == "approved" &&
          std::ranges::find(passage->people, seat.candidates.front()) != passage->people.end();
      if (said) {
        seating_.automatic.emplace_back(
            seat.ordinal, AutomaticVote("approved", seat.candidates.front(), Automatic::kRepeated));
        return;
      }
      if (repeat == Repeat::kSkipConsecutive) return;
    }
  }

  model::Vote AutomaticVote(std::string outcome, PersonId by, Automatic why) const {
    model::Vote vote;
    vote.outcome = std::move(outcome);
    vote.by = std::move(by);
    vote.at = draft_.facts().now;
    vote.automatic = why;
    return vote;
  }
  void SeatAutomatic(std::uint16_t group, const std::string& outcome, Automatic why) {
    model::Seat seat;
    seat.ordinal = next_++;
    seat.state = model::SeatState::kWaiting;
    seat.group = group;
    seating_.automatic.emplace_back(seat.ordinal,
                                    AutomaticVote(outcome, model::Principal::kSystem, why));
    seating_.seats.push_back(std::move(seat));
  }

  Draft& draft_;
  const StateIndex index_;
  const definition::State& state_;
  const Task& task_;
  const bool again_;
  model::Ordinal next_;
  Seating seating_;
};

void ReplaceIn(Draft& draft, StateIndex state, const Seat& seat) {
  model::SeatMoved moved;
  moved.ordinal = seat.ordinal;
  moved.move.kind = model::Move::Kind::kReassigned;
  moved.move.by = model::Principal::kSystem;
  moved.move.at = draft.facts().now;
  for (const PersonId& person : seat.candidates) {
    const auto why = WhyNotOn(draft.scope(), state, person);
    if (!why) {
      moved.candidates.push_back(person);
      continue;
    }
    if (moved.move.from.empty()) moved.move.from = person;
    moved.move.reason = why->message.In("zh");
  }
  if (moved.candidates.size() == seat.candidates.size()) return;
  const bool nobody = moved.candidates.empty();
  if (nobody) moved.candidates = StandInsFor(draft, state);
  if (draft.failed()) return;
  if (nobody && moved.candidates.size() == 1) moved.move.to = moved.candidates.front();
  const auto newcomers = nobody ? moved.candidates : std::vector<PersonId>();
  draft.Emit(std::move(moved));
  TellNewcomers(draft, seat.ordinal, newcomers);
}

}  // namespace

Seating SeatPeople(Draft& draft, StateIndex state, bool again) {
  return Seater(draft, state, again).Run();
}

std::vector<PersonId> StandInsFor(Draft& draft, StateIndex index) {
  const definition::State& state = draft.definition().states[index];
  const auto able = [&](std::vector<PersonId> people) {
    std::erase_if(people, [&](const PersonId& person) {
      return WhyNotOn(draft.scope(), index, person).has_value();
    });
    return people;
  };
  auto people = able(Find(state.task->fallback, draft.scope()).people);
  if (people.empty()) people = able(Administrators(draft.organisation()));
  if (people.empty()) {
    const model::Text title = TitleOfState(state);
    draft.Fail(
        model::Reason::kNobody,
        fmt::format(
            "“{}”没有人可以办理：组织中找不到办理人、后备人员，也没有可以办理的 administrator "
            "角色成员；请补充 organisation.yaml",
            title.In("zh")),
        fmt::format("nobody can act on `{}`: neither its people nor its fallback nor anybody with "
                    "the role `administrator` were found or may; complete organisation.yaml",
                    title.In("en")));
  }
  return people;
}

void ReplaceTheUnable(Draft& draft) {
  if (draft.state().rounds.empty() || draft.failed() || draft.ended()) return;
  const bool opened = std::ranges::any_of(draft.events(), [](const model::Event& event) {
    return std::holds_alternative<model::SeatOpened>(event);
  });
  if (!opened && draft.definition().duties.empty()) return;
  // Seats change hands here, but none is added or taken away.
  for (const model::Round& round : draft.state().rounds) {
    if (round.decided) continue;
    for (const Seat& seat : round.seats) {
      if (IsLive(seat) && !draft.failed()) ReplaceIn(draft, round.state, seat);
    }
  }
}

}  // namespace duban::statechart
