// Random operations by random people, through every command there is. After every step: the fold of
// the record is the case (World), no open task is without somebody able to do it or it is reported,
// nobody is on a seat that a rule keeps them from, no decision is counted twice, the tally is what
// a recount of the record gives.
#include <map>
#include <set>

#include "core/statechart/access.h"
#include "core/statechart/offers.h"
#include "core/statechart/scope.h"
#include "core/statechart/seats.h"
#include "tests/unit/statechart/player.h"

namespace duban::statechart {
namespace {

constexpr int kGames = 300;
constexpr int kMoves = 160;

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
    due: {within: 3 working days, pause: true, overdue: [{escalate: {role: officers}}, {after: 1 days, escalate: {group: leading}}]}
    on: {approved: {to: both, do: [{start: {workflow: child, as: checks}}]}, rejected: drafting, noted: {by: [participants]}}
  both:
    parallel: true
    on: {done.state.both: claiming}
    states:
      l:
        initial: voting
        states:
          voting:
            approval: {title: 票签, by: {group: committee}, rule: {ratio: 60}, abstain: true, return: any, copy: {person: f}}
            due: {within: 2 days, overdue: {decide: rejected}}
            on: {approved: voted, rejected: voted}
          voted: {final: true}
      r:
        initial: sequence
        states:
          sequence:
            approval: {title: 会签, by: [{person: b}, {person: d}, {person: e}], rule: sequence, return: {to: [any], resubmit: back_to_returner}}
            on: {approved: signed, rejected: signed}
          signed: {final: true}
  claiming:
    task: {title: 承办, for: {office: law}, return: any}
    on: {submitted: weighing}
  weighing:
    approval: {title: 加权, by: [{person: e, weight: 2}, {person: f}, {person: d}], rule: {weighted: {threshold: 3, quorum: 60}}, draw: 2, abstain: true, return: any}
    on: {approved: issuing, rejected: drafting, no_quorum: drafting}
  issuing:
    approval: {title: 签发, groups: [{title: 一, by: {group: leading}, rule: any}, {title: 二, by: {role: officers}, rule: {count: 1}}], return: any}
    on: {approved: end, rejected: drafting}
  end: {final: true}
)";

using Taken = std::map<std::size_t, int>;  // command → how often it was taken

// A case, what is done to it, and what must hold after each step.
class Game {
 public:
  Game(unsigned seed, Taken& taken) : world_(kEverything), player_(world_, seed), taken_(taken) {
    world_.seed = seed;
    EXPECT_TRUE(world_.Start("s"));
    Follow();
  }

  // Somebody may leave on the way.
  void Play(bool people_leave) {
    for (int i = 0; i < kMoves && !world_.state().ended && !testing::Test::HasFailure(); ++i) {
      if (player_.Roll(12) == 0) Wait();
      if (people_leave && player_.Roll(20) == 0) Leave();
      if (player_.Roll(25) == 0) Announce();
      const Player::Move move = player_.Next();
      const model::Revision before = world_.state().revision;
      const Result result = world_.Do(move.person, move.command);
      if (!result || world_.state().revision == before) continue;
      ++taken_[move.command.index()];
      Follow();
      Check();
    }
  }

  bool anybody_left() const { return !left_.empty(); }
  int rescued() const { return rescued_; }
  // Two administrators can help every task that the doctor reports.
  void Rescue() {
    if (world_.state().ended) return;
    if (world_.state().suspended_at) {
      EXPECT_TRUE(world_.Do("admin", model::Resume{""}));
    }
    for (const model::Ordinal task : Unable()) {
      model::ProposeOverride propose;
      propose.kind = model::Override::Kind::kReassign;
      propose.task = task;
      propose.people = {"boss"};
      propose.reason = "已离职";
      while (!world_.state().overrides.empty()) {
        EXPECT_TRUE(world_.Do(
            "admin", model::CloseOverride{world_.state().overrides.front().ordinal, false, ""}));
      }
      if (!world_.Do("admin", propose)) {
        // Only because boss has a place in that round already.
        const SeatPlace place = FindSeat(world_.state(), task);
        ASSERT_TRUE(place.round != nullptr && IsOnRound(*place.round, "boss"));
        continue;
      }
      ++rescued_;
      EXPECT_TRUE(world_.Do(
          "admin2", model::CloseOverride{world_.state().overrides.front().ordinal, true, ""}));
      const auto still = Unable();
      EXPECT_EQ(std::ranges::find(still, task), still.end());
    }
  }

 private:
  std::vector<model::Ordinal> Unable() const {
    return WithoutAbleHolder(world_.definition(), world_.state(), world_.facts());
  }

  void Wait() {
    const auto span = model::Duration::Hours(static_cast<std::int64_t>(1 + player_.Roll(30)));
    const model::Timestamp until = *model::Add(world_.now, span);
    for (;;) {
      const auto& timers = world_.state().timers;
      const auto next = std::ranges::min_element(timers, {}, &model::Timer::due);
      if (next == timers.end() || next->due > until) break;
      world_.now = std::max(world_.now, next->due);
      const model::CommandBody fire = model::FireTimer{next->ordinal};
      ASSERT_TRUE(world_.Do("system", fire));
      ++taken_[fire.index()];
      Follow();
      Check();
    }
    world_.now = until;
  }

  void Leave() {
    static const std::vector<std::string> kLeavers{"b", "c", "d", "e"};
    const std::string& who = kLeavers[player_.Roll(kLeavers.size())];
    if (left_.insert(who).second) world_.Disable(who);
  }

  void Announce() {
    const std::string day = player_.Roll(2) == 0 ? "2022-05-18" : "2022-05-20";
    auto calendar = calendar::Calendar::Parse(
        {{"2022.json", R"({"year":2022,"papers":[],"days":[{"name":"节日","date":")" + day +
                           R"(","isOffDay":true}]})"}});
    ASSERT_TRUE(calendar);
    world_.calendar = *std::move(calendar);
  }

  // What was said, as the record tells it. What was decided once is not decided again before it was
  // taken back.
  void Follow() {
    for (const model::Event& event : world_.last) {
      if (const auto* decided = std::get_if<model::SeatDecided>(&event)) {
        EXPECT_TRUE(said_.emplace(decided->ordinal, decided->vote.outcome).second)
            << "decided twice: " << decided->ordinal;
      }
      if (const auto* reopened = std::get_if<model::SeatReopened>(&event))
        said_.erase(reopened->ordinal);
      if (const auto* opened = std::get_if<model::RoundOpened>(&event)) {
        for (const model::Seat& seat : opened->round.seats) {
          said_.erase(seat.ordinal);
          if (seat.state == model::SeatState::kDecided)
            said_.emplace(seat.ordinal, seat.vote.outcome);
        }
      }
    }
  }

  void Check() {
    const Scope scope(world_.definition(), world_.organisation, world_.state(), world_.now);
    const auto unable = Unable();
    if (left_.empty()) {
      EXPECT_TRUE(unable.empty());
    }
    for (const model::Round& round : world_.state().rounds) {
      if (round.decided) continue;
      bool anybody = false;
      for (const model::Seat& seat : round.seats) {
        if (!IsLive(seat)) continue;
        anybody |= seat.state == model::SeatState::kOpen;
        CheckHolders(scope, round, seat, unable);
      }
      EXPECT_TRUE(anybody) << "a round that nobody can move";
      Recount(round);
    }
  }

  void CheckHolders(const Scope& scope, const model::Round& round, const model::Seat& seat,
                    const std::vector<model::Ordinal>& unable) {
    EXPECT_FALSE(seat.candidates.empty());
    bool able = false;
    for (const model::PersonId& candidate : seat.candidates) {
      const auto why = WhyNotOn(scope, round.state, candidate);
      able |= !why;
      EXPECT_TRUE(!why || left_.contains(candidate))
          << candidate << ": " << (why ? why->message.en : "");
    }
    const bool reported = std::ranges::find(unable, seat.ordinal) != unable.end();
    if (seat.state != model::SeatState::kOpen) return;
    EXPECT_EQ(reported, !able) << "what has no able holder is reported, and nothing else";
  }

  void Recount(const model::Round& round) {
    const auto& task = *world_.definition().states[round.state].task;
    const Count count = CountRound(task, round);
    EXPECT_EQ(count.result, approval::Result::kOpen) << "decided, and not said";
    struct Said {
      int roots = 0, approvals = 0, rejections = 0, abstentions = 0, recusals = 0;
    };
    std::vector<Said> said(count.groups.size());
    for (const model::Seat& seat : round.seats) {
      if (seat.state == model::SeatState::kDecided) {
        const auto word = said_.find(seat.ordinal);
        ASSERT_NE(word, said_.end());
        EXPECT_EQ(word->second, seat.vote.outcome);
      }
      if (!IsRoot(seat) || seat.state == model::SeatState::kRemoved) continue;
      Said& group = said[seat.group];
      ++group.roots;
      const auto word = said_.find(seat.ordinal);
      if (word == said_.end()) continue;
      group.approvals += word->second == "approved" || word->second == "submitted";
      group.rejections += word->second == "rejected";
      group.abstentions += word->second == "abstained";
      group.recusals += word->second == "recused";
    }
    for (std::size_t i = 0; i < said.size(); ++i) {
      const approval::Tally& tally = count.groups[i];
      EXPECT_EQ(
          tally.approvals + tally.rejections + tally.abstentions + tally.recusals + tally.open,
          said[i].roots);
      EXPECT_LE(tally.approvals, said[i].approvals) << "signers after an approval may be open";
      EXPECT_GE(tally.rejections, said[i].rejections);
      EXPECT_LE(tally.approvals + tally.rejections, said[i].approvals + said[i].rejections);
      EXPECT_EQ(tally.abstentions, said[i].abstentions);
      EXPECT_EQ(tally.recusals, said[i].recusals);
    }
  }

  Bureau world_;
  Player player_;
  Taken& taken_;
  std::set<std::string> left_;
  int rescued_ = 0;
  std::map<model::Ordinal, std::string> said_;
};

TEST(RandomOperations, what_always_holds) {
  Taken taken;
  for (unsigned seed = 0; seed < kGames; ++seed) {
    SCOPED_TRACE(seed);
    Game game(seed, taken);
    game.Play(false);
    ASSERT_FALSE(testing::Test::HasFailure());
  }
  for (std::size_t command = 0; command < std::variant_size_v<model::CommandBody>; ++command) {
    if (command == 0) continue;  // StartCase: taken before the first move, and never again
    EXPECT_GT(taken[command], 0) << "no player had command " << command << " taken";
  }
}

TEST(RandomOperations, what_a_change_of_the_organisation_leaves_is_reported_and_can_be_helped) {
  Taken taken;
  int games = 0, rescued = 0;
  for (unsigned seed = 0; seed < kGames; ++seed) {
    SCOPED_TRACE(seed);
    Game game(seed + 1'000, taken);
    game.Play(true);
    game.Rescue();
    games += game.anybody_left();
    rescued += game.rescued();
    ASSERT_FALSE(testing::Test::HasFailure());
  }
  EXPECT_GT(games, kGames / 2);
  EXPECT_GT(rescued, 0);
}

}  // namespace
}  // namespace duban::statechart
