// What clients ask: whatever the cases offer, by whoever may, and now and then something else.
#pragma once

#include <optional>

#include "core/model/command.h"
#include "tests/simulation/checker.h"
#include "tests/simulation/operations.h"
#include "tests/simulation/theatre.h"

namespace duban::simulation {

class Workload {
 public:
  Workload(const Theatre& theatre, const Checker& checker, const ports::Clock& clock,
           Random& random)
      : theatre_(theatre),
        checker_(checker),
        clock_(clock),
        random_(random),
        operations_(theatre, clock, random) {}

  // A new request, without its request id.
  model::Command Next();
  // As many cases as this stand open at once; children come on top.
  static constexpr std::size_t kOpenCases = 25;

 private:
  model::Command Start();
  model::Command Decide(const Known& known, const model::Round& round, const model::Seat& seat);
  std::optional<model::Command> Send(const Known& known);
  model::Command Nonsense(const Known& known);
  void ByMandate(model::Command& command, model::Decide& decide);
  model::Map FormFor(const definition::Definition& definition, const definition::Task& task);
  std::string Somebody() { return random_.Pick(theatre_.people); }

  const Theatre& theatre_;
  const Checker& checker_;
  const ports::Clock& clock_;
  Random& random_;
  Operations operations_;
};

}  // namespace duban::simulation
