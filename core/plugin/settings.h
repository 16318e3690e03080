// A plugin's section of the configuration, read strictly.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace duban::plugin {

using Settings = std::map<std::string, std::string>;

// One text for people who read Chinese and people who read English: "zh / en".
std::string Bilingual(std::string_view zh, std::string_view en);

// Everything throws std::invalid_argument with a text that tells what to do. No text contains a
// value of a secret. Not thread-safe; the settings must outlive the reader.
class SettingsReader {
 public:
  explicit SettingsReader(const Settings& settings) : settings_(settings) {}

  std::string Required(const std::string& name);  // present and not empty
  std::string Optional(const std::string& name, std::string fallback = {});
  std::string OneOf(const std::string& name,
                    const std::vector<std::string>& choices);  // the first: default
  std::int64_t Integer(const std::string& name, std::int64_t fallback, std::int64_t min,
                       std::int64_t max);
  // Never from the configuration itself: from the file that `name`_file names (its last line break
  // is dropped), or from the environment variable that `name`_env names. Empty when neither is set.
  std::string Secret(const std::string& name);

  // Call last: a setting that was not asked for above is refused, and those that exist are named.
  void Finish() const;

 private:
  const std::string* Find(const std::string& name);
  const Settings& settings_;
  std::set<std::string> known_;
};

}  // namespace duban::plugin
