// Damaged bytes give CodecError or some value; never a crash, never memory beyond what the input
// pays for.
#include <gtest/gtest.h>

#include "core/model/codec.h"
#include "core/model/command.h"
#include "tests/unit/model/samples.h"

namespace duban::model {
namespace {

template <class T>
bool Reads(std::string_view bytes) {
  try {
    const T v = Decode<T>(bytes);
    Encode(v);
    return true;
  } catch (const CodecError&) {
    return false;
  }
}

TEST(CodecDamageTest, EveryPrefixOfARecordIsRefused) {
  Samples samples(10);
  for (int round = 0; round < 20; ++round) {
    const std::string entry = Encode(samples.AnyEntry());
    for (std::size_t cut = 0; cut < entry.size(); ++cut)
      ASSERT_FALSE(Reads<JournalEntry>(entry.substr(0, cut))) << cut;
    const std::string c = Encode(samples.AnyCase());
    for (std::size_t cut = 0; cut < c.size(); ++cut)
      ASSERT_FALSE(Reads<Case>(c.substr(0, cut))) << cut;
    const std::string value = Encode(samples.Any());
    for (std::size_t cut = 0; cut < value.size(); ++cut)
      ASSERT_FALSE(Reads<Value>(value.substr(0, cut))) << cut;
  }
}

TEST(CodecDamageTest, FlippedBytesNeverCrash) {
  Samples samples(11);
  int refused = 0;
  for (int round = 0; round < 20'000; ++round) {
    std::string entry = Encode(samples.AnyEntry());
    for (std::uint64_t hits = 1 + samples.Below(4); hits > 0; --hits) {
      entry[samples.Below(entry.size())] = static_cast<char>(samples.Below(256));
    }
    refused += !Reads<JournalEntry>(entry);
  }
  EXPECT_GT(refused, 1000);
}

TEST(CodecDamageTest, RandomBytesNeverCrash) {
  Samples samples(12);
  for (int round = 0; round < 50'000; ++round) {
    const std::string bytes = samples.String();
    Reads<Case>(bytes);
    Reads<Command>(bytes);
    Reads<JournalEntry>(bytes);
    Reads<std::map<std::string, Value>>(bytes);
    try {
      ToJson(Decode<Value>(bytes));
    } catch (const CodecError&) {
    }
  }
}

TEST(CodecDamageTest, NumbersThatAreTooLong) {
  EXPECT_THROW(Decode<std::uint64_t>(std::string(11, '\xff')), CodecError);
  EXPECT_THROW(Decode<std::uint64_t>(""), CodecError);
  EXPECT_EQ(Decode<std::uint64_t>(std::string(9, '\xff') + '\x01'), ~std::uint64_t{0});
}

TEST(CodecDamageTest, TimesOutOfRange) {
  EXPECT_THROW(Decode<Value>(Encode(Value(Timestamp{Timestamp::kMaxSeconds + 1, 0}))), CodecError);
  EXPECT_THROW(Decode<Value>(Encode(Value(Timestamp{0, -1}))), CodecError);
  EXPECT_THROW(Decode<Value>(Encode(Value(Duration{0, 1'000'000'000}))), CodecError);
}

// Sixty lists within each other that each claim as many items as there are bytes left.
TEST(CodecDamageTest, CountsAreNotBelievedBeforeTheItemsCame) {
  std::string bytes;
  for (int i = 0; i < 60; ++i) bytes += std::string("\x0a\x80\x80\x80\x08", 5);
  bytes.resize(17 << 20, '\xff');
  EXPECT_THROW(Decode<Value>(bytes), CodecError);
  EXPECT_THROW(Decode<std::vector<Case>>(bytes.substr(1)), CodecError);
  EXPECT_THROW(Decode<Value>(std::string("\x0a\xff\xff\xff\xff\x0f", 6)), CodecError);
}

}  // namespace
}  // namespace duban::model
