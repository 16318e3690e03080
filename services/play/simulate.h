// A workflow played many times with made-up people: what comes of it, how long it takes, which
// deadlines are missed, what is never reached.
#pragma once

#include <cstdint>
#include <expected>
#include <map>
#include <string>
#include <vector>

#include "core/model/rejection.h"
#include "services/play/coverage.h"
#include "services/play/people.h"
#include "services/play/world.h"

namespace duban::play {

// What one run may come to; beyond, the run ends as it is and says so.
inline constexpr int kMaxActs = 5'000;
inline constexpr int kMaxRuns = 10'000;

struct Plan {
  std::string workflow;
  model::Timestamp begin;
  model::Timestamp until;  // a case that is open then counts as open
  std::uint64_t seed = 1;  // of the first run; each further one has the next
  int runs = 1;
  Script script;
};

// One line of what happened.
struct Moment {
  enum class Kind : std::uint8_t { kStep, kMet, kMissed, kEnd } kind = Kind::kStep;
  model::Timestamp at;
  std::string workflow;
  model::CaseId case_id;
  std::string actor;  // a person's id, or model::Principal::kSystem
  model::Text what;
};

struct RunResult {
  std::uint64_t seed = 0;
  bool ended = false;
  std::string outcome;
  std::int64_t seconds = 0;  // from the start to the end, or to `until`
  int acts = 0;              // of people
  int cases = 0;             // children included
};

struct DeadlineCount {
  int met = 0;
  int missed = 0;
  int open = 0;  // running when the run ended
};

struct Simulation {
  std::vector<RunResult> runs;
  std::vector<Moment> timeline;                       // of the first run, by time
  std::map<std::string, DeadlineCount> deadlines;     // "workflow: state"
  std::map<std::string, Coverage::Figures> coverage;  // of each workflow that was started
  std::map<std::string, int> problems;  // what made-up people could not do, and how often
};

// The error: the case cannot be started so.
std::expected<Simulation, model::Rejection> Simulate(const Folder& folder, const Plan& plan);

// The runs that ended, shortest first: the share-th of them (0.5: median), in seconds; -1 without
// any.
std::int64_t DurationAt(const Simulation& simulation, double share);

}  // namespace duban::play
