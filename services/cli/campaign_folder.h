// The campaign that a path on the command line belongs to.
#pragma once

#include <expected>
#include <map>
#include <string>

#include "services/cli/failure.h"
#include "services/cli/terminal.h"
#include "services/play/folder.h"

namespace duban::cli {

struct CampaignFolder {
  std::string path;                          // of the folder
  std::map<std::string, std::string> files;  // path inside → text
  std::string file;  // what was named, inside the folder; empty: the folder itself
};

// A folder is a campaign; of a file it is the nearest folder above it with a campaign.yaml.
// kUsage when there is none.
std::expected<CampaignFolder, Failure> FindCampaign(const Terminal& terminal,
                                                    const std::string& path);

// Its definitions, organisation and calendars. kRefused with every diagnostic when one is wrong.
std::expected<play::Folder, Failure> LoadForPlay(const Terminal& terminal,
                                                 const CampaignFolder& folder);

}  // namespace duban::cli
