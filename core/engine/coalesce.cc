#include "core/engine/coalesce.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace duban::engine {
namespace {

template <class Row>
void MoveBehind(std::vector<Row>& rows, std::vector<Row> more) {
  std::ranges::move(more, std::back_inserter(rows));
}

}  // namespace

// Within one write timers are cleared before they are set: one that `next` clears must not be set
// by `first` any more.
void Append(ports::CaseWrite& first, ports::CaseWrite next) {
  first.row = std::move(next.row);
  MoveBehind(first.journal, std::move(next.journal));
  MoveBehind(first.tasks, std::move(next.tasks));
  std::erase_if(first.timers_set, [&](const ports::TimerRow& timer) {
    return std::ranges::find(next.timers_cleared, timer.ordinal) != next.timers_cleared.end();
  });
  MoveBehind(first.timers_cleared, std::move(next.timers_cleared));
  MoveBehind(first.timers_set, std::move(next.timers_set));
  MoveBehind(first.outbox, std::move(next.outbox));
}

}  // namespace duban::engine
