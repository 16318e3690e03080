#include "services/cli/attachment.h"

#include <filesystem>

#include "services/cli/digest.h"

namespace duban::cli {

std::expected<v1::Attachment, Failure> Digest(const Terminal& terminal, const std::string& path) {
  const auto found = DigestOf(path);
  if (!found) return Usage(terminal.Say("读不了文件 ", "cannot read the file ") + path);
  v1::Attachment attachment;
  attachment.set_name(std::filesystem::path(path).filename().string());
  attachment.set_sha256(found->sha256);
  attachment.set_bytes(found->bytes);
  return attachment;
}

}  // namespace duban::cli
