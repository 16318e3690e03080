#include "services/cli/campaign_folder.h"

#include <filesystem>
#include <system_error>

#include "services/cli/folder.h"

namespace duban::cli {

std::expected<CampaignFolder, Failure> FindCampaign(const Terminal& t, const std::string& path) {
  namespace fs = std::filesystem;
  std::error_code error;
  CampaignFolder found;
  fs::path folder = fs::path(path);
  if (!fs::is_directory(folder, error)) {
    const fs::path file = fs::absolute(folder, error).lexically_normal();
    if (error || !fs::is_regular_file(file, error)) {
      return Usage(t.Say("没有文件或文件夹 ", "there is no file or folder ") + path);
    }
    folder = file.parent_path();
    while (!fs::exists(folder / "campaign.yaml", error) && folder != folder.root_path())
      folder = folder.parent_path();
    if (!fs::exists(folder / "campaign.yaml", error)) {
      return Usage(path + t.Say(" 不在任何行动里：上级文件夹都没有 campaign.yaml",
                                " belongs to no campaign: no folder above it has a campaign.yaml"));
    }
    found.file = file.lexically_relative(folder).generic_string();
  }
  auto files = ReadFolder(t, folder.string());
  if (!files) return std::unexpected(files.error());
  found.path = folder.string();
  found.files = std::move(*files);
  return found;
}

std::expected<play::Folder, Failure> LoadForPlay(const Terminal& t, const CampaignFolder& folder) {
  auto read = play::ReadFolder(folder.files, t.language);
  if (read) return std::move(read->folder);
  std::string text = folder.path + t.Say(" 不能运行：\n", " cannot be played:\n") + read.error();
  while (text.ends_with('\n')) text.pop_back();
  return std::unexpected(Failure{ExitCode::kUsage, std::move(text), ""});
}

}  // namespace duban::cli
