#include "core/engine/recount.h"

namespace duban::engine {
namespace {

// Beside the answers to requests, where no caller's id can meet it.
std::string KeyOf(const std::string& version) { return "system/calendar/" + version; }

}  // namespace

ports::StorageResult<std::vector<model::CaseId>> Recount::Next(const std::string& version,
                                                               std::uint32_t limit,
                                                               model::Timestamp now) {
  std::vector<model::CaseId> cases;
  if (version != version_) {
    if (auto begun = Begin(version); !begun) return std::unexpected(begun.error());
  }
  if (done_) return cases;
  ports::CaseQuery query;
  query.ended = false;
  query.after = after_;
  query.page_size = limit;
  const auto rows = storage_.ListCases(query);
  if (!rows) return std::unexpected(rows.error());
  for (const ports::CaseRow& row : *rows) cases.push_back(row.case_id);
  if (!cases.empty()) {
    page_ = after_;
    after_ = cases.back();
    return cases;
  }
  if (auto ended = End(now); !ended) return std::unexpected(ended.error());
  return cases;
}

ports::StorageResult<void> Recount::Begin(const std::string& version) {
  const auto known = storage_.FindRequest(KeyOf(version));
  if (!known) return std::unexpected(known.error());
  version_ = version;
  after_ = {};
  page_ = {};
  done_ = known->has_value();
  return {};
}

ports::StorageResult<void> Recount::End(model::Timestamp now) {
  // Nothing was open: there is nothing to remember either.
  if (after_) {
    ports::Batch batch;
    batch.requests.push_back({KeyOf(version_), "", "", now});
    const auto committed = storage_.Commit(batch);
    // Another node may have been first to say so.
    if (!committed && committed.error().code != ports::StorageError::Code::kConflict)
      return std::unexpected(committed.error());
  }
  done_ = true;
  return {};
}

}  // namespace duban::engine
