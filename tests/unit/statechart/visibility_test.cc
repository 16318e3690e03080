// What of a case a person may not see leaves through no door: the case, its history, messages,
// titles.
#include "core/model/codec.h"
#include "core/statechart/visible.h"
#include "tests/unit/statechart/bureau.h"

namespace duban::statechart {
namespace {

using testing::ElementsAre;

TEST(Visibility, hidden_fields_leave_through_no_door) {
  Bureau world(R"(
start: {by: [{person: s}]}
data:
  reporter: {type: text, visible_to: [{person: c}]}
  copy_of: {type: text}
states:
  one:
    task: {title: 登记, for: {person: a}, form: [reporter, copy_of]}
    on: {submitted: two}
  two: {approval: {title: 核, by: {person: b}}, on: {approved: end, rejected: end}}
  end: {final: true}
)");
  ASSERT_TRUE(world.Start("s"));
  const auto& definition = world.definition();
  EXPECT_TRUE(VisibleTo(definition, world.organisation, world.state(), 0, "a"))
      << "is asked for it";
  ASSERT_TRUE(
      world.Do("a", model::Decide{world.TaskOf("one", "a"), "submitted", "",
                                  model::Map({{"reporter", "张某某"}, {"copy_of", "公开"}})}));
  const model::JournalEntry entry{world.state().revision, world.now, "a", "", world.last};
  for (const auto& [person, sees] : {std::pair("c", true), std::pair("a", false),
                                     std::pair("b", false), std::pair("admin", false)}) {
    EXPECT_EQ(VisibleTo(definition, world.organisation, world.state(), 0, person), sees) << person;
    model::Case copy = world.state();
    model::JournalEntry told = entry;
    Redaction redaction(definition, world.organisation, world.state(), person);
    redaction.Apply(copy);
    redaction.Apply(told);
    EXPECT_EQ(copy.data[0].is_null(), !sees) << person;
    EXPECT_EQ(copy.data[1], model::Value("公开"));
    for (const model::Event& event : told.events) {
      const auto* decided = std::get_if<model::SeatDecided>(&event);
      if (decided != nullptr) {
        EXPECT_EQ(decided->form.Find(std::string_view("reporter")) != nullptr, sees);
      }
      const auto* assigned = std::get_if<model::FieldAssigned>(&event);
      EXPECT_FALSE(!sees && assigned != nullptr && assigned->field == 0);
    }
  }
}

// The reporter is corrected, then cleared; what was said of the first stays hidden everywhere.
constexpr std::string_view kCorrected = R"(
case_title: "{{reporter}}的举报"
start: {by: [{person: s}]}
data:
  reporter: {type: text, visible_to: [{person: c}]}
states:
  one:
    task: {title: "登记 {{reporter}}", for: {person: c}, form: [reporter], outcomes: [submitted, corrected]}
    on:
      corrected:
        do:
          - log: "'来自 ' + reporter"
          - notify: {to: [{person: c}, {person: b}], subject: "举报人 {{reporter}}", text: "请核实"}
          - send: {event: later, after: 1 days, data: {who: reporter}}
        to: one
      later: {do: [{log: "'仍是 ' + event.data.who"}]}
      submitted: end
  end: {final: true, result: {reporter: reporter}}
)";

TEST(Visibility, what_a_hidden_field_held_before_leaves_through_no_door_either) {
  Bureau world(kCorrected);
  ASSERT_TRUE(world.Start("s"));
  std::vector<model::JournalEntry> journal;
  const auto decide = [&](const char* outcome, const char* reporter) {
    ASSERT_TRUE(world.Do("c", model::Decide{world.TaskOf("one", "c"), outcome, "",
                                            model::Map({{"reporter", reporter}})}));
    journal.push_back({world.state().revision, world.now, "c", "", world.last});
  };
  decide("corrected", "张某某");
  decide("corrected", "李某某");
  EXPECT_EQ(world.Round("one")->title.zh, "登记 （保密）") << "a title is for everybody";
  EXPECT_EQ(TitleOf(world.definition(), world.state(), world.facts()).zh, "（保密）的举报");
  std::vector<std::string> subjects;
  for (const model::Notification& message : world.messages) {
    if (message.subject.zh.starts_with("举报人"))
      subjects.push_back(message.recipient + message.subject.zh);
  }
  EXPECT_THAT(subjects, ElementsAre("c举报人 张某某", "b举报人 （保密）", "c举报人 李某某",
                                    "b举报人 （保密）"));
  world.Advance(model::Duration::Hours(25));
  journal.push_back({world.state().revision, world.now, "system", "", world.last});
  decide("submitted", "王某某");
  const auto told = [&](const char* person) {
    Redaction redaction(world.definition(), world.organisation, world.state(), person);
    for (const model::JournalEntry& entry : journal) {
      for (const model::Event& event : entry.events) {
        if (const auto* assigned = std::get_if<model::FieldAssigned>(&event))
          redaction.Learn(assigned->field, assigned->value);
      }
    }
    std::string text;
    for (model::JournalEntry entry : journal) {
      redaction.Apply(entry);
      text += model::Encode(entry);
    }
    return text;
  };
  for (const char* name : {"张某某", "李某某", "王某某"}) {
    EXPECT_TRUE(told("c").contains(name)) << name;
    for (const char* person : {"s", "b", "admin"})
      EXPECT_FALSE(told(person).contains(name)) << name << " to " << person;
  }
}

}  // namespace
}  // namespace duban::statechart
