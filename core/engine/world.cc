#include "core/engine/world.h"

namespace duban::engine {

std::vector<definition::Diagnostic> World::Refresh(ports::Directory& directory) {
  const ports::Directory::Snapshot texts = directory.Read();
  auto organisation = definition::Organisation::Parse("organisation.yaml", texts.organisation);
  if (!organisation) return organisation.error();
  auto calendar = calendar::Calendar::Parse(texts.calendars);
  if (!calendar) {
    definition::Diagnostic diagnostic;
    diagnostic.code = "calendar";
    diagnostic.place.file = "calendar";
    diagnostic.message = calendar.error();
    return {diagnostic};
  }
  auto snapshot =
      std::make_shared<const Snapshot>(Snapshot{std::move(*organisation), std::move(*calendar)});
  const std::lock_guard lock(mutex_);
  snapshot_ = std::move(snapshot);
  return {};
}

std::shared_ptr<const Snapshot> World::Now() const {
  const std::lock_guard lock(mutex_);
  return snapshot_;
}

}  // namespace duban::engine
