// The server's log: what an operator needs to see. Ids only: no names, no data of cases, no
// secrets.
#pragma once

#include <fmt/format.h>

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>

#include "core/model/text.h"

namespace duban::duband {

enum class Level : std::uint8_t { kDebug, kInfo, kWarning, kError };

// nullopt: no such level. The names: debug, info, warning, error.
std::optional<Level> ParseLevel(const std::string& name);

// To standard error, or to `file` when it is given. Before it is called, everything from kInfo on
// goes to standard error. On failure a text that says what to do.
std::optional<model::Text> OpenLog(Level level, const std::filesystem::path& file);

// Thread-safe.
void Log(Level level, const std::string& line);
bool Logs(Level level);

template <class... A>
void Log(Level level, fmt::format_string<A...> format, A&&... args) {
  if (Logs(level)) Log(level, fmt::format(format, std::forward<A>(args)...));
}

}  // namespace duban::duband
