#include "tests/simulation/storage.h"

#include <fmt/format.h>

namespace duban::simulation {

bool Fleet::IsOf(model::CaseId id, std::size_t node) const {
  std::size_t living = 0;
  for (const bool one : alive) living += one;
  if (living == 0) return false;
  std::size_t turn = (id.value >> 3) % living;
  for (std::size_t i = 0; i < alive.size(); ++i) {
    if (alive[i] && turn-- == 0) return i == node;
  }
  return false;
}

std::unexpected<ports::StorageError> FaultyStorage::Fail(Code code, const char* message) {
  trace_.Add([&] { return fmt::format("    storage: {}", message); });
  return std::unexpected(ports::StorageError{code, message, {}});
}

void FaultyStorage::Overtaken() {
  if (let_another_go && random_.Happens(faults_.overtaken)) let_another_go();
}

// Meanwhile the machine's clock may be set right.
void FaultyStorage::Dawdle() {
  if (!random_.Happens(faults_.slow)) return;
  const std::int64_t millis = random_.Between(1, 20'000);
  clock_.Pass(millis);
  trace_.Add([&] { return fmt::format("    storage: slow, {} ms", millis); });
  if (!random_.Percent(20) || faults_.clock_set_back == 0) return;
  clock_.SetBack(random_.Between(1, 5'000));
  trace_.Add([] { return std::string("    the clock is set back"); });
}

ports::StorageResult<ports::CommitResult> FaultyStorage::Commit(const ports::Batch& batch) {
  Overtaken();
  if (random_.Happens(faults_.dies_before_commit)) throw Crash{"before the commit"};
  Dawdle();
  if (clock_.Monotonic() < full_until_) return Fail(Code::kUnavailable, "the disk is still full");
  if (random_.Happens(faults_.disk_fills)) {
    full_until_ = clock_.Monotonic() + std::chrono::seconds(random_.Between(1, 120));
    return Fail(Code::kUnavailable, "the disk is full");
  }
  if (random_.Happens(faults_.commit_refused))
    return Fail(Code::kUnavailable, "the commit was refused");
  if (random_.Happens(faults_.commit_conflict))
    return Fail(Code::kConflict, "another node was first");
  if (random_.Happens(faults_.commit_unknown_none))
    return Fail(Code::kUnknown, "the commit may have happened (it has not)");
  auto result = below_.Commit(batch);
  if (!result) return Fail(result.error().code, result.error().message.c_str());
  if (random_.Happens(faults_.dies_after_commit)) throw Crash{"after the commit"};
  if (result && random_.Happens(faults_.commit_unknown_all))
    return Fail(Code::kUnknown, "the commit may have happened (it has)");
  return result;
}

}  // namespace duban::simulation
