// Texts as a group robot takes them: UTF-8, within a number of bytes, nothing in them a command.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace duban::notification_robot {

// Control characters but line break and tab are dropped, bytes that are not UTF-8 become U+FFFD.
std::string Clean(std::string_view text);

// At most `bytes` of the text, no character cut; what is left out is told by "…".
std::string Shorten(std::string_view text, std::size_t bytes);
// The same, and after "…" where to find the rest: the case, in the reader's language ("zh", "en").
// `bytes` must leave room for that.
std::string ShortenWithCase(std::string_view text, std::size_t bytes, std::string_view case_id,
                            std::string_view language);

// What would be markup becomes the wide form that looks the same and does nothing: < > [ ] * _ ` #
// ~ \ |.
std::string WithoutMarkup(std::string_view text);

}  // namespace duban::notification_robot
