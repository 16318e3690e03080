#include "services/duband/workers.h"

#include <pthread.h>

#include <utility>

namespace duban::duband {

Workers::Workers(const char* name, std::size_t threads, std::size_t room) : room_(room) {
  for (std::size_t i = 0; i < threads; ++i) threads_.emplace_back([this, name] { Loop(name); });
}

Workers::~Workers() { Stop(); }

bool Workers::Run(const std::string& caller, Job job) {
  const std::lock_guard lock(mutex_);
  if (stopping_ || size_ >= room_) return false;
  const auto line = waiting_.find(caller);
  if (line == waiting_.end()) {
    waiting_[caller].push_back(std::move(job));
    turns_.push_back(caller);
  } else if (line->second.size() < room_ / 4) {
    line->second.push_back(std::move(job));
  } else {
    return false;
  }
  ++size_;
  wake_.notify_one();
  return true;
}

Workers::Job Workers::Next() {
  const auto line = waiting_.find(turns_.front());
  Job job = std::move(line->second.front());
  line->second.pop_front();
  if (line->second.empty()) {
    waiting_.erase(line);
  } else {
    turns_.push_back(turns_.front());
  }
  turns_.pop_front();
  --size_;
  return job;
}

void Workers::Stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  for (auto& thread : threads_) {
    if (thread.joinable()) thread.join();
  }
}

void Workers::Loop(const char* name) {
  pthread_setname_np(pthread_self(), name);
  for (;;) {
    std::unique_lock lock(mutex_);
    wake_.wait(lock, [this] { return stopping_ || size_ > 0; });
    if (size_ == 0) return;
    const Job job = Next();
    lock.unlock();
    job();
  }
}

}  // namespace duban::duband
