// A few connections for reading, opened when they are needed.
#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <vector>

#include "plugins/storage/postgres/session.h"

namespace duban::storage_postgres {

// Thread-safe. Who finds all connections in use waits.
class Pool {
 public:
  explicit Pool(const Options& options) : options_(options) {}

  // All calls in one round trip, each seeing what was committed before it. When the connection is
  // lost they are asked once more on a new one: reading twice does no harm. Throws PgError.
  std::vector<Rows> Read(const std::vector<Call>& calls);
  Rows Read(const char* sql, Parameters parameters = {});

 private:
  class Place;  // one of the connections that may be open
  std::unique_ptr<Session> Idle();

  const Options& options_;
  std::mutex mutex_;
  std::condition_variable returned_;
  std::vector<std::unique_ptr<Session>> idle_;
  std::size_t in_use_ = 0;
};

}  // namespace duban::storage_postgres
