#include "services/duband/node.h"

#include "core/statechart/access.h"
#include "services/duband/status.h"

namespace duban::duband {

grpc::Status RequireAdministrator(const Node& node, const model::Principal& who) {
  const auto world = node.world.Now();
  if (statechart::IsAdministrator(world->organisation, who.id)) return grpc::Status::OK;
  model::Rejection rejection;
  rejection.reason = model::Reason::kNotAllowed;
  rejection.message = {"只有管理员可以这样做", "only administrators may do this"};
  rejection.who = world->organisation.administrators();
  return ToStatus(rejection);
}

engine::Catalog::DefinitionPtr DefinitionOf(Node& node, const std::string& digest,
                                            const std::string& workflow) {
  auto found = node.catalog.Find(digest, workflow);
  return found ? *found : nullptr;
}

}  // namespace duban::duband
