#include "tests/unit/definition/source_files.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iterator>

namespace duban::definition {

namespace fs = std::filesystem;

fs::path SourceRoot() {
  const char* root = std::getenv("DUBAN_SOURCE");
  return root != nullptr ? fs::path(root) : fs::current_path();
}

std::string ReadFile(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

std::map<std::string, std::string> ReadFolder(const fs::path& folder) {
  std::map<std::string, std::string> files;
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(folder)) {
    if (entry.is_regular_file()) {
      files[fs::relative(entry.path(), folder).generic_string()] = ReadFile(entry.path());
    }
  }
  return files;
}

void ExpectGolden(const fs::path& path, const std::string& text) {
  const char* update = std::getenv("DUBAN_UPDATE_GOLDENS");
  if (update != nullptr && std::string_view(update) == "1") {
    std::ofstream(path, std::ios::binary) << text;
    return;
  }
  const std::string kept = ReadFile(path);
  if (kept == text) return;
  const auto differs = std::mismatch(kept.begin(), kept.end(), text.begin(), text.end());
  const auto line = std::count(kept.begin(), differs.first, '\n') + 1;
  ADD_FAILURE() << path << " differs from line " << line << "; DUBAN_UPDATE_GOLDENS=1 rewrites it";
}

std::string ToString(const std::vector<Diagnostic>& diagnostics, std::string_view language) {
  std::string text;
  for (const Diagnostic& diagnostic : diagnostics) text += ToString(diagnostic, language);
  return text;
}

std::shared_ptr<const Definition> Load(const std::string& yaml) {
  LoadedWorkflow loaded = LoadWorkflow("test.yaml", yaml);
  EXPECT_NE(loaded.definition, nullptr) << ToString(loaded.diagnostics, "en");
  // A test goes on with something that has no states rather than end the program.
  return loaded.definition != nullptr ? loaded.definition : std::make_shared<Definition>();
}

std::string Codes(const std::vector<Diagnostic>& diagnostics) {
  std::string codes;
  for (const Diagnostic& d : diagnostics) {
    codes += fmt::format("{}{}:{}", codes.empty() ? "" : " ", d.code, d.place.line);
  }
  return codes;
}

}  // namespace duban::definition
