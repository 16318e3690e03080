#include "plugins/storage/sqlite/buffered_index.h"

#include <algorithm>
#include <string_view>

namespace duban::storage_sqlite {

void BufferedIndex::Load(Connection& connection) {
  std::int64_t through = 0;
  {
    Statement s(connection, "SELECT through FROM indexed WHERE name = ?",
                std::string_view(sql_.name));
    if (s.Next()) through = s.Integer(0);
  }
  Statement s(connection, sql_.newest, through);
  while (s.Next()) Add({s.Integer(0), s.Integer(1), s.Integer(2)});
  Committed();
}

void BufferedIndex::Add(const Entry& entry) {
  const std::scoped_lock lock(mutex_);
  std::size_t& last = last_[entry.key];
  kept_.push_back(entry);
  before_.push_back(last);
  last = kept_.size();
}

// Twice as fast as new ones come, so that all are moved before as many have come again.
void BufferedIndex::Move(Connection& connection) {
  if (moving_.empty()) return;
  owed_ += 2 * (kept_.size() - committed_);
  if (owed_ < sizes_.moved) return;
  moving_to_ = std::min(moving_.size(), moved_ + owed_);
  for (std::size_t i = moved_; i < moving_to_; ++i)
    Statement(connection, sql_.insert, moving_[i].key, moving_[i].place, moving_[i].row).Run();
  if (moving_to_ < moving_.size()) return;
  const auto newest = std::ranges::max_element(moving_, {}, &Entry::row);
  Statement(connection, "INSERT OR REPLACE INTO indexed (name, through) VALUES (?, ?)",
            std::string_view(sql_.name), newest->row)
      .Run();
}

void BufferedIndex::Committed() {
  committed_ = kept_.size();
  if (moved_ != moving_to_) owed_ = 0;
  moved_ = moving_to_;
  if (moved_ == moving_.size() && !moving_.empty()) {
    const std::scoped_lock lock(mutex_);
    moving_.clear();
    moved_ = moving_to_ = 0;
  }
  if (moving_.empty() && kept_.size() >= sizes_.kept) BeginMoving();
}

void BufferedIndex::BeginMoving() {
  std::vector<Entry> sorted = kept_;
  std::ranges::sort(sorted);
  const std::scoped_lock lock(mutex_);
  moving_ = std::move(sorted);
  kept_.clear();
  before_.clear();
  last_.clear();
  committed_ = owed_ = 0;
}

void BufferedIndex::RolledBack() {
  moving_to_ = moved_;
  const std::scoped_lock lock(mutex_);
  while (kept_.size() > committed_) {
    const auto last = last_.find(kept_.back().key);
    last->second = before_.back();
    if (last->second == 0) last_.erase(last);
    kept_.pop_back();
    before_.pop_back();
  }
}

std::vector<BufferedIndex::Entry> BufferedIndex::Recent(std::int64_t key,
                                                        std::int64_t after) const {
  std::vector<Entry> found;
  const std::scoped_lock lock(mutex_);
  if (const auto last = last_.find(key); last != last_.end()) {
    for (std::size_t at = last->second; at != 0; at = before_[at - 1]) {
      if (kept_[at - 1].place > after) found.push_back(kept_[at - 1]);
    }
  }
  auto place = std::ranges::upper_bound(moving_, Entry{key, after, INT64_MAX});
  for (; place != moving_.end() && place->key == key; ++place) found.push_back(*place);
  std::ranges::sort(found);
  return found;
}

BufferedIndex::Cursor::Cursor(const BufferedIndex& index, Connection& connection, std::int64_t key,
                              std::int64_t after)
    : key_(key),
      recent_(index.Recent(key, after)),
      statement_(connection, index.sql_.select, key, after),
      stored_(NextStored()) {}

std::optional<BufferedIndex::Entry> BufferedIndex::Cursor::NextStored() {
  if (!statement_.Next()) return std::nullopt;
  return Entry{key_, statement_.Integer(0), statement_.Integer(1)};
}

bool BufferedIndex::Cursor::Next() {
  const bool kept = next_ < recent_.size();
  if (!kept && !stored_) return false;
  if (!stored_ || (kept && recent_[next_] < *stored_)) {
    current_ = recent_[next_++];
    return true;
  }
  if (kept && recent_[next_] == *stored_) ++next_;  // it is being moved
  current_ = *stored_;
  stored_ = NextStored();
  return true;
}

}  // namespace duban::storage_sqlite
