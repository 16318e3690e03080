// [notify] of the configuration: which channels carry what, and when.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "core/engine/schedule.h"
#include "core/model/text.h"

namespace duban::duband {

struct NotifyConfig {
  struct Way {
    std::string name;        // of a section [notifier.NAME]
    bool otherwise = false;  // after `|`: only where the one before cannot reach the person
  };
  std::map<std::string, std::vector<Way>> routes;  // by urgency: normal, urgent, statutory, digest
  engine::Schedule schedule;
};

inline constexpr const char* kNotifyKeys[] = {"normal", "urgent",     "statutory",
                                              "digest", "digest_at",  "digest_on",
                                              "quiet",  "quiet_days", "time_zone"};

// Takes one of kNotifyKeys. What is wrong with the value, for people; nothing when it is well.
std::optional<model::Text> SetNotify(NotifyConfig& config, const std::string& key,
                                     const std::string& value);

// The channels of the routes that no section describes, as (urgency, channel).
std::vector<std::pair<std::string, std::string>> UnknownChannels(
    const NotifyConfig& config, const std::set<std::string>& notifiers);

}  // namespace duban::duband
