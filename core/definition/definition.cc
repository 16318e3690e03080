#include "core/definition/definition.h"

namespace duban::definition {

model::StateIndex Definition::FindState(std::string_view id) const {
  for (std::size_t i = 1; i < states.size(); ++i) {
    if (states[i].id == id) return static_cast<model::StateIndex>(i);
  }
  return model::kNoState;
}

std::optional<model::FieldIndex> Definition::FindField(std::string_view name) const {
  for (std::size_t i = 0; i < fields.size(); ++i) {
    if (fields[i].name == name) return static_cast<model::FieldIndex>(i);
  }
  return std::nullopt;
}

}  // namespace duban::definition
