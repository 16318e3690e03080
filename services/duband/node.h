// The parts of a running server, as the services use them.
#pragma once

#include <grpcpp/support/status.h>

#include <filesystem>
#include <string>
#include <vector>

#include "core/engine/catalog.h"
#include "core/engine/engine.h"
#include "core/engine/outbox.h"
#include "core/engine/queries.h"
#include "core/engine/world.h"
#include "core/model/command.h"
#include "core/ports/clock.h"
#include "core/ports/storage.h"
#include "services/duband/authenticate.h"
#include "services/duband/clock.h"
#include "services/duband/metrics.h"
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
  Workers& readers;                                // for what asks the storage
  Workers& workers;                                // for what takes long
  Metrics* metrics;                                // null: nobody scrapes
  std::filesystem::path backups;                   // empty: none are made
  std::vector<std::filesystem::path> directories;  // that the server writes to
};

// PERMISSION_DENIED NOT_ALLOWED unless the caller is an administrator.
grpc::Status RequireAdministrator(const Node& node, const model::Principal& who);

// The definition that a row of a list stands on, for its titles; null when it cannot be had.
engine::Catalog::DefinitionPtr DefinitionOf(Node& node, const std::string& digest,
                                            const std::string& workflow);

}  // namespace duban::duband
