// How soon a message has to reach its person. The configuration says by which channels each goes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <string_view>

namespace duban::model {

// The numbers are part of the stored form.
enum class Urgency : std::uint8_t {
  kNormal = 0,     // waits for the end of quiet hours
  kUrgent = 1,     // at any hour
  kDigest = 2,     // one message per person with everything that has gathered
  kStatutory = 3,  // at any hour: a legal time limit is about to pass or has passed
};

// Whether it may wake somebody.
inline bool IsAlarm(Urgency urgency) {
  return urgency == Urgency::kUrgent || urgency == Urgency::kStatutory;
}

// In definitions, in the configuration and in JSON; in the order of the enumeration.
inline constexpr std::string_view kUrgencyNames[] = {"normal", "urgent", "digest", "statutory"};

inline std::string_view NameOf(Urgency urgency) {
  const auto index = static_cast<std::size_t>(urgency);
  return index < std::size(kUrgencyNames) ? kUrgencyNames[index] : kUrgencyNames[0];
}

}  // namespace duban::model
