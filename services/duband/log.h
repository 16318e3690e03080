// The server's log: one JSON object a line, with `ts`, `level`, `message` and what else there is to
// say (docs/operations.md names the fields). Ids only: no names, no data of cases, no secrets.
#pragma once

#include <fmt/format.h>

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/model/text.h"

namespace duban::duband {

enum class Level : std::uint8_t { kDebug, kInfo, kWarning, kError };

// nullopt: no such level. The names: debug, info, warning, error.
std::optional<Level> ParseLevel(const std::string& name);

// To standard error, or to `file` when it is given. Before it is called, everything from kInfo on
// goes to standard error. On failure a text that says what to do.
std::optional<model::Text> OpenLog(Level level, const std::filesystem::path& file);

using Fields = std::vector<std::pair<const char*, std::string>>;

// Thread-safe.
void Log(Level level, const Fields& fields, const std::string& message);
inline void Log(Level level, const std::string& message) { Log(level, Fields(), message); }
bool Logs(Level level);

template <class... A>
void Log(Level level, fmt::format_string<A...> format, A&&... args) {
  if (Logs(level)) Log(level, fmt::format(format, std::forward<A>(args)...));
}

}  // namespace duban::duband
