// Random people who do random things to a case: every command there is, mostly by somebody whose
// turn it is.
#pragma once

#include <random>
#include <string>
#include <vector>

#include "tests/unit/statechart/bureau.h"

namespace duban::statechart {

class Player {
 public:
  Player(const Bureau& world, unsigned seed) : world_(world), random_(seed) {}

  struct Move {
    std::string person;
    model::CommandBody command;
  };
  Move Next();
  std::size_t Roll(std::size_t sides);

 private:
  std::string Anybody();
  std::string Holder();  // of an open task; anybody where nobody holds one
  model::Ordinal Task();
  std::string State();

  Move OnSeats();
  Move OnCourse();
  Move OnCase();
  Move ByAdministrators();
  Move BySystem();
  model::CommandBody Decision();

  const Bureau& world_;
  std::mt19937 random_;
  std::string person_;
};

}  // namespace duban::statechart
