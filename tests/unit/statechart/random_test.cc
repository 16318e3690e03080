// Random events on a chart with everything in it. World checks after every step that the fold of
// the record is the case and that the configuration is a legal one.
#include <gmock/gmock.h>

#include <random>

#include "tests/unit/statechart/world.h"

namespace duban::statechart {
namespace {

constexpr std::string_view kEverything = R"(
data: {n: {type: int, default: 0}, note: text, limit: {type: date, default: "2022-06-01"}}
initial: idle
states:
  idle:
    on:
      go: {to: work, by: [{role: officers}]}
      deep: deep_
      regions: [r2, q2]
    every: {within: 7 days, do: [{assign: {n: n + 1}}]}
  work:
    on: {pause: idle, again: work, inside: {to: w2, internal: true}}
    exit: [{raise: left}]
    due: {within: 3 working days, remind: [50%], overdue: {escalate: {post: bureau-head}, to: w2}}
    states:
      shallow_: {history: shallow, to: w1}
      deep_: {history: deep, to: r1}
      w1:
        task: {title: 核实, for: {role: officers}, form: [note], outcomes: [submitted, refused]}
        on: {submitted: both, refused: {to: idle, do: [{send: {event: nudge, after: 2 days}}]}}
      w2:
        approval: {title: 审批, by: {office: mines}, rule: {ratio: 60}}
        on: {approved: both, rejected: w1}
        after: {within: 5 days, to: shallow_}
      both:
        parallel: true
        on: {done.state.both: w1, flip: both, jump: {to: [r2, q2]}}
        states:
          r:
            initial: r1
            states:
              r1: {on: {x: r2, y: {to: r3, when: n % 2 == 0}}}
              r2: {on: {x: r1, y: r3}, always: {when: "In('q2') && n > 40", to: r3}}
              r3: {final: true}
          q:
            states:
              q1: {on: {x: q2, nudge: q3}, entry: [{assign: {n: n + 1}}]}
              q2: {on: {z: q3, x: {to: work, do: [{raise: flip}]}}}
              q3: {final: true}
  other: {on: {back: idle, left: idle}}
)";

class Dice {
 public:
  explicit Dice(unsigned seed) : random_(seed) {}
  std::size_t Roll(std::size_t sides) {
    return std::uniform_int_distribution<std::size_t>(0, sides - 1)(random_);
  }
  template <class T, std::size_t N>
  const T& Pick(const T (&choices)[N]) {
    return choices[Roll(N)];
  }

 private:
  std::mt19937 random_;
};

void PlayOne(World& world, Dice& dice) {
  static constexpr const char* kEvents[] = {"go",     "deep", "regions", "pause",   "again",
                                            "inside", "flip", "jump",    "x",       "y",
                                            "z",      "back", "nudge",   "nonsense"};
  static constexpr const char* kPeople[] = {"a", "b", "c", "head", "x", "system"};
  static constexpr const char* kOutcomes[] = {"submitted", "refused", "approved", "rejected"};
  const auto choice = dice.Roll(10);
  if (choice < 6) {
    static_cast<void>(
        world.Send(dice.Roll(2) == 0 ? "system" : dice.Pick(kPeople), dice.Pick(kEvents)));
  } else if (choice < 9) {
    const auto& rounds = world.state().rounds;
    if (rounds.empty()) return;
    const auto& seats = rounds[dice.Roll(rounds.size())].seats;
    static_cast<void>(world.Do(
        dice.Pick(kPeople),
        model::Decide{seats[dice.Roll(seats.size())].ordinal, dice.Pick(kOutcomes), "", {}}));
  } else {
    world.Advance(model::Duration::Hours(static_cast<std::int64_t>(dice.Roll(80))));
  }
}

TEST(Random, ReplayEqualsLiveAndConfigurationsAreLegal) {
  for (unsigned seed = 0; seed < 30; ++seed) {
    SCOPED_TRACE(seed);
    World world(kEverything);
    ASSERT_TRUE(world.Start());
    Dice dice(seed);
    for (int i = 0; i < 120 && !testing::Test::HasFailure(); ++i) PlayOne(world, dice);
    ASSERT_FALSE(testing::Test::HasFailure());
  }
}

}  // namespace
}  // namespace duban::statechart
