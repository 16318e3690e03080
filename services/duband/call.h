// What the services share: the parts of a running server, and how a call is admitted, answered,
// refused.
#pragma once

#include <grpcpp/grpcpp.h>

#include <exception>
#include <expected>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "core/engine/catalog.h"
#include "core/engine/engine.h"
#include "core/engine/outbox.h"
#include "core/engine/queries.h"
#include "core/engine/world.h"
#include "core/ports/clock.h"
#include "core/ports/storage.h"
#include "core/statechart/operations.h"
#include "duban/v1/common.pb.h"
#include "services/duband/authenticate.h"
#include "services/duband/clock.h"
#include "services/duband/observe.h"
#include "services/duband/workers.h"

namespace duban::duband {

// Everything outlives the services.
struct Node {
  ports::Storage& storage;
  ports::Clock& clock;
  VirtualClock* virtual_clock;  // null: the machine's time
  engine::Catalog& catalog;
  engine::World& world;
  engine::Engine& engine;
  engine::Outbox& outbox;
  engine::Queries& queries;
  Authenticator& authenticator;
  Workers& workers;
  Metrics* metrics;                                // null: nobody scrapes
  std::filesystem::path backups;                   // empty: none are made
  std::vector<std::filesystem::path> directories;  // that the server writes to
};

inline constexpr std::size_t kMaxRequestIdBytes = 128;
inline constexpr std::size_t kMaxOpinionBytes = statechart::kMaxWordsBytes;
inline constexpr std::size_t kMaxNameBytes = 256;  // of campaigns, workflows, events, outcomes

// INVALID_ARGUMENT: required, at most kMaxRequestIdBytes.
grpc::Status CheckRequestId(const std::string& id);

using Handler = std::function<grpc::Status(const model::Principal& who)>;

// Answers at once, on the thread that the call came in on. `handler` runs for a caller who is
// known. `method` is a literal, here as below: what metrics and the log call it.
grpc::ServerUnaryReactor* Answer(Node& node, grpc::CallbackServerContext* call, const char* method,
                                 const Handler& handler);
// Answers from a worker: for what takes long.
grpc::ServerUnaryReactor* AnswerLater(Node& node, grpc::CallbackServerContext* call,
                                      const char* method, Handler handler);

// A write: `make` turns the request into the command's body and case; what the engine replies is
// the answer. Nothing is submitted when the call was cancelled or its deadline has passed.
struct Write {
  std::string request_id;
  std::uint64_t expected_revision = 0;
  std::function<grpc::Status(model::Command& command)> make;
  v1::Receipt* receipt = nullptr;  // in the response
  std::size_t bytes = 0;           // of the request, for the engine's bounded queue
  // How it is said that the case is unknown; a decision speaks of its task.
  model::Rejection (*unknown)() = nullptr;
};
grpc::ServerUnaryReactor* Submit(Node& node, grpc::CallbackServerContext* call, const char* method,
                                 Write write);

// What an exception becomes: INTERNAL, and a line in the log.
grpc::Status Failed(const std::exception& e);

// PERMISSION_DENIED NOT_ALLOWED unless the caller is an administrator.
grpc::Status RequireAdministrator(const Node& node, const model::Principal& who);

// The definition that a row of a list stands on, for its titles; null when it cannot be had.
engine::Catalog::DefinitionPtr DefinitionOf(Node& node, const std::string& digest,
                                            const std::string& workflow);

}  // namespace duban::duband
