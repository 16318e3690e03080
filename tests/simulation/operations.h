// What people do to tasks and cases beside starting, sending and deciding: claim, transfer,
// delegate, add a signer, return, withdraw, revoke, suspend … mostly by whoever may, where it makes
// sense.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "core/model/command.h"
#include "tests/simulation/checker.h"
#include "tests/simulation/theatre.h"

namespace duban::simulation {

// "start", "decide", "add_signers" …
std::string_view NameOf(const model::CommandBody& body);

class Operations {
 public:
  Operations(const Theatre& theatre, const ports::Clock& clock, Random& random)
      : theatre_(theatre), clock_(clock), random_(random) {}

  // A new request about the case, without its request id.
  model::Command Next(const Known& known);

 private:
  model::CommandBody Choose(const Known& known, std::string& actor);
  model::CommandBody OfSeat(const Known& known, std::string& actor);
  model::CommandBody OfAdministrator(const Known& known, std::string& actor);
  model::CommandBody OfCase(const Known& known, std::string& actor);
  // What the person is offered to do to the seat; nullopt: nothing.
  std::optional<model::CommandBody> Offered(const Known& known, const model::Seat& seat,
                                            const std::string& actor);
  model::CommandBody Added(const model::Seat& seat);
  model::CommandBody Returned(const Known& known, const model::Seat& seat);
  model::CommandBody Withdrawn(const Known& known, std::string& actor);
  model::CommandBody Proposed(const Known& known);
  // One of the case's, the open ones first; an empty one when it has none.
  model::Seat SomeSeat(const Known& known);
  std::string Somebody() { return random_.Pick(theatre_.people); }
  std::string Administrator() { return random_.Pick(theatre_.administrators); }
  std::string Reason() { return random_.Percent(95) ? "a reason" : ""; }

  const Theatre& theatre_;
  const ports::Clock& clock_;
  Random& random_;
};

}  // namespace duban::simulation
