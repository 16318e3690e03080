// The plugin's settings, and what a connection is opened with.
#pragma once

#include <chrono>
#include <string>
#include <utility>
#include <vector>

#include "core/plugin/sdk.h"

namespace duban::storage_postgres {

struct Options {
  // libpq's keywords and values, the password among them: never to be logged.
  std::vector<std::pair<std::string, std::string>> connection;
  std::string where;  // host, port and database, for messages
  std::string schema;
  std::size_t readers = 0;
  std::chrono::milliseconds statement_timeout{};
  std::chrono::milliseconds lease{};
};

// Throws std::invalid_argument with what to do. No text contains a password.
Options ReadOptions(const plugin::Settings& settings);

}  // namespace duban::storage_postgres
