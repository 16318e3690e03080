// Clients that ask, wait, lose patience and ask again under the same request id, at whichever node.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "tests/simulation/checker.h"
#include "tests/simulation/node.h"
#include "tests/simulation/workload.h"

namespace duban::simulation {

class Clients {
 public:
  Clients(Checker& checker, Workload& workload, Random& random, Trace& trace)
      : checker_(checker), workload_(workload), random_(random), trace_(trace) {}

  // One of them does something.
  void Act(Node& node);
  // Whoever was not answered asks once more. False when nobody waits.
  bool Insist(Node& node);

  // Acknowledged for the first time, by operation.
  const std::map<std::string, std::uint64_t>& done() const { return done_; }
  std::uint64_t rejected() const { return rejected_; }
  std::uint64_t repeated() const { return repeated_; }

 private:
  struct Ask {
    std::string key;
    model::Command command;
    std::optional<engine::Receipt> receipt;
    bool refused = false;
  };
  static constexpr std::size_t kWaiting = 24;
  static constexpr std::size_t kRemembered = 200;

  void Submit(Node& node, const std::shared_ptr<Ask>& ask);
  void SubmitChanged(Node& node, const Ask& ask);
  void Answered(Ask& ask, const engine::Reply& reply);

  Checker& checker_;
  Workload& workload_;
  Random& random_;
  Trace& trace_;
  std::vector<std::shared_ptr<Ask>> waiting_;
  std::vector<std::shared_ptr<Ask>> answered_;
  std::uint64_t asked_ = 0;
  std::map<std::string, std::uint64_t> done_;
  std::uint64_t rejected_ = 0;
  std::uint64_t repeated_ = 0;
};

}  // namespace duban::simulation
