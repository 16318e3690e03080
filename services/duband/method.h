// The rows of the front's table: each function makes a Method of a service's handler, and has the
// types of its messages from there.
#pragma once

#include <google/protobuf/message_lite.h>

#include "duban/v1/common.pb.h"
#include "services/duband/call.h"
#include "services/duband/node.h"
#include "services/duband/request.h"

namespace duban::duband {

template <class Service, class Request, class Response>
using Handler = grpc::Status (Service::*)(const Call& call, const Request& request,
                                          Response& response);

// INVALID_ARGUMENT: the bytes are no message of the method's kind.
grpc::Status Malformed();

template <class Service, class Request, class Response>
Method Answering(const char* name, Thread thread, Service* service,
                 Handler<Service, Request, Response> handler) {
  return {name, thread, [service, handler](Call& call) {
            const auto* request = call.Request<Request>();
            if (request == nullptr) return call.Finish(Malformed());
            auto& response = call.New<Response>();
            const grpc::Status status = (service->*handler)(call, *request, response);
            call.Finish(status, &response);
          }};
}

// Answered from memory, at once.
template <class Service, class Request, class Response>
Method AtOnce(const char* name, Service* service, Handler<Service, Request, Response> handler) {
  return Answering(name, Thread::kQueue, service, handler);
}

// Asks the storage, or works a little.
template <class Service, class Request, class Response>
Method Read(const char* name, Service* service, Handler<Service, Request, Response> handler) {
  return Answering(name, Thread::kReader, service, handler);
}

// Takes long.
template <class Service, class Request, class Response>
Method Long(const char* name, Service* service, Handler<Service, Request, Response> handler) {
  return Answering(name, Thread::kWorker, service, handler);
}

// How it is said that the case is unknown: a decision speaks of its task.
using Unknown = model::Rejection (*)();

// Submits the command; what the engine replies is the answer: `receipt`, which is in `response`, or
// a refusal.
void Submit(Call& call, model::Command command, v1::Receipt& receipt,
            const google::protobuf::MessageLite& response, Unknown unknown);

// A write: `make` turns the request into the command's body and case.
template <class Request, class Response>
Method Write(const char* name,
             grpc::Status (*make)(const Request& request, model::Command& command),
             Unknown unknown = nullptr) {
  return {name, Thread::kQueue, [make, unknown](Call& call) {
            const auto* request = call.Request<Request>();
            if (request == nullptr) return call.Finish(Malformed());
            model::Command command;
            command.request_id = request->request_id();
            grpc::Status status = CheckRequestId(command.request_id);
            if (!status.ok()) return call.Finish(status);
            call.set_request_id(command.request_id);
            if constexpr (requires { request->expected_revision(); }) {
              if (request->expected_revision() != 0)
                command.expected_revision = request->expected_revision();
            }
            status = make(*request, command);
            if (!status.ok()) return call.Finish(status);
            auto& response = call.New<Response>();
            Submit(call, std::move(command), *response.mutable_receipt(), response, unknown);
          }};
}

// A call that stays: the handler refuses it, or makes it a Stream.
template <class Service, class Request>
Method Streaming(const char* name, Thread thread, Service* service,
                 void (Service::*handler)(Call& call, const Request& request)) {
  return {name, thread,
          [service, handler](Call& call) {
            const auto* request = call.Request<Request>();
            if (request == nullptr) return call.Finish(Malformed());
            (service->*handler)(call, *request);
          },
          true};
}

// The same without credentials.
inline Method ForAnyone(Method method) {
  method.anyone = true;
  return method;
}

}  // namespace duban::duband
