#include "plugins/notification/json/message.h"

#include <nlohmann/json.hpp>

namespace duban::notification_json {

std::string ToJson(const ports::Message& m) {
  using Json = nlohmann::ordered_json;
  const Json json{{"idempotency_key", m.idempotency_key},
                  {"case_id", m.case_id},
                  {"workflow", m.workflow},
                  {"recipient", m.recipient},
                  {"recipient_name", m.recipient_name},
                  {"address", m.address},
                  {"language", m.language},
                  {"subject", m.subject},
                  {"body", m.body},
                  {"urgency", std::string(model::NameOf(m.urgency))},
                  {"created_at", model::FormatRfc3339(m.created_at)}};
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace duban::notification_json
