// Random operations by random people. After every step: the fold of the record is the case (World),
// no open task is without somebody able to do it, nobody is on a seat that a rule keeps them from,
// no decision is counted twice, the tally is what a recount gives.
#include <random>
#include <set>

#include "core/statechart/access.h"
#include "core/statechart/scope.h"
#include "core/statechart/seats.h"
#include "tests/unit/statechart/bureau.h"

namespace duban::statechart {
namespace {

using model::Relation;

constexpr std::string_view kEverything = R"(
data: {note: text, relative: person}
start: {by: [{person: s}]}
repeat: skip_consecutive
revoke: any_time
rules:
  - {separate: [checking, issuing], basis: 内控制度}
  - {barred: [{field: relative}], in: [voting, issuing], basis: 回避}
states:
  drafting:
    task: {title: 拟稿, for: starter, form: [note]}
    on: {submitted: checking}
  checking:
    approval: {title: 核稿, by: {role: officers}, return: any, fallback: {person: d}, form: [relative]}
    on: {approved: both, rejected: drafting}
  both:
    parallel: true
    on: {done.state.both: issuing}
    states:
      l:
        initial: voting
        states:
          voting:
            approval: {title: 票签, by: {group: committee}, rule: {ratio: 60}, abstain: true, return: any}
            on: {approved: voted, rejected: voted}
          voted: {final: true}
      r:
        initial: sequence
        states:
          sequence:
            approval: {title: 会签, by: [{person: b}, {person: d}, {person: e}], rule: sequence, return: {to: [any], resubmit: back_to_returner}}
            on: {approved: signed, rejected: signed}
          signed: {final: true}
  issuing:
    approval: {title: 签发, groups: [{title: 一, by: {group: leading}, rule: any}, {title: 二, by: {role: officers}, rule: {count: 1}}], return: any}
    on: {approved: end, rejected: drafting}
  end: {final: true}
)";

class Player {
 public:
  Player(Bureau& world, unsigned seed) : world_(world), random_(seed) {}

  void Play() {
    const std::string person = Person();
    const auto before = world_.state().revision;
    const Result result = world_.Do(person, Command());
    if (result && world_.state().revision != before) Check();
  }

 private:
  std::size_t Roll(std::size_t sides) {
    return std::uniform_int_distribution<std::size_t>(0, sides - 1)(random_);
  }
  // Mostly somebody who has something to do.
  std::string Person() {
    static const std::vector<std::string> kPeople{"s", "a",    "b",      "c",     "d",     "e",
                                                  "f", "head", "deputy", "admin", "admin2"};
    std::vector<std::string> holders;
    for (const model::Round& round : world_.state().rounds) {
      for (const model::PersonId& holder : HoldersOf(world_.state(), round.state))
        holders.push_back(holder);
    }
    person_ = holders.empty() || Roll(4) == 0 ? kPeople[Roll(kPeople.size())]
                                              : holders[Roll(holders.size())];
    return person_;
  }
  std::string Other() {
    static const std::vector<std::string> kPeople{"a", "b",    "c",    "d", "e",
                                                  "f", "head", "boss", "s"};
    return kPeople[Roll(kPeople.size())];
  }
  // A task of the person, or any.
  model::Ordinal Task() {
    std::vector<model::Ordinal> own;
    std::vector<model::Ordinal> all;
    for (const model::Round& round : world_.state().rounds) {
      for (const model::Seat& seat : round.seats) {
        all.push_back(seat.ordinal);
        if (std::ranges::find(seat.candidates, person_) != seat.candidates.end())
          own.push_back(seat.ordinal);
      }
    }
    if (!own.empty() && Roll(6) != 0) return own[Roll(own.size())];
    return all.empty() ? 1 : all[Roll(all.size())];
  }
  model::CommandBody Command() {
    static constexpr const char* kOutcomes[] = {"approved",  "approved", "approved", "submitted",
                                                "submitted", "rejected", "recused",  "abstained"};
    static constexpr Relation kRelations[] = {Relation::kBefore, Relation::kAfter,
                                              Relation::kParallel};
    static constexpr const char* kStates[] = {"drafting", "checking", "voting", "sequence",
                                              "issuing"};
    switch (Roll(16)) {
      case 0:
        return model::Claim{Task()};
      case 1:
        return model::Release{Task()};
      case 2:
        return model::Transfer{Task(), Other(), "", model::Move::Kind::kTransferred, {}};
      case 3:
        return model::Delegate{Task(), Other(), ""};
      case 4:
        return model::AddSigners{Task(), {Other(), Other()}, kRelations[Roll(3)], Roll(2) == 0, ""};
      case 5:
        return model::RemoveSigner{Task(), ""};
      case 6: {
        model::Return back;
        back.to = static_cast<model::Return::To>(Roll(3));
        back.task = Task();
        back.state = kStates[Roll(5)];
        back.opinion = "改";
        return back;
      }
      case 7:
        return model::Withdraw{world_.state().last_round && Roll(2) == 0
                                   ? world_.state().last_round->seats.front().ordinal
                                   : Task(),
                               ""};
      case 8: {
        model::ProposeOverride propose;
        propose.kind =
            Roll(2) == 0 ? model::Override::Kind::kJump : model::Override::Kind::kReassign;
        propose.state = kStates[Roll(5)];
        propose.task = Task();
        propose.people = {Other()};
        propose.reason = "x";
        return propose;
      }
      case 9: {
        const auto& overrides = world_.state().overrides;
        return model::CloseOverride{
            overrides.empty() ? 0 : overrides[Roll(overrides.size())].ordinal, Roll(3) != 0, ""};
      }
      default:
        return Decision(kOutcomes[Roll(8)]);
    }
  }
  model::CommandBody Decision(std::string outcome) {
    model::Decide decide{Task(), std::move(outcome), "", {}};
    const model::Round* checking = world_.Round("checking");
    if (checking != nullptr && Roll(3) == 0) decide.form = model::Map({{"relative", Other()}});
    return decide;
  }

  void Check() {
    for (const model::Event& event : world_.last) Follow(event);
    const Scope scope(world_.definition(), world_.organisation, world_.state(), world_.now);
    for (const model::Round& round : world_.state().rounds) {
      if (round.decided) continue;
      bool anybody = false;
      for (const model::Seat& seat : round.seats) {
        if (!IsLive(seat)) continue;
        anybody |= seat.state == model::SeatState::kOpen;
        EXPECT_FALSE(seat.candidates.empty());
        for (const model::PersonId& candidate : seat.candidates) {
          const auto why = WhyNotOn(scope, round.state, candidate);
          EXPECT_FALSE(why) << candidate << ": " << (why ? why->message.en : "");
        }
      }
      EXPECT_TRUE(anybody) << "a round that nobody can move";
      Recount(round);
    }
  }

  // Whatever was decided once is not decided again before it was taken back.
  void Follow(const model::Event& event) {
    if (const auto* decided = std::get_if<model::SeatDecided>(&event)) {
      EXPECT_TRUE(decided_.insert(decided->ordinal).second) << decided->ordinal;
    }
    if (const auto* reopened = std::get_if<model::SeatReopened>(&event))
      decided_.erase(reopened->ordinal);
    if (const auto* opened = std::get_if<model::RoundOpened>(&event)) {
      for (const model::Seat& seat : opened->round.seats) {
        if (seat.state != model::SeatState::kDecided) decided_.erase(seat.ordinal);
      }
    }
  }

  void Recount(const model::Round& round) {
    const auto& task = *world_.definition().states[round.state].task;
    const Count count = CountRound(task, round);
    EXPECT_EQ(count.result, approval::Result::kOpen) << "decided, and not said";
    std::vector<int> roots(count.groups.size());
    for (const model::Seat& seat : round.seats) {
      if (IsRoot(seat) && seat.state != model::SeatState::kRemoved) ++roots[seat.group];
    }
    for (std::size_t group = 0; group < roots.size(); ++group) {
      const approval::Tally& tally = count.groups[group];
      EXPECT_EQ(
          tally.approvals + tally.rejections + tally.abstentions + tally.recusals + tally.open,
          roots[group]);
    }
  }

  Bureau& world_;
  std::mt19937 random_;
  std::string person_;
  std::set<model::Ordinal> decided_;
};

TEST(RandomOperations, what_always_holds) {
  for (unsigned seed = 0; seed < 40; ++seed) {
    SCOPED_TRACE(seed);
    Bureau world(kEverything);
    ASSERT_TRUE(world.Start("s"));
    Player player(world, seed);
    for (int i = 0; i < 150 && !world.state().ended && !testing::Test::HasFailure(); ++i)
      player.Play();
    ASSERT_FALSE(testing::Test::HasFailure());
  }
}

}  // namespace
}  // namespace duban::statechart
