// Write a plugin: derive from a port and end the file with one line. docs/plugins.md is the guide.
//
//   class Pager : public duban::ports::Notifier {
//    public:
//     explicit Pager(const duban::plugin::Settings& settings);  // throws std::invalid_argument
//     std::expected<void, duban::ports::NotifierError> Deliver(const duban::ports::Message& m)
//     override;
//   };
//   DUBAN_NOTIFIER(Pager, "pager", "1.0")
//
// No exception leaves the plugin: what the constructor throws refuses the start with its text, what
// Deliver throws is a temporary failure, what a storage throws is kUnavailable, or kUnknown where
// it was writing.
#pragma once

#include <cstddef>
#include <cstdint>
#include <exception>
#include <memory>
#include <string_view>

#include "core/plugin/abi.h"
#include "core/plugin/operations.h"
#include "core/plugin/settings.h"

namespace duban::plugin {

// One operation of a port, decoded, done and answered.
duban_status Serve(ports::Notifier& notifier, std::uint32_t operation, std::string_view request,
                   duban_sink sink, void* context);
duban_status Serve(ports::Storage& storage, std::uint32_t operation, std::string_view request,
                   duban_sink sink, void* context);

// Throws model::CodecError.
Settings DecodeSettings(const std::uint8_t* data, std::size_t size);
void Send(duban_sink sink, void* context, std::string_view bytes);

// The C functions of one plugin class.
template <class Port, class Plugin>
struct Entry {
  static duban_status Create(const std::uint8_t* settings, std::size_t size, void** instance,
                             duban_sink sink, void* context) noexcept {
    try {
      std::unique_ptr<Port> made = std::make_unique<Plugin>(DecodeSettings(settings, size));
      *instance = made.release();
      return DUBAN_OK;
    } catch (const std::exception& e) {
      Send(sink, context, e.what());
    } catch (...) {
      Send(sink, context, "the plugin threw something that is not a std::exception");
    }
    return DUBAN_ERROR;
  }

  static void Destroy(void* instance) noexcept { delete static_cast<Port*>(instance); }

  static duban_status Call(void* instance, std::uint32_t operation, const std::uint8_t* request,
                           std::size_t size, duban_sink sink, void* context) noexcept {
    return Serve(*static_cast<Port*>(instance), operation,
                 {reinterpret_cast<const char*>(request), size}, sink, context);
  }
};

}  // namespace duban::plugin

#define DUBAN_PLUGIN_TABLE(Port, Plugin, kind, name, version)                                   \
  extern "C" __attribute__((visibility("default"))) const duban_plugin_v1* duban_plugin(void) { \
    using Functions = ::duban::plugin::Entry<Port, Plugin>;                                     \
    static const duban_plugin_v1 table{                                                         \
        DUBAN_ABI_VERSION, sizeof(duban_plugin_v1), kind,           name, version,              \
        Functions::Create, Functions::Destroy,      Functions::Call};                           \
    return &table;                                                                              \
  }

#define DUBAN_NOTIFIER(Plugin, name, version) \
  DUBAN_PLUGIN_TABLE(::duban::ports::Notifier, Plugin, "notification", name, version)
#define DUBAN_STORAGE(Plugin, name, version) \
  DUBAN_PLUGIN_TABLE(::duban::ports::Storage, Plugin, "storage", name, version)
