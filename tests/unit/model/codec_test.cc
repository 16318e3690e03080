#include "core/model/codec.h"

#include <gtest/gtest.h>

#include <limits>

#include "core/model/command.h"
#include "tests/unit/model/samples.h"

namespace duban::model {
namespace {

std::string Hex(std::string_view bytes) {
  static constexpr std::string_view kDigits = "0123456789abcdef";
  std::string hex;
  for (unsigned char c : bytes) {
    hex += kDigits[c >> 4];
    hex += kDigits[c & 15];
  }
  return hex;
}

Vote AVote(std::string outcome, PersonId by, Timestamp at) {
  Vote vote;
  vote.outcome = std::move(outcome);
  vote.by = std::move(by);
  vote.at = at;
  return vote;
}

// Stored bytes live for years: these never change.
TEST(CodecTest, TheStoredFormIsFixed) {
  EXPECT_EQ(Hex(Encode(Value())), "00");
  EXPECT_EQ(Hex(Encode(Value(true))), "0101");
  EXPECT_EQ(Hex(Encode(Value(-1))), "0201");
  EXPECT_EQ(Hex(Encode(Value(64))), "028001");
  EXPECT_EQ(Hex(Encode(Value(std::uint64_t{300}))), "03ac02");
  EXPECT_EQ(Hex(Encode(Value(1.0))), "04000000000000f03f");
  EXPECT_EQ(Hex(Encode(Value("ab"))), "05026162");
  EXPECT_EQ(Hex(Encode(Value(Bytes{"ab"}))), "06026162");
  EXPECT_EQ(Hex(Encode(Value(Timestamp{1, 2}))), "070204");
  EXPECT_EQ(Hex(Encode(Value(Duration{-1, -2}))), "080103");
  EXPECT_EQ(Hex(Encode(Value(TypeName{"a"}))), "090161");
  EXPECT_EQ(Hex(Encode(Value(List{1, Null{}}))), "0a02020200");
  EXPECT_EQ(Hex(Encode(Value(Map{{"a", true}}))), "0b010501610101");
  EXPECT_EQ(Hex(Encode(AVote("a", "b", {1, 0}))),
            "0b016101620200"
            "0000000000");
  EXPECT_EQ(Hex(Encode(Event(StateEntered{5}))), "040105");
  EXPECT_EQ(Hex(Encode(std::optional<std::uint32_t>{7})), "0107");
  EXPECT_EQ(Hex(Encode(std::optional<std::uint32_t>{})), "00");
  EXPECT_EQ(Hex(Encode(std::map<std::string, int>{{"k", 1}})), "01016b02");
}

TEST(CodecTest, NumbersAtTheEdges) {
  for (std::int64_t v : {std::numeric_limits<std::int64_t>::min(), std::int64_t{-65},
                         std::int64_t{-64}, std::int64_t{-1}, std::int64_t{0}, std::int64_t{63},
                         std::int64_t{64}, std::numeric_limits<std::int64_t>::max()}) {
    EXPECT_EQ(Decode<std::int64_t>(Encode(v)), v);
  }
  for (int bit = 0; bit < 64; ++bit) {
    const std::uint64_t v = std::uint64_t{1} << bit;
    EXPECT_EQ(Decode<std::uint64_t>(Encode(v)), v);
    EXPECT_EQ(Decode<std::uint64_t>(Encode(v - 1)), v - 1);
  }
}

TEST(CodecTest, ValuesComeBack) {
  Samples samples(1);
  for (int round = 0; round < 3000; ++round) {
    const Value value = samples.Any();
    ASSERT_EQ(Decode<Value>(Encode(value)), value) << ToJson(value);
  }
}

TEST(CodecTest, RecordsComeBack) {
  Samples samples(2);
  for (int round = 0; round < 500; ++round) {
    const Case c = samples.AnyCase();
    ASSERT_EQ(Decode<Case>(Encode(c)), c);
    const std::string entry = Encode(samples.AnyEntry());
    ASSERT_EQ(Encode(Decode<JournalEntry>(entry)), entry);
  }
  const Command command{"r1", {"zhang"}, {5}, 7, Decide{4, "approved", "同意", {{"a", 1}}}};
  EXPECT_EQ(Encode(Decode<Command>(Encode(command))), Encode(command));
}

// A record's length takes as many bytes as it needs.
TEST(CodecTest, LengthsOfRecords) {
  for (std::size_t size : {0u, 100u, 120u, 125u, 126u, 127u, 128u, 16'380u, 16'384u, 3'000'000u}) {
    const Vote vote = AVote(std::string(size, 'x'), "", {});
    const std::string bytes = Encode(vote);
    EXPECT_EQ(Decode<Vote>(bytes), vote) << size;
    EXPECT_LT(bytes.size(), size + 18);
  }
}

// Whatever fits in place, just fits or does not: many small things, one large one, records whose
// length is put in front of them when they are complete.
TEST(CodecTest, AnySizeComesBack) {
  for (const std::size_t size : {0, 126, 127, 128, 2'000, 2'040, 2'045, 2'046, 2'047, 2'048, 2'049,
                                 4'095, 4'096, 16'382, 16'383, 16'384, 70'000}) {
    Passage passage;
    passage.people.assign(size, "");  // a byte each
    passage.outcome = std::string(size / 3, 'x');
    EXPECT_EQ(Decode<Passage>(Encode(passage)), passage) << size;
    SeatDraft draft;
    draft.opinion = std::string(size, 'x');
    Seat seat;
    seat.draft = draft;
    seat.candidates = {"a", std::string(size, 'y')};
    const std::vector<Seat> seats{seat, seat};
    EXPECT_EQ(Decode<std::vector<Seat>>(Encode(seats)), seats) << size;
  }
}

TEST(CodecTest, DepthIsLimited) {
  const auto nested = [](int depth) {
    Value value = 1;
    for (int i = 0; i < depth; ++i) value = i % 2 ? Value(List{value}) : Value(Map{{"k", value}});
    return Encode(value);
  };
  EXPECT_NO_THROW(Decode<Value>(nested(kMaxValueDepth)));
  EXPECT_THROW(Decode<Value>(nested(kMaxValueDepth + 1)), CodecError);
  EXPECT_THROW(Decode<Value>(std::string(1'000'000, '\x0a')), CodecError);
}

}  // namespace
}  // namespace duban::model
