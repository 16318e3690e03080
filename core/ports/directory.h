// Who is who: where the organisation comes from.
#pragma once

#include <map>
#include <string>

namespace duban::ports {

// The source of the organisation and of the holiday notices, as texts that definition/organisation.h and
// calendar/calendar.h read. They are handed to the engine whole, as immutable snapshots. Thread-safe.
class Directory {
 public:
  virtual ~Directory() = default;
  struct Snapshot {
    std::string organisation;                     // organisation.yaml
    std::map<std::string, std::string> calendars; // file name → JSON
  };
  virtual Snapshot Read() = 0;
};

}  // namespace duban::ports
