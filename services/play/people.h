// People who are made up: how long they take, how they decide, what they fill in. By a script where
// one is given, else at random from a seed.
#pragma once

#include <cstdint>
#include <expected>
#include <map>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "core/definition/definition.h"
#include "core/definition/organisation.h"
#include "core/model/value.h"
#include "services/play/scenario.h"

namespace duban::play {

// Seconds between being asked and acting.
struct Delay {
  std::int64_t least = 3'600;
  std::int64_t most = 3 * 86'400;
};

struct Conduct {
  std::optional<Delay> delay;
  std::map<std::string, std::uint32_t> outcomes;  // weights; empty: as people usually decide
  model::Map values;  // of the form, or the event's data; what is not named is made up
  std::string by;     // empty: whoever may
  bool never = false;
};

// Written in YAML: docs/cli.md, "simulate".
struct Script {
  std::optional<StartStep> start;
  std::optional<Delay> delay;             // of everybody
  std::map<std::string, Delay> people;    // of one person
  std::map<std::string, Conduct> tasks;   // by state
  std::map<std::string, Conduct> events;  // by name
};
std::expected<Script, ReadError> ReadScript(const std::string& yaml);

// The same numbers for the same seed, everywhere.
class Dice {
 public:
  explicit Dice(std::uint64_t seed) : engine_(seed) {}
  std::int64_t Between(std::int64_t least, std::int64_t most);  // both included
  std::int64_t Take(const Delay& delay);                        // short ones are as likely as long
  std::size_t Index(std::size_t size) {
    return static_cast<std::size_t>(Between(0, static_cast<std::int64_t>(size) - 1));
  }

 private:
  std::mt19937_64 engine_;
};

// A value that the field accepts, as far as its declaration says what that is.
model::Value MakeUp(const definition::Field& field, const definition::Organisation& organisation,
                    model::Timestamp now, Dice& dice);

// One of the outcomes. Without weights: four of five approve, and nobody abstains or recuses
// themself.
std::string Choose(const std::vector<std::string>& outcomes,
                   const std::map<std::string, std::uint32_t>& weights, Dice& dice);

}  // namespace duban::play
