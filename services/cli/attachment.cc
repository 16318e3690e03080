#include "services/cli/attachment.h"

#include <openssl/evp.h>

#include <array>
#include <filesystem>
#include <fstream>
#include <memory>

namespace duban::cli {

std::expected<v1::Attachment, Failure> Digest(const Terminal& terminal, const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> hash(EVP_MD_CTX_new(),
                                                                     &EVP_MD_CTX_free);
  EVP_DigestInit_ex(hash.get(), EVP_sha256(), nullptr);
  std::array<char, 65536> buffer;
  std::uint64_t bytes = 0;
  while (file.read(buffer.data(), buffer.size()) || file.gcount() > 0) {
    EVP_DigestUpdate(hash.get(), buffer.data(), static_cast<std::size_t>(file.gcount()));
    bytes += static_cast<std::uint64_t>(file.gcount());
  }
  if (!file.eof()) return Usage(terminal.Say("读不了文件 ", "cannot read the file ") + path);
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest;
  unsigned size = 0;
  EVP_DigestFinal_ex(hash.get(), digest.data(), &size);
  constexpr char kDigits[] = "0123456789abcdef";
  std::string hex;
  for (unsigned i = 0; i < size; ++i) {
    hex += kDigits[digest[i] >> 4];
    hex += kDigits[digest[i] & 15];
  }
  v1::Attachment attachment;
  attachment.set_name(std::filesystem::path(path).filename().string());
  attachment.set_sha256(hex);
  attachment.set_bytes(bytes);
  return attachment;
}

}  // namespace duban::cli
