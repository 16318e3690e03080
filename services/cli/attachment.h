// A file as proof: its name, size and digest.
#pragma once

#include <expected>
#include <string>

#include "duban/v1/common.pb.h"
#include "services/cli/failure.h"
#include "services/cli/terminal.h"

namespace duban::cli {

// The file is read, not sent. kUsage when it cannot be read.
std::expected<v1::Attachment, Failure> Digest(const Terminal& terminal, const std::string& path);

}  // namespace duban::cli
