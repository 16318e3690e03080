// What of an address may be said, and whether it leaves this machine.
#pragma once

#include <string>

namespace duban::notification_curl {

struct Url {
  std::string scheme;  // in lower case; empty when the text is not an address
  std::string host;
  bool is_this_machine() const {
    return host == "localhost" || host == "127.0.0.1" || host == "[::1]";
  }
};

Url Parse(const std::string& text);

}  // namespace duban::notification_curl
