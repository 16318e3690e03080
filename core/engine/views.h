// What lists and inboxes show: written by the engine with each step, read without the case.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/model/case.h"

namespace duban::engine {

// A deadline as people see it.
struct DeadlineView {
  std::string state;  // id
  model::Timestamp due;
  model::Text derivation;
  model::Text basis;
  bool provisional = false;
  model::Text title;  // of the state
  model::Timestamp from;
  bool passed = false;
  bool pauses = false;  // does not run while the case is suspended
  template <class A>
  void Visit(A& a) {
    a(state, due, derivation.zh, derivation.en, basis.zh, basis.en, provisional, title.zh, title.en,
      from, passed, pauses);
  }
};

// The body of ports::TaskRow.
struct TaskView {
  model::TaskId id;
  std::string campaign;  // digest
  std::string workflow;
  model::Text case_title;
  std::string state;  // id
  model::Text title;
  model::Timestamp opened_at;
  model::Seat seat;
  std::optional<DeadlineView> deadline;
  template <class A>
  void Visit(A& a) {
    VisitFields(a, *this);
  }
  // The stored form, also of what has the same members without owning them.
  template <class A, class View>
  static void VisitFields(A& a, View& v) {
    a(v.id.case_id.value, v.id.ordinal, v.campaign, v.workflow, v.case_title.zh, v.case_title.en,
      v.state, v.title.zh, v.title.en, v.opened_at, v.seat, v.deadline);
  }
};

// The summary of ports::CaseRow.
struct CaseSummary {
  model::Text title;
  model::PersonId starter;
  model::Timestamp started_at;
  model::Timestamp updated_at;
  std::vector<std::string> states;  // ids of the active ones
  std::vector<std::string> leaves;
  std::vector<model::PersonId> participants;
  std::vector<model::PersonId> copied_to;
  std::vector<DeadlineView> deadlines;   // of the active states, soonest first
  std::vector<model::PersonId> holders;  // who could act on an open task, each once
  template <class A>
  void Visit(A& a) {
    VisitFields(a, *this);
  }
  // As TaskView's.
  template <class A, class Summary>
  static void VisitFields(A& a, Summary& s) {
    a(s.title.zh, s.title.en, s.starter, s.started_at, s.updated_at, s.states, s.leaves,
      s.participants, s.copied_to, s.deadlines, s.holders);
  }
};

}  // namespace duban::engine
