// history, watch.
#include <signal.h>

#include <chrono>
#include <iostream>
#include <thread>

#include "duban/v1/case_service.grpc.pb.h"
#include "duban/v1/watch_service.grpc.pb.h"
#include "services/cli/connection.h"
#include "services/cli/history.h"
#include "services/cli/interrupt.h"
#include "services/cli/values.h"

namespace duban::cli {
namespace {

constexpr int kPageSize = 500;
constexpr int kReconnects = 30;  // one second apart, when the server restarts

bool IsTechnical(std::string_view kind) {
  static constexpr std::string_view kTechnical[] = {
      "transition_taken", "state_exited", "history_kept", "field_assigned",
      "timer_cancelled",  "round_closed", "round_opened", "timer_fired"};
  for (const std::string_view technical : kTechnical) {
    if (kind == technical) return true;
  }
  return false;
}

Style StyleOf(std::string_view kind) {
  if (kind == "notified" || kind == "timer_set") return Style::kDim;
  if (kind == "seat_decided" || kind == "case_ended") return Style::kGreen;
  if (kind == "candidates_added") return Style::kYellow;
  return Style::kPlain;
}

void PrintChange(const Terminal& t, const v1::WatchResponse& response, bool all) {
  if (t.json) {
    std::cout << ToJson(response) << std::endl;
    return;
  }
  const std::string text = EntryText(t, response.change().entry(), all);
  if (text.empty()) return;
  std::cout << t.Paint(Style::kBold, response.change().case_id()) << "  "
            << t.In(ToModel(response.change().case_title())) << "\n"
            << text << std::flush;
}

// One stream until it ends; remembers how far it came in `request`. `left` changes are still
// wanted.
grpc::Status Follow(const Connection& connection, v1::WatchRequest& request, std::uint32_t& left,
                    bool all) {
  const Terminal& t = connection.context().terminal;
  grpc::ClientContext call;
  connection.Prepare(call, 0);
  const Interrupt interrupt([&call] { call.TryCancel(); });
  v1::WatchService::Stub stub(connection.channel());
  const auto reader = stub.Watch(&call, request);
  v1::WatchResponse response;
  while (reader->Read(&response)) {
    request.set_resume_token(response.resume_token());
    if (!response.has_change()) continue;
    PrintChange(t, response, all);
    if (left != 0 && --left == 0) {
      call.TryCancel();
      reader->Finish();
      return grpc::Status::OK;
    }
  }
  const grpc::Status status = reader->Finish();
  return interrupt.happened() ? grpc::Status::OK : status;
}

}  // namespace

std::string EntryText(const Terminal& t, const v1::HistoryEntry& entry, bool all) {
  std::string lines;
  for (const v1::HistoryEvent& event : entry.events()) {
    if (!all && IsTechnical(event.kind())) continue;
    const std::string words = t.In(ToModel(event.text()));
    lines += "    " + t.Paint(StyleOf(event.kind()), words.empty() ? event.kind() : words) + "\n";
  }
  if (lines.empty()) return "";
  const bool named = !entry.actor_name().empty() && entry.actor_name() != entry.actor();
  const std::string actor = entry.actor() == "system" ? t.Say("系统", "system") : entry.actor();
  return "  " + t.Paint(Style::kBold, t.Time(ToModel(entry.at()))) + "  " + actor +
         (named && entry.actor() != "system" ? " " + entry.actor_name() : "") + "\n" + lines;
}

Outcome History(const Context& context, const std::string& case_id, bool all) {
  const auto connection = Connection::Open(context);
  if (!connection) return std::unexpected(connection.error());
  v1::ListHistoryRequest request;
  request.set_case_id(case_id);
  request.set_page_size(kPageSize);
  v1::ListHistoryResponse whole;
  do {
    const auto page = connection->Call(&v1::CaseService::Stub::ListHistory, request);
    if (!page) return std::unexpected(page.error());
    whole.mutable_entries()->MergeFrom(page->entries());
    request.set_page_token(page->next_page_token());
  } while (!request.page_token().empty());
  if (context.terminal.json) {
    std::cout << ToJson(whole) << '\n';
    return {};
  }
  for (const v1::HistoryEntry& entry : whole.entries())
    std::cout << EntryText(context.terminal, entry, all);
  return {};
}

Outcome Watch(const Context& context, const WatchArguments& arguments) {
  const auto connection = Connection::Open(context);
  if (!connection) return std::unexpected(connection.error());
  v1::WatchRequest request;
  request.set_case_id(arguments.case_id);
  request.set_workflow(arguments.workflow);
  request.set_resume_token(arguments.from);
  std::uint32_t left = arguments.count;
  for (int attempt = 0;; ++attempt) {
    const std::string before = request.resume_token();
    const grpc::Status status = Follow(*connection, request, left, arguments.all);
    if (status.ok()) return {};
    if (request.resume_token() != before) attempt = 0;
    const bool lost = status.error_code() == grpc::StatusCode::UNAVAILABLE ||
                      status.error_code() == grpc::StatusCode::CANCELLED;
    if (!lost || request.resume_token() == arguments.from || attempt == kReconnects) {
      return std::unexpected(connection->Explain(status));
    }
    std::this_thread::sleep_for(std::chrono::seconds(1));
  }
}

}  // namespace duban::cli
