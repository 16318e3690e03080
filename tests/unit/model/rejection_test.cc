#include "core/model/rejection.h"

#include <gtest/gtest.h>

#include <set>

namespace duban::model {
namespace {

TEST(ReasonTest, NamesAreDifferentAndStable) {
  std::set<std::string_view> names;
  for (int i = 0; i <= static_cast<int>(Reason::kShuttingDown); ++i)
    names.insert(ReasonName(static_cast<Reason>(i)));
  EXPECT_EQ(names.size(), static_cast<std::size_t>(Reason::kShuttingDown) + 1);
  EXPECT_EQ(ReasonName(Reason::kAlreadyDecided), "ALREADY_DECIDED");
  EXPECT_EQ(ReasonName(Reason::kRequestIdReused), "REQUEST_ID_REUSED");
  EXPECT_EQ(ReasonName(static_cast<Reason>(250)), "UNKNOWN");
}

TEST(TextTest, FallsBackToTheOtherLanguage) {
  const Text both("督办", "Duban");
  EXPECT_EQ(both.In("zh"), "督办");
  EXPECT_EQ(both.In("en"), "Duban");
  EXPECT_EQ(both.In(""), "督办");
  EXPECT_EQ(Text("督办", "").In("en"), "督办");
  EXPECT_EQ(Text("", "Duban").In("zh"), "Duban");
  EXPECT_TRUE(Text().empty());
  EXPECT_FALSE(Text("", "x").empty());
}

}  // namespace
}  // namespace duban::model
