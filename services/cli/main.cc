// duban: the command line of Duban.
#include <unistd.h>

#include <cstdlib>
#include <exception>
#include <iostream>
#include <nlohmann/json.hpp>

#include "services/cli/command_line.h"
#include "services/cli/values.h"

namespace duban::cli {
namespace {

int Report(const Terminal& terminal, const Failure& failure) {
  std::cout.flush();
  if (terminal.json) {
    nlohmann::json json = {{"message", failure.text}};
    if (!failure.json.empty()) json = nlohmann::json::parse(failure.json);
    json["exitCode"] = static_cast<int>(failure.code);
    if (!failure.text.empty() || !failure.json.empty()) {
      std::cerr << json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) << '\n';
    }
  } else if (!failure.text.empty()) {
    const std::string label = failure.code == ExitCode::kRefused
                                  ? terminal.Say("未办：", "refused: ")
                                  : terminal.Say("错误：", "error: ");
    std::cerr << terminal.PaintError(Style::kRed, label) << failure.text << '\n';
  }
  return static_cast<int>(failure.code);
}

int Run(int argc, char** argv) {
  Invocation invocation;
  invocation.terminal.language = EarlyLanguage(argc, argv);
  invocation.terminal.time_zone.clear();
  CLI::App app("", "duban");
  Describe(app, invocation);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : static_cast<int>(ExitCode::kUsage);
  }
  TakeEnvironment(invocation);
  Terminal& terminal = invocation.terminal;
  terminal.json = invocation.output == "json";
  terminal.colour_out = !terminal.json && WantsColour(STDOUT_FILENO);
  terminal.colour_error = !terminal.json && WantsColour(STDERR_FILENO);
  if (invocation.connection.request_id.empty()) invocation.connection.request_id = RandomUuid();
  const Outcome outcome = invocation.verb({terminal, invocation.connection});
  if (!outcome) return Report(terminal, outcome.error());
  std::cout.flush();
  return std::cout ? 0 : static_cast<int>(ExitCode::kUsage);
}

}  // namespace
}  // namespace duban::cli

int main(int argc, char** argv) {
  // What goes wrong is told in this program's own words, unless somebody wants gRPC's log.
  setenv("GRPC_VERBOSITY", "NONE", 0);
  try {
    return duban::cli::Run(argc, argv);
  } catch (const std::exception& error) {
    std::cerr << "duban: " << error.what() << '\n';
    return static_cast<int>(duban::cli::ExitCode::kUnexpected);
  }
}
