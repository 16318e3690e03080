#include "core/approval/additions.h"

#include <algorithm>
#include <utility>

namespace duban::approval {
namespace {

struct Below {
  std::vector<Vote> votes;
  Joint joint = Joint::kAll;
};

// The forest downwards: a thousand seats without children are not searched for them.
class Forest {
 public:
  explicit Forest(std::span<const Node> nodes)
      : nodes_(nodes), first_(nodes.size(), kNone), next_(nodes.size(), kNone) {
    for (std::size_t i = nodes.size(); i-- > 0;) {
      if (nodes[i].relation != Relation::kRoot)
        next_[i] = std::exchange(first_[nodes[i].parent], i);
    }
  }

  // The children of one relation, as they count.
  Below ChildrenOf(std::size_t parent, Relation relation, std::span<const Vote> effective) const {
    Below below;
    for (std::size_t i = first_[parent]; i != kNone; i = next_[i]) {
      if (nodes_[i].relation != relation) continue;
      below.votes.push_back(effective[i]);
      below.joint = nodes_[i].joint;
    }
    return below;
  }

 private:
  static constexpr std::size_t kNone = static_cast<std::size_t>(-1);
  std::span<const Node> nodes_;
  std::vector<std::size_t> first_;  // child, by parent
  std::vector<std::size_t> next_;   // of the same parent
};

bool Has(const Below& below, Vote vote) {
  return std::ranges::find(below.votes, vote) != below.votes.end();
}

// kNone: still waited for; kApprove: go on; kReject: refused.
Vote Answer(const Below& below) {
  if (Has(below, Vote::kReject)) return Vote::kReject;
  if (below.joint == Joint::kAny && Has(below, Vote::kApprove)) return Vote::kApprove;
  return Has(below, Vote::kNone) ? Vote::kNone : Vote::kApprove;
}

std::vector<Vote> EffectiveIn(const Forest& forest, std::span<const Node> nodes) {
  std::vector<Vote> effective(nodes.size(), Vote::kNone);
  // Children stand behind their parents: from the back, each meets finished children.
  for (std::size_t i = nodes.size(); i-- > 0;) {
    const Vote before = Answer(forest.ChildrenOf(i, Relation::kBefore, effective));
    if (before == Vote::kReject) {
      effective[i] = Vote::kReject;
    } else if (nodes[i].own != Vote::kApprove) {
      effective[i] = nodes[i].own;
    } else {
      effective[i] = Answer(forest.ChildrenOf(i, Relation::kAfter, effective));
    }
  }
  return effective;
}

}  // namespace

std::vector<Vote> Effective(std::span<const Node> nodes) {
  return EffectiveIn(Forest(nodes), nodes);
}

std::vector<std::size_t> Turns(std::span<const Node> nodes, std::span<const std::size_t> roots) {
  const Forest forest(nodes);
  const std::vector<Vote> effective = EffectiveIn(forest, nodes);
  std::vector<bool> may(nodes.size(), false);  // its parents let it act
  for (std::size_t root : roots) may[root] = true;
  std::vector<std::size_t> turns;
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    if (nodes[i].relation != Relation::kRoot) {
      const std::size_t parent = nodes[i].parent;
      const bool settled = effective[parent] != Vote::kNone;
      const bool parent_approved = nodes[parent].own == Vote::kApprove;
      const bool parent_waits = nodes[parent].own == Vote::kNone;
      // Every delegate is heard: their word binds nobody.
      const bool own_joint_done =
          nodes[i].relation != Relation::kDelegate &&
          Answer(forest.ChildrenOf(parent, nodes[i].relation, effective)) != Vote::kNone;
      may[i] = may[parent] && !settled && !own_joint_done &&
               (nodes[i].relation == Relation::kAfter ? parent_approved : parent_waits);
    }
    if (!may[i] || nodes[i].own != Vote::kNone || effective[i] != Vote::kNone) continue;
    const bool free = Answer(forest.ChildrenOf(i, Relation::kBefore, effective)) == Vote::kApprove;
    const Below delegates = forest.ChildrenOf(i, Relation::kDelegate, effective);
    if (free && !Has(delegates, Vote::kNone)) turns.push_back(i);
  }
  return turns;
}

}  // namespace duban::approval
