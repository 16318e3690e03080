// Who has to decide, and when it is decided: a pure algebra over seats and votes.
//
// A round is the set of seats that one approval opened; a seat is one person's place in it (or the place of
// several candidates of whom the first to act takes it). Nothing here knows time, storage or the organisation.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace duban::approval {

// How many must say yes.
//  kOne       one seat, its candidates share it: who acts first decides.
//  kAny       或签: a seat each; the first vote decides, either way.
//  kAll       会签: a seat each; passes when all approve; one rejection ends it at once (一票否决).
//  kSequence  依次审批: a seat each, opened one after the other; one rejection ends it.
//  kRatio     会签(比例): passes as soon as approvals * 100 >= percent * seats, fails as soon as that can no
//             longer happen. Integer cross-multiplication, never a rounded quotient.
enum class Mode : std::uint8_t { kOne, kAny, kAll, kSequence, kRatio };

struct Rule {
  Mode mode = Mode::kOne;
  int percent = 100;         // kRatio only: 1 … 100
  bool collect_all = false;  // wait for every opinion, then decide (opinion collecting); not for kOne, kAny
  bool operator==(const Rule&) const = default;

  template <class A>
  void Visit(A& a) { a(mode, percent, collect_all); }
};

enum class Vote : std::uint8_t { kNone, kApprove, kReject };
enum class Result : std::uint8_t { kOpen, kApproved, kRejected };

// The state of a round after some votes.
struct Tally {
  Result result = Result::kOpen;
  int approvals = 0;
  int rejections = 0;
  int open = 0;
  bool operator==(const Tally&) const = default;
};

// `votes`: one per seat in seat order. A round without seats is kRejected under every rule: nobody approved.
// Under kOne and kAny a round ends with its first vote; should `votes` hold several, a rejection prevails. A
// percent out of range counts as the nearer limit.
Tally Count(const Rule& rule, std::span<const Vote> votes);

// Which seats may act now, ascending: none once the round is decided; the first unvoted seat under kSequence;
// every unvoted seat otherwise.
std::vector<std::size_t> Active(const Rule& rule, std::span<const Vote> votes);

// "any", "all", "sequence", "60%", "all, every opinion collected" …: for diagnostics and displays.
std::string ToString(const Rule& rule);

}  // namespace duban::approval
