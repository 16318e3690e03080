// A message as an e-mail (RFC 5322, 2045, 2047).
#pragma once

#include <string>
#include <string_view>

#include "core/plugin/sdk.h"

namespace duban::notification_email {

struct Sender {
  std::string address;
  std::string name;  // may be empty
};

// Whether the text can stand as a mailbox in a header and in RCPT TO: local@domain, no spaces,
// brackets, quotes or control characters, at most 254 bytes. Nothing that gets through can add a
// header or a command.
bool IsMailbox(std::string_view address);

// Headers and body, lines ended by CRLF and at most 78 bytes long. Any text is allowed in subject,
// body and names. The Message-ID is made of the idempotency key, so that a mailbox can see a
// repetition.
std::string ToMail(const ports::Message& message, const Sender& sender);

// RFC 2047: `text` itself when it is short printable ASCII, otherwise encoded words, folded.
std::string EncodeHeader(std::string_view text);

}  // namespace duban::notification_email
