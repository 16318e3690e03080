// History in words: each event as people read it, for the CLI, the console and logs.
#pragma once

#include <string>

#include "core/definition/definition.h"
#include "core/definition/organisation.h"
#include "core/model/command.h"
#include "core/model/event.h"

namespace duban::engine {

struct Description {
  std::string kind;   // "state_entered" …: stable
  model::Map detail;  // names, not indices: state, task, event, due …
  model::Text text;
};

Description Describe(const definition::Definition& definition,
                     const definition::Organisation& organisation, const model::Event& event);

}  // namespace duban::engine
