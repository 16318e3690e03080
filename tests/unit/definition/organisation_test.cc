#include "core/definition/organisation.h"

#include <gtest/gtest.h>

#include "tests/unit/definition/source_files.h"

namespace duban::definition {
namespace {

constexpr const char* kYaml = R"(
people:
  head:   {name: {zh: 局长, en: Head}, office: leadership, addresses: {email: head@example.org}, language: en}
  li:     {name: 李}
  portal: {name: 报送系统, service: true}
posts:      {bureau-head: {title: 局主要负责人, holder: head}, deputy: {title: 副局长}}
offices:
  leadership: {title: 局领导, members: [head]}
  technical: {title: 技术科, head: li, members: [head], superior: bureau-head}
roles:      {administrator: {title: 管理员, members: [head, li, head]}}
enterprises: {huayang: {title: 华阳, office: technical, contacts: li, principal: li}}
)";

TEST(Organisation, Reads) {
  const auto organisation = Organisation::Parse("organisation.yaml", kYaml);
  ASSERT_TRUE(organisation.has_value());
  const Person* head = organisation->FindPerson("head");
  ASSERT_NE(head, nullptr);
  EXPECT_EQ(head->id, "head");
  EXPECT_EQ(head->name.en, "Head");
  EXPECT_EQ(head->language, "en");
  EXPECT_EQ(head->addresses.at("email"), "head@example.org");
  EXPECT_TRUE(organisation->FindPerson("portal")->service);
  EXPECT_EQ(organisation->FindPost("bureau-head")->holder, "head");
  EXPECT_EQ(organisation->FindPost("deputy")->holder, "");
  const Office* office = organisation->FindOffice("technical");
  EXPECT_EQ(office->head, "li");
  EXPECT_EQ(office->members, (std::vector<std::string>{"li", "head"})) << "the head is a member";
  EXPECT_EQ(office->superior, "bureau-head");
  EXPECT_EQ(organisation->FindRole("administrator")->members.size(), 2U);
  EXPECT_EQ(organisation->administrators().size(), 2U);
  EXPECT_EQ(organisation->FindEnterprise("huayang")->contacts, std::vector<std::string>{"li"});
  EXPECT_EQ(organisation->FindPerson("nobody"), nullptr);
}

TEST(Organisation, NamesEverything) {
  const auto organisation = Organisation::Parse("organisation.yaml", kYaml);
  ASSERT_TRUE(organisation.has_value());
  EXPECT_EQ(organisation->NameOf("li").zh, "李");
  EXPECT_EQ(organisation->NameOf("technical").zh, "技术科");
  EXPECT_EQ(organisation->NameOf("bureau-head").zh, "局主要负责人");
  EXPECT_EQ(organisation->NameOf("huayang").zh, "华阳");
  const model::Text& first = organisation->NameOf("gone");
  const model::Text& second = organisation->NameOf("gone-too");
  EXPECT_EQ(first.zh, "gone");
  EXPECT_EQ(second.en, "gone-too");
}

TEST(Organisation, WithoutAdministrators) {
  const auto organisation = Organisation::Parse("organisation.yaml", "people: {}\n");
  ASSERT_TRUE(organisation.has_value());
  EXPECT_TRUE(organisation->administrators().empty());
}

TEST(Organisation, AbsenceAndDeputies) {
  const auto organisation = Organisation::Parse("organisation.yaml", R"(
people:
  li: {name: 李, away: [{from: 2022-06-01, to: 2022-06-10}, {from: 2022-07-01, to: 2022-07-01}]}
  wang: {name: 王, disabled: true}
posts: {deputy: {title: 副局长, holder: li}}
offices:
  law: {title: 法规科, deputy: deputy}
  technical: {title: 技术科, deputy: wang}
)");
  ASSERT_TRUE(organisation.has_value());
  const Person& li = *organisation->FindPerson("li");
  EXPECT_FALSE(li.disabled);
  ASSERT_EQ(li.away.size(), 2U);
  EXPECT_TRUE(li.away[0].Contains({2022, 6, 10}));
  EXPECT_FALSE(li.away[0].Contains({2022, 6, 11}));
  EXPECT_TRUE(li.away[1].Contains({2022, 7, 1}));
  EXPECT_TRUE(organisation->FindPerson("wang")->disabled);
  EXPECT_EQ(organisation->FindOffice("law")->deputy, "deputy");
  EXPECT_EQ(organisation->FindOffice("technical")->deputy, "wang");
}

TEST(Organisation, GroupsFollowPosts) {
  const std::string yaml = R"(
people: {a: {name: a}, b: {name: b}, c: {name: c}, d: {name: d}, gone: {name: gone, disabled: true}}
posts: {head: {title: 局长, holder: HOLDER}, vacant: {title: 空缺}}
offices:
  law: {title: 法规科, head: b, members: [b, c]}
  technical: {title: 技术科, head: c, members: [d, gone]}
  empty: {title: 空}
roles: {r: {title: 角色, members: [gone, d]}}
groups:
  leading: {title: {zh: 领导小组, en: Leading group}, members: [{post: head}, {post: vacant}, {heads_of: offices}, {role: r}]}
  others: {title: 其他, members: [{office: technical}, {head_of: law}, {head_of: empty}, {person: b}, {person: a}]}
)";
  const auto members = [&](const std::string& holder, std::string_view group) {
    std::string text = yaml;
    text.replace(text.find("HOLDER"), 6, holder);
    const auto organisation = Organisation::Parse("organisation.yaml", text);
    EXPECT_TRUE(organisation.has_value());
    EXPECT_EQ(organisation->NameOf("leading").en, "Leading group");
    return organisation->MembersOf(*organisation->FindGroup(group));
  };
  using Ids = std::vector<model::PersonId>;
  EXPECT_EQ(members("a", "leading"), (Ids{"a", "b", "c", "d"}));
  EXPECT_EQ(members("d", "leading"), (Ids{"d", "b", "c"})) << "each once";
  EXPECT_EQ(members("gone", "leading"), (Ids{"b", "c", "d"}));
  EXPECT_EQ(members("a", "others"), (Ids{"c", "d", "b", "a"}));
}

TEST(Organisation, Mandates) {
  const auto mandates = [](const std::string& text) {
    return Organisation::Parse(
        "o.yaml", "people: {a: {name: a}, b: {name: b}, c: {name: c}}\nmandates:\n" + text);
  };
  const auto one = mandates(
      "  - {principal: a, agent: b, from: 2022-06-01, to: 2022-06-30, workflows: [x, y], except: "
      "y}\n");
  ASSERT_TRUE(one.has_value());
  ASSERT_EQ(one->mandates().size(), 1U);
  const Mandate& mandate = one->mandates()[0];
  EXPECT_EQ(mandate.principal, "a");
  EXPECT_EQ(mandate.agent, "b");
  EXPECT_EQ(mandate.period, (calendar::DateRange{{2022, 6, 1}, {2022, 6, 30}}));
  EXPECT_EQ(mandate.workflows, (std::vector<std::string>{"x", "y"}));
  EXPECT_EQ(mandate.except, std::vector<std::string>{"y"});

  const auto two = [&](const std::string& first, const std::string& second) {
    const auto both = mandates("  - {principal: a, agent: b, " + first +
                               "}\n  - {principal: b, agent: a, " + second + "}\n");
    return both.has_value() ? "" : Codes(both.error());
  };
  const std::string june = "from: 2022-06-01, to: 2022-06-30";
  EXPECT_EQ(two(june, june), "mandate-cycle:4");
  EXPECT_EQ(two(june, "from: 2022-06-30, to: 2022-07-30"), "mandate-cycle:4");
  EXPECT_EQ(two(june, "from: 2022-07-01, to: 2022-07-30"), "");
  EXPECT_EQ(two(june + ", workflows: [x]", june + ", workflows: [y]"), "");
  EXPECT_EQ(two(june + ", workflows: [x]", june), "mandate-cycle:4");
  EXPECT_EQ(two(june + ", workflows: [x]", june + ", except: [x]"), "");
  EXPECT_EQ(two(june + ", except: [y]", june + ", except: [x]"), "mandate-cycle:4");
  // An agent's agent is no agent: a longer circle does no harm.
  EXPECT_TRUE(mandates("  - {principal: a, agent: b, " + june + "}\n  - {principal: b, agent: c, " +
                       june + "}\n  - {principal: c, agent: a, " + june + "}\n")
                  .has_value());
}

TEST(Organisation, ErrorsHavePlaces) {
  const auto organisation = Organisation::Parse(
      "o.yaml", "people:\n  li: {nam: x}\nroles: {r: {title: t, members: [lee]}}\n");
  ASSERT_FALSE(organisation.has_value());
  EXPECT_EQ(Codes(organisation.error()), "missing-key:2 unknown-key:2 unknown-person:3");
  EXPECT_EQ(organisation.error()[0].place.file, "o.yaml");
  EXPECT_FALSE(Organisation::Parse("o.yaml", "").has_value());
  EXPECT_FALSE(Organisation::Parse("o.yaml", "[").has_value());
}

}  // namespace
}  // namespace duban::definition
