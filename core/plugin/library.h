// An instance of a plugin, whatever its port: an open library, its table, and calls as bytes.
#pragma once

#include <cstdint>
#include <expected>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "core/model/text.h"
#include "core/plugin/abi.h"
#include "core/plugin/settings.h"

namespace duban::plugin {

// Owns what `create` gave, and keeps the library open. Call is as thread-safe as the port is.
class Instance {
 public:
  // `kind`: what the table must say it is.
  static std::expected<std::unique_ptr<Instance>, model::Text> Load(
      const std::filesystem::path& path, std::string_view kind, const Settings& settings);
  ~Instance();
  Instance(const Instance&) = delete;
  Instance& operator=(const Instance&) = delete;

  struct Reply {
    duban_status status = DUBAN_OK;
    std::string bytes;
  };
  Reply Call(std::uint32_t operation, std::string_view request);

  std::string_view name() const { return table_->name; }

 private:
  Instance(std::shared_ptr<void> library, const duban_plugin_v1* table, void* instance)
      : library_(std::move(library)), table_(table), instance_(instance) {}

  std::shared_ptr<void> library_;
  const duban_plugin_v1* table_;
  void* instance_;
};

}  // namespace duban::plugin
