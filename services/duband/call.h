// One call under way, and how its method is served.
#pragma once

#include <google/protobuf/arena.h>
#include <grpcpp/generic/async_generic_service.h>
#include <grpcpp/grpcpp.h>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/model/command.h"
#include "services/duband/observe.h"

namespace duban::duband {

class Call;
class Front;
struct Node;

// Whose thread serves a method: the queue's what needs memory only, a reader's what asks the
// storage, a worker's what takes long.
enum class Thread : std::uint8_t { kQueue, kReader, kWorker };

struct Method {
  const char* name;  // a literal: what metrics and the log call it
  Thread thread = Thread::kQueue;
  // When the request has arrived. It answers, or sees to it that the call is answered later.
  std::function<void(Call& call)> serve;
  bool streams = false;  // the call stays: it is not counted and timed
  bool anyone = false;   // no credentials are asked for
};
using Methods = std::vector<Method>;

// What is begun with gRPC, and done; `ok` is false when it failed.
struct Event {
  std::function<void(bool ok)> happened;
};

// What a call with many messages becomes. Everything is called on the queue's thread.
class Stream {
 public:
  virtual ~Stream() = default;
  virtual void Arrived(bool ok) { (void)ok; }  // the next request, or the caller sends no more
  virtual void Written(bool ok) = 0;           // and the next may be
  virtual void Cancelled() = 0;                // by the caller, its deadline, or a lost connection
  virtual void Ended() {}                      // the call is gone
};

// Lives until gRPC has nothing more to say about it and it has been answered; whoever has to answer
// may rely on it until then. Between them the queue's thread and the one that serves it never
// touch the same part at the same time.
class Call {
 public:
  // Waits for the next caller. The call ends itself.
  explicit Call(Front& front);
  Call(const Call&) = delete;
  Call& operator=(const Call&) = delete;

  Node& node();
  const model::Principal& who() const { return who_; }  // known unless the method is for anyone
  std::size_t bytes() const { return bytes_; }          // of the request
  bool cancelled() const { return cancelled_; }
  std::chrono::system_clock::time_point deadline() const { return context_.deadline(); }
  // OK, or how a call ends that nobody waits for any more.
  grpc::Status StillWanted() const;
  void set_request_id(const std::string& id) { seen_->set_request_id(id); }

  // The request that has come, which lives as long as the call; null when it is none of the kind.
  template <class Message>
  const Message* Request() {
    auto& message = New<Message>();
    return Parse(message) ? &message : nullptr;
  }
  // Likewise, where many requests come. Either of them once for each.
  bool Parse(google::protobuf::MessageLite& message);
  // An empty message that lives as long as the call.
  template <class Message>
  Message& New() {
    return *google::protobuf::Arena::CreateMessage<Message>(&arena_);
  }

  // Ends the call: with `response` when `status` is OK and there is one. Once, from any thread, when
  // neither Write nor ReadNext is under way; none of the following after it.
  void Finish(const grpc::Status& status, const google::protobuf::MessageLite* response = nullptr);

  // Does `job` on the queue's thread. From any thread, while the call is not finished.
  void Post(std::function<void()> job);

  // Of methods that stream. From now on `stream` is told what happens.
  void Become(std::shared_ptr<Stream> stream);
  // One at a time: Written follows, or Arrived.
  void Write(const google::protobuf::MessageLite& message);
  void ReadNext();

 private:
  ~Call();
  void Begun(bool ok);
  void Arrived(bool ok);
  void Serve();
  void Done();
  void Finished();
  void EndWhenOver();

  Front& front_;
  const Method* method_ = nullptr;
  grpc::GenericServerContext context_;
  grpc::GenericServerAsyncReaderWriter wire_{&context_};
  std::optional<Observation> seen_;
  model::Principal who_;
  google::protobuf::Arena arena_;
  grpc::ByteBuffer message_;
  std::size_t bytes_ = 0;
  std::shared_ptr<Stream> stream_;
  std::atomic<bool> cancelled_ = false;
  bool done_ = false;      // gRPC is
  bool finished_ = false;  // the answer is through
  Event begun_{[this](bool ok) { Begun(ok); }};
  Event arrived_{[this](bool ok) { Arrived(ok); }};
  Event written_{[this](bool ok) { stream_->Written(ok); }};
  Event finish_{[this](bool) { Finished(); }};
  Event over_{[this](bool) { Done(); }};
};

}  // namespace duban::duband
