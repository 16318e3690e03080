// Durations as CEL reads and writes them.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/model/time.h"

namespace duban::expression {

// "1h30m", "-1.5h", "250ms", "0"; units h, m, s, ms, us (µs), ns. Fractions below a nanosecond are
// cut off.
std::optional<model::Duration> ParseDuration(std::string_view text);

// "5400s", "0.25s".
std::string FormatSeconds(model::Duration d);

// "1h30m", as people read it.
std::string FormatForPeople(model::Duration d);

// Whether the duration is within CEL's range: 64 bits of nanoseconds, about 292 years.
bool FitsDuration(model::Duration d);

std::optional<model::Duration> Sum(model::Duration a, model::Duration b);
std::optional<model::Duration> Negated(model::Duration d);

}  // namespace duban::expression
