// Where messages arrive, so that a test can see what a channel did with them.
#pragma once

#include <string>
#include <vector>

#include "core/plugin/host.h"

namespace duban::conformance {

struct Received {
  std::string key;
  std::string address;
  std::string subject;
  std::string body;  // empty where the channel does not carry it
};

class Sink {
 public:
  virtual ~Sink() = default;
  virtual plugin::Settings settings() const = 0;  // of a notifier that delivers here
  virtual std::vector<Received> received() = 0;
  virtual void Break() = 0;  // from now on what comes fails in a way that may pass
  virtual void Repair() = 0;
};

}  // namespace duban::conformance
