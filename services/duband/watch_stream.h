// One stream of WatchService. It reads ahead at most a page, and reads on when that has been sent.
#pragma once

#include <chrono>
#include <deque>
#include <memory>
#include <mutex>
#include <string>

#include "duban/v1/watch_service.pb.h"
#include "services/duband/call.h"
#include "services/duband/node.h"

namespace duban::duband {

class WatchService;

// The token that resumes behind the change.
std::string ResumeToken(std::uint64_t change);

// Outlives its call when somebody is just using it; by then it has been finished, and touches the
// call no more.
class WatchStream : public Stream, public std::enable_shared_from_this<WatchStream> {
 public:
  WatchStream(WatchService& service, Node& node, Call& call, const v1::WatchRequest& request,
              std::uint64_t after);

  const model::PersonId& person() const { return who_.id; }

  // Reads and sends when nothing is under way. From the service's thread only. True: there may be
  // more at once.
  bool Feed(std::chrono::steady_clock::time_point now);
  // Ends the stream as soon as what is being written is through.
  void End(grpc::Status status);

  void Written(bool ok) override;
  void Cancelled() override;
  void Ended() override;

 private:
  static constexpr std::uint32_t kPage = 100;

  bool ReadAhead();
  void Add(const engine::Change& change);
  void SendHeartbeat(std::chrono::steady_clock::time_point now);
  void SendNext();
  void FinishOnce();

  WatchService& service_;
  Node& node_;
  Call& call_;
  const model::Principal who_;
  const std::string case_id_;
  const std::string workflow_;

  std::mutex mutex_;
  std::uint64_t after_;
  std::deque<v1::WatchResponse> queue_;
  std::chrono::steady_clock::time_point last_sent_;
  bool writing_ = false;
  bool ending_ = false;
  bool finished_ = false;
  grpc::Status end_;
};

}  // namespace duban::duband
