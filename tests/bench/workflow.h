// What the benchmarks of decisions decide on: one decision that leads back to where it was,
// with a guard and two assignments, as a case's daily step.
#pragma once

namespace duban::bench {

inline constexpr const char* kWorkflow = R"(workflow: bench
campaign: bench
title: bench
start: {by: [{person: bench}]}
data:
  level: {type: text, default: major}
  count: {type: int, default: 0}
  last:  {type: text, default: ""}
states:
  deciding:
    task: {title: decide, for: {person: bench}, notify: false, form: [level]}
    on:
      submitted: {when: "level == 'major' && count >= 0", to: deciding, do: [{assign: {count: count + 1, last: event.actor}}]}
)";

inline constexpr const char* kOrganisation = R"(people:
  bench: {name: bench}
roles: {administrator: {title: administrator, members: [bench]}}
)";

// What is said with each decision.
inline constexpr const char* kOpinion = "整改措施、责任人、时限已明确，同意。";

}  // namespace duban::bench
