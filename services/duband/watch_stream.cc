#include "services/duband/watch_stream.h"

#include <utility>

#include "services/duband/page_token.h"
#include "services/duband/status.h"
#include "services/duband/translate.h"
#include "services/duband/watch_service.h"

namespace duban::duband {

std::string ResumeToken(std::uint64_t change) { return MakeToken('w', std::to_string(change)); }

WatchStream::WatchStream(WatchService& service, Node& node, Call& call,
                         const v1::WatchRequest& request, std::uint64_t after)
    : service_(service),
      node_(node),
      call_(call),
      who_(call.who()),
      case_id_(request.case_id()),
      workflow_(request.workflow()),
      after_(after),
      last_sent_(std::chrono::steady_clock::now()) {}

bool WatchStream::Feed(std::chrono::steady_clock::time_point now) {
  const std::lock_guard lock(mutex_);
  if (writing_ || ending_) return false;
  bool more = false;
  try {
    more = queue_.empty() && ReadAhead();
  } catch (const std::exception& e) {
    ending_ = true;
    end_ = Failed(e);
  }
  if (ending_) {
    FinishOnce();
    return false;
  }
  if (queue_.empty() && now - last_sent_ >= WatchService::kHeartbeat) SendHeartbeat(now);
  SendNext();
  return more && !writing_;
}

void WatchStream::End(grpc::Status status) {
  const std::lock_guard lock(mutex_);
  if (ending_) return;
  ending_ = true;
  end_ = std::move(status);
  if (!writing_) FinishOnce();
}

void WatchStream::Written(bool ok) {
  {
    const std::lock_guard lock(mutex_);
    writing_ = false;
    if (!ok && !ending_) {
      ending_ = true;
      end_ = {grpc::StatusCode::CANCELLED, "the reader is gone"};
    }
    if (ending_) return FinishOnce();
    SendNext();
    if (writing_) return;
  }
  service_.Wake();
}

void WatchStream::Cancelled() { End({grpc::StatusCode::CANCELLED, "cancelled"}); }

void WatchStream::Ended() { service_.Forget(shared_from_this()); }

// Whether the journal may hold more behind what was read.
bool WatchStream::ReadAhead() {
  auto changes = node_.queries.ChangesAfter(who_, after_, kPage);
  if (!changes) {
    ending_ = true;
    end_ = ToStatus(changes.error());
    return false;
  }
  for (const auto& change : changes->items) Add(change);
  return std::exchange(after_, changes->scanned) != changes->scanned;
}

void WatchStream::Add(const engine::Change& change) {
  const std::string id = change.case_id.ToString();
  if (!case_id_.empty() && id != case_id_) return;
  if (!workflow_.empty() && change.definition->workflow != workflow_) return;
  auto& response = queue_.emplace_back();
  response.set_resume_token(ResumeToken(change.change));
  auto* to = response.mutable_change();
  to->set_case_id(id);
  to->set_workflow(change.definition->workflow);
  Set(change.case_title, to->mutable_case_title());
  const auto world = node_.world.Now();
  Set(change.entry, *change.definition, world->organisation, to->mutable_entry());
}

void WatchStream::SendHeartbeat(std::chrono::steady_clock::time_point now) {
  last_sent_ = now;
  queue_.emplace_back().set_resume_token(ResumeToken(after_));
}

void WatchStream::SendNext() {
  if (queue_.empty() || writing_ || ending_) return;
  v1::WatchResponse response = std::move(queue_.front());
  queue_.pop_front();
  Set(node_.clock.Now(), response.mutable_sent_at());
  last_sent_ = std::chrono::steady_clock::now();
  writing_ = true;
  call_.Write(response);
}

void WatchStream::FinishOnce() {
  if (std::exchange(finished_, true)) return;
  call_.Finish(end_);
}

}  // namespace duban::duband
