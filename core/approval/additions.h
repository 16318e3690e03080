// Seats that were added to seats: 前加签, 后加签, 委派. What the seat itself then counts as, and
// who may act.
//
// Seats form a forest. A root is a seat of the round; it counts by the round's rule (approval.h).
// A child was added by the holder of its parent:
//  kBefore    acts first; then the parent acts. One rejection refuses
//             the parent, and its holder is not asked; with kAny one approval is enough to go on.
//  kAfter     acts once the parent has approved; the parent counts as approved only when they have
//             approved too, and as rejected when they reject.
//  kDelegate  gives an opinion, which binds nobody; then the parent acts (委派后收回).
// A seat that was added in parallel (并加签) is a root like any other: it joins the round.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "core/approval/approval.h"

namespace duban::approval {

enum class Relation : std::uint8_t { kRoot, kBefore, kAfter, kDelegate };

// Of the children of one kind that one seat has.
enum class Joint : std::uint8_t { kAll, kAny };

inline constexpr std::size_t kNoParent = static_cast<std::size_t>(-1);

struct Node {
  Vote own = Vote::kNone;  // what its holder has said
  Relation relation = Relation::kRoot;
  std::size_t parent = kNoParent;  // before this one in the list
  Joint joint = Joint::kAll;  // with its siblings of the same relation: the last one's word holds
};

// What each node counts as, children considered: kNone as long as somebody below it still has to
// act. Abstentions and recusals of children let the parent go on as if they had not been asked.
std::vector<Vote> Effective(std::span<const Node> nodes);

// Whether it is this node's own turn, as far as its children and parents are concerned (the round's
// rule decides which roots may begin: approval::Active). Ascending.
std::vector<std::size_t> Turns(std::span<const Node> nodes, std::span<const std::size_t> roots);

// The deepest that additions may be nested; one more is refused by the caller.
inline constexpr int kMaxAdditionDepth = 5;

}  // namespace duban::approval
