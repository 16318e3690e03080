// Times one step of a running case: an event that takes a transition with a guard and two actions.
// Prints one JSON line: nanoseconds of processor time per transition, the median of several rounds.
// The step is pure: what else the machine does is no part of it.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <ctime>

#include "core/definition/load.h"
#include "core/statechart/step.h"

namespace {

constexpr const char* kWorkflow = R"(
workflow: bench
data:
  level: {type: enum, values: [general, major], default: major}
  count: {type: int, default: 5}
  rounds: {type: int, default: 0}
  last: {type: text, default: ''}
states:
  checking:
    on:
      next:
        to: rectifying
        when: level == "major" && count > 3
        do: [{assign: {rounds: rounds + 1}}, {assign: {last: level}}]
  rectifying:
    on:
      next:
        to: checking
        when: level == "major" && count > 3
        do: [{assign: {rounds: rounds + 1}}, {assign: {last: level}}]
)";

double ProcessorNanos() {
  timespec now{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e9 + static_cast<double>(now.tv_nsec);
}

void Take(const duban::definition::Definition& definition, duban::model::Case& state,
          const duban::model::Command& command, const duban::statechart::Facts& facts) {
  auto outcome = duban::statechart::Step(definition, std::move(state), command, facts);
  if (!outcome) std::abort();
  state = std::move(outcome->next);
}

}  // namespace

// bench_step [STEPS]: steps per round; few of them for an instruction-counting run under valgrind.
int main(int argc, char** argv) {
  const auto loaded = duban::definition::LoadWorkflow("bench.yaml", kWorkflow);
  if (!loaded.definition) return 1;
  const duban::statechart::Facts facts{{1'652'662'800, 0}, nullptr, nullptr, {1}};
  duban::model::Command command;
  command.actor.id = duban::model::Principal::kSystem;
  command.body = duban::model::StartCase{};
  duban::model::Case state;
  state.id = {1};
  Take(*loaded.definition, state, command, facts);
  command.body = duban::model::SendEvent{"next", {}, {}};
  const int steps = argc > 1 ? std::max(std::atoi(argv[1]), 1) : 50'000;
  std::array<double, 15> rounds{};
  for (double& round : rounds) {
    const double start = ProcessorNanos();
    for (int i = 0; i < steps; ++i) Take(*loaded.definition, state, command, facts);
    round = (ProcessorNanos() - start) / steps;
  }
  std::sort(rounds.begin(), rounds.end());
  fmt::print("{{\"name\":\"step\",\"ns\":{:.1f}}}\n", rounds[rounds.size() / 2]);
}
