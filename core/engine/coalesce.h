// The writes of one case in a batch as one: its row is stored once, not once for each step. With a
// thousand votes on a case, or a thousand children that report to it, the row is what is large.
#pragma once

#include "core/ports/storage.h"

namespace duban::engine {

// `first` becomes what `first` and then `next` come to. Both are of one case, and `next` expects
// the revision that `first` leaves.
void Append(ports::CaseWrite& first, ports::CaseWrite next);

}  // namespace duban::engine
