#include "core/engine/delivery.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/model/codec.h"
#include "core/model/utf8.h"

namespace duban::engine {
namespace {

using ports::NotifierError;

bool Contains(const std::vector<std::string>& names, const std::string& name) {
  return std::ranges::find(names, name) != names.end();
}

// One line: the subject and what the body says, without line breaks, no character cut.
std::string DigestLine(std::size_t number, const model::Notification& notification,
                       const std::string& language) {
  std::string line = fmt::format("{}. {}", number, notification.subject.In(language));
  const std::string& body = notification.body.In(language);
  if (!body.empty()) line += (language == "en" ? " - " : "：") + body;
  for (std::size_t at = line.find('\n'); at != std::string::npos; at = line.find('\n', at))
    line.replace(at, 1, language == "en" ? "; " : "；");
  if (line.size() <= kMaxDigestLineBytes) return line;
  return model::Clip(line, kMaxDigestLineBytes - std::string_view("…").size());
}

}  // namespace

struct Delivery::Attempt {
  std::vector<std::string> left;        // to be tried again, by the way at which they stand
  std::vector<std::string> failed;      // no way was left; by the first
  std::vector<std::string> no_address;  // no way has one of the person; by the first
  std::string error;
  std::int64_t wait_ms = 0;
  bool asked = false;   // some channel, not only paused ones
  bool served = false;  // some channel took it
};

const Route& Channels::For(model::Urgency urgency) const {
  switch (urgency) {
    case model::Urgency::kStatutory:
      if (!statutory.empty()) return statutory;
      [[fallthrough]];
    case model::Urgency::kUrgent:
      return urgent.empty() ? normal : urgent;
    case model::Urgency::kDigest:
      return digest.empty() ? normal : digest;
    case model::Urgency::kNormal:
      break;
  }
  return normal;
}

void Delivery::Serve(std::span<const Channel> ways, const OutboxMessage& message,
                     const Compose& compose, bool last, Attempt& attempt) {
  auto way = ways.begin();
  if (message.tried) {
    way = std::ranges::find_if(
        ways, [&](const Channel& c) { return Contains(message.channels, c.name); });
    if (way == ways.end()) return;  // served
  }
  const model::Timestamp now = clock_.Now();
  bool no_address = true;
  for (; way != ways.end(); ++way) {
    if (const auto paused = paused_.find(way->name);
        paused != paused_.end() && paused->second > now) {
      attempt.wait_ms = std::max(attempt.wait_ms, paused->second.UnixMillis() - now.UnixMillis());
      attempt.left.push_back(way->name);
      return;
    }
    attempt.asked = true;
    const auto sent = way->notifier->Deliver(compose(way->name));
    if (sent) {
      attempt.served = true;
      return;
    }
    const NotifierError& error = sent.error();
    attempt.error = way->name + ": " + error.message;
    if (error.kind == NotifierError::Kind::kTemporary) {
      if (error.retry_after_ms > 0) {
        paused_[way->name] =
            model::Timestamp::FromUnixMillis(now.UnixMillis() + error.retry_after_ms);
      }
      if (!last) {
        attempt.wait_ms = std::max(attempt.wait_ms, error.retry_after_ms);
        attempt.left.push_back(way->name);
        return;
      }
    }
    no_address = no_address && error.kind == NotifierError::Kind::kUnreachable;
  }
  (no_address ? attempt.no_address : attempt.failed).push_back(ways.front().name);
}

bool Delivery::Try(ports::OutboxRow& row, OutboxMessage& message, const Compose& compose) {
  const Route& route = channels_.For(message.notification.urgency);
  const bool last = row.attempts + 1 >= limits_.max_attempts;
  Attempt attempt;
  for (auto way = route.begin(); way != route.end();) {
    auto end = std::find_if(way + 1, route.end(), [](const Channel& c) { return !c.otherwise; });
    Serve({way, end}, message, compose, last, attempt);
    way = end;
  }
  if (route.empty()) return true;
  return Conclude(row, message, std::move(attempt));
}

bool Delivery::Conclude(ports::OutboxRow& row, OutboxMessage& message, Attempt attempt) {
  message.reached |= attempt.served;
  message.failed.insert(message.failed.end(), attempt.failed.begin(), attempt.failed.end());
  if (!attempt.error.empty()) row.last_error = attempt.error;
  if (attempt.left.empty() && message.failed.empty() && message.reached) return true;
  if (attempt.asked) ++row.attempts;
  message.tried = true;
  if (!attempt.left.empty()) {
    message.channels = std::move(attempt.left);
    const int doublings =
        static_cast<int>(std::min<std::uint32_t>(std::max(row.attempts, 1U) - 1, 30));
    const std::int64_t backoff =
        attempt.asked ? std::min(limits_.first_backoff_ms << doublings, limits_.max_backoff_ms) : 0;
    row.next_attempt = model::Timestamp::FromUnixMillis(clock_.Now().UnixMillis() +
                                                        std::max(backoff, attempt.wait_ms));
  } else {
    row.state = ports::OutboxState::kDead;
    // An operator's retry serves what failed; a person without any address, everything.
    message.channels = std::move(message.failed);
    message.failed.clear();
    message.tried = !message.channels.empty();
  }
  row.body = model::Encode(message);
  return false;
}

ports::Message Delivery::Envelope(const model::PersonId& recipient,
                                  const std::string& channel) const {
  const std::shared_ptr<const Snapshot> snapshot = world_.Now();
  const definition::Person* person = snapshot->organisation.FindPerson(recipient);
  ports::Message out;
  out.recipient = recipient;
  out.language = person ? person->language : "zh";
  out.recipient_name = person ? person->name.In(out.language) : recipient;
  if (person) {
    const auto address = person->addresses.find(channel);
    if (address != person->addresses.end()) out.address = address->second;
  }
  return out;
}

bool Delivery::Deliver(ports::OutboxRow& row) {
  auto message = model::Decode<OutboxMessage>(row.body);
  const auto compose = [&](const std::string& channel) {
    const model::Notification& notification = message.notification;
    ports::Message out = Envelope(notification.recipient, channel);
    out.case_id = row.case_id.ToString();
    out.idempotency_key =
        out.case_id + '-' + std::to_string(row.ordinal) + '-' + notification.recipient;
    out.workflow = message.workflow;
    out.subject = notification.subject.In(out.language);
    out.body = notification.body.In(out.language);
    out.urgency = notification.urgency;
    out.created_at = message.created_at;
    return out;
  };
  return Try(row, message, compose);
}

bool Delivery::DeliverTogether(std::vector<ports::OutboxRow>& rows) {
  auto first = model::Decode<OutboxMessage>(rows.front().body);
  const auto compose = [&](const std::string& channel) {
    ports::Message out = Envelope(first.notification.recipient, channel);
    out.idempotency_key =
        fmt::format("digest-{}-{}-{}-{}", rows.front().case_id.ToString(), rows.front().ordinal,
                    rows.size(), first.notification.recipient);
    out.subject = out.language == "en" ? fmt::format("Digest: {} items", rows.size())
                                       : fmt::format("【汇总】{} 条", rows.size());
    out.urgency = model::Urgency::kDigest;
    out.created_at = first.created_at;
    for (std::size_t i = 0; i < rows.size(); ++i) {
      const auto message = model::Decode<OutboxMessage>(rows[i].body);
      out.body += (i == 0 ? "" : "\n") + DigestLine(i + 1, message.notification, out.language);
    }
    return out;
  };
  const bool done = Try(rows.front(), first, compose);
  if (done) return true;
  for (std::size_t i = 1; i < rows.size(); ++i) {
    auto message = model::Decode<OutboxMessage>(rows[i].body);
    message.tried = first.tried;
    message.channels = first.channels;
    message.failed = first.failed;
    message.reached = first.reached;
    rows[i].body = model::Encode(message);
    rows[i].state = rows.front().state;
    rows[i].attempts = rows.front().attempts;
    rows[i].next_attempt = rows.front().next_attempt;
    rows[i].last_error = rows.front().last_error;
  }
  return false;
}

std::size_t FitsOneDigest(const std::vector<ports::OutboxRow>& rows) {
  std::size_t bytes = 0;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const auto message = model::Decode<OutboxMessage>(rows[i].body);
    bytes += 1 + std::max(DigestLine(i + 1, message.notification, "zh").size(),
                          DigestLine(i + 1, message.notification, "en").size());
    if (bytes > kMaxDigestBytes && i > 0) return i;
  }
  return rows.size();
}

}  // namespace duban::engine
