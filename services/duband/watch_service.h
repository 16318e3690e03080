// duban.v1.WatchService: one thread feeds all streams, so that neither the engine's loop nor the
// front's thread ever waits for a slow reader or scan the journal.
#pragma once

#include <chrono>
#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <thread>

#include "duban/v1/watch_service.pb.h"
#include "services/duband/call.h"
#include "services/duband/node.h"

namespace duban::duband {

class WatchStream;

class WatchService {
 public:
  static constexpr std::size_t kStreamsPerPerson = 100;
  static constexpr std::size_t kStreams = 5'000;
  static constexpr std::chrono::seconds kHeartbeat{15};

  explicit WatchService(Node& node);
  ~WatchService();
  Methods methods();

  // Something was committed, or a stream has sent what it had. Returns at once.
  void Wake();
  std::size_t streams();  // open now
  // Ends every stream with UNAVAILABLE, and each new one.
  void Stop();

 private:
  friend class WatchStream;
  void Watch(Call& call, const v1::WatchRequest& request);
  // Checks the request and, when it is in order, counts the stream.
  grpc::Status Admit(const model::Principal& who, const v1::WatchRequest& request,
                     std::uint64_t& after);
  grpc::Status ReadPosition(const std::string& resume_token, std::uint64_t& after);
  void Forget(const std::shared_ptr<WatchStream>& stream);
  void Loop();

  Node& node_;
  std::mutex mutex_;
  std::condition_variable wake_;
  bool woken_ = false;
  bool stopping_ = false;
  std::set<std::shared_ptr<WatchStream>> streams_;
  std::map<model::PersonId, std::size_t> open_;  // streams by person
  std::size_t opened_ = 0;                       // in all
  std::thread thread_;
};

}  // namespace duban::duband
