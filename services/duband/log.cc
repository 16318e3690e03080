#include "services/duband/log.h"

#include <spdlog/sinks/basic_file_sink.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <nlohmann/json.hpp>

namespace duban::duband {
namespace {

spdlog::level::level_enum Of(Level level) {
  switch (level) {
    case Level::kDebug:
      return spdlog::level::debug;
    case Level::kInfo:
      return spdlog::level::info;
    case Level::kWarning:
      return spdlog::level::warn;
    case Level::kError:
      break;
  }
  return spdlog::level::err;
}

const char* NameOf(Level level) {
  constexpr const char* kNames[] = {"debug", "info", "warning", "error"};
  return kNames[static_cast<std::size_t>(level)];
}

// The message is JSON already; only the time is spdlog's.
constexpr const char* kPattern = R"({"ts":"%Y-%m-%dT%H:%M:%S.%e%z",%v)";

spdlog::logger& Logger() {
  static const std::shared_ptr<spdlog::logger> logger = [] {
    auto made = std::make_shared<spdlog::logger>("duband",
                                                 std::make_shared<spdlog::sinks::stderr_sink_mt>());
    made->set_pattern(kPattern);
    made->flush_on(spdlog::level::info);
    return made;
  }();
  return *logger;
}

}  // namespace

std::optional<Level> ParseLevel(const std::string& name) {
  if (name == "debug") return Level::kDebug;
  if (name == "info") return Level::kInfo;
  if (name == "warning") return Level::kWarning;
  if (name == "error") return Level::kError;
  return std::nullopt;
}

std::optional<model::Text> OpenLog(Level level, const std::filesystem::path& file) {
  try {
    if (!file.empty()) {
      auto sink = std::make_shared<spdlog::sinks::basic_file_sink_mt>(file.string());
      sink->set_pattern(kPattern);
      Logger().sinks() = {sink};
    }
    Logger().set_level(Of(level));
    Logger().flush_on(Of(level));
    return std::nullopt;
  } catch (const spdlog::spdlog_ex&) {
    return model::Text(
        fmt::format("无法写入日志文件 {}：请检查目录是否存在、是否有写权限", file.string()),
        fmt::format("the log file {} cannot be written: check that its directory exists and may be "
                    "written",
                    file.string()));
  }
}

bool Logs(Level level) { return Logger().should_log(Of(level)); }

void Log(Level level, const Fields& fields, const std::string& message) {
  if (!Logs(level)) return;
  nlohmann::ordered_json line{{"level", NameOf(level)}, {"message", message}};
  for (const auto& [name, value] : fields) line[name] = value;
  const std::string text = line.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  Logger().log(Of(level), std::string_view(text).substr(1));  // the pattern has the opening brace
}

}  // namespace duban::duband
