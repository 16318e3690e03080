#include "core/plugin/library.h"

#include <dlfcn.h>
#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "core/model/codec.h"

namespace duban::plugin {
namespace {

namespace fs = std::filesystem;
using model::Text;

std::unexpected<Text> Refuse(std::string zh, std::string en) {
  return std::unexpected(Text(std::move(zh), std::move(en)));
}

void Append(void* context, const std::uint8_t* data, std::size_t size) {
  static_cast<std::string*>(context)->append(reinterpret_cast<const char*>(data), size);
}

Text Missing(const fs::path& path) {
  std::vector<std::string> beside;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(path.parent_path(), error)) {
    if (entry.path().extension() == ".so") beside.push_back(entry.path().stem().string());
  }
  if (error) {
    return {fmt::format("找不到插件 {}：目录 {} 不存在或无法读取", path.string(),
                        path.parent_path().string()),
            fmt::format("no plugin {}: the directory {} does not exist or cannot be read",
                        path.string(), path.parent_path().string())};
  }
  if (beside.empty()) {
    return {fmt::format("找不到插件 {}；该目录中没有任何插件", path.string()),
            fmt::format("no plugin {}; there are no plugins in that directory", path.string())};
  }
  std::sort(beside.begin(), beside.end());
  return {
      fmt::format("找不到插件 {}；该目录中有：{}", path.string(), fmt::join(beside, "、")),
      fmt::format("no plugin {}; that directory has: {}", path.string(), fmt::join(beside, ", "))};
}

std::expected<std::shared_ptr<void>, Text> Open(const fs::path& path) {
  std::error_code error;
  if (!fs::exists(path, error)) return std::unexpected(Missing(path));
  void* handle = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (handle == nullptr) {
    const std::string why = dlerror();
    return Refuse(fmt::format("{} 无法作为插件加载：{}", path.string(), why),
                  fmt::format("{} cannot be loaded as a plugin: {}", path.string(), why));
  }
  return std::shared_ptr<void>(handle, [](void* library) { dlclose(library); });
}

// abi_version is the one field that every version has, so nothing else is read before it agrees.
std::expected<const duban_plugin_v1*, Text> Table(void* library, const std::string& path,
                                                  std::string_view kind) {
  const auto function =
      reinterpret_cast<duban_plugin_function>(dlsym(library, DUBAN_PLUGIN_SYMBOL));
  const duban_plugin_v1* table = function == nullptr ? nullptr : function();
  if (table == nullptr) {
    return Refuse(fmt::format("{} 不是督办插件：没有导出 {}", path, DUBAN_PLUGIN_SYMBOL),
                  fmt::format("{} is not a plugin of Duban: it does not export {}", path,
                              DUBAN_PLUGIN_SYMBOL));
  }
  if (table->abi_version != DUBAN_ABI_VERSION) {
    return Refuse(
        fmt::format("插件 {} 的接口版本是 {}，本程序要求 {}；请安装与本版本配套的插件", path,
                    table->abi_version, DUBAN_ABI_VERSION),
        fmt::format("plugin {} has interface version {}, this program needs {}; install the plugin "
                    "that was built for this release",
                    path, table->abi_version, DUBAN_ABI_VERSION));
  }
  if (table->struct_size < sizeof(duban_plugin_v1)) {
    return Refuse(
        fmt::format("插件 {} 的函数表只有 {} 字节，应不少于 {}；请重新编译该插件", path,
                    table->struct_size, sizeof(duban_plugin_v1)),
        fmt::format("plugin {} has a table of {} bytes, at least {} are needed; build it again",
                    path, table->struct_size, sizeof(duban_plugin_v1)));
  }
  if (table->kind == nullptr || table->name == nullptr || table->version == nullptr ||
      table->create == nullptr || table->destroy == nullptr || table->call == nullptr) {
    return Refuse(fmt::format("插件 {} 的函数表不完整；请重新编译该插件", path),
                  fmt::format("plugin {} has an incomplete table; build it again", path));
  }
  if (kind != table->kind) {
    return Refuse(
        fmt::format("插件 {} 属于 {}，这里需要 {}", path, table->kind, kind),
        fmt::format("plugin {} is of kind {}, here {} is needed", path, table->kind, kind));
  }
  return table;
}

}  // namespace

std::expected<std::unique_ptr<Instance>, Text> Instance::Load(const fs::path& given,
                                                              std::string_view kind,
                                                              const Settings& settings) {
  const fs::path path = fs::absolute(given);
  auto library = Open(path);
  if (!library) return std::unexpected(library.error());
  const auto table = Table(library->get(), path.string(), kind);
  if (!table) return std::unexpected(table.error());

  const std::string encoded = model::Encode(settings);
  void* made = nullptr;
  std::string why;
  const duban_status status = (*table)->create(
      reinterpret_cast<const std::uint8_t*>(encoded.data()), encoded.size(), &made, Append, &why);
  if (status != DUBAN_OK || made == nullptr) {
    if (why.empty()) why = "no reason given";
    return Refuse(fmt::format("插件 {} 无法启动：{}", (*table)->name, why),
                  fmt::format("plugin {} did not start: {}", (*table)->name, why));
  }
  return std::unique_ptr<Instance>(new Instance(std::move(*library), *table, made));
}

Instance::~Instance() { table_->destroy(instance_); }

Instance::Reply Instance::Call(std::uint32_t operation, std::string_view request) {
  Reply reply;
  reply.status =
      table_->call(instance_, operation, reinterpret_cast<const std::uint8_t*>(request.data()),
                   request.size(), Append, &reply.bytes);
  return reply;
}

}  // namespace duban::plugin
