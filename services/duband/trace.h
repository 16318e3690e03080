// W3C trace context: the caller's `traceparent` is taken over into the log and answered as
// `traceresponse`, so that a call can be followed across systems.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace duban::duband {

struct Trace {
  std::string trace_id;   // 32 hexadecimal digits
  std::string parent_id;  // 16: the caller's span
  std::string span_id;    // 16: of this call, made here
  bool sampled = false;

  // The value of `traceresponse`.
  std::string Response() const;
};

// nullopt for anything that is not of the form (www.w3.org/TR/trace-context): it is ignored, as if
// nothing had been sent. A version that is not known yet is read as far as this one goes.
std::optional<Trace> ReadTraceparent(std::string_view value);

}  // namespace duban::duband
