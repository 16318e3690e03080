// The deployed campaigns. A case stands on the version it was started with; a name means the
// newest.
#pragma once

#include <expected>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "core/definition/load.h"
#include "core/model/rejection.h"
#include "core/ports/storage.h"

namespace duban::engine {

// Thread-safe.
class Catalog {
 public:
  using CampaignPtr = std::shared_ptr<const definition::Campaign>;
  using DefinitionPtr = std::shared_ptr<const definition::Definition>;

  explicit Catalog(ports::Storage& storage);

  // Reads which versions are deployed, again when another node may have deployed one; each is
  // compiled when it is first needed. Errors: storage.
  ports::StorageResult<void> Load();

  struct Deployed {
    CampaignPtr campaign;
    bool unchanged = false;
    std::vector<definition::Diagnostic>
        diagnostics;  // with errors: nothing was deployed and campaign is null
  };
  ports::StorageResult<Deployed> Deploy(const std::map<std::string, std::string>& files,
                                        const model::PersonId& by, model::Timestamp now);

  // By digest, or by name (the newest). Rejection: kUnknownCampaign.
  std::expected<CampaignPtr, model::Rejection> Find(std::string_view name_or_digest);
  // Rejections: kUnknownCampaign, kUnknownWorkflow.
  std::expected<DefinitionPtr, model::Rejection> Find(std::string_view name_or_digest,
                                                      std::string_view workflow);
  // Oldest first, without files.
  std::vector<ports::CampaignRow> List() const;

 private:
  ports::StorageResult<void> Read();  // under the lock

  ports::Storage& storage_;
  mutable std::mutex mutex_;
  std::vector<ports::CampaignRow> rows_;
  std::map<std::string, CampaignPtr, std::less<>> compiled_;
};

}  // namespace duban::engine
