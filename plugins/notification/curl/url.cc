#include "plugins/notification/curl/url.h"

#include <curl/curl.h>

namespace duban::notification_curl {

Url Parse(const std::string& text) {
  CURLU* parsed = curl_url();
  char* scheme = nullptr;
  char* host = nullptr;
  const bool good = curl_url_set(parsed, CURLUPART_URL, text.c_str(), 0) == CURLUE_OK &&
                    curl_url_get(parsed, CURLUPART_SCHEME, &scheme, 0) == CURLUE_OK &&
                    curl_url_get(parsed, CURLUPART_HOST, &host, 0) == CURLUE_OK;
  const Url url = good ? Url{scheme, host} : Url{};
  curl_free(scheme);
  curl_free(host);
  curl_url_cleanup(parsed);
  return url;
}

}  // namespace duban::notification_curl
