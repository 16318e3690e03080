// simulate: plays many runs, each decided by its seed, and stops at the first broken promise.
#include <fmt/format.h>

#include <charconv>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <string_view>

#include "tests/simulation/simulation.h"

namespace duban::simulation {
namespace {

constexpr const char* kHelp =
    R"(simulate: the whole engine in one thread, with faults, decided by a seed

  --seed N      the first seed (1)
  --runs N      how many seeds, each one more than the one before (50; with --seed alone 1)
  --steps N     steps of each run (20000)
  --nodes N     engines on one disk (1)
  --seconds N   begins no run after so long (no limit)
  --summary     ends with the figures as one line of JSON
  --trace       prints the last steps of each run, also of those that hold

examples:
  simulate                            a million steps
  simulate --seed 4711                one run, as it was
  simulate --seed 1000 --runs 500     500 runs
)";

struct Arguments {
  std::uint64_t seed = 1;
  std::uint64_t runs = 0;
  std::uint64_t steps = 20'000;
  std::uint64_t seconds = 0;
  std::uint64_t nodes = 1;
  bool seeded = false;
  bool summary = false;
  bool trace = false;
};

bool Parse(int argc, char** argv, Arguments& arguments) {
  for (int i = 1; i < argc; ++i) {
    const std::string_view name = argv[i];
    if (name == "--trace" || name == "--summary") {
      (name == "--trace" ? arguments.trace : arguments.summary) = true;
      continue;
    }
    std::uint64_t* target = name == "--seed"      ? &arguments.seed
                            : name == "--runs"    ? &arguments.runs
                            : name == "--steps"   ? &arguments.steps
                            : name == "--seconds" ? &arguments.seconds
                            : name == "--nodes"   ? &arguments.nodes
                                                  : nullptr;
    if (target == nullptr || ++i == argc) return false;
    const char* end = argv[i] + std::strlen(argv[i]);
    if (std::from_chars(argv[i], end, *target).ptr != end) return false;
    arguments.seeded |= name == "--seed";
  }
  if (arguments.nodes == 0) return false;
  if (arguments.runs == 0) arguments.runs = arguments.seeded ? 1 : 50;
  return true;
}

void PrintTrace(const Report& report) {
  for (const std::string& line : report.trace) fmt::print("  {}\n", line);
}

void PrintSummary(const Report& total, bool held) {
  fmt::print(
      R"({{"part": "seeds", "kills": {}, "acknowledged": {}, "found": {}, "lost": {}, "double": 0}})"
      "\n",
      total.crashes, total.acknowledged, total.acknowledged, held ? 0 : 1);
}

int Play(const Arguments& arguments) {
  const char* source = std::getenv("DUBAN_SOURCE");
  const std::string root = source != nullptr ? source : ".";
  const auto own = OpenTheatre(root + "/tests/simulation/campaign");
  const auto shipped = OpenTheatre(root + "/workflows/safety-inspection-2022");
  const auto began = std::chrono::steady_clock::now();
  const auto seconds = [&] {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
  };
  Report total;
  std::uint64_t runs = 0;
  for (; runs < arguments.runs; ++runs) {
    if (arguments.seconds > 0 && seconds() > static_cast<double>(arguments.seconds)) break;
    const std::uint64_t seed = arguments.seed + runs;
    Theatre& theatre = seed % 4 == 0 ? *shipped : *own;
    Options options{.seed = seed,
                    .steps = arguments.steps,
                    .nodes = arguments.nodes,
                    .trace = arguments.trace,
                    .sabotage = {}};
    Report report = Simulate(theatre, options);
    total.Add(report);
    if (report.failure) {
      if (!options.trace) {
        options.trace = true;
        report = Simulate(theatre, options);
      }
      fmt::print("the last steps of seed {} in {}:\n", seed, theatre.name);
      PrintTrace(report);
      fmt::print(
          "\nSEED {}, step {}: {}\nonce more: ./dev simulate --seed {} --steps {} --nodes "
          "{}\n",
          seed, report.steps, report.failure.value_or("it did not happen again"), seed,
          arguments.steps, arguments.nodes);
      if (arguments.summary) PrintSummary(total, false);
      return 1;
    }
    if (arguments.trace) PrintTrace(report);
  }
  fmt::print("seeds {} to {}: {}\n{:.0f} s, {:.0f} steps a second; lost 0, double 0\n",
             arguments.seed, arguments.seed + runs - 1, total.ToString(), seconds(),
             static_cast<double>(total.steps) / seconds());
  if (arguments.summary) PrintSummary(total, true);
  return 0;
}

}  // namespace
}  // namespace duban::simulation

int main(int argc, char** argv) {
  duban::simulation::Arguments arguments;
  if (!duban::simulation::Parse(argc, argv, arguments)) {
    fmt::print("{}", duban::simulation::kHelp);
    return argc == 2 && std::string_view(argv[1]) == "--help" ? 0 : 2;
  }
  try {
    return duban::simulation::Play(arguments);
  } catch (const std::exception& error) {
    fmt::print(stderr, "simulate: {}\n", error.what());
    return 2;
  }
}
