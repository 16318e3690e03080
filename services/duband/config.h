// The server's configuration: one INI file, read strictly. docs/operations.md lists every key.
#pragma once

#include <expected>
#include <filesystem>
#include <string>
#include <vector>

#include "core/engine/engine.h"
#include "core/model/text.h"
#include "core/plugin/settings.h"
#include "services/duband/log.h"
#include "services/duband/notify_config.h"

namespace duban::duband {

inline constexpr int kDefaultMessageBytes = 4 * 1024 * 1024;
inline constexpr int kMinMessageBytes = 64 * 1024;
inline constexpr int kMaxMessageBytes = 64 * 1024 * 1024;

// One plugin and what it is told. Paths in `settings` are absolute.
struct PluginConfig {
  std::string name;  // of a notifier: its section's; "email" is also the key of people's addresses
  std::string plugin;  // <plugins>/<kind>/<plugin>.so
  plugin::Settings settings;
};

// Paths are absolute; empty where they were not given.
struct Config {
  std::string listen = "127.0.0.1:7400";  // host:port, [v6]:port or unix:path; port 0: a free one
  std::filesystem::path tls_certificate;
  std::filesystem::path tls_key;
  std::filesystem::path
      tls_client_ca;  // given: clients must show a certificate; its CN is the person
  std::filesystem::path tokens;
  std::filesystem::path backups;  // the directory for OperatorService.Backup; empty: none
  std::string metrics;            // host:port of this machine; empty: not served
  int max_message_bytes = kDefaultMessageBytes;

  PluginConfig storage;
  std::filesystem::path organisation;
  std::filesystem::path calendar;  // a directory with <year>.json

  NotifyConfig notify;
  std::vector<PluginConfig> notifiers;
  std::filesystem::path plugins;

  engine::Limits limits;
  Level log_level = Level::kInfo;
  std::filesystem::path log_file;

  bool tls() const { return !tls_certificate.empty(); }
};

// Everything that is wrong, at once. `plugins`: where they are unless the file says otherwise.
std::expected<Config, std::vector<model::Text>> ReadConfig(const std::filesystem::path& file,
                                                           const std::filesystem::path& plugins);

// Whether only this machine can reach the address.
bool IsLocal(const std::string& listen);

}  // namespace duban::duband
