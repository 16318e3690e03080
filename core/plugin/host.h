// Loading plugins: from the path of a .so to a port that the engine uses like any other.
#pragma once

#include <chrono>
#include <expected>
#include <filesystem>
#include <memory>

#include "core/model/text.h"
#include "core/plugin/settings.h"
#include "core/ports/notifier.h"
#include "core/ports/storage.h"

namespace duban::plugin {

inline constexpr std::chrono::milliseconds kNotifierTimeout = std::chrono::seconds(30);

// The errors say what to do: no such file (and which plugins lie beside it), not a plugin, made for
// another DUBAN_ABI_VERSION (both named), of another kind, or the plugin's own reason to refuse its
// settings. The library stays open as long as what it made lives.
//
// The storage may be called from any thread. An answer that cannot be read is kUnknown after a
// write and kCorrupt after a read; an operation that the plugin does not know is kIncompatible.
std::expected<std::unique_ptr<ports::Storage>, model::Text> LoadStorage(
    const std::filesystem::path& path, const Settings& settings);

// Deliver runs on a thread of the notifier's own. When it takes longer than `timeout` the attempt
// is a temporary failure; until the plugin comes back every further attempt fails at once, also
// temporarily. A message that was delivered late counts as delivered when its idempotency key comes
// next. Destroying a notifier that hangs does not wait: its thread, instance and library are left
// to it.
std::expected<std::unique_ptr<ports::Notifier>, model::Text> LoadNotifier(
    const std::filesystem::path& path, const Settings& settings,
    std::chrono::milliseconds timeout = kNotifierTimeout);

}  // namespace duban::plugin
