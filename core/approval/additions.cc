#include "core/approval/additions.h"

#include <algorithm>

namespace duban::approval {
namespace {

struct Below {
  std::vector<Vote> votes;
  Joint joint = Joint::kAll;
};

// The children of one relation, as they count.
Below ChildrenOf(std::span<const Node> nodes, std::span<const Vote> effective, std::size_t parent,
                 Relation relation) {
  Below below;
  for (std::size_t i = parent + 1; i < nodes.size(); ++i) {
    if (nodes[i].parent != parent || nodes[i].relation != relation) continue;
    below.votes.push_back(effective[i]);
    below.joint = nodes[i].joint;
  }
  return below;
}

bool Has(const Below& below, Vote vote) {
  return std::ranges::find(below.votes, vote) != below.votes.end();
}

// kNone: still waited for; kApprove: go on; kReject: refused.
Vote Answer(const Below& below) {
  if (Has(below, Vote::kReject)) return Vote::kReject;
  if (below.joint == Joint::kAny && Has(below, Vote::kApprove)) return Vote::kApprove;
  return Has(below, Vote::kNone) ? Vote::kNone : Vote::kApprove;
}

}  // namespace

std::vector<Vote> Effective(std::span<const Node> nodes) {
  std::vector<Vote> effective(nodes.size(), Vote::kNone);
  // Children stand behind their parents: from the back, each meets finished children.
  for (std::size_t i = nodes.size(); i-- > 0;) {
    const Vote before = Answer(ChildrenOf(nodes, effective, i, Relation::kBefore));
    if (before == Vote::kReject) {
      effective[i] = Vote::kReject;
    } else if (nodes[i].own != Vote::kApprove) {
      effective[i] = nodes[i].own;
    } else {
      effective[i] = Answer(ChildrenOf(nodes, effective, i, Relation::kAfter));
    }
  }
  return effective;
}

std::vector<std::size_t> Turns(std::span<const Node> nodes, std::span<const std::size_t> roots) {
  const std::vector<Vote> effective = Effective(nodes);
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
          Answer(ChildrenOf(nodes, effective, parent, nodes[i].relation)) != Vote::kNone;
      may[i] = may[parent] && !settled && !own_joint_done &&
               (nodes[i].relation == Relation::kAfter ? parent_approved : parent_waits);
    }
    if (!may[i] || nodes[i].own != Vote::kNone || effective[i] != Vote::kNone) continue;
    const bool free = Answer(ChildrenOf(nodes, effective, i, Relation::kBefore)) == Vote::kApprove;
    const Below delegates = ChildrenOf(nodes, effective, i, Relation::kDelegate);
    if (free && !Has(delegates, Vote::kNone)) turns.push_back(i);
  }
  return turns;
}

}  // namespace duban::approval
