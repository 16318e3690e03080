// The server's front: one completion queue, one thread that polls it, and the table of the methods
// that are served from it. Nothing else in the process polls, and whatever is begun with gRPC is
// begun on that thread (docs/adr/0012).
#pragma once

#include <grpcpp/alarm.h>
#include <grpcpp/generic/async_generic_service.h>
#include <grpcpp/grpcpp.h>

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <unordered_map>
#include <vector>

#include "services/duband/call.h"
#include "services/duband/node.h"

namespace duban::duband {

class Front {
 public:
  // `node` must outlive it.
  explicit Front(Node& node);
  ~Front();  // Close, Stop
  Front(const Front&) = delete;
  Front& operator=(const Front&) = delete;

  // Before Start. `service`: its full name in the .proto.
  void Serve(const std::string& service, Methods methods);
  // False when the builder's port cannot be had.
  bool Start(grpc::ServerBuilder& builder);

  // The names of what is served, sorted.
  const std::vector<std::string>& services() const { return services_; }

  // Does `job` on the queue's thread: at once when that is the caller's, otherwise soon, in the
  // order of the callers. What comes while the thread is busy is done in one go. Thread-safe.
  void Post(std::function<void()> job);

  // Takes no more calls; returns when those under way have ended, at the latest after the grace,
  // when they are cancelled.
  void Close(std::chrono::seconds grace);
  // After Close: returns when every call has been answered and the thread has ended.
  void Stop();

 private:
  friend class Call;

  // Null when there is no such method. `path`: "/package.Service/Method".
  const Method* Find(const std::string& path) const;
  void Loop();
  void DoPosted();
  void EndWhenIdle();

  Node& node_;
  std::unordered_map<std::string, Method> methods_;  // by path
  std::vector<std::string> services_;
  grpc::AsyncGenericService every_method_;
  std::unique_ptr<grpc::ServerCompletionQueue> queue_;
  std::unique_ptr<grpc::Server> server_;

  std::mutex mutex_;  // of the following
  std::vector<std::function<void()>> posted_;
  bool woken_ = false;  // the alarm is on its way
  bool ended_ = false;  // the queue takes no more
  grpc::Alarm alarm_;
  Event woke_{[this](bool) { DoPosted(); }};

  // Of the queue's thread.
  std::size_t calls_ = 0;  // with the one that waits for a caller
  bool stopping_ = false;
  std::atomic<std::thread::id> polling_;
  std::thread thread_;
};

}  // namespace duban::duband
