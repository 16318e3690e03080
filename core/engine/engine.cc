#include "core/engine/engine.h"

#include "core/engine/loop.h"

namespace duban::engine {

Engine::Engine(ports::Storage& storage, ports::Clock& clock, Catalog& catalog, World& world,
               Limits limits)
    : loop_(std::make_unique<Loop>(storage, clock, catalog, world, limits)) {}

Engine::~Engine() { Stop(); }

ports::StorageResult<void> Engine::Start() { return loop_->Start(); }
ports::StorageResult<void> Engine::Open() { return loop_->Open(); }
bool Engine::Turn() { return loop_->Turn(); }
void Engine::Stop() { loop_->Stop(); }

void Engine::Submit(model::Command command, std::function<void(const Reply&)> reply,
                    std::size_t bytes) {
  std::list<Asked> asked;
  asked.emplace_back(std::move(command), std::move(reply), bytes);
  loop_->Submit(std::move(asked));
}

ports::StorageResult<void> Engine::FinishOutbox(std::vector<ports::OutboxKey> done,
                                                std::vector<ports::OutboxRow> updated) {
  return loop_->FinishOutbox(std::move(done), std::move(updated));
}

void Engine::Wake() { loop_->Wake(); }
bool Engine::Settle() { return loop_->Settle(); }
void Engine::OnCommit(std::function<void(std::uint64_t)> listener) {
  loop_->on_commit = std::move(listener);
}
void Engine::OnNotification(std::function<void()> listener) {
  loop_->on_notification = std::move(listener);
}
void Engine::OnBatch(std::function<void(const BatchReport&)> listener) {
  loop_->on_batch = std::move(listener);
}
Engine::Counters Engine::counters() const { return loop_->counters(); }

}  // namespace duban::engine
