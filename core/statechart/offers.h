// What a person can do to a task now: for inboxes and clients, so that they offer what will be
// taken.
#pragma once

#include <string>
#include <vector>

#include "core/statechart/step.h"

namespace duban::statechart {

struct Offer {
  model::PersonId on_behalf_of;       // whose mandate it takes; empty: none
  std::vector<std::string> outcomes;  // for Decide; empty: the person may not decide now
  bool claim = false;
  bool release = false;
  bool save_draft = false;
  bool transfer = false;
  bool delegate = false;
  bool add_signers = false;
  bool remove = false;    // the seat itself
  bool withdraw = false;  // their decision, as far as that can be told beforehand
  bool return_to_previous = false;
  bool return_to_starter = false;
  std::vector<model::StateIndex> return_to;  // by name
};

Offer OfferTo(const definition::Definition& definition, const model::Case& state,
              const Facts& facts, model::Ordinal task, const model::PersonId& person);

// Open seats of which nobody is able to act any more: disabled, or kept out by a rule. What a
// change of the organisation leaves behind.
std::vector<model::Ordinal> WithoutAbleHolder(const definition::Definition& definition,
                                              const model::Case& state, const Facts& facts);

}  // namespace duban::statechart
