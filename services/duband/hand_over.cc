#include "services/duband/hand_over.h"

#include <future>
#include <utility>

#include "core/engine/unreadable.h"
#include "services/duband/request.h"
#include "services/duband/status.h"

namespace duban::duband {
namespace {

std::future<engine::Reply> Move(Node& node, const model::Principal& who, const HandOver& wanted,
                                model::TaskId task) {
  model::Command command;
  command.request_id = wanted.request_id + '/' + task.ToString();
  command.actor = who;
  command.case_id = task.case_id;
  command.body = model::Transfer{task.ordinal, wanted.to, wanted.reason,
                                 model::Move::Kind::kHandedOver, wanted.from};
  auto promise = std::make_shared<std::promise<engine::Reply>>();
  auto reply = promise->get_future();
  node.engine.Submit(std::move(command),
                     [promise](const engine::Reply& r) { promise->set_value(r); });
  return reply;
}

grpc::Status Check(const HandOver& wanted) {
  if (auto status = CheckRequestId(wanted.request_id); !status.ok()) return status;
  for (const auto& [field, value] :
       {std::pair{"from", &wanted.from}, std::pair{"to", &wanted.to}}) {
    if (auto status = CheckName(field, *value); !status.ok()) return status;
  }
  if (wanted.from == wanted.to)
    return Invalid({"to", {"与 from 是同一个人", "the same person as from"}});
  return CheckSize("reason", wanted.reason, kMaxOpinionBytes);
}

}  // namespace

std::expected<HandedOver, grpc::Status> HandOverAll(Node& node, const model::Principal& who,
                                                    const HandOver& wanted) {
  if (auto status = Check(wanted); !status.ok()) return std::unexpected(status);
  ports::TaskQuery query;
  query.candidate = wanted.from;
  query.after = wanted.after;
  query.page_size = kMaxHandedOver;
  const auto rows = node.storage.ListTasks(query);
  if (!rows) return std::unexpected(ToStatus(engine::Unreadable(rows.error())));
  std::vector<std::pair<model::TaskId, std::future<engine::Reply>>> moves;
  for (const ports::TaskRow& row : *rows) {
    const model::TaskId task{row.case_id, row.ordinal};
    moves.emplace_back(task, Move(node, who, wanted, task));
  }
  HandedOver done;
  for (auto& [task, reply] : moves) {
    const engine::Reply answer = reply.get();
    const auto* refused = std::get_if<model::Rejection>(&answer);
    done.tasks.push_back({task, refused ? std::optional(*refused) : std::nullopt});
    done.last = task;
  }
  done.more = rows->size() == kMaxHandedOver;
  return done;
}

}  // namespace duban::duband
