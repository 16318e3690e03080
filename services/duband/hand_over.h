// All open work of one person to another (离职移交).
#pragma once

#include <expected>
#include <optional>
#include <string>
#include <vector>

#include "services/duband/node.h"

namespace duban::duband {

inline constexpr std::size_t kMaxHandedOver = 500;  // tried in one call

struct HandOver {
  std::string request_id;
  model::PersonId from;
  model::PersonId to;
  std::string reason;
  model::TaskId after;  // of the call before
};

struct HandedOver {
  struct Task {
    model::TaskId id;
    std::optional<model::Rejection> refused;
  };
  std::vector<Task> tasks;
  model::TaskId last;  // where the next call goes on
  bool more = false;
};

// Transfers each open task in a step of its own, under a request id derived from the caller's and
// the task: a repetition goes on where it stopped. Waits for all of them; on a worker's thread.
// INVALID_ARGUMENT for what is missing; UNAVAILABLE when the tasks cannot be read.
std::expected<HandedOver, grpc::Status> HandOverAll(Node& node, const model::Principal& who,
                                                    const HandOver& wanted);

}  // namespace duban::duband
