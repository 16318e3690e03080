// What of a case a person may see who may see the case: hidden fields, other people's drafts.
#pragma once

#include <vector>

#include "core/definition/definition.h"
#include "core/definition/organisation.h"
#include "core/model/case.h"
#include "core/model/event.h"
#include "core/statechart/secrets.h"

namespace duban::statechart {

// Those named by the field's `visible_to`, and whoever is asked for the field by a task that they
// hold now; everybody where it names nobody. Administrators have no exemption. The engine sees all.
bool VisibleTo(const definition::Definition& definition,
               const definition::Organisation& organisation, const model::Case& state,
               model::FieldIndex field, const model::PersonId& person);

// Whether there may be somebody who sees the case and may not see the field.
bool IsGuarded(const definition::Definition& definition, model::FieldIndex field);

// Takes out of copies what the person may not see. Values of hidden fields are also taken out
// where they were copied to: data of events, messages, children, results and timers, and the words
// of messages to others; those that the fields held before too, as far as it was told of them.
class Redaction {
 public:
  // Refers to the definition. `state` is the case as it is now.
  Redaction(const definition::Definition& definition, const definition::Organisation& organisation,
            const model::Case& state, model::PersonId person);

  // Whether anything is kept out of what this person may see.
  bool hides() const { return hides_; }
  // Also keeps out what the field once held, if it is hidden.
  void Learn(model::FieldIndex field, const model::Value& value);

  void Apply(model::Case& copy) const;
  void Apply(model::Seat& seat) const;  // drafts
  // Confidential fields never show in the history, to nobody.
  void Apply(model::JournalEntry& entry);

 private:
  bool IsHidden(model::FieldIndex field) const;
  bool IsKeptOut(model::FieldIndex field) const;
  model::Value Without(const model::Value& value) const;
  void HideForm(model::Map& form) const;
  void Apply(model::Event& event);
  void KeepOut(model::FieldIndex field, const model::Value& value);

  const definition::Definition& definition_;
  const model::PersonId person_;
  std::vector<model::FieldIndex> hidden_;
  bool hides_ = false;
  std::vector<model::Value> secrets_;  // what they hold, and what the confidential ones hold
  SecretWords words_;                  // of the hidden ones
};

}  // namespace duban::statechart
