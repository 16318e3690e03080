// history, watch.
#include <algorithm>
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

constexpr int kReconnects = 30;  // one second apart, when the server restarts

std::string Detail(const v1::HistoryEvent& event, const std::string& name) {
  const auto found = event.detail().fields().find(name);
  return found == event.detail().fields().end() ? "" : ToText(found->second);
}

// What only the engine cares about, and what another line says already: that a task waits stands
// with the task, when it reminds stands with the deadline.
bool IsTechnical(const v1::HistoryEvent& event) {
  static constexpr std::string_view kTechnical[] = {
      "transition_taken", "state_exited", "history_kept",  "field_assigned",
      "timer_cancelled",  "round_closed", "round_decided", "timer_fired"};
  if (event.kind() == "timer_set") return Detail(event, "kind") != "due";
  if (event.kind() == "notified") return Detail(event, "cause") == "task";
  return std::ranges::find(kTechnical, event.kind()) != std::end(kTechnical);
}

Style StyleOf(std::string_view kind) {
  if (kind == "notified" || kind == "timer_set") return Style::kDim;
  if (kind == "seat_decided" || kind == "case_ended") return Style::kGreen;
  if (kind == "candidates_added") return Style::kYellow;
  return Style::kPlain;
}

void PrintChange(const Connection& connection, Names& names, const v1::WatchResponse& response,
                 bool all) {
  const Terminal& t = connection.context().terminal;
  if (t.json) {
    std::cout << ToJson(response) << std::endl;
    return;
  }
  const std::string& actor = response.change().entry().actor();
  if (!names.contains(actor)) names.merge(connection.NamesOf({actor}));
  const std::string text = EntryText(t, names, response.change().entry(), all);
  if (text.empty()) return;
  std::cout << t.Paint(Style::kBold, response.change().case_id()) << "  "
            << t.In(ToModel(response.change().case_title())) << "\n"
            << text << std::flush;
}

// One stream until it ends; remembers how far it came in `request`. `left` changes are still
// wanted.
grpc::Status Follow(const Connection& connection, v1::WatchRequest& request, std::uint32_t& left,
                    bool all) {
  Names names;
  grpc::ClientContext call;
  connection.Prepare(call, 0);
  const Interrupt interrupt([&call] { call.TryCancel(); });
  v1::WatchService::Stub stub(connection.channel());
  const auto reader = stub.Watch(&call, request);
  v1::WatchResponse response;
  while (reader->Read(&response)) {
    request.set_resume_token(response.resume_token());
    if (!response.has_change()) continue;
    PrintChange(connection, names, response, all);
    if (left == 0) continue;
    --left;
    if (left == 0) {
      call.TryCancel();
      reader->Finish();
      return grpc::Status::OK;
    }
  }
  const grpc::Status status = reader->Finish();
  return interrupt.happened() ? grpc::Status::OK : status;
}

}  // namespace

std::string EntryText(const Terminal& t, const Names& names, const v1::HistoryEntry& entry,
                      bool all) {
  std::string lines;
  for (const v1::HistoryEvent& event : entry.events()) {
    if (!all && IsTechnical(event)) continue;
    const std::string words = t.In(ToModel(event.text()));
    lines += "    " + t.Paint(StyleOf(event.kind()), words.empty() ? event.kind() : words) + "\n";
  }
  if (lines.empty()) return "";
  const std::string actor =
      entry.actor() == "system" ? t.Say("系统", "system") : NamedList(t, names, {entry.actor()});
  return "  " + t.Paint(Style::kBold, t.Time(ToModel(entry.at()))) + "  " + actor + "\n" + lines;
}

Outcome History(const Context& context, const std::string& case_id, bool all) {
  const auto connection = Connection::Open(context);
  if (!connection) return std::unexpected(connection.error());
  v1::ListHistoryRequest request;
  request.set_case_id(case_id);
  const auto whole = connection->List(&v1::CaseService::Stub::ListHistory, request);
  if (!whole) return std::unexpected(whole.error());
  if (context.terminal.json) {
    std::cout << ToJson(*whole) << '\n';
    return {};
  }
  std::vector<std::string> actors;
  for (const v1::HistoryEntry& entry : whole->entries()) actors.push_back(entry.actor());
  const Names names = connection->NamesOf(actors);
  for (const v1::HistoryEntry& entry : whole->entries()) {
    std::cout << EntryText(context.terminal, names, entry, all);
  }
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
