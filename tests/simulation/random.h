// The one source of chance: the same seed gives the same numbers with every compiler and library.
#pragma once

#include <cstdint>

namespace duban::simulation {

class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}

  // SplitMix64 (Steele, Lea, Flood 2014).
  std::uint64_t Next() {
    std::uint64_t z = (state_ += 0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
  }
  std::uint64_t Below(std::uint64_t n) { return n == 0 ? 0 : Next() % n; }
  std::int64_t Between(std::int64_t low, std::int64_t high) {
    return low + static_cast<std::int64_t>(Below(static_cast<std::uint64_t>(high - low + 1)));
  }
  // True `chance` times in 100,000.
  bool Happens(std::uint32_t chance) { return chance != 0 && Below(100'000) < chance; }
  bool Percent(std::uint32_t percent) { return Below(100) < percent; }
  // `from` must not be empty.
  template <class Container>
  auto& Pick(Container& from) {
    return from[Below(from.size())];
  }

 private:
  std::uint64_t state_;
};

}  // namespace duban::simulation
