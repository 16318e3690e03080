#include "core/model/ids.h"

#include <gtest/gtest.h>

#include <limits>
#include <random>

namespace duban::model {
namespace {

TEST(CaseIdTest, TextAndBack) {
  EXPECT_EQ(CaseId{}.ToString(), "0000000000000");
  EXPECT_EQ(CaseId{std::numeric_limits<std::uint64_t>::max()}.ToString(), "FZZZZZZZZZZZZ");
  EXPECT_EQ(CaseId{33}.ToString(), "0000000000011");
  EXPECT_FALSE(CaseId{});
  EXPECT_TRUE(CaseId{1});
  std::mt19937_64 random(2);
  for (int round = 0; round < 5000; ++round) {
    const CaseId a{random()};
    const CaseId b{random() >> random() % 64};
    ASSERT_EQ(CaseId::Parse(a.ToString()), a);
    ASSERT_EQ(a < b, a.ToString() < b.ToString());
  }
}

TEST(CaseIdTest, ReadsSmallLettersAndNothingElse) {
  EXPECT_EQ(CaseId::Parse("fzzzzzzzzzzzz"), CaseId{std::numeric_limits<std::uint64_t>::max()});
  for (const char* wrong :
       {"", "0", "000000000000", "00000000000000", "G000000000000", "000000000000I",
        "000000000000L", "000000000000O", "000000000000U", "00000000000-0", "000000000000 "}) {
    EXPECT_EQ(CaseId::Parse(wrong), std::nullopt) << wrong;
  }
}

TEST(TaskIdTest, TextAndBack) {
  const TaskId id{{0x1234}, 4};
  EXPECT_EQ(id.ToString(), "00000000004HM-4");
  EXPECT_EQ(TaskId::Parse(id.ToString()), id);
  const TaskId last{{1}, std::numeric_limits<Ordinal>::max()};
  EXPECT_EQ(TaskId::Parse(last.ToString()), last);
  for (const char* wrong :
       {"", "00000000004HM", "00000000004HM-", "00000000004HM_4", "00000000004HM--4",
        "00000000004HM-4 ", "00000000004HM-4294967296", "0000000004HM-4", "00000000004HM-+4"}) {
    EXPECT_EQ(TaskId::Parse(wrong), std::nullopt) << wrong;
  }
}

}  // namespace
}  // namespace duban::model
