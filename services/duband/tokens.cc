#include "services/duband/tokens.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <openssl/crypto.h>
#include <openssl/rand.h>
#include <openssl/sha.h>
#include <unistd.h>

#include <array>
#include <fstream>
#include <sstream>

#include "core/model/sha256.h"
#include "services/duband/log.h"

namespace duban::duband {
namespace {

constexpr std::size_t kPrefix = 8;
constexpr std::chrono::seconds kRefresh{1};

std::optional<std::string> FromHex(std::string_view hex) {
  if (hex.size() != 2 * SHA256_DIGEST_LENGTH) return std::nullopt;
  std::string bytes;
  for (std::size_t i = 0; i < hex.size(); i += 2) {
    int byte = 0;
    for (const char c : hex.substr(i, 2)) {
      const std::size_t digit = std::string_view("0123456789abcdef").find(c);
      if (digit == std::string_view::npos) return std::nullopt;
      byte = byte * 16 + static_cast<int>(digit);
    }
    bytes += static_cast<char>(byte);
  }
  return bytes;
}

}  // namespace

std::expected<Tokens, model::Text> Tokens::Open(const std::filesystem::path& file) {
  Tokens tokens;
  tokens.file_ = file;
  std::error_code ignored;
  tokens.read_ = std::filesystem::last_write_time(file, ignored);
  auto table = Read(file);
  if (!table) return std::unexpected(table.error());
  tokens.table_ = std::move(*table);
  return tokens;
}

Tokens::Tokens(Tokens&& other) noexcept
    : file_(std::move(other.file_)),
      table_(std::move(other.table_)),
      read_(other.read_),
      checked_(other.checked_) {}

std::expected<Tokens::Table, model::Text> Tokens::Read(const std::filesystem::path& file) {
  std::ifstream in(file);
  if (!in) {
    return std::unexpected(model::Text(
        fmt::format("无法读取令牌文件 {}；用 duband token 人员 --config 配置文件 创建第一个令牌",
                    file.string()),
        fmt::format("the tokens file {} cannot be read; make a first token with "
                    "`duband token PERSON --config FILE`",
                    file.string())));
  }
  Table table;
  int number = 0;
  for (std::string line; std::getline(in, line);) {
    ++number;
    std::istringstream words(line);
    std::string hex;
    std::string person;
    std::string more;
    if (!(words >> hex) || hex.starts_with('#')) continue;
    words >> person >> more;
    auto hash = FromHex(hex);
    if (!hash || person.empty() || !more.empty()) {
      return std::unexpected(model::Text(
          fmt::format("{}:{}：应为 令牌的 SHA-256（64 个十六进制小写字符）和人员 id", file.string(),
                      number),
          fmt::format(
              "{}:{}: a line is the SHA-256 of a token in 64 lower-case hex digits and the id of "
              "a person",
              file.string(), number)));
    }
    std::string prefix = hash->substr(0, kPrefix);
    table.emplace(std::move(prefix), Holder{std::move(*hash), std::move(person)});
  }
  return table;
}

void Tokens::Refresh() {
  const auto now = std::chrono::steady_clock::now();
  if (file_.empty() || now - checked_ < kRefresh) return;
  checked_ = now;
  std::error_code failed;
  const auto written = std::filesystem::last_write_time(file_, failed);
  if (failed || written == read_) return;
  read_ = written;
  if (auto table = Read(file_)) {
    table_ = std::move(*table);
    Log(Level::kInfo, "tokens read again: {}", table_.size());
  } else {
    Log(Level::kError, "tokens not read again: {}", table.error().en);
  }
}

std::optional<model::PersonId> Tokens::Find(std::string_view token) {
  const std::string hash = model::Sha256(token);
  const std::lock_guard lock(mutex_);
  Refresh();
  const auto [begin, end] = table_.equal_range(std::string_view(hash).substr(0, kPrefix));
  for (auto it = begin; it != end; ++it) {
    if (CRYPTO_memcmp(it->second.hash.data(), hash.data(), hash.size()) == 0)
      return it->second.person;
  }
  return std::nullopt;
}

std::expected<std::string, model::Text> AddToken(const std::filesystem::path& file,
                                                 std::string_view person) {
  std::array<unsigned char, 32> random{};
  const bool made = RAND_bytes(random.data(), random.size()) == 1;
  std::string token =
      "duban_" + model::Hex({reinterpret_cast<const char*>(random.data()), random.size()});
  const std::string line = fmt::format("{} {}\n", model::Hex(model::Sha256(token)), person);
  const int out = open(file.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
  const bool written = made && out >= 0 &&
                       write(out, line.data(), line.size()) == static_cast<ssize_t>(line.size()) &&
                       fsync(out) == 0;
  if (out >= 0) close(out);
  if (written) return token;
  return std::unexpected(model::Text(
      fmt::format("无法写入令牌文件 {}，请检查目录和权限", file.string()),
      fmt::format("the tokens file {} cannot be written; check its directory and rights",
                  file.string())));
}

}  // namespace duban::duband
