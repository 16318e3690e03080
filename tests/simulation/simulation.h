// One run: a disk, one or more engines on it, clients, channels, and a clock, all in one thread and
// all decided by one seed.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "tests/simulation/node.h"

namespace duban::simulation {

struct Options {
  std::uint64_t seed = 1;
  std::uint64_t steps = 20'000;  // what is done: a request, a turn of an engine, time that passes …
  std::uint64_t nodes = 1;       // engines on one disk
  bool trace = false;            // keep the last steps as text
  // Puts something between engine and disk that breaks a promise; for testing the checks.
  std::function<std::unique_ptr<ports::Storage>(ports::Storage& disk)> sabotage;
};

struct Report {
  std::uint64_t steps = 0;
  std::uint64_t cases = 0;
  std::uint64_t commits = 0;
  std::uint64_t conflicts = 0;  // commits refused because another node was first
  std::uint64_t entries = 0;    // committed steps of cases
  std::uint64_t crashes = 0;
  std::uint64_t restarts = 0;
  std::uint64_t acknowledged = 0;
  std::map<std::string, std::uint64_t> done;  // of them, by operation
  std::uint64_t idle = 0;                     // acknowledged, and so already
  std::uint64_t rejected = 0;
  std::uint64_t repeated = 0;  // answers given a second time
  std::uint64_t timers = 0;
  std::uint64_t delivered = 0;
  std::uint64_t delivered_again = 0;
  std::optional<std::string> failure;
  std::deque<std::string> trace;

  void Add(const Report& other);
  std::string ToString() const;
};

// Plays the run in the theatre. Never throws; what is broken is in the report.
Report Simulate(Theatre& theatre, const Options& options);

}  // namespace duban::simulation
