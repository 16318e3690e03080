// The organisation and the holiday notices from files.
#pragma once

#include <filesystem>

#include "core/ports/directory.h"

namespace duban::duband {

// Every *.json of the calendar's directory; none when that is empty. A file that cannot be read is
// left out: whoever reads the snapshot finds what is missing.
class FileDirectory : public ports::Directory {
 public:
  FileDirectory(std::filesystem::path organisation, std::filesystem::path calendar)
      : organisation_(std::move(organisation)), calendar_(std::move(calendar)) {}
  Snapshot Read() override;

 private:
  const std::filesystem::path organisation_;
  const std::filesystem::path calendar_;
};

}  // namespace duban::duband
