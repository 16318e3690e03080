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
