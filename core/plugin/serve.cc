// The plugin's side of the boundary.
#include <type_traits>

#include "core/model/codec.h"
#include "core/plugin/check.h"
#include "core/plugin/sdk.h"

namespace duban::plugin {
namespace {

using ports::NotifierError;
using ports::StorageError;
using Code = StorageError::Code;

struct Nothing {
  template <class A>
  void Visit(A&) {}
};

std::optional<StorageError> Check(const ports::Batch& request) { return plugin::Check(request); }
std::optional<StorageError> Check(const ports::CampaignRow& request) {
  return plugin::Check(request);
}
std::optional<StorageError> Check(const ports::TaskQuery& request) {
  return plugin::Check(request);
}
template <class Request>
std::optional<StorageError> Check(const Request& request) {
  if constexpr (requires { request.page_size; }) return CheckPage(request.page_size);
  if constexpr (requires { request.limit; }) return CheckPage(request.limit);
  return std::nullopt;
}

// One operation: where its request is, where its answer goes.
struct Exchange {
  std::string_view request;
  duban_sink sink;
  void* context;

  template <class Error>
  duban_status Fail(const Error& error) const {
    Send(sink, context, model::Encode(error));
    return DUBAN_ERROR;
  }

  template <class Request, class Operation>
  duban_status Answer(Operation operation) const {
    Request decoded{};
    if constexpr (!std::is_same_v<Request, Nothing>) decoded = model::Decode<Request>(request);
    if (const auto error = Check(decoded)) return Fail(*error);
    const auto result = operation(decoded);
    if (!result) return Fail(result.error());
    if constexpr (!std::is_void_v<typename decltype(result)::value_type>) {
      Send(sink, context, model::Encode(*result));
    }
    return DUBAN_OK;
  }
};

duban_status Dispatch(ports::Storage& s, StorageCall call, const Exchange& x) {
  switch (call) {
    case StorageCall::kCommit:
      return x.Answer<ports::Batch>([&](const auto& r) { return s.Commit(r); });
    case StorageCall::kLoadCase:
      return x.Answer<CaseKey>([&](const auto& r) { return s.LoadCase(r.case_id); });
    case StorageCall::kListCases:
      return x.Answer<ports::CaseQuery>([&](const auto& r) { return s.ListCases(r); });
    case StorageCall::kFindRequest:
      return x.Answer<NameKey>([&](const auto& r) { return s.FindRequest(r.name); });
    case StorageCall::kLoadTask:
      return x.Answer<TaskKey>([&](const auto& r) { return s.LoadTask(r.task_id); });
    case StorageCall::kListTasks:
      return x.Answer<ports::TaskQuery>([&](const auto& r) { return s.ListTasks(r); });
    case StorageCall::kReadJournal:
      return x.Answer<JournalQuery>(
          [&](const auto& r) { return s.ReadJournal(r.case_id, r.after, r.limit); });
    case StorageCall::kReadChanges:
      return x.Answer<ChangesQuery>([&](const auto& r) { return s.ReadChanges(r.after, r.limit); });
    case StorageCall::kLastChange:
      return x.Answer<Nothing>([&](const auto&) { return s.LastChange(); });
    case StorageCall::kDueTimers:
      return x.Answer<DueQuery>([&](const auto& r) { return s.DueTimers(r.until, r.limit); });
    case StorageCall::kNextTimer:
      return x.Answer<Nothing>([&](const auto&) { return s.NextTimer(); });
    case StorageCall::kPendingOutbox:
      return x.Answer<OutboxQuery>(
          [&](const auto& r) { return s.PendingOutbox(r.kind, r.until, r.limit); });
    case StorageCall::kPeekOutbox:
      return x.Answer<PeekQuery>(
          [&](const auto& r) { return s.PeekOutbox(r.kind, r.after, r.limit); });
    case StorageCall::kDeadOutbox:
      return x.Answer<DeadQuery>([&](const auto& r) { return s.DeadOutbox(r.after, r.limit); });
    case StorageCall::kLastCaseId:
      return x.Answer<Nothing>([&](const auto&) { return s.LastCaseId(); });
    case StorageCall::kSaveCampaign:
      return x.Answer<ports::CampaignRow>([&](const auto& r) { return s.SaveCampaign(r); });
    case StorageCall::kListCampaigns:
      return x.Answer<Nothing>([&](const auto&) { return s.ListCampaigns(); });
    case StorageCall::kLoadCampaign:
      return x.Answer<NameKey>([&](const auto& r) { return s.LoadCampaign(r.name); });
    case StorageCall::kBackup:
      return x.Answer<NameKey>([&](const auto& r) { return s.Backup(r.name); });
    case StorageCall::kJoin:
      return x.Answer<Nothing>([&](const auto&) { return s.Join(); });
    case StorageCall::kPrefetch:
      return x.Answer<ports::Lookup>([&](const auto& r) { return s.Prefetch(r); });
  }
  return DUBAN_UNKNOWN_CALL;
}

constexpr const char* kStrange = "the plugin threw something that is not a std::exception";

bool Writes(StorageCall call) {
  return call == StorageCall::kCommit || call == StorageCall::kSaveCampaign;
}

}  // namespace

duban_status Serve(ports::Storage& storage, std::uint32_t operation, std::string_view request,
                   duban_sink sink, void* context) try {
  const auto call = static_cast<StorageCall>(operation);
  const Exchange exchange{request, sink, context};
  const auto thrown = [&](Code code, const char* what) {
    return exchange.Fail(StorageError{code, what, {}});
  };
  try {
    return Dispatch(storage, call, exchange);
  } catch (const model::CodecError& e) {
    return thrown(Writes(call) ? Code::kUnknown : Code::kCorrupt, e.what());
  } catch (const std::exception& e) {
    return thrown(Writes(call) ? Code::kUnknown : Code::kUnavailable, e.what());
  } catch (...) {
    return thrown(Writes(call) ? Code::kUnknown : Code::kUnavailable, kStrange);
  }
} catch (...) {
  return DUBAN_ERROR;
}

duban_status Serve(ports::Notifier& notifier, std::uint32_t operation, std::string_view request,
                   duban_sink sink, void* context) try {
  if (operation != static_cast<std::uint32_t>(NotifierCall::kDeliver)) return DUBAN_UNKNOWN_CALL;
  const Exchange exchange{request, sink, context};
  try {
    const auto result = notifier.Deliver(model::Decode<ports::Message>(request));
    return result ? DUBAN_OK : exchange.Fail(result.error());
  } catch (const std::exception& e) {
    return exchange.Fail(NotifierError{NotifierError::Kind::kTemporary, e.what(), 0});
  } catch (...) {
    return exchange.Fail(NotifierError{NotifierError::Kind::kTemporary, kStrange, 0});
  }
} catch (...) {
  return DUBAN_ERROR;
}

Settings DecodeSettings(const std::uint8_t* data, std::size_t size) {
  return model::Decode<Settings>({reinterpret_cast<const char*>(data), size});
}

void Send(duban_sink sink, void* context, std::string_view bytes) {
  sink(context, reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size());
}

}  // namespace duban::plugin
