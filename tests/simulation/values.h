// Data for the fields of a definition: mostly what fits, sometimes what does not.
#pragma once

#include "core/definition/definition.h"
#include "core/definition/organisation.h"
#include "tests/simulation/random.h"

namespace duban::simulation {

// A value that the field takes.
model::Value ValueFor(const definition::Field& field, const definition::Organisation& organisation,
                      Random& random);
// A value of any shape.
model::Value AnyValue(Random& random);

}  // namespace duban::simulation
