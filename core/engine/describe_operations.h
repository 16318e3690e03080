// The part of describe.cc that speaks of what people did to tasks and cases; and the words both
// use.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/engine/describe.h"

namespace duban::engine {

class OperationDescriber {
 public:
  OperationDescriber(const definition::Definition& definition,
                     const definition::Organisation& organisation)
      : definition_(definition), organisation_(organisation) {}

  Description operator()(const model::SeatClaimed& e) const;
  Description operator()(const model::SeatReleased& e) const;
  Description operator()(const model::SeatMoved& e) const;
  Description operator()(const model::SeatsAdded& e) const;
  Description operator()(const model::SeatsRemoved& e) const;
  Description operator()(const model::SeatHeld& e) const;
  Description operator()(const model::SeatReopened& e) const;
  Description operator()(const model::DraftSaved& e) const;
  Description operator()(const model::Jumped& e) const;
  Description operator()(const model::Copied& e) const;
  Description operator()(const model::CopyRead& e) const;
  Description operator()(const model::Reminded& e) const;
  Description operator()(const model::Commented& e) const;
  Description operator()(const model::CaseSuspended& e) const;
  Description operator()(const model::CaseResumed& e) const;
  Description operator()(const model::OverrideProposed& e) const;
  Description operator()(const model::OverrideClosed& e) const;

 protected:
  const std::string& Zh(std::string_view id) const { return Name(id, "zh"); }
  const std::string& En(std::string_view id) const { return Name(id, "en"); }
  std::string Names(const std::vector<model::PersonId>& ids, std::string_view language) const;
  const std::string& Id(model::StateIndex state) const { return definition_.states[state].id; }
  std::string TitleOf(model::StateIndex state, std::string_view language) const;
  static std::string OutcomeZh(const std::string& outcome);

  const definition::Definition& definition_;
  const definition::Organisation& organisation_;

 private:
  const std::string& Name(std::string_view id, std::string_view language) const;
};

}  // namespace duban::engine
