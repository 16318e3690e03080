#include "plugins/storage/postgres/pool.h"

#include <utility>

namespace duban::storage_postgres {

class Pool::Place {
 public:
  explicit Place(Pool& pool) : pool_(pool) {
    std::unique_lock lock(pool.mutex_);
    pool.returned_.wait(lock, [&] { return pool.in_use_ < pool.options_.readers; });
    ++pool.in_use_;
  }
  ~Place() {
    {
      const std::scoped_lock lock(pool_.mutex_);
      --pool_.in_use_;
      if (session) pool_.idle_.push_back(std::move(session));
    }
    pool_.returned_.notify_one();
  }
  Place(const Place&) = delete;
  Place& operator=(const Place&) = delete;

  std::unique_ptr<Session> session;

 private:
  Pool& pool_;
};

std::unique_ptr<Session> Pool::Idle() {
  const std::scoped_lock lock(mutex_);
  while (!idle_.empty()) {
    std::unique_ptr<Session> session = std::move(idle_.back());
    idle_.pop_back();
    if (session->Alive()) return session;
  }
  return nullptr;
}

std::vector<Rows> Pool::Read(const std::vector<Call>& calls) {
  Place place(*this);
  place.session = Idle();
  for (bool again = false;; again = true) {
    if (!place.session) place.session = std::make_unique<Session>(options_);
    try {
      return place.session->Run(calls);
    } catch (const PgError& e) {
      const bool leaving = e.sqlstate.starts_with("57P") || e.sqlstate.starts_with("08");
      if (!e.lost && !leaving) throw;
      place.session.reset();
      if (again) throw;
    }
  }
}

Rows Pool::Read(const char* sql, Parameters parameters) {
  std::vector<Call> calls;
  calls.push_back({sql, std::move(parameters)});
  return std::move(Read(calls).front());
}

}  // namespace duban::storage_postgres
