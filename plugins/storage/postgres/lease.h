// This node's number and its share of the parts, held by a lease that the database's clock
// measures.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <thread>

#include "plugins/storage/postgres/session.h"

namespace duban::storage_postgres {

// Renewed three times per lease by a thread of its own. A node that does not renew loses
// everything; a part changes hands between live nodes only after its holder has stopped using it.
// Thread-safe.
class Lease {
 public:
  explicit Lease(const Options& options);  // joins; throws PgError, std::invalid_argument
  ~Lease();                                // gives everything back
  Lease(const Lease&) = delete;
  Lease& operator=(const Lease&) = delete;

  ports::Membership membership();
  // The parts whose timers and messages are this node's; none when the lease has run out.
  Array parts();
  // A page of notifications is about to be read: the one before has been dealt with.
  void NextPage();

 private:
  using Clock = std::chrono::steady_clock;
  void Run();
  void Renew();
  std::int64_t NodeNumber(Session& session) const;
  void GiveBack() noexcept;
  bool Valid() const { return Clock::now() < valid_until_; }

  const Options& options_;
  const std::string holder_;          // names the process for people, and is like no other
  std::unique_ptr<Session> session_;  // the thread's

  std::mutex mutex_;
  std::condition_variable wake_;
  bool stopping_ = false;
  bool was_valid_ = false;
  std::uint64_t generation_ = 0;
  std::int64_t node_ = 0;
  std::set<std::int64_t> parts_;    // in use
  std::set<std::int64_t> leaving_;  // to be given up, when the page under way is done
  std::uint64_t pages_ = 0;
  std::uint64_t leaving_since_ = 0;  // how many pages had been begun then
  Clock::time_point valid_until_{};
  std::thread thread_;
};

}  // namespace duban::storage_postgres
