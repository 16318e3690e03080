// What the analysis says, and where it must keep silent.
#include <gtest/gtest.h>

#include "tests/unit/definition/source_files.h"

namespace duban::definition {
namespace {

std::string Findings(const std::string& states) {
  return Codes(
      LoadWorkflow("t.yaml", "workflow: w\ndata: {n: int}\nstates:\n" + states).diagnostics);
}

TEST(Analysis, SilentOnSoundCharts) {
  EXPECT_EQ(Findings(R"(
  a: {on: {x: b}}
  b: {final: true}
)"),
            "");
  // A region may wait for the others.
  EXPECT_EQ(Findings(R"(
  both:
    parallel: true
    states:
      one: {states: {o1: {on: {x: o2}}, o2: {final: true}}}
      two: {states: {idle: {title: 等待}}}
    on: {done.state.one: end}
  end: {final: true}
)"),
            "");
  // A transition may enter a region and leave its neighbours to their defaults.
  EXPECT_EQ(Findings(R"(
  a: {on: {x: o2}}
  both:
    parallel: true
    states:
      one: {initial: o2, states: {o1: {on: {x: o2}}, o2: {on: {y: o1}}}}
      two: {states: {t1: {on: {x: end}}}}
  end: {final: true}
)"),
            "");
  // Histories count for what they restore.
  EXPECT_EQ(Findings(R"(
  work: {states: {w1: {on: {x: w2}}, w2: {on: {x: end}}, h: {history: shallow}}, on: {pause: paused}}
  paused: {on: {resume: h}}
  end: {final: true}
)"),
            "");
  // The guards differ, or the way round changes something.
  EXPECT_EQ(Findings(R"(
  a: {always: {when: "n > 1", to: b}, on: {x: end}}
  b: {always: [{when: "n <= 1", to: a}, {to: end}]}
  end: {final: true}
)"),
            "");
  EXPECT_EQ(Findings(R"(
  a: {always: [{when: "n < 9", to: a, do: [{assign: {n: n + 1}}]}, {to: end}]}
  end: {final: true}
)"),
            "");
}

TEST(Analysis, ReturnsAreWaysToo) {
  // Only a return leads to the state in which the starter revises.
  EXPECT_EQ(Findings(R"(
  deciding: {approval: {title: t, by: {role: r}, return: starter}, on: {approved: end, rejected: end}}
  revising: {task: {title: t, for: starter}, on: {submitted: deciding}}
  end: {final: true}
)"),
            "");
  // Only a return leads out of the state, and on to an end.
  EXPECT_EQ(Findings(R"(
  first: {task: {title: t, for: {role: r}, outcomes: [go, stop]}, on: {go: second, stop: end}}
  second: {approval: {title: t, by: {role: r}, return: previous}, on: {"approved rejected": {do: [{log: "1"}]}}}
  end: {final: true}
)"),
            "");
  EXPECT_EQ(Findings(R"(
  first: {task: {title: t, for: {role: r}, outcomes: [go, stop]}, on: {go: second, stop: end}}
  second: {approval: {title: t, by: {role: r}, return: [first]}, on: {"approved rejected": {do: [{log: "1"}]}}}
  end: {final: true}
)"),
            "");
  // What a return alone would lead to was never behind the case.
  EXPECT_EQ(Findings(R"(
  first: {approval: {title: t, by: {role: r}, return: [second]}, on: {approved: end, rejected: end}}
  second: {task: {title: t, for: {role: r}}, on: {submitted: end}}
  end: {final: true}
)"),
            "return-not-behind:5 unreachable-state:6");
  // Inside a region one may go back, from behind the parallel state not into one of them.
  EXPECT_EQ(Findings(R"(
  both:
    parallel: true
    states:
      one: {states: {o1: {task: {title: t, for: {role: r}}, on: {submitted: o2}}, o2: {task: {title: t, for: {role: r}, return: o1}, on: {submitted: o3}}, o3: {final: true}}}
      two: {states: {t1: {task: {title: t, for: {role: r}, return: previous}, on: {submitted: t2}}, t2: {final: true}}}
    on: {done.state.both: deciding}
  deciding: {approval: {title: t, by: {role: r}, return: previous}, on: {approved: end, rejected: end}}
  end: {final: true}
)"),
            "return-not-behind:9 return-not-behind:11");
}

TEST(Analysis, Unreachable) {
  EXPECT_EQ(Findings(R"(
  a: {on: {x: end}}
  b: {states: {c: {on: {x: end}}}}
  d: {initial: e2, states: {e1: {on: {x: end}}, e2: {on: {x: end}}}, on: {}}
  end: {final: true}
)"),
            "unreachable-state:6 unreachable-state:7");
  EXPECT_EQ(Findings(R"(
  d: {initial: e2, states: {e1: {on: {x: end}}, e2: {on: {x: end}}}}
  end: {final: true}
)"),
            "unreachable-state:5");
}

TEST(Analysis, DeadEnds) {
  EXPECT_EQ(Findings(R"(
  a: {on: {x: b, y: end}}
  b: {on: {x: {do: [{log: "1"}]}}}
  end: {final: true}
)"),
            "dead-end:6");
  EXPECT_EQ(Findings(R"(
  a: {on: {x: b, y: end}}
  b: {states: {c: {on: {x: d}}, d: {on: {x: c}}}}
  end: {final: true}
)"),
            "no-way-to-end:6");
}

TEST(Analysis, Shadowed) {
  EXPECT_EQ(Findings(R"(
  a: {on: {x: end, x.y: end, "z w": end, w: [{to: end}], "*": end, v: {to: end}}}
  end: {final: true}
)"),
            "shadowed-transition:5 shadowed-transition:5 shadowed-transition:5");
  // Another sender, another guard, a narrower event first: all of these can be taken.
  EXPECT_EQ(Findings(R"(
  a:
    on:
      x: [{to: end, by: starter}, {to: end, by: {role: r}}]
      y: [{to: end, when: "n > 1"}, {to: end, when: "n > 2"}, {to: end}]
      z.a: end
      z: end
    after: [{within: 1 day, to: end}, {within: 2 days, to: end}]
  end: {final: true}
)"),
            "");
}

TEST(Analysis, Loops) {
  EXPECT_EQ(Findings(R"(
  a: {always: b}
  b: {on: {x: end}, states: {c: {always: {to: a}}}}
  end: {final: true}
)"),
            "eventless-loop:5");
  // Nothing on the way changes what the guard looks at.
  EXPECT_EQ(Findings(R"(
  a: {always: {to: b, when: "n > 1"}, on: {x: end}}
  b: {always: {to: a}}
  end: {final: true}
)"),
            "eventless-loop:5");
  // A parent that sends its child round and round.
  EXPECT_EQ(Findings(R"(
  p: {always: {to: c}, states: {c: {on: {x: end}}}}
  end: {final: true}
)"),
            "eventless-loop:5");
}

}  // namespace
}  // namespace duban::definition
