// A running server: storage, engine, outbox, notifiers and the services, put together from a
// configuration.
#pragma once

#include <expected>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/model/text.h"
#include "core/model/time.h"
#include "services/duband/config.h"

namespace duban::duband {

inline constexpr const char* kVersion = DUBAN_VERSION;

class Server {
 public:
  // `virtual_start`: go by a clock that begins there and moves only when
  // OperatorService.AdvanceClock says so. On failure everything that stands in the way, each with
  // what to do.
  static std::expected<std::unique_ptr<Server>, std::vector<model::Text>> Start(
      const Config& config, std::optional<model::Timestamp> virtual_start);
  ~Server();  // Stop()

  // Where it listens, with the port it got, and how: "127.0.0.1:7400 (plaintext, loopback only)".
  std::string address() const;

  // Reads the organisation, the calendar and the tokens again; on errors what was read before stays
  // in force.
  void Reload();

  // Takes no more calls, finishes those under way (at most 5 seconds), then stops the engine and
  // closes the storage.
  void Stop();

 private:
  class Parts;
  explicit Server(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

// What Start would find wrong, without opening the storage or a port.
std::vector<model::Text> Check(const Config& config);

}  // namespace duban::duband
