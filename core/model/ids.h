// Names of things: a case, a task of it, a revision.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace duban::model {

// Time-ordered: milliseconds since 2020-01-01 in the upper 42 bits, then node and sequence, so that
// the rows of cases started together lie together. The text is 13 characters of Crockford's base
// 32, which sort the same way.
struct CaseId {
  std::uint64_t value = 0;

  static std::optional<CaseId> Parse(std::string_view text);
  std::string ToString() const;
  auto operator<=>(const CaseId&) const = default;
  explicit operator bool() const { return value != 0; }
};

// A number within its case, given in order; tasks, timers, children and messages share one
// sequence.
using Ordinal = std::uint32_t;

// "<case>-<ordinal>", for example 0C8M2T1ZC0000-4.
struct TaskId {
  CaseId case_id;
  Ordinal ordinal = 0;

  static std::optional<TaskId> Parse(std::string_view text);
  std::string ToString() const;
  auto operator<=>(const TaskId&) const = default;
};

// 1 for the step that started the case; each committed step adds one.
using Revision = std::uint64_t;

// The id of a person, office or enterprise in the organisation.
using PersonId = std::string;

}  // namespace duban::model
