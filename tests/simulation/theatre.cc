#include "tests/simulation/theatre.h"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>

#include "core/definition/load.h"

namespace duban::simulation {
namespace {

class Folder final : public ports::Directory {
 public:
  explicit Folder(const std::map<std::string, std::string>& files) {
    constexpr std::string_view kCalendars = "calendar/";
    for (const auto& [path, text] : files) {
      if (path == "organisation.yaml") snapshot_.organisation = text;
      if (path.starts_with(kCalendars) && path.ends_with(".json"))
        snapshot_.calendars[path.substr(kCalendars.size())] = text;
    }
  }
  Snapshot Read() override { return snapshot_; }

 private:
  Snapshot snapshot_;
};

std::string Listed(const std::vector<definition::Diagnostic>& diagnostics) {
  std::string text;
  for (const definition::Diagnostic& diagnostic : diagnostics)
    text += definition::ToString(diagnostic, "en") + "\n";
  return text;
}

}  // namespace

std::unique_ptr<Theatre> OpenTheatre(const std::string& folder) {
  namespace fs = std::filesystem;
  auto theatre = std::make_unique<Theatre>();
  theatre->name = fs::path(folder).filename().string();
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    const std::string path = fs::relative(entry.path(), folder).generic_string();
    if (!entry.is_regular_file() || path.ends_with(".scenario.yaml")) continue;
    std::ifstream in(entry.path(), std::ios::binary);
    theatre->files[path] = std::string(std::istreambuf_iterator<char>(in), {});
  }
  Folder directory(theatre->files);
  if (const auto wrong = theatre->world.Refresh(directory); !wrong.empty())
    throw std::runtime_error(folder + ":\n" + Listed(wrong));
  definition::Loaded loaded = definition::LoadCampaign(theatre->files);
  if (!loaded.campaign) throw std::runtime_error(folder + ":\n" + Listed(loaded.diagnostics));
  theatre->campaign = loaded.campaign;
  const auto snapshot = theatre->world.Now();
  for (const auto& [id, person] : snapshot->organisation.people()) theatre->people.push_back(id);
  theatre->administrators = snapshot->organisation.administrators();
  if (theatre->administrators.empty()) throw std::runtime_error(folder + ": nobody administers it");
  return theatre;
}

}  // namespace duban::simulation
