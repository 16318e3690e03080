// What is asked of the engine: by a person, a clock, another case.
#pragma once

#include <optional>
#include <string>
#include <variant>

#include "core/model/case.h"

namespace duban::model {

// Who asks. Derived from credentials, never from a message. The engine's own commands (timers,
// children) come from kSystem.
struct Principal {
  PersonId id;
  static inline const std::string kSystem = "system";
  bool is_system() const { return id == kSystem; }

  bool operator==(const Principal&) const = default;
  template <class A>
  void Visit(A& a) {
    a(id);
  }
};

struct StartCase {
  std::string campaign;  // its name, or its digest; the newest deployed of that name
  std::string workflow;
  Map data;  // by field name
  Parent parent;
  template <class A>
  void Visit(A& a) {
    a(campaign, workflow, data, parent);
  }
};

struct SendEvent {
  std::string name;
  Value data;
  std::string reason;  // where a transition requires one
  template <class A>
  void Visit(A& a) {
    a(name, data, reason);
  }
};

struct Decide {
  Ordinal task = 0;
  std::string outcome;
  std::string opinion;
  Map form;  // by field name
  template <class A>
  void Visit(A& a) {
    a(task, outcome, opinion, form);
  }
};

struct FireTimer {
  Ordinal timer = 0;
  template <class A>
  void Visit(A& a) {
    a(timer);
  }
};

// To a parent, when a child has ended.
struct ReportChild {
  Ordinal child = 0;
  std::string outcome;
  Map data;  // the child's `result`
  template <class A>
  void Visit(A& a) {
    a(child, outcome, data);
  }
};

// The order is part of the stored form: add at the end only.
using CommandBody = std::variant<StartCase, SendEvent, Decide, FireTimer, ReportChild>;

struct Command {
  std::string request_id;  // unique per principal; empty only for kSystem
  Principal actor;
  CaseId case_id;  // StartCase: 0, or the id that the parent gave it
  std::optional<Revision> expected_revision;
  CommandBody body;
  template <class A>
  void Visit(A& a) {
    a(request_id, actor, case_id.value, expected_revision, body);
  }
};

}  // namespace duban::model
