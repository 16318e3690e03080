// The notifiers that the suite is run against, each loaded from its .so with a sink of its own.
#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <ostream>

#include "tests/conformance/notification/sink.h"

namespace duban::conformance {

struct Subject {
  std::string name;
  std::function<std::unique_ptr<Sink>()> sink;
  bool carries_body = true;
};
std::ostream& operator<<(std::ostream& out, const Subject& subject);
std::vector<Subject> Subjects();

std::filesystem::path ShippedNotifier(const std::string& name);
// Fails the test when it is refused.
std::unique_ptr<ports::Notifier> Load(const std::string& name, const plugin::Settings& settings);
// The English text of the refusal; "was loaded" when there is none.
std::string Refusal(const std::string& name, const plugin::Settings& settings);

// A message in two languages that any channel can deliver.
ports::Message Reminder(const std::string& key);

}  // namespace duban::conformance
