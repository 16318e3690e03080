// Files of the source tree, and texts that are kept beside the tests to be compared with.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "core/definition/load.h"

namespace duban::definition {

std::filesystem::path SourceRoot();
std::string ReadFile(const std::filesystem::path& path);
// Every file below the folder, by its path inside it.
std::map<std::string, std::string> ReadFolder(const std::filesystem::path& folder);
// Fails when the file does not hold the text; with DUBAN_UPDATE_GOLDENS=1 it is written instead.
void ExpectGolden(const std::filesystem::path& path, const std::string& text);

std::string ToString(const std::vector<Diagnostic>& diagnostics, std::string_view language);
// The definition; the test fails with the diagnostics when there is none.
std::shared_ptr<const Definition> Load(const std::string& yaml);
// "code:line" of each diagnostic, joined by spaces.
std::string Codes(const std::vector<Diagnostic>& diagnostics);

}  // namespace duban::definition
