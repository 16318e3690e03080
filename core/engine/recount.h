// After holidays were announced: which cases are still to be asked to count their deadlines again.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/ports/storage.h"

namespace duban::engine {

// Goes through the open cases by id, a page at a time, once for each version of the calendar. That
// a version was gone through to its end is stored; after a crash the walk begins again, and cases
// that were counted before have nothing to say. The loop's own.
class Recount {
 public:
  explicit Recount(ports::Storage& storage) : storage_(storage) {}

  // Whether cases of this version are left to be asked. A calendar without files moves nothing.
  bool IsPending(const std::string& version) const {
    return !version.empty() && !(version == version_ && done_);
  }
  // The next cases, at most `limit`; none: the walk has come to its end, which is stored. Errors:
  // storage; the same page comes again.
  ports::StorageResult<std::vector<model::CaseId>> Next(const std::string& version,
                                                        std::uint32_t limit, model::Timestamp now);
  // What was handed out last may not have been done: the same page once more.
  void Again() { after_ = page_; }

 private:
  ports::StorageResult<void> Begin(const std::string& version);
  ports::StorageResult<void> End(model::Timestamp now);

  ports::Storage& storage_;
  std::string version_;
  model::CaseId after_;
  model::CaseId page_;  // where the last page began
  bool done_ = false;
};

}  // namespace duban::engine
