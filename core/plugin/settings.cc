#include "core/plugin/settings.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <stdexcept>

namespace duban::plugin {
namespace {

[[noreturn]] void Refuse(std::string_view zh, std::string_view en) {
  throw std::invalid_argument(Bilingual(zh, en));
}

std::string ReadSecretFile(const std::string& setting, const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::string secret{std::istreambuf_iterator<char>(file), {}};
  if (!file.good() && !file.eof()) {
    Refuse(fmt::format("设置 {} 指向的文件 {} 无法读取", setting, path),
           fmt::format("setting {}: the file {} cannot be read", setting, path));
  }
  while (!secret.empty() && (secret.back() == '\n' || secret.back() == '\r')) secret.pop_back();
  if (secret.empty()) {
    Refuse(fmt::format("设置 {} 指向的文件 {} 是空的或不存在", setting, path),
           fmt::format("setting {}: the file {} is empty or missing", setting, path));
  }
  return secret;
}

}  // namespace

std::string Bilingual(std::string_view zh, std::string_view en) {
  return fmt::format("{} / {}", zh, en);
}

const std::string* SettingsReader::Find(const std::string& name) {
  known_.insert(name);
  const auto found = settings_.find(name);
  return found == settings_.end() ? nullptr : &found->second;
}

std::string SettingsReader::Required(const std::string& name) {
  const std::string* value = Find(name);
  if (value == nullptr || value->empty()) {
    Refuse(fmt::format("缺少设置 {}", name), fmt::format("the setting {} is missing", name));
  }
  return *value;
}

std::string SettingsReader::Optional(const std::string& name, std::string fallback) {
  const std::string* value = Find(name);
  if (value != nullptr) return *value;
  return fallback;
}

std::string SettingsReader::OneOf(const std::string& name,
                                  const std::vector<std::string>& choices) {
  std::string value = Optional(name, choices.front());
  if (std::find(choices.begin(), choices.end(), value) == choices.end()) {
    const std::string list = fmt::format("{}", fmt::join(choices, ", "));
    Refuse(fmt::format("设置 {} 的值“{}”无效，可用：{}", name, value, list),
           fmt::format("setting {}: \"{}\" is not one of {}", name, value, list));
  }
  return value;
}

std::int64_t SettingsReader::Integer(const std::string& name, std::int64_t fallback,
                                     std::int64_t min, std::int64_t max) {
  const std::string* text = Find(name);
  if (text == nullptr) return fallback;
  std::int64_t value = 0;
  const char* end = text->data() + text->size();
  const auto [stop, error] = std::from_chars(text->data(), end, value);
  if (error != std::errc{} || stop != end || value < min || value > max) {
    Refuse(
        fmt::format("设置 {} 的值“{}”应为 {} 到 {} 的整数", name, *text, min, max),
        fmt::format("setting {}: \"{}\" is not an integer from {} to {}", name, *text, min, max));
  }
  return value;
}

std::string SettingsReader::Secret(const std::string& name) {
  const std::string in_file = name + "_file";
  const std::string in_environment = name + "_env";
  const std::string* path = Find(in_file);
  const std::string* variable = Find(in_environment);
  if (path != nullptr && variable != nullptr) {
    Refuse(fmt::format("{} 和 {} 只能设置一个", in_file, in_environment),
           fmt::format("set either {} or {}, not both", in_file, in_environment));
  }
  if (path != nullptr) return ReadSecretFile(in_file, *path);
  if (variable == nullptr) return {};
  const char* value = std::getenv(variable->c_str());
  if (value == nullptr || *value == '\0') {
    Refuse(fmt::format("设置 {} 指向的环境变量 {} 没有值", in_environment, *variable),
           fmt::format("setting {}: the environment variable {} is not set", in_environment,
                       *variable));
  }
  return value;
}

void SettingsReader::Finish() const {
  for (const auto& [name, value] : settings_) {
    if (known_.contains(name)) continue;
    const std::string list = fmt::format("{}", fmt::join(known_, ", "));
    Refuse(fmt::format("没有名为 {} 的设置，可用：{}", name, list),
           fmt::format("there is no setting {}; it may have {}", name, list));
  }
}

}  // namespace duban::plugin
