#include "services/duband/file_directory.h"

#include <fstream>
#include <sstream>

namespace duban::duband {
namespace {

std::string ReadText(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

}  // namespace

ports::Directory::Snapshot FileDirectory::Read() {
  Snapshot snapshot;
  snapshot.organisation = ReadText(organisation_);
  if (calendar_.empty()) return snapshot;
  std::error_code ignored;
  for (const auto& entry : std::filesystem::directory_iterator(calendar_, ignored)) {
    if (entry.path().extension() != ".json") continue;
    snapshot.calendars[entry.path().filename().string()] = ReadText(entry.path());
  }
  return snapshot;
}

}  // namespace duban::duband
