// Bearer tokens: who holds which. The file keeps only their SHA-256, one "<hex> <person>" a line; a
// line that begins with # is a comment.
#pragma once

#include <chrono>
#include <cstdint>
#include <expected>
#include <filesystem>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "core/model/ids.h"
#include "core/model/text.h"

namespace duban::duband {

// Thread-safe. The file is looked at again, at most once a second, when it has changed: a token
// that was added or removed counts from then on without a restart. A file that has become
// unreadable changes nothing.
class Tokens {
 public:
  // Fails when the file is missing or a line is not of the form; then `what to do` is in the text.
  static std::expected<Tokens, model::Text> Open(const std::filesystem::path& file);
  Tokens() = default;  // nobody
  Tokens(Tokens&& other) noexcept;

  std::optional<model::PersonId> Find(std::string_view token);

 private:
  // By the first 8 bytes of the hash; the rest is compared in constant time.
  struct Holder {
    std::string hash;
    model::PersonId person;
  };
  using Table = std::multimap<std::string, Holder, std::less<>>;
  static std::expected<Table, model::Text> Read(const std::filesystem::path& file);
  void Refresh();

  std::filesystem::path file_;
  std::mutex mutex_;
  Table table_;
  std::filesystem::file_time_type read_;
  std::chrono::steady_clock::time_point checked_;
};

// A new random token for the person, appended to the file (made when it is missing, readable by its
// owner only). The token itself is returned and kept nowhere.
std::expected<std::string, model::Text> AddToken(const std::filesystem::path& file,
                                                 std::string_view person);

}  // namespace duban::duband
