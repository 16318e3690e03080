#include "core/engine/catalog.h"

#include <fmt/format.h>

#include <algorithm>

namespace duban::engine {
Catalog::Catalog(ports::Storage& storage) : storage_(storage) {}

ports::StorageResult<void> Catalog::Load() {
  const std::lock_guard lock(mutex_);
  return Read();
}

ports::StorageResult<void> Catalog::Read() {
  auto rows = storage_.ListCampaigns();
  if (!rows) return std::unexpected(rows.error());
  rows_ = std::move(*rows);
  return {};
}

ports::StorageResult<Catalog::Deployed> Catalog::Deploy(
    const std::map<std::string, std::string>& files, const model::PersonId& by,
    model::Timestamp now) {
  definition::Loaded loaded = definition::LoadCampaign(files);
  Deployed deployed{
      .campaign = nullptr, .unchanged = false, .diagnostics = std::move(loaded.diagnostics)};
  if (!loaded.campaign || definition::HasErrors(deployed.diagnostics)) return deployed;
  deployed.campaign = loaded.campaign;

  const std::lock_guard lock(mutex_);
  const definition::Campaign& campaign = *loaded.campaign;
  deployed.unchanged = std::any_of(rows_.begin(), rows_.end(),
                                   [&](const auto& row) { return row.digest == campaign.digest; });
  if (deployed.unchanged) return deployed;
  ports::CampaignRow row{campaign.digest, campaign.name, now, by, campaign.files};
  if (auto saved = storage_.SaveCampaign(row); !saved) return std::unexpected(saved.error());
  row.files.clear();
  rows_.push_back(std::move(row));
  compiled_[campaign.digest] = loaded.campaign;
  return deployed;
}

std::expected<Catalog::CampaignPtr, model::Rejection> Catalog::Find(
    std::string_view name_or_digest) {
  const std::lock_guard lock(mutex_);
  if (const auto known = compiled_.find(name_or_digest); known != compiled_.end())
    return known->second;
  const auto find = [&] {
    return std::find_if(rows_.rbegin(), rows_.rend(), [&](const ports::CampaignRow& candidate) {
      return candidate.digest == name_or_digest || candidate.name == name_or_digest;
    });
  };
  auto row = find();
  // Another node may have deployed it.
  if (row == rows_.rend() && Read()) row = find();
  if (row == rows_.rend()) {
    return std::unexpected(model::Refusal(
        model::Reason::kUnknownCampaign,
        fmt::format("没有部署名为“{}”的专项行动；用 duban deploy 部署", name_or_digest),
        fmt::format("no campaign `{}` is deployed; deploy it first", name_or_digest)));
  }
  if (const auto known = compiled_.find(row->digest); known != compiled_.end())
    return known->second;
  auto stored = storage_.LoadCampaign(row->digest);
  if (!stored || !*stored) {
    return std::unexpected(
        model::Refusal(model::Reason::kUnavailable, "存储中的定义现在读不出来，请稍后重试",
                       "the stored definition cannot be read now; try again later"));
  }
  definition::Loaded loaded = definition::LoadCampaign((*stored)->files);
  if (!loaded.campaign) {
    return std::unexpected(model::Refusal(
        model::Reason::kInternal,
        fmt::format("已部署的版本 {} 不能被这个程序读取，请用部署它的版本", row->digest),
        fmt::format(
            "this program cannot read the deployed version {}; use the one that deployed it",
            row->digest)));
  }
  compiled_[row->digest] = loaded.campaign;
  return loaded.campaign;
}

std::expected<Catalog::DefinitionPtr, model::Rejection> Catalog::Find(
    std::string_view name_or_digest, std::string_view workflow) {
  auto campaign = Find(name_or_digest);
  if (!campaign) return std::unexpected(campaign.error());
  const auto& workflows = (*campaign)->workflows;
  if (const auto found = workflows.find(workflow); found != workflows.end()) return found->second;
  std::vector<std::string_view> names;
  for (const auto& [name, definition] : workflows) names.push_back(name);
  return std::unexpected(model::Refusal(
      model::Reason::kUnknownWorkflow,
      fmt::format("“{}”没有流程“{}”；有：{}", (*campaign)->name, workflow, fmt::join(names, "、")),
      fmt::format("campaign `{}` has no workflow `{}`; it has: {}", (*campaign)->name, workflow,
                  fmt::join(names, ", "))));
}

std::vector<ports::CampaignRow> Catalog::List() const {
  const std::lock_guard lock(mutex_);
  return rows_;
}

}  // namespace duban::engine
