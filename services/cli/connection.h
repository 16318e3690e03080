// The way to the server: channel, credentials, time limit; and what it means when a call fails.
#pragma once

#include <grpcpp/grpcpp.h>

#include <algorithm>
#include <chrono>
#include <expected>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "core/model/text.h"
#include "services/cli/failure.h"
#include "services/cli/verbs.h"

namespace duban::cli {

class Connection {
 public:
  // Plaintext only to this machine's loopback (or unix:PATH) and only without --ca; anything else
  // is TLS, so that a token never travels in the clear. Connects lazily. Failures: kUsage for
  // unreadable files.
  static std::expected<Connection, Failure> Open(const Context& context);

  // One unary call, for example Call(&v1::CaseService::Stub::GetCase, request).
  template <class Stub, class Request, class Response>
  std::expected<Response, Failure> Call(grpc::Status (Stub::*method)(grpc::ClientContext*,
                                                                     const Request&, Response*),
                                        const Request& request) const {
    grpc::ClientContext call;
    Prepare(call, context_->connection.timeout_seconds);
    Stub stub(channel_);
    Response response;
    const grpc::Status status = (stub.*method)(&call, request, &response);
    if (!status.ok()) return std::unexpected(Explain(status, requires { request.request_id(); }));
    return response;
  }

  // Every page of a list in one answer. With a `limit` it ends at so many items, counted by `size`;
  // next_page_token then says that there are more.
  template <class Stub, class Request, class Response>
  std::expected<Response, Failure> List(grpc::Status (Stub::*method)(grpc::ClientContext*,
                                                                     const Request&, Response*),
                                        Request request, std::uint32_t limit = 0,
                                        int (Response::*size)() const = nullptr) const {
    constexpr int kPageSize = 500;
    const auto left = [&](const Response& all) {
      return limit == 0 ? kPageSize : static_cast<int>(limit) - (all.*size)();
    };
    Response all;
    do {
      if constexpr (requires { request.set_page_size(1); })
        request.set_page_size(std::min(left(all), kPageSize));
      const auto page = Call(method, request);
      if (!page) return std::unexpected(page.error());
      all.MergeFrom(*page);
      all.set_next_page_token(page->next_page_token());
      request.set_page_token(page->next_page_token());
    } while (!request.page_token().empty() && left(all) > 0);
    return all;
  }

  // For calls of another shape. No time limit when `timeout_seconds` is 0.
  void Prepare(grpc::ClientContext& call, double timeout_seconds) const;
  const std::shared_ptr<grpc::Channel>& channel() const { return channel_; }
  // What to tell, names resolved where the server says them. `write`: it may be repeated with its
  // request id.
  Failure Explain(const grpc::Status& status, bool write = false) const;
  // id → name; those that the server does not know, or all when it cannot be asked, are absent.
  Names NamesOf(const std::vector<std::string>& ids) const;

  const Context& context() const { return *context_; }

 private:
  const Context* context_ = nullptr;
  std::string token_;
  std::shared_ptr<grpc::Channel> channel_;
};

// "head 局长, deputy 分管局长": ids with their names.
std::string NamedList(const Terminal& terminal, const Names& names,
                      const std::vector<std::string>& ids);

}  // namespace duban::cli
