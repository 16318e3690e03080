#include "services/duband/call.h"

#include <grpcpp/impl/codegen/proto_utils.h>

#include <exception>
#include <utility>

#include "services/duband/front.h"
#include "services/duband/node.h"
#include "services/duband/status.h"

namespace duban::duband {
namespace {

using google::protobuf::MessageLite;

// A larger request is read by a reader, so that it does not hold up the queue.
constexpr std::size_t kLargeRequest = std::size_t{32} * 1024;

grpc::Status Overloaded() {
  model::Rejection rejection;
  rejection.reason = model::Reason::kOverloaded;
  rejection.message = {"服务器繁忙，请稍后重试", "the server is busy; try again later"};
  rejection.retry_after_ms = 1000;
  return ToStatus(rejection);
}

grpc::Status UnknownMethod() {
  return Refuse(grpc::StatusCode::UNIMPLEMENTED, "UNKNOWN_METHOD",
                {"没有这个方法；客户端可能比服务器新",
                 "there is no such method; the client may be newer than the server"});
}

grpc::Status NoRequest() {
  return Refuse(grpc::StatusCode::INVALID_ARGUMENT, "NO_REQUEST",
                {"没有收到请求消息", "no request message has come"});
}

grpc::ByteBuffer Serialised(const MessageLite& message) {
  grpc::ByteBuffer buffer;
  bool own = false;
  grpc::GenericSerialize<grpc::ProtoBufferWriter, MessageLite>(message, &buffer, &own);
  return buffer;
}

}  // namespace

Call::Call(Front& front) : front_(front) {
  ++front_.calls_;
  context_.AsyncNotifyWhenDone(&over_);
  front_.every_method_.RequestCall(&context_, &wire_, front_.queue_.get(), front_.queue_.get(),
                                   &begun_);
}

Call::~Call() { --front_.calls_; }

Node& Call::node() { return front_.node_; }

grpc::Status Call::StillWanted() const {
  if (cancelled()) return {grpc::StatusCode::CANCELLED, "cancelled"};
  if (deadline() <= std::chrono::system_clock::now()) {
    return {grpc::StatusCode::DEADLINE_EXCEEDED,
            "the deadline had passed before anything was done"};
  }
  return grpc::Status::OK;
}

void Call::Begun(bool ok) {
  if (!ok) {  // the server takes no more
    delete this;
    return;
  }
  new Call(front_);
  method_ = front_.Find(context_.method());
  if (method_ == nullptr) return Finish(UnknownMethod());
  if (!method_->streams) seen_.emplace(node().metrics, method_->name, context_);
  if (!method_->anyone) {
    auto who = node().authenticator.Check(context_);
    if (!who) return Finish(who.error());
    who_ = std::move(*who);
  }
  wire_.Read(&message_, &arrived_);
}

void Call::Arrived(bool ok) {
  if (ok) bytes_ = message_.Length();
  if (stream_) return stream_->Arrived(ok);
  if (!ok) return Finish(NoRequest());
  Workers* others = nullptr;
  if (method_->thread == Thread::kWorker) {
    others = &node().workers;
  } else if (method_->thread == Thread::kReader || bytes_ > kLargeRequest) {
    others = &node().readers;
  }
  if (others == nullptr) return Serve();
  if (!others->Run(who_.id, [this] { Serve(); })) Finish(Overloaded());
}

// No exception of a handler goes further than this.
void Call::Serve() {
  try {
    if (const grpc::Status wanted = StillWanted(); !wanted.ok()) return Finish(wanted);
    method_->serve(*this);
  } catch (const std::exception& e) {
    Finish(Failed(e));
  }
}

bool Call::Parse(MessageLite& message) {
  return grpc::GenericDeserialize<grpc::ProtoBufferReader, MessageLite>(&message_, &message).ok();
}

void Call::Finish(const grpc::Status& status, const MessageLite* response) {
  if (seen_) seen_->End(status);
  if (status.ok() && response != nullptr) {
    message_ = Serialised(*response);
    return Post([this] {
      wire_.WriteAndFinish(message_, grpc::WriteOptions(), grpc::Status::OK, &finish_);
    });
  }
  Post([this, status] { wire_.Finish(status, &finish_); });
}

void Call::Post(std::function<void()> job) { front_.Post(std::move(job)); }

void Call::Become(std::shared_ptr<Stream> stream) {
  Post([this, stream = std::move(stream)] {
    stream_ = stream;
    if (cancelled_) stream_->Cancelled();
  });
}

void Call::Write(const MessageLite& message) {
  Post([this, buffer = Serialised(message)] { wire_.Write(buffer, &written_); });
}

void Call::ReadNext() {
  Post([this] { wire_.Read(&message_, &arrived_); });
}

void Call::Done() {
  done_ = true;
  if (context_.IsCancelled()) {
    cancelled_ = true;
    if (stream_) stream_->Cancelled();
  }
  EndWhenOver();
}

void Call::Finished() {
  finished_ = true;
  EndWhenOver();
}

void Call::EndWhenOver() {
  if (!done_ || !finished_) return;
  if (stream_) stream_->Ended();
  delete this;
}

}  // namespace duban::duband
