// A million open cases in minutes: the engine itself, in this process, on the database of a server
// that is stopped. What it writes is what a server writes; only the transactions are larger and not
// synced.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "core/model/time.h"

namespace duban::bench {

// Starts `count` cases of the workflow `bench` for the person `bench`; the campaign is deployed
// there already. The clock begins at `begin` and goes on one millisecond with each thousand cases.
// Ids go to `ids`. Returns the last change. A failure ends the program.
std::uint64_t Fill(const std::filesystem::path& database, const std::string& organisation,
                   model::Timestamp begin, std::size_t count, std::vector<std::string>& ids);

// Whether the timers that fired after that change did so in the order of their due times, as far as
// Fill gave them: a case that was opened before another fired before it. How many fired goes to
// `fired`.
bool FiredInOrder(const std::filesystem::path& database, std::uint64_t after, std::size_t& fired);

}  // namespace duban::bench
