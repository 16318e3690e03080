// Files that the user names.
#pragma once

#include <expected>
#include <map>
#include <string>

#include "services/cli/failure.h"
#include "services/cli/terminal.h"

namespace duban::cli {

// Every file below `path` by its path inside ("phases/supervision.yaml"); hidden ones and links to
// folders are left out. Of a file above the language's limit just enough is read for the loader to
// say so.
std::expected<std::map<std::string, std::string>, Failure> ReadFolder(const Terminal& terminal,
                                                                      const std::string& path);
// One file; "-" is standard input.
std::expected<std::string, Failure> ReadFile(const Terminal& terminal, const std::string& path);
// Empty path: standard output.
Outcome WriteFile(const Terminal& terminal, const std::string& path, const std::string& text);

}  // namespace duban::cli
