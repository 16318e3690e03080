// One exchange through libcurl, and what its failure means for a message.
#pragma once

#include <curl/curl.h>

#include <chrono>
#include <string>
#include <string_view>

#include "core/plugin/sdk.h"

namespace duban::notification_curl {

// Set options, send, ask. Certificates are verified; redirects are not followed; no signals. Not
// thread-safe.
class Transfer {
 public:
  // `timeout`: for the whole exchange.
  explicit Transfer(std::chrono::seconds timeout);
  ~Transfer();
  Transfer(const Transfer&) = delete;
  Transfer& operator=(const Transfer&) = delete;

  // Throws std::runtime_error when libcurl does not know the option or the value.
  template <class T>
  void Set(CURLoption option, T value) {
    Check(curl_easy_setopt(handle_, option, value));
  }
  void Set(CURLoption option, const std::string& value) { Set(option, value.c_str()); }
  // A list option, for example CURLOPT_HTTPHEADER; every line is added to the same list.
  void AddLine(CURLoption option, const std::string& line);
  // What is uploaded; must live until Perform returns.
  void Upload(std::string_view content);

  // Where the answer's content goes: at most `limit` bytes, the rest is dropped. `to` must live
  // until Perform returns. Without it all is dropped.
  void Receive(std::string& to, std::size_t limit);

  CURLcode Perform();
  // Of the last answer: the HTTP status or the SMTP code, 0 when there was none.
  long Status() const;
  std::chrono::milliseconds RetryAfter()
      const;  // what the answer asks for, at most a day; 0: nothing
  // The last line with which an SMTP server refused something (4xx, 5xx): at most 200 bytes of
  // printable text.
  std::string RefusalLine() const;

 private:
  static void Check(CURLcode code);
  static std::size_t Read(char* to, std::size_t size, std::size_t count, void* self);
  static std::size_t Head(const char* line, std::size_t size, std::size_t count, void* self);
  static std::size_t Content(const char* data, std::size_t size, std::size_t count, void* self);

  CURL* handle_;
  curl_slist* lines_ = nullptr;
  std::string_view upload_;
  std::string refusal_;
  std::string* received_ = nullptr;
  std::size_t receive_limit_ = 0;
};

// "The server could not be reached or understood": always temporary. `where` names it without any
// secret.
ports::NotifierError NoAnswer(const std::string& where, CURLcode code);

}  // namespace duban::notification_curl
