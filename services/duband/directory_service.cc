#include "services/duband/directory_service.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/statechart/access.h"
#include "services/duband/method.h"
#include "services/duband/status.h"
#include "services/duband/translate.h"

namespace duban::duband {
namespace {

bool Knows(const definition::Organisation& organisation, const std::string& id) {
  return organisation.FindPerson(id) || organisation.FindPost(id) || organisation.FindOffice(id) ||
         organisation.FindRole(id) || organisation.FindEnterprise(id);
}

}  // namespace

Methods DirectoryService::methods() {
  return {
      AtOnce("WhoAmI", this, &DirectoryService::WhoAmI),
      AtOnce("ResolveNames", this, &DirectoryService::ResolveNames),
  };
}

grpc::Status DirectoryService::WhoAmI(const Call& call, const v1::WhoAmIRequest&,
                                      v1::WhoAmIResponse& response) {
  const model::Principal& who = call.who();
  const auto world = node_.world.Now();
  const auto& organisation = world->organisation;
  response.set_id(who.id);
  if (const auto* person = organisation.FindPerson(who.id)) {
    Set(person->name, response.mutable_name());
    response.set_office(person->office);
  }
  for (const auto& [id, post] : organisation.posts()) {
    if (post.holder == who.id) response.add_posts(id);
  }
  for (const auto& [id, role] : organisation.roles()) {
    const auto& members = role.members;
    if (std::find(members.begin(), members.end(), who.id) != members.end()) response.add_roles(id);
  }
  response.set_administrator(statechart::IsAdministrator(organisation, who.id));
  return grpc::Status::OK;
}

grpc::Status DirectoryService::ResolveNames(const Call&, const v1::ResolveNamesRequest& request,
                                            v1::ResolveNamesResponse& response) {
  if (request.ids_size() > kMaxNames) {
    return Invalid("ids",
                   {fmt::format("最多 {} 个", kMaxNames), fmt::format("at most {}", kMaxNames)});
  }
  const auto world = node_.world.Now();
  for (const auto& id : request.ids()) {
    if (!Knows(world->organisation, id)) continue;
    Set(world->organisation.NameOf(id), &(*response.mutable_names())[id]);
  }
  return grpc::Status::OK;
}

}  // namespace duban::duband
