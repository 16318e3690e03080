// The world's ears: a channel that carries a message to one person.
#pragma once

#include <cstdint>
#include <expected>
#include <string>
#include <vector>

#include "core/model/ids.h"
#include "core/model/time.h"
#include "core/model/urgency.h"

namespace duban::ports {

using Urgency = model::Urgency;

// One message to one person. Everything a channel needs is in it: a notifier asks nobody back.
struct Message {
  std::string idempotency_key;  // the same for every attempt; "<case>-<ordinal>-<recipient>"
  std::string case_id;   // of a digest: empty
  std::string workflow;  // of a digest: empty
  model::PersonId recipient;
  std::string recipient_name;
  std::string address;  // where this channel finds the person (mailbox, user id …), empty when unknown
  std::string language;  // "zh" or "en"
  std::string subject;
  std::string body;
  Urgency urgency = Urgency::kNormal;
  model::Timestamp created_at;

  template <class A>
  void Visit(A& a) {
    a(idempotency_key, case_id, workflow, recipient, recipient_name, address, language, subject, body, urgency,
      created_at);
  }
};

struct NotifierError {
  enum class Kind : std::uint8_t {
    kTemporary,  // try again later: refused connection, 4xx of SMTP, throttled, timed out
    kPermanent,  // trying again cannot help: wrong key, refused content. The route's next channel, or a dead letter
    kUnreachable,  // the person has no (usable) address on this channel: the route's next channel
  };
  Kind kind = Kind::kTemporary;
  std::string message;             // for an operator; never contains a secret or the body
  std::int64_t retry_after_ms = 0; // what the channel asked for; 0: the outbox's own back-off

  template <class A>
  void Visit(A& a) { a(kind, message, retry_after_ms); }
};

// Called by one thread at a time, never by the engine's loop. May block up to the time-out of the host
// (NotifierTimeout, 30 s unless configured), after which the attempt counts as a temporary failure.
// At least once: the same idempotency_key may come again after a crash, and must do no second harm.
class Notifier {
 public:
  virtual ~Notifier() = default;
  virtual std::expected<void, NotifierError> Deliver(const Message& message) = 0;
};

}  // namespace duban::ports
