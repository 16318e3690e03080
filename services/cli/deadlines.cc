// deadlines: what is due, what soon, what has passed.
#include <algorithm>
#include <cctype>
#include <iostream>
#include <optional>

#include "core/calendar/calendar.h"
#include "duban/v1/case_service.grpc.pb.h"
#include "services/cli/connection.h"
#include "services/cli/show.h"
#include "services/cli/values.h"

namespace duban::cli {
namespace {

// "3d", "12h", "30m", or a time limit that counts clock time or days.
std::optional<std::int64_t> Seconds(std::string text) {
  if (text.size() > 1 && std::isdigit(static_cast<unsigned char>(text[text.size() - 2])) != 0) {
    const char unit = text.back();
    if (unit == 'd') text.replace(text.size() - 1, 1, " days");
    if (unit == 'h') text.replace(text.size() - 1, 1, " hours");
    if (unit == 'm') text.replace(text.size() - 1, 1, " minutes");
  }
  const auto limit = calendar::ParseTimeLimit(text);
  if (!limit) return std::nullopt;
  static constexpr std::int64_t kSeconds[] = {60, 3'600, 86'400, 0, 0};  // by calendar::Unit
  const std::int64_t unit = kSeconds[static_cast<std::size_t>(limit->unit)];
  return unit == 0 ? std::nullopt : std::optional(unit * limit->amount);
}

enum class Light { kGreen, kAmber, kRed };

// Amber: at most so many percent of the time from its beginning are left.
Light LightOf(const v1::Deadline& deadline, model::Timestamp now, int amber) {
  if (deadline.passed()) return Light::kRed;
  const std::int64_t all = deadline.due().seconds() - deadline.from().seconds();
  const std::int64_t left = deadline.due().seconds() - now.seconds;
  return left * 100 <= all * amber ? Light::kAmber : Light::kGreen;
}

std::string Sign(const Terminal& t, Light light) {
  switch (light) {
    case Light::kRed:
      return t.Paint(Style::kRed, t.Say("逾期", "red"));
    case Light::kAmber:
      return t.Paint(Style::kYellow, t.Say("临近", "amber"));
    case Light::kGreen:
      break;
  }
  return t.Paint(Style::kGreen, t.Say("正常", "green"));
}

std::string TitleOf(const Terminal& t, const v1::Deadline& deadline) {
  const std::string title = t.In(ToModel(deadline.title()));
  return title.empty() ? deadline.state() : title;
}

std::string Block(const Connection& connection, const v1::CaseDeadline& line, Light light) {
  const Terminal& t = connection.context().terminal;
  const v1::Deadline& deadline = line.deadline();
  std::string text =
      Sign(t, light) + "  " + t.Paint(Style::kBold, t.Time(ToModel(deadline.due()))) + "  " +
      TitleOf(t, deadline) + "  " + t.In(ToModel(line.case_title())) + "  " + line.case_id();
  if (deadline.provisional()) text += t.Say("（暂定）", " (provisional)");
  const std::vector<std::string> holders(line.holders().begin(), line.holders().end());
  if (!holders.empty()) {
    text += "\n      " + t.Say("办理人：", "with: ") +
            NamedList(t, connection.NamesOf(holders), holders);
  }
  const std::string derivation = t.In(ToModel(deadline.derivation()));
  text += "\n      " + derivation + "\n";
  const std::string basis = t.In(ToModel(deadline.basis()));
  if (!basis.empty() && derivation.find(basis) == std::string::npos)
    text += "      " + t.Say("依据：", "basis: ") + basis + "\n";
  return text;
}

std::expected<v1::ListDeadlinesResponse, Failure> Gather(const Connection& connection,
                                                         v1::ListDeadlinesRequest request) {
  auto all = connection.List(&v1::CaseService::Stub::ListDeadlines, std::move(request));
  if (!all) return all;
  const auto due = [](const v1::CaseDeadline& line) {
    return std::pair(line.deadline().due().seconds(), line.deadline().due().nanos());
  };
  std::stable_sort(all->mutable_deadlines()->begin(), all->mutable_deadlines()->end(),
                   [&](const auto& a, const auto& b) { return due(a) < due(b); });
  return all;
}

}  // namespace

Outcome Deadlines(const Context& context, const DeadlinesArguments& arguments) {
  const Terminal& t = context.terminal;
  v1::ListDeadlinesRequest request;
  request.set_overdue(arguments.overdue);
  request.set_mine(arguments.mine);
  if (!arguments.due_within.empty()) {
    const auto seconds = Seconds(arguments.due_within);
    if (!seconds) {
      return Usage(t.Say("--due-within 写成 3d、12h、30m 或 \"3 days\"：",
                         "write --due-within as 3d, 12h, 30m or \"3 days\": ") +
                   arguments.due_within);
    }
    request.mutable_due_within()->set_seconds(*seconds);
  }
  const auto connection = Connection::Open(context);
  if (!connection) return std::unexpected(connection.error());
  auto all = Gather(*connection, request);
  if (!all) return std::unexpected(all.error());
  const int found = all->deadlines_size();
  const int shown =
      arguments.limit == 0 ? found : std::min(found, static_cast<int>(arguments.limit));
  all->mutable_deadlines()->DeleteSubrange(shown, found - shown);
  if (t.json) {
    std::cout << ToJson(*all) << "\n";
    return {};
  }
  int counts[3] = {0, 0, 0};
  for (const v1::CaseDeadline& line : all->deadlines()) {
    const Light light = LightOf(line.deadline(), ToModel(all->now()), arguments.amber);
    ++counts[static_cast<std::size_t>(light)];
    std::cout << Block(*connection, line, light);
  }
  std::cout << shown << t.Say(" 个期限", " deadlines");
  for (const Light light : {Light::kRed, Light::kAmber, Light::kGreen}) {
    const int count = counts[static_cast<std::size_t>(light)];
    if (count > 0) std::cout << t.Say("，", ", ") << count << " " << Sign(t, light);
  }
  std::cout << "\n";
  if (shown < found) {
    std::cout << t.Say("还有更多：加 --limit 0 列出全部\n",
                       "there are more: --limit 0 lists all\n");
  }
  return {};
}

}  // namespace duban::cli
