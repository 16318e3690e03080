#include "plugins/notification/curl/transfer.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <mutex>
#include <stdexcept>

namespace duban::notification_curl {
namespace {
constexpr std::size_t kMaxLine = 200;
constexpr curl_off_t kMaxRetryAfterSeconds = 24 * 3600;
}  // namespace

Transfer::Transfer(std::chrono::seconds timeout) {
  static std::once_flag once;
  std::call_once(once, [] { curl_global_init(CURL_GLOBAL_DEFAULT); });
  handle_ = curl_easy_init();
  if (handle_ == nullptr) throw std::runtime_error("libcurl: out of memory");
  Set(CURLOPT_NOSIGNAL, 1L);
  Set(CURLOPT_TIMEOUT, static_cast<long>(timeout.count()));
  Set(CURLOPT_FOLLOWLOCATION, 0L);
  Set(CURLOPT_HEADERFUNCTION, Head);
  Set(CURLOPT_HEADERDATA, this);
  Set(CURLOPT_WRITEFUNCTION, Content);
  Set(CURLOPT_WRITEDATA, this);
}

Transfer::~Transfer() {
  curl_easy_cleanup(handle_);
  curl_slist_free_all(lines_);
}

void Transfer::AddLine(CURLoption option, const std::string& line) {
  curl_slist* longer = curl_slist_append(lines_, line.c_str());
  if (longer == nullptr) throw std::runtime_error("libcurl: out of memory");
  lines_ = longer;
  Set(option, lines_);
}

void Transfer::Upload(std::string_view content) {
  upload_ = content;
  Set(CURLOPT_UPLOAD, 1L);
  Set(CURLOPT_READFUNCTION, Read);
  Set(CURLOPT_READDATA, this);
}

void Transfer::Receive(std::string& to, std::size_t limit) {
  received_ = &to;
  receive_limit_ = limit;
}

CURLcode Transfer::Perform() { return curl_easy_perform(handle_); }

long Transfer::Status() const {
  long status = 0;
  curl_easy_getinfo(handle_, CURLINFO_RESPONSE_CODE, &status);
  return status;
}

std::chrono::milliseconds Transfer::RetryAfter() const {
  curl_off_t seconds = 0;
  curl_easy_getinfo(handle_, CURLINFO_RETRY_AFTER, &seconds);
  return std::chrono::seconds(std::clamp<curl_off_t>(seconds, 0, kMaxRetryAfterSeconds));
}

std::string Transfer::RefusalLine() const {
  std::string text;
  for (const char c : refusal_.substr(0, kMaxLine)) {
    if (static_cast<unsigned char>(c) >= ' ' && c != '\x7f') text += c;
  }
  return text;
}

void Transfer::Check(CURLcode code) {
  if (code != CURLE_OK)
    throw std::runtime_error(fmt::format("libcurl: {}", curl_easy_strerror(code)));
}

std::size_t Transfer::Read(char* to, std::size_t size, std::size_t count, void* self) {
  std::string_view& rest = static_cast<Transfer*>(self)->upload_;
  const std::size_t taken = std::min(size * count, rest.size());
  std::memcpy(to, rest.data(), taken);
  rest.remove_prefix(taken);
  return taken;
}

std::size_t Transfer::Head(const char* line, std::size_t size, std::size_t count, void* self) {
  const std::string_view text(line, size * count);
  if (text.starts_with('4') || text.starts_with('5')) static_cast<Transfer*>(self)->refusal_ = text;
  return size * count;
}

std::size_t Transfer::Content(const char* data, std::size_t size, std::size_t count, void* self) {
  auto& transfer = *static_cast<Transfer*>(self);
  if (std::string* to = transfer.received_; to != nullptr && to->size() < transfer.receive_limit_)
    to->append(data, std::min(size * count, transfer.receive_limit_ - to->size()));
  return size * count;
}

ports::NotifierError NoAnswer(const std::string& where, CURLcode code) {
  const char* why = curl_easy_strerror(code);
  return {ports::NotifierError::Kind::kTemporary,
          plugin::Bilingual(fmt::format("{} 没有完成应答：{}", where, why),
                            fmt::format("no answer from {}: {}", where, why)),
          0};
}

}  // namespace duban::notification_curl
