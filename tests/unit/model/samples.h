// Random values and records for the tests of the stored form, reproducible by seed.
#pragma once

#include <cmath>
#include <limits>
#include <random>
#include <string>
#include <vector>

#include "core/model/case.h"
#include "core/model/event.h"

namespace duban::model {

class Samples {
 public:
  explicit Samples(unsigned seed) : random_(seed) {}

  std::uint64_t Below(std::uint64_t n) { return random_() % n; }

  std::int64_t Int() {
    static constexpr std::int64_t kEdges[] = {0,
                                              1,
                                              -1,
                                              63,
                                              64,
                                              -64,
                                              -65,
                                              127,
                                              128,
                                              std::numeric_limits<std::int64_t>::max(),
                                              std::numeric_limits<std::int64_t>::min()};
    return Below(2) ? kEdges[Below(std::size(kEdges))] : static_cast<std::int64_t>(random_());
  }

  std::string String() {
    std::string s;
    for (std::uint64_t n = Below(2) ? Below(6) : Below(300); n > 0; --n)
      s += static_cast<char>(random_());
    return s;
  }

  Timestamp Time() {
    const auto span = static_cast<std::uint64_t>(Timestamp::kMaxSeconds - Timestamp::kMinSeconds);
    return {Timestamp::kMinSeconds + static_cast<std::int64_t>(Below(span)),
            static_cast<std::int32_t>(Below(kNanosPerSecond))};
  }

  Value Any(int depth = 0) {
    switch (static_cast<Value::Kind>(Below(depth < 4 ? 12 : 10))) {
      case Value::Kind::kNull:
        return {};
      case Value::Kind::kBool:
        return Below(2) == 0;
      case Value::Kind::kInt:
        return Int();
      case Value::Kind::kUint:
        return static_cast<std::uint64_t>(Int());
      case Value::Kind::kDouble:
        return Below(5) ? std::ldexp(static_cast<double>(Int()), -20) : NAN;
      case Value::Kind::kString:
        return String();
      case Value::Kind::kBytes:
        return Bytes{String()};
      case Value::Kind::kTimestamp:
        return Time();
      case Value::Kind::kDuration:
        return Duration{static_cast<std::int64_t>(Below(1'000'000)), 5};
      case Value::Kind::kType:
        return TypeName{"list"};
      case Value::Kind::kList: {
        List list;
        for (std::uint64_t n = Below(4); n > 0; --n) list.push_back(Any(depth + 1));
        return list;
      }
      case Value::Kind::kMap:
        return AnyMap(depth + 1);
    }
    return {};
  }

  Map AnyMap(int depth = 0) {
    Map map;
    for (std::uint64_t n = Below(4); n > 0; --n) {
      const Value keys[] = {Below(2) == 0, Int(), static_cast<std::uint64_t>(Int()), String()};
      map.Set(keys[Below(4)], Any(depth + 1));
    }
    return map;
  }

  Case AnyCase() {
    Case c;
    c.id = {random_()};
    c.revision = Below(1000);
    c.campaign = String();
    c.workflow = "judicial-referral";
    c.started_at = Time();
    c.configuration = {0, 3, 7};
    c.history = {{4, {5, 6}}};
    for (std::uint64_t n = Below(4); n > 0; --n) c.data.push_back(Any());
    Seat seat;
    seat.ordinal = 3;
    seat.state = SeatState::kDecided;
    seat.candidates = {"zhang", "li"};
    seat.vote.outcome = "approved";
    seat.vote.by = "zhang";
    seat.vote.at = Time();
    seat.vote.opinion = String();
    Round round;
    round.state = 2;
    round.opened_at = Time();
    round.title = {"核实", "Verify"};
    round.seats = {seat, {}};
    c.rounds = {round};
    Timer timer;
    timer.ordinal = 5;
    timer.kind = TimerKind::kOverdue;
    timer.state = 2;
    timer.index = 1;
    timer.due = Time();
    timer.provisional = true;
    timer.derivation = {"三日", "3 days"};
    timer.calendar = "ab12";
    timer.data = Any();
    c.timers = {timer};
    c.children = {{6, {random_()}, "offices", "office-1", true, "closed"}};
    c.participants = {"zhang", "li"};
    return c;
  }

  JournalEntry AnyEntry() {
    JournalEntry entry{Below(1000), Time(), "zhang", String(), {}};
    entry.events = {
        CaseStarted{String(), "w", "zhang", {}, 7},
        FieldAssigned{3, Any()},
        RoundOpened{AnyCase().rounds[0]},
        SeatDecided{4, AnyCase().rounds[0].seats[0].vote, AnyMap()},
        TimerSet{AnyCase().timers[0]},
        Notified{{9, "li", {"催办", "Reminder"}, {}, Urgency::kUrgent, NotificationCause::kReminder}},
        CaseEnded{0, "closed", AnyMap()}};
    return entry;
  }

 private:
  std::mt19937_64 random_;
};

}  // namespace duban::model
