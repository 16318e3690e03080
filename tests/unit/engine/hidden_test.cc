// A field that a person may not see leaves through no query: not what it holds, and not what it
// held.
#include <gmock/gmock.h>

#include "core/model/codec.h"
#include "tests/unit/engine/fixture.h"

namespace duban::engine {
namespace {

constexpr const char* kReport = R"(
workflow: report
campaign: test
title: 举报
case_title: "{{reporter}}举报{{matter}}"
start: {by: [{person: clerk}]}
readers: [{person: other}]
data:
  reporter: {type: text, visible_to: [{post: bureau-head}]}
  matter: text
states:
  receiving:
    task: {title: "登记 {{reporter}}", for: {post: bureau-head}, form: [reporter], outcomes: [corrected, submitted], copy: {person: other}}
    on:
      corrected:
        to: receiving
        do:
          - notify: {to: [{post: bureau-head}, {person: other}], subject: "举报人 {{reporter}}", text: "请核实"}
          - send: {event: later, after: 2 days, data: {who: reporter}}
          - start: {workflow: check, data: {reporter: reporter}}
      later: {do: [{log: "'曾是 ' + event.data.who"}]}
      submitted: done
  done: {final: true, result: {reporter: reporter}}
)";

constexpr const char* kCheck = R"(
workflow: check
title: 核查
data: {reporter: {type: text, visible_to: [{post: bureau-head}]}}
states:
  checking: {task: {title: 核查, for: {person: clerk}}, on: {submitted: checked}}
  checked: {final: true}
)";

class HiddenTest : public EngineTest {
 protected:
  void Say(const char* outcome, const char* reporter) {
    model::Command command;
    command.actor.id = "head";
    command.request_id = NewRequest();
    command.case_id = id;
    command.body =
        model::Decide{TaskOf("head", id), outcome, "", model::Map({{"reporter", reporter}})};
    ASSERT_TRUE(Ok(Ask(std::move(command))));
    engine->Settle();
  }
  // Everything that the person can ask for, as bytes.
  std::string Everything(const char* who) {
    std::string text;
    const auto history = queries->History({who}, id, 0, 1000);
    EXPECT_TRUE(history);
    for (const auto& entry : history->items) text += model::Encode(entry);
    const auto changes = queries->ChangesAfter({who}, 0, 1000);
    EXPECT_TRUE(changes);
    for (const Change& change : changes->items)
      text += model::Encode(change.entry) + change.case_title.zh;
    const auto detail = queries->GetCase({who}, id);
    EXPECT_TRUE(detail);
    text += model::Encode(detail->state) + detail->title.zh;
    for (const TaskView& task : detail->tasks) text += model::Encode(task);
    const auto lines = queries->ListCases({who}, {});
    EXPECT_TRUE(lines);
    for (const CaseLine& line : lines->items) text += model::Encode(line.summary);
    const auto tasks = queries->TasksOfCase({who}, id, true, {}, 100);
    EXPECT_TRUE(tasks);
    for (const TaskView& task : tasks->items) text += model::Encode(task);
    return text;
  }

  model::CaseId id;
};

TEST_F(HiddenTest, NeitherWhatItHoldsNorWhatItHeld) {
  Up();
  outbox->Start();
  Deploy(kReport, kCheck);
  id = Ok(Start("clerk", "report", model::Map({{"matter", "停用联锁"}})))->case_id;
  Say("corrected", "张某某");
  Say("corrected", "李某某");
  Advance("2022-05-19T09:00:00+08:00");
  Say("corrected", "王某某");
  Say("submitted", "赵某某");
  const std::string seen = Everything("head");
  for (const char* name : {"张某某", "李某某", "王某某", "赵某某"}) {
    EXPECT_TRUE(seen.contains(name)) << name << ": the head sees everything";
    for (const char* person : {"clerk", "other", "admin"})
      EXPECT_FALSE(Everything(person).contains(name)) << name << " to " << person;
  }
  outbox->Settle();
  for (const ports::Message& message : notifier.delivered) {
    const std::string text = message.subject + message.body;
    if (message.recipient == "head") continue;
    EXPECT_FALSE(text.contains("某某")) << message.recipient << ": " << text;
  }
  EXPECT_TRUE(Everything("other").contains("停用联锁"));
  ExpectFolds();
}

}  // namespace
}  // namespace duban::engine
