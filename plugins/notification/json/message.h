// A message as JSON, the same for every channel that speaks it.
#pragma once

#include <string>

#include "core/plugin/sdk.h"

namespace duban::notification_json {

// One line without a line break: the fields of ports::Message under their names, in their order;
// urgency is "normal", "urgent", "digest" or "statutory", created_at RFC 3339. Bytes that are not
// UTF-8 become replacement characters.
std::string ToJson(const ports::Message& message);

}  // namespace duban::notification_json
