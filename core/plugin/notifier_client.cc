// A notifier behind the boundary, on a thread of its own so that one that hangs holds up nobody.
#include <fmt/format.h>
#include <pthread.h>

#include <condition_variable>
#include <mutex>
#include <optional>
#include <thread>

#include "core/model/codec.h"
#include "core/plugin/host.h"
#include "core/plugin/library.h"
#include "core/plugin/operations.h"

namespace duban::plugin {
namespace {

using ports::NotifierError;
using Result = std::expected<void, NotifierError>;

NotifierError Temporary(std::string_view zh, std::string_view en) {
  return {NotifierError::Kind::kTemporary, Bilingual(zh, en), 0};
}

// Shared by the caller and the worker thread; whichever is last lets the plugin go.
struct Desk {
  explicit Desk(std::unique_ptr<Instance> i) : instance(std::move(i)) {}

  std::unique_ptr<Instance> instance;
  std::mutex mutex;
  std::condition_variable changed;
  bool stopping = false;
  bool busy = false;       // the worker has a message
  bool abandoned = false;  // nobody waits for its result
  std::string key;         // of the message being delivered
  std::optional<std::string> request;
  std::optional<Result> result;
  std::string delivered_late;  // key of the last message that arrived after its time-out
};

Result Deliver(Instance& instance, std::string_view request) {
  const auto reply = instance.Call(static_cast<std::uint32_t>(NotifierCall::kDeliver), request);
  if (reply.status == DUBAN_OK) return {};
  auto error = Temporary(
      fmt::format("通知插件 {} 出错，未说明原因", instance.name()),
      fmt::format("notifier {} failed without a reason that can be read", instance.name()));
  if (reply.status != DUBAN_ERROR) return std::unexpected(std::move(error));
  try {
    return std::unexpected(model::Decode<NotifierError>(reply.bytes));
  } catch (const model::CodecError&) {
    return std::unexpected(std::move(error));
  }
}

void Work(std::shared_ptr<Desk> desk) {
  pthread_setname_np(pthread_self(), "notifier");
  std::unique_lock lock(desk->mutex);
  for (;;) {
    desk->changed.wait(lock, [&] { return desk->request || desk->stopping; });
    if (desk->stopping) return;
    const std::string request = std::move(*desk->request);
    desk->request.reset();
    lock.unlock();
    Result result = Deliver(*desk->instance, request);
    lock.lock();
    if (desk->abandoned && result) desk->delivered_late = desk->key;
    if (!desk->abandoned) desk->result = std::move(result);
    desk->busy = desk->abandoned = false;
    desk->changed.notify_all();
  }
}

class NotifierClient final : public ports::Notifier {
 public:
  NotifierClient(std::unique_ptr<Instance> instance, std::chrono::milliseconds timeout)
      : desk_(std::make_shared<Desk>(std::move(instance))),
        timeout_(timeout),
        thread_(Work, desk_) {}

  ~NotifierClient() override {
    std::unique_lock lock(desk_->mutex);
    desk_->stopping = true;
    const bool hangs = desk_->busy;
    lock.unlock();
    desk_->changed.notify_all();
    hangs ? thread_.detach() : thread_.join();
  }

  Result Deliver(const ports::Message& message) override {
    const std::string_view name = desk_->instance->name();
    std::unique_lock lock(desk_->mutex);
    if (desk_->busy) {
      return std::unexpected(
          Temporary(fmt::format("通知插件 {} 仍在处理上一条消息", name),
                    fmt::format("notifier {} is still busy with an earlier message", name)));
    }
    if (!desk_->delivered_late.empty() && desk_->delivered_late == message.idempotency_key)
      return {};
    desk_->key = message.idempotency_key;
    desk_->request = model::Encode(message);
    desk_->busy = true;
    desk_->changed.notify_all();
    if (!desk_->changed.wait_for(lock, timeout_, [&] { return desk_->result.has_value(); })) {
      desk_->abandoned = true;
      return std::unexpected(Temporary(
          fmt::format("通知插件 {} 在 {} 毫秒内没有完成", name, timeout_.count()),
          fmt::format("notifier {} did not finish within {} ms", name, timeout_.count())));
    }
    Result result = std::move(*desk_->result);
    desk_->result.reset();
    return result;
  }

 private:
  std::shared_ptr<Desk> desk_;
  std::chrono::milliseconds timeout_;
  std::thread thread_;
};

}  // namespace

std::expected<std::unique_ptr<ports::Notifier>, model::Text> LoadNotifier(
    const std::filesystem::path& path, const Settings& settings,
    std::chrono::milliseconds timeout) {
  auto instance = Instance::Load(path, "notification", settings);
  if (!instance) return std::unexpected(std::move(instance.error()));
  return std::make_unique<NotifierClient>(std::move(*instance), timeout);
}

}  // namespace duban::plugin
