// The organisation: people, posts, offices, roles, enterprises, as organisation.yaml says it. An
// immutable snapshot; shared between threads.
#pragma once

#include <expected>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/calendar/calendar.h"
#include "core/definition/diagnostic.h"
#include "core/model/ids.h"
#include "core/model/text.h"

namespace duban::definition {

struct Person {
  model::PersonId id;
  model::Text name;
  std::string office;  // id; may be empty
  std::string language = "zh";
  bool service = false;  // a client application, not a human: never a candidate of a task
  std::map<std::string, std::string> addresses;  // channel → address: email, wecom …
  bool disabled = false;  // has left: never found for anything, holds no post
  std::vector<calendar::DateRange>
      away;  // on leave: not asked where others can be, see statechart/seating
};

struct Post {  // 岗位: held by exactly one person, or vacant
  std::string id;
  model::Text title;
  model::PersonId holder;  // empty: vacant
};

struct Office {  // 科室
  std::string id;
  model::Text title;
  model::PersonId head;                  // empty: vacant
  std::vector<model::PersonId> members;  // the head included
  std::string superior;                  // an office or post id above it; may be empty
  std::string deputy;  // 分管: the post or person id in charge of it; may be empty
};

struct Role {
  std::string id;
  model::Text title;
  std::vector<model::PersonId> members;
};

struct Enterprise {
  std::string id;
  model::Text title;
  std::string office;                     // the section that it belongs to
  std::vector<model::PersonId> contacts;  // who acts for it
  model::PersonId principal;              // 主要负责人
};

// A body whose members follow posts, not names (领导小组). Nested groups are not allowed.
struct OrganisationGroup {
  std::string id;
  model::Text title;
  struct Member {
    enum class Kind : std::uint8_t {
      kPost,
      kPerson,
      kOffice,
      kHeadOf,
      kHeadsOfOffices,
      kRole
    } kind = Kind::kPost;
    std::string id;  // empty for kHeadsOfOffices
  };
  std::vector<Member> members;
};

// 代理: `agent` may act in the name of `principal`, both days included. Never handed on: an agent's
// agent is no agent. Mandates to oneself, and two people who act for each other on one day for one
// workflow, are refused when the file is read.
struct Mandate {
  model::PersonId principal;
  model::PersonId agent;
  calendar::DateRange period;
  std::vector<std::string> workflows;  // empty: all
  std::vector<std::string> except;

  bool Covers(std::string_view workflow) const;
};

class Organisation {
 public:
  static std::expected<Organisation, std::vector<Diagnostic>> Parse(std::string_view file,
                                                                    std::string_view yaml);

  const Person* FindPerson(std::string_view id) const;
  const Post* FindPost(std::string_view id) const;
  const Office* FindOffice(std::string_view id) const;
  const Role* FindRole(std::string_view id) const;
  const Enterprise* FindEnterprise(std::string_view id) const;
  const OrganisationGroup* FindGroup(std::string_view id) const;
  // The members of a group now, each once, in the order of its rule; the disabled left out.
  std::vector<model::PersonId> MembersOf(const OrganisationGroup& group) const;
  const std::vector<Mandate>& mandates() const { return mandates_; }

  const std::map<std::string, Person, std::less<>>& people() const { return people_; }
  const std::map<std::string, Post, std::less<>>& posts() const { return posts_; }
  const std::map<std::string, Office, std::less<>>& offices() const { return offices_; }
  const std::map<std::string, Role, std::less<>>& roles() const { return roles_; }
  const std::map<std::string, Enterprise, std::less<>>& enterprises() const { return enterprises_; }
  const std::map<std::string, OrganisationGroup, std::less<>>& groups() const { return groups_; }

  // The role `administrator`: who gets what nobody else can take, and who may see every case.
  const std::vector<model::PersonId>& administrators() const;
  // What people call `id`: a person's name, a post's, office's, enterprise's or group's title; the
  // id itself if unknown (that reference is valid in this thread until it has asked for 16 more
  // unknown ids).
  const model::Text& NameOf(std::string_view id) const;

 private:
  friend struct OrganisationReader;
  std::map<std::string, Person, std::less<>> people_;
  std::map<std::string, Post, std::less<>> posts_;
  std::map<std::string, Office, std::less<>> offices_;
  std::map<std::string, Role, std::less<>> roles_;
  std::map<std::string, Enterprise, std::less<>> enterprises_;
  std::map<std::string, OrganisationGroup, std::less<>> groups_;
  std::vector<Mandate> mandates_;
  std::map<std::string, model::Text, std::less<>> names_;
};

}  // namespace duban::definition
