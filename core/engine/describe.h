// History in words: each event as people read it, for the CLI, the console and logs.
#pragma once

#include <string>
#include <string_view>

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

// The words of `detail`, stable as well. Automatic::kNo has none.
std::string_view WordOf(model::Automatic automatic);
std::string_view WordOf(model::Move::Kind kind);

Description Describe(const definition::Definition& definition,
                     const definition::Organisation& organisation, const model::Event& event);

}  // namespace duban::engine
