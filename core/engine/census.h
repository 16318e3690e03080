// What is open, counted by walking through the open cases: for the metrics and for an operator who
// looks for what is stuck. Reads only.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "core/engine/catalog.h"
#include "core/engine/world.h"
#include "core/ports/storage.h"

namespace duban::engine {

struct Census {
  struct Workflow {
    std::uint64_t cases = 0;
    std::uint64_t tasks = 0;
    std::uint64_t overdue = 0;  // tasks whose due date has passed
  };
  static constexpr std::size_t kListed = 100;

  std::map<std::string, Workflow> workflows;  // those with open cases
  std::uint64_t without_holder = 0;           // open tasks that nobody is able to act on any more
  std::vector<model::TaskId> first_without_holder;  // at most kListed
  std::uint64_t provisional = 0;  // open tasks whose due date rests on a year without a notice
  std::vector<model::TaskId> first_provisional;  // at most kListed
  // Cases whose due dates or clocks the present calendar would move: they wait to be counted again,
  // or cannot be.
  std::uint64_t not_recounted = 0;
  std::vector<model::CaseId> first_not_recounted;  // at most kListed
  // Cases that are damaged, or a task of theirs is, or whose workflow is not there. What of them
  // could be read counts.
  std::uint64_t unreadable = 0;
  std::vector<model::CaseId> first_unreadable;  // at most kListed
  bool complete = true;                         // false: `go_on` said no on the way
};

// Cases that change meanwhile count as they were when the walk came by. `go_on` is asked after each
// page of cases and may take its time. Errors: storage.
ports::StorageResult<Census> TakeCensus(ports::Storage& storage, Catalog& catalog,
                                        const Snapshot& world, model::Timestamp now,
                                        const std::function<bool()>& go_on);

}  // namespace duban::engine
