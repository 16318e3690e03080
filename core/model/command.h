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
  Map form;                 // by field name
  PersonId on_behalf_of{};  // by a mandate of this person; empty: for oneself
  std::vector<Attachment> attachments{};
  std::optional<Attachment> signature{};
  template <class A>
  void Visit(A& a) {
    a(task, outcome, opinion, form, on_behalf_of, attachments, signature);
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

// 认领: of several candidates this one takes it; the others no longer see it in their inbox.
struct Claim {
  Ordinal task = 0;
  template <class A>
  void Visit(A& a) {
    a(task);
  }
};

struct Release {
  Ordinal task = 0;
  template <class A>
  void Visit(A& a) {
    a(task);
  }
};

// 转办: the whole responsibility goes to another person.
struct Transfer {
  Ordinal task = 0;
  PersonId to;
  std::string reason;
  Move::Kind kind =
      Move::Kind::kTransferred;  // kHandedOver: by an administrator, all of a person's
  PersonId from;                 // kHandedOver: whose place
  template <class A>
  void Visit(A& a) {
    a(task, to, reason, kind, from);
  }
};

// 委派: another gives an opinion, then the task comes back.
struct Delegate {
  Ordinal task = 0;
  PersonId to;
  std::string reason;
  template <class A>
  void Visit(A& a) {
    a(task, to, reason);
  }
};

// 加签. `relation`: kBefore, kAfter or kParallel.
struct AddSigners {
  Ordinal task = 0;
  std::vector<PersonId> people;
  Relation relation = Relation::kParallel;
  bool any_of = false;  // of kBefore, kAfter: the first answer is enough
  std::string reason;
  template <class A>
  void Visit(A& a) {
    a(task, people, relation, any_of, reason);
  }
};

// 减签: the added seat and everything added to it.
struct RemoveSigner {
  Ordinal task = 0;
  std::string reason;
  template <class A>
  void Visit(A& a) {
    a(task, reason);
  }
};

// 退回.
struct Return {
  enum class To : std::uint8_t { kPrevious, kStarter, kState } to = To::kPrevious;
  enum class Resubmit : std::uint8_t {
    kAsDefined,
    kRerun,
    kBackToReturner
  } resubmit = Resubmit::kAsDefined;
  Ordinal task = 0;
  std::string state;  // kState
  std::string opinion;
  PersonId on_behalf_of;
  template <class A>
  void Visit(A& a) {
    a(to, resubmit, task, state, opinion, on_behalf_of);
  }
};

// 撤回: the caller's own last decision.
struct Withdraw {
  Ordinal task = 0;
  std::string reason;
  template <class A>
  void Visit(A& a) {
    a(task, reason);
  }
};

// 撤销: the starter takes the whole case back.
struct Revoke {
  std::string reason;
  template <class A>
  void Visit(A& a) {
    a(reason);
  }
};

// 抄送.
struct CopyTo {
  std::vector<PersonId> people;
  std::string note;
  template <class A>
  void Visit(A& a) {
    a(people, note);
  }
};

// 已阅: a person to whom the case was copied has opened it.
struct MarkRead {
  template <class A>
  void Visit(A&) {}
};

// 催办. 0: every open task of the case.
struct Remind {
  Ordinal task = 0;
  std::string note;
  template <class A>
  void Visit(A& a) {
    a(task, note);
  }
};

struct Comment {
  std::string text;
  std::vector<Attachment> attachments;
  template <class A>
  void Visit(A& a) {
    a(text, attachments);
  }
};

// 暂存.
struct SaveDraft {
  Ordinal task = 0;
  std::string outcome;
  std::string opinion;
  Map form;
  template <class A>
  void Visit(A& a) {
    a(task, outcome, opinion, form);
  }
};

struct Suspend {
  std::string reason;
  template <class A>
  void Visit(A& a) {
    a(reason);
  }
};

struct Resume {
  std::string reason;
  template <class A>
  void Visit(A& a) {
    a(reason);
  }
};

// An administrator's act against the ordinary course. Proposed by one, done when another confirms.
struct ProposeOverride {
  Override::Kind kind = Override::Kind::kJump;
  std::string state;    // kJump
  std::string outcome;  // kTerminate
  Ordinal task = 0;     // kReassign
  std::vector<PersonId> people;
  std::string reason;
  template <class A>
  void Visit(A& a) {
    a(kind, state, outcome, task, people, reason);
  }
};

struct CloseOverride {
  Ordinal ordinal = 0;
  bool confirm = false;  // false: refused, or taken back by who proposed it
  std::string reason;
  template <class A>
  void Visit(A& a) {
    a(ordinal, confirm, reason);
  }
};

// From a parent that was revoked or terminated to its children.
struct Terminate {
  std::string outcome;
  std::string reason;
  template <class A>
  void Visit(A& a) {
    a(outcome, reason);
  }
};

// Holidays were announced: the engine has the open due dates counted again. From kSystem only.
struct RecomputeDeadlines {
  std::string calendar;  // the version that led to it
  template <class A>
  void Visit(A& a) {
    a(calendar);
  }
};

// The order is part of the stored form: add at the end only.
using CommandBody = std::variant<StartCase, SendEvent, Decide, FireTimer, ReportChild, Claim,
                                 Release, Transfer, Delegate, AddSigners, RemoveSigner, Return,
                                 Withdraw, Revoke, CopyTo, MarkRead, Remind, Comment, SaveDraft,
                                 Suspend, Resume, ProposeOverride, CloseOverride, Terminate,
                                 RecomputeDeadlines>;

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
