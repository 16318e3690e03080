// The organisation and the holidays, as one immutable snapshot that can be exchanged while the
// engine runs.
#pragma once

#include <atomic>
#include <expected>
#include <memory>
#include <mutex>
#include <vector>

#include "core/calendar/calendar.h"
#include "core/definition/organisation.h"
#include "core/ports/directory.h"

namespace duban::engine {

struct Snapshot {
  definition::Organisation organisation;
  calendar::Calendar calendar;
};

// Thread-safe.
class World {
 public:
  // Reads the directory; on errors the snapshot before stays in force.
  std::vector<definition::Diagnostic> Refresh(ports::Directory& directory);
  std::shared_ptr<const Snapshot> Now() const;

 private:
  mutable std::mutex mutex_;
  std::shared_ptr<const Snapshot> snapshot_ = std::make_shared<const Snapshot>();
};

}  // namespace duban::engine
