// The grammar of the command line: verbs, options, help with examples.
#pragma once

#include <CLI/CLI.hpp>

#include <functional>
#include <string>

#include "services/cli/verbs.h"

namespace duban::cli {

// What the command line said. Filled by the parser; must outlive it.
struct Invocation {
  Terminal terminal;
  ConnectionOptions connection;
  std::string output = "table";
  StartArguments start;
  SendArguments send;
  DecideArguments decide;
  OperationArguments operation;
  GraphArguments graph;
  TestArguments test;
  SimulateArguments simulate;
  CasesArguments cases;
  DeadlinesArguments deadlines;
  TasksArguments tasks;
  WatchArguments watch;
  DoctorArguments doctor;
  RestoreArguments restore;
  std::vector<std::string> paths;
  std::string name;  // the one positional of a verb that has no other
  bool all = false;
  std::string advance_to;
  std::function<Outcome(const Context&)> verb;
};

// The options that every verb takes, and all verbs. Help is in invocation.terminal.language.
void Describe(CLI::App& app, Invocation& invocation);

// Fills in what the command line left open from DUBAN_SERVER, DUBAN_TOKEN, DUBAN_TOKEN_FILE,
// DUBAN_TIME_ZONE.
void TakeEnvironment(Invocation& invocation);

// "zh" or "en": --language before the command line is parsed, so that help and errors speak it too;
// else the environment's.
std::string EarlyLanguage(int argc, const char* const* argv);

// Parts of Describe.
void DescribeOffline(CLI::App& app, Invocation& invocation);
void DescribePlay(CLI::App& app, Invocation& invocation);
void DescribeCases(CLI::App& app, Invocation& invocation);
void DescribeOperations(CLI::App& app, Invocation& invocation);
void DescribeOperators(CLI::App& app, Invocation& invocation);

// A verb with its description and examples, which `duban VERB --help` ends with.
CLI::App* AddVerb(CLI::App& app, const Terminal& terminal, const std::string& name,
                  const model::Text& description, const std::string& examples);

// The completion script of `shell` ("bash" or "zsh") for this grammar.
std::string CompletionScript(const CLI::App& app, const std::string& shell);

}  // namespace duban::cli
