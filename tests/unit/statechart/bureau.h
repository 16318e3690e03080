// A bureau with everything that operations look at, and short words for what its people do.
#pragma once

#include <gmock/gmock.h>

#include "tests/unit/statechart/world.h"

namespace duban::statechart {

// People: s (starter, of office mines), a to f (officers), head, deputy, boss (heads mines), former
// (disabled), absent (on leave 2022-05), agent (mandate of a, 2022-05), late (mandate of a from
// 2022-06), second (mandate of agent), portal (service), admin, admin2.
class Bureau : public World {
 public:
  explicit Bureau(std::string_view yaml);

  // From now on the person has left.
  void Disable(std::string_view person);

  // The task of the person in the state's round: their live seat, else any.
  model::Ordinal TaskOf(std::string_view state, std::string_view person) const;
  const model::Seat* SeatOf(std::string_view state, std::string_view person) const;
  Result Vote(std::string_view person, std::string_view outcome,
              std::string_view state = "deciding", std::string opinion = "意见");
  Result Add(std::string_view person, std::vector<model::PersonId> people, model::Relation relation,
             bool any_of = false);
  Result Return(std::string_view person, std::string_view state, std::string_view to,
                model::Return::Resubmit resubmit = model::Return::Resubmit::kAsDefined);
  // Who may act now in the state, in the order of the seats.
  std::vector<std::string> Turns(std::string_view state = "deciding") const;

 private:
  void ReadOrganisation();
  std::string source_;
};

// One approval between drafting by the starter and two ends: its keys are the argument.
std::string Approval(std::string_view keys, std::string_view more = {});
// The same, started by s and submitted: it stands in `deciding`.
void Submit(Bureau& world);

}  // namespace duban::statechart
