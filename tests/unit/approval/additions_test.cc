// Signers added before and after, and delegation.
#include "core/approval/additions.h"

#include <gtest/gtest.h>

namespace duban::approval {
namespace {

constexpr Vote kYes = Vote::kApprove;
constexpr Vote kNo = Vote::kReject;
constexpr Vote kNone = Vote::kNone;
using Places = std::vector<std::size_t>;

Node Root(Vote own) { return {.own = own}; }
Node Below(Relation relation, std::size_t parent, Vote own, Joint joint = Joint::kAll) {
  return {.own = own, .relation = relation, .parent = parent, .joint = joint};
}
Places TurnsOf(const std::vector<Node>& nodes) { return Turns(nodes, Places{0}); }

TEST(AdditionsTest, ASignerBeforeActsFirstThenTheTaskComesBack) {
  std::vector<Node> nodes = {Root(kNone), Below(Relation::kBefore, 0, kNone)};
  EXPECT_EQ(TurnsOf(nodes), (Places{1}));
  nodes[1].own = kYes;
  EXPECT_EQ(TurnsOf(nodes), (Places{0}));
  EXPECT_EQ(Effective(nodes)[0], kNone);
  nodes[0].own = kYes;
  EXPECT_EQ(Effective(nodes)[0], kYes);
}

TEST(AdditionsTest, ARefusalBeforeRefusesTheRoot) {
  const std::vector<Node> nodes = {Root(kNone), Below(Relation::kBefore, 0, kNo)};
  EXPECT_EQ(Effective(nodes)[0], kNo);
  EXPECT_TRUE(TurnsOf(nodes).empty());
}

TEST(AdditionsTest, AnyOfSeveralBeforeIsEnough) {
  const std::vector<Node> nodes = {Root(kNone), Below(Relation::kBefore, 0, kYes, Joint::kAny),
                                   Below(Relation::kBefore, 0, kNone, Joint::kAny)};
  EXPECT_EQ(TurnsOf(nodes), (Places{0}));
}

TEST(AdditionsTest, SignersAfterActOnceTheRootHasApproved) {
  std::vector<Node> nodes = {Root(kNone), Below(Relation::kAfter, 0, kNone)};
  EXPECT_EQ(TurnsOf(nodes), (Places{0}));
  nodes[0].own = kYes;
  EXPECT_EQ(Effective(nodes)[0], kNone);
  EXPECT_EQ(TurnsOf(nodes), (Places{1}));
  nodes[1].own = kNo;
  EXPECT_EQ(Effective(nodes)[0], kNo);
  nodes[1].own = kYes;
  EXPECT_EQ(Effective(nodes)[0], kYes);
}

TEST(AdditionsTest, ARootThatRejectsAsksNobodyAfter) {
  const std::vector<Node> nodes = {Root(kNo), Below(Relation::kAfter, 0, kNone)};
  EXPECT_EQ(Effective(nodes)[0], kNo);
  EXPECT_TRUE(TurnsOf(nodes).empty());
}

TEST(AdditionsTest, ADelegateGivesAnOpinionThatBindsNobody) {
  std::vector<Node> nodes = {Root(kNone), Below(Relation::kDelegate, 0, kNone)};
  EXPECT_EQ(TurnsOf(nodes), (Places{1}));
  nodes[1].own = kNo;
  EXPECT_EQ(Effective(nodes)[0], kNone);
  EXPECT_EQ(TurnsOf(nodes), (Places{0}));
  nodes[0].own = kYes;
  EXPECT_EQ(Effective(nodes)[0], kYes);
}

TEST(AdditionsTest, AdditionsNest) {
  std::vector<Node> nodes = {Root(kNone), Below(Relation::kBefore, 0, kNone),
                             Below(Relation::kBefore, 1, kNone), Below(Relation::kAfter, 1, kNone)};
  EXPECT_EQ(TurnsOf(nodes), (Places{2}));
  nodes[2].own = kYes;
  EXPECT_EQ(TurnsOf(nodes), (Places{1}));
  nodes[1].own = kYes;
  EXPECT_EQ(TurnsOf(nodes), (Places{3}));
  nodes[3].own = kYes;
  EXPECT_EQ(TurnsOf(nodes), (Places{0}));
  nodes[3].own = kNo;
  EXPECT_EQ(Effective(nodes)[0], kNo);
}

// Over every forest of a root with up to three additions and every vote: somebody can always act
// until the root counts, nobody acts twice, and whoever may act has not spoken.
TEST(AdditionsProperties, ARoundNeverHangs) {
  const Relation relations[] = {Relation::kBefore, Relation::kAfter, Relation::kDelegate};
  const Vote votes[] = {kNone, kYes, kNo, Vote::kAbstain};
  for (int shape = 0; shape < 27 * 6; ++shape) {
    std::vector<Node> nodes = {Root(kNone)};
    const int parents = shape / 27;  // of the second and third addition: 2 x 3 choices
    nodes.push_back(Below(relations[shape % 3], 0, kNone));
    nodes.push_back(Below(relations[shape / 3 % 3], static_cast<std::size_t>(parents % 2), kNone));
    nodes.push_back(Below(relations[shape / 9 % 3], static_cast<std::size_t>(parents / 2), kNone));
    for (int said = 0; said < 256; ++said) {
      int rest = said;
      for (Node& node : nodes) {
        node.own = votes[rest % 4];
        rest /= 4;
      }
      const auto turns = TurnsOf(nodes);
      const Vote root = Effective(nodes)[0];
      for (std::size_t turn : turns) ASSERT_EQ(nodes[turn].own, kNone);
      ASSERT_EQ(turns.empty(), root != kNone) << "shape " << shape << " votes " << said;
    }
  }
}

}  // namespace
}  // namespace duban::approval
