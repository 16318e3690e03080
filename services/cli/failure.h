// How a verb ends when it does not succeed, and the program's exit codes.
#pragma once

#include <cstdint>
#include <expected>
#include <string>

namespace duban::cli {

// The numbers are part of the published behaviour: docs/cli.md.
enum class ExitCode : std::uint8_t {
  kOk = 0,
  kRefused = 1,      // the engine refused, or a definition has errors
  kUsage = 2,        // the command line or a file named by it is wrong
  kUnreachable = 3,  // no answer from the server, or it does not know who asks
  kUnexpected = 4,   // a defect, of this program or of the server
};

struct Failure {
  ExitCode code = ExitCode::kUnexpected;
  std::string text;  // for people, in the user's language, lines without an end; empty: all was
                     // said already
  std::string json;  // the same for programs: one object; empty: {"message": text}
};

using Outcome = std::expected<void, Failure>;

inline std::unexpected<Failure> Usage(std::string text) {
  return std::unexpected(Failure{ExitCode::kUsage, std::move(text), ""});
}

}  // namespace duban::cli
