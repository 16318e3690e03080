// duband: the server. Exit codes: 0 it ran and was stopped, 1 it cannot start, 2 wrong usage.
#include <signal.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cstdio>

#include "core/engine/world.h"
#include "services/duband/file_directory.h"
#include "services/duband/server.h"
#include "services/duband/tokens.h"

namespace {

namespace fs = std::filesystem;
using duban::model::Text;

constexpr int kCannotStart = 1;
constexpr int kWrongUsage = 2;

constexpr const char* kExamples = R"(
Examples:
  duband --config duban.ini                 start; stops cleanly on SIGINT and SIGTERM
  duband --config duban.ini --check-config  say everything that is wrong, start nothing
  duband --config trial.ini --virtual-clock 2022-05-16T09:00:00+08:00
  duband token li --config duban.ini        a bearer token for li, shown once
SIGHUP reads the organisation and the calendar again. docs/operations.md lists every key of the configuration.
Exit codes: 0 it ran and was stopped, 1 it cannot start, 2 wrong usage.)";

struct Options {
  std::string config;
  bool check = false;
  std::string virtual_clock;
  std::string person;
};

void Print(const Text& problem) {
  std::fprintf(stderr, "duband: %s / %s\n", problem.zh.c_str(), problem.en.c_str());
}

int Fail(const std::vector<Text>& problems) {
  for (const auto& problem : problems) Print(problem);
  return kCannotStart;
}

// <directory of this program>/../plugins
fs::path DefaultPlugins() {
  std::error_code failed;
  const fs::path self = fs::read_symlink("/proc/self/exe", failed);
  return failed ? fs::path("plugins") : (self.parent_path().parent_path() / "plugins");
}

int AddToken(const duban::duband::Config& config, const std::string& person) {
  if (config.tokens.empty()) {
    return Fail({{"配置中没有令牌文件，请设置 [server] tokens",
                  "the configuration names no tokens file; set [server] tokens"}});
  }
  duban::engine::World world;
  duban::duband::FileDirectory directory(config.organisation, config.calendar);
  std::vector<Text> problems;
  for (const auto& diagnostic : world.Refresh(directory)) problems.push_back(diagnostic.message);
  if (!problems.empty()) return Fail(problems);
  if (world.Now()->organisation.FindPerson(person) == nullptr) {
    return Fail({{"组织中没有人员 " + person + "，请检查 organisation.yaml",
                  "the organisation has no person " + person + "; check organisation.yaml"}});
  }
  const auto token = duban::duband::AddToken(config.tokens, person);
  if (!token) return Fail({token.error()});
  std::printf("%s\n", token->c_str());
  return 0;
}

int Serve(const duban::duband::Config& config,
          std::optional<duban::model::Timestamp> virtual_start) {
  // Blocked before any thread exists, so that every thread leaves them to sigwait.
  sigset_t signals;
  sigemptyset(&signals);
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) sigaddset(&signals, signal);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  signal(SIGPIPE, SIG_IGN);

  if (auto problem = duban::duband::OpenLog(config.log_level, config.log_file))
    return Fail({*problem});
  auto server = duban::duband::Server::Start(config, virtual_start);
  if (!server) return Fail(server.error());
  std::printf("duband %s listening on %s\n", duban::duband::kVersion, (*server)->address().c_str());
  std::fflush(stdout);
  for (int received = SIGHUP; received == SIGHUP;) {
    sigwait(&signals, &received);
    if (received == SIGHUP) (*server)->Reload();
  }
  duban::duband::Log(duban::duband::Level::kInfo, "stopping");
  (*server)->Stop();
  duban::duband::Log(duban::duband::Level::kInfo, "stopped");
  return 0;
}

int Run(const Options& options) {
  std::optional<duban::model::Timestamp> virtual_start;
  if (!options.virtual_clock.empty()) {
    virtual_start = duban::model::ParseRfc3339(options.virtual_clock);
    if (!virtual_start) {
      Print({"--virtual-clock 应为带时区的时刻，例如 2022-05-16T09:00:00+08:00",
             "--virtual-clock takes a time with its zone, for example 2022-05-16T09:00:00+08:00"});
      return kWrongUsage;
    }
  }
  const auto config = duban::duband::ReadConfig(options.config, DefaultPlugins());
  if (!config) return Fail(config.error());
  if (!options.person.empty()) return AddToken(*config, options.person);
  if (!options.check) return Serve(*config, virtual_start);
  if (const auto problems = duban::duband::Check(*config); !problems.empty()) return Fail(problems);
  std::printf("%s: ok\n", options.config.c_str());
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("duband: the Duban 督办 workflow and approval server", "duband");
  Options options;
  app.set_version_flag("--version", std::string("duband ") + duban::duband::kVersion);
  app.footer(kExamples);
  app.add_option("--config", options.config, "The configuration, an INI file")->required();
  app.add_flag("--check-config", options.check,
               "Check the configuration and what it names, then end");
  app.add_option(
      "--virtual-clock", options.virtual_clock,
      "Go by a clock that begins at this time and moves only when an administrator says so");
  auto* token = app.add_subcommand("token", "Make a bearer token for a person and show it once");
  token->add_option("PERSON", options.person, "Id of a person in organisation.yaml")->required();
  token->fallthrough();
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& e) {
    return app.exit(e) == 0 ? 0 : kWrongUsage;
  }
  return Run(options);
}
