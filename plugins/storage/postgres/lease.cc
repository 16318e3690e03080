#include "plugins/storage/postgres/lease.h"

#include <fmt/format.h>
#include <pthread.h>
#include <unistd.h>

#include <random>

#include "plugins/storage/postgres/schema.h"

namespace duban::storage_postgres {
namespace {

using plugin::Bilingual;
constexpr int kRenewals = 3;  // per lease

std::string Holder() {
  char host[256] = {};
  gethostname(host, sizeof host - 1);
  std::random_device random;
  return fmt::format("{}:{}:{:08x}{:08x}", host, getpid(), random(), random());
}

Array PartsArray(const std::set<std::int64_t>& parts) {
  Array array(Element::kBigint);
  for (const std::int64_t part : parts) array.Add(part);
  return array;
}

// One node at a time changes who has what.
constexpr const char* kExclusive = "LOCK TABLE nodes IN EXCLUSIVE MODE";
constexpr const char* kBuryDead =
    "DELETE FROM nodes WHERE until < clock_timestamp() AND holder <> $1::bytea";
constexpr const char* kRenew =
    "UPDATE nodes SET until = clock_timestamp() + $2::bigint * interval '1 millisecond' WHERE "
    "holder = $1::bytea RETURNING node";
// Numbers are taken in turn, so that one that was used lately rests longest.
constexpr const char* kJoin =
    "WITH s AS MATERIALIZED (SELECT nextval('node_numbers') AS turn) INSERT INTO nodes SELECT n, "
    "$1::bytea, clock_timestamp() + $2::bigint * interval '1 millisecond' FROM generate_series(0, "
    "63) AS n, s WHERE NOT EXISTS (SELECT FROM nodes WHERE node = n) ORDER BY (n - turn % 64 + 64) "
    "% 64 LIMIT 1 RETURNING node";
constexpr const char* kFree =
    "UPDATE parts SET node = NULL WHERE node NOT IN (SELECT node FROM nodes) OR (node = $1::bigint "
    "AND part = ANY ($2::bigint[]))";
constexpr const char* kClaim =
    "UPDATE parts SET node = $1::bigint WHERE part IN (SELECT part FROM parts WHERE node IS NULL "
    "ORDER BY part LIMIT greatest(0, (SELECT (63 + count(*)) / count(*) FROM nodes) - (SELECT "
    "count(*) FROM parts WHERE node = $1::bigint)))";
constexpr const char* kMine =
    "SELECT part, (SELECT (63 + count(*)) / count(*) FROM nodes) FROM parts WHERE node = "
    "$1::bigint ORDER BY part";

}  // namespace

Lease::Lease(const Options& options) : options_(options), holder_(Holder()) {
  Renew();
  thread_ = std::thread([this] { Run(); });
}

Lease::~Lease() {
  {
    const std::scoped_lock lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  thread_.join();
  GiveBack();
}

ports::Membership Lease::membership() {
  const std::scoped_lock lock(mutex_);
  if (was_valid_ != Valid()) {
    was_valid_ = Valid();
    ++generation_;
  }
  return {true, static_cast<std::uint32_t>(node_), generation_};
}

Array Lease::parts() {
  const std::scoped_lock lock(mutex_);
  return Valid() ? PartsArray(parts_) : Array(Element::kBigint);
}

void Lease::NextPage() {
  const std::scoped_lock lock(mutex_);
  ++pages_;
}

void Lease::Run() {
  pthread_setname_np(pthread_self(), "lease");
  const auto pause = options_.lease / kRenewals;
  std::unique_lock lock(mutex_);
  while (!wake_.wait_for(lock, pause, [this] { return stopping_; })) {
    lock.unlock();
    try {
      Renew();
    } catch (const std::exception&) {
      session_.reset();  // the engine meets the same trouble and tells of it
    }
    lock.lock();
  }
}

std::int64_t Lease::NodeNumber(Session& session) const {
  std::vector<Call> calls;
  calls.push_back({"BEGIN", {}});
  calls.push_back({kExclusive, {}});
  calls.push_back({kBuryDead, std::move(Parameters() << holder_)});
  calls.push_back({kRenew, std::move(Parameters() << holder_ << options_.lease.count())});
  const Rows renewed = std::move(session.Run(calls).back());
  if (renewed.size() == 1) return renewed.Integer(0, 0);
  const Rows joined =
      session.Run(kJoin, std::move(Parameters() << holder_ << options_.lease.count()));
  if (joined.size() == 1) return joined.Integer(0, 0);
  session.Run("ROLLBACK");
  throw std::invalid_argument(
      Bilingual(fmt::format("已有 {} 个节点使用这个数据库", ports::kMaxNodes),
                fmt::format("{} nodes use this database already", ports::kMaxNodes)));
}

void Lease::Renew() {
  if (session_ && !session_->Alive()) session_.reset();
  if (!session_) session_ = std::make_unique<Session>(options_);
  std::set<std::int64_t> given_up;
  {
    const std::scoped_lock lock(mutex_);
    if (pages_ > leaving_since_) given_up = leaving_;
  }
  const auto begun = Clock::now();
  const std::int64_t node = NodeNumber(*session_);
  std::vector<Call> calls;
  calls.push_back({kFree, std::move(Parameters() << node << PartsArray(given_up))});
  calls.push_back({kClaim, std::move(Parameters() << node)});
  calls.push_back({kMine, std::move(Parameters() << node)});
  calls.push_back({"COMMIT", {}});
  const std::vector<Rows> rows = session_->Run(calls);

  const std::scoped_lock lock(mutex_);
  const Rows& mine = rows[2];
  std::set<std::int64_t> held;
  for (int i = 0; i < mine.size(); ++i) held.insert(mine.Integer(i, 0));
  const std::size_t fair = mine.size() == 0 ? 0 : static_cast<std::size_t>(mine.Integer(0, 1));
  for (const std::int64_t part : given_up) leaving_.erase(part);
  std::erase_if(leaving_, [&](std::int64_t part) { return !held.contains(part); });
  if (held.size() > fair && leaving_.empty()) {
    // The last ones go to whoever came; those that stay are kept.
    auto last = held.rbegin();
    for (std::size_t excess = held.size() - fair; excess > 0; --excess) leaving_.insert(*last++);
    leaving_since_ = pages_;
  }
  for (const std::int64_t part : leaving_) held.erase(part);
  valid_until_ = begun + options_.lease;
  const bool changed = held != parts_ || node != node_ || !was_valid_;
  generation_ += changed;
  was_valid_ = true;
  node_ = node;
  parts_ = std::move(held);
}

void Lease::GiveBack() noexcept {
  try {
    if (!session_ || !session_->Alive()) session_ = std::make_unique<Session>(options_);
    std::vector<Call> calls;
    calls.push_back({"BEGIN", {}});
    calls.push_back({kExclusive, {}});
    calls.push_back(
        {"UPDATE parts SET node = NULL WHERE node = (SELECT node FROM nodes WHERE "
         "holder = $1::bytea)",
         std::move(Parameters() << holder_)});
    calls.push_back(
        {"DELETE FROM nodes WHERE holder = $1::bytea", std::move(Parameters() << holder_)});
    calls.push_back({"COMMIT", {}});
    session_->Run(calls);
  } catch (const std::exception&) {
    return;  // the lease runs out by itself
  }
}

}  // namespace duban::storage_postgres
