// What the verbs of the command line do. Each writes its result to standard output and returns why
// not when it fails. Offline verbs need no server.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "services/cli/failure.h"
#include "services/cli/terminal.h"

namespace duban::cli {

struct ConnectionOptions {
  std::string server;  // host:port or unix:PATH
  std::string token;   // empty: token_file, or none (a client certificate may say who asks)
  std::string token_file;
  std::string ca;  // PEM files
  std::string certificate;
  std::string key;
  double timeout_seconds = 30;
  std::string request_id;  // of a write
};

struct Context {
  const Terminal& terminal;
  const ConnectionOptions& connection;
};

// ---- offline
// -------------------------------------------------------------------------------------------

// Folders are campaigns, files single workflows (or organisation.yaml). kRefused when any has an
// error.
Outcome Lint(const Context& context, const std::vector<std::string>& paths);
Outcome PrintSchema(const Context& context);

struct GraphArguments {
  std::string folder;
  std::string workflow;
  std::string case_id;         // instead of folder and workflow: asks the server
  std::string format = "svg";  // svg, mermaid, dot
  std::string file;            // empty: standard output
};
Outcome Graph(const Context& context, const GraphArguments& arguments);

struct TestArguments {
  std::vector<std::string> paths;  // campaigns, or files of scenarios; empty: this folder
  std::string name;                // scenarios whose name contains it; empty: all
  int min_coverage = 0;            // percent, of each workflow
  std::string junit;               // a file for the results as JUnit XML; empty: none
  bool history = false;            // print the history of a case that failed
};
// Runs scenarios. kRefused when one fails or a workflow is covered less than asked; kUsage when a
// folder cannot be read.
Outcome Test(const Context& context, const TestArguments& arguments);

struct SimulateArguments {
  std::string path;      // a campaign, or a workflow's file
  std::string workflow;  // of a campaign; empty: its own
  int runs = 1;
  std::uint64_t seed = 1;
  std::string from;    // RFC 3339 or a date; empty: now
  std::string until;   // likewise; empty: one year later
  std::string people;  // the script of who does what; empty: at random
};
Outcome Simulate(const Context& context, const SimulateArguments& arguments);

// SCXML to YAML on standard output. kRefused, with every reason, when it has what the language does
// not.
Outcome ImportScxml(const Context& context, const std::string& file);

// ---- cases
// ---------------------------------------------------------------------------------------------

// Data given as words and as one JSON object (or @FILE, or - for standard input); the words win.
struct DataArguments {
  std::vector<std::string> words;
  std::string json;
};

Outcome Deploy(const Context& context, const std::string& folder);

struct StartArguments {
  std::string campaign;
  std::string workflow;
  DataArguments data;
};
Outcome Start(const Context& context, const StartArguments& arguments);

struct SendArguments {
  std::string case_id;
  std::string event;
  DataArguments data;
  std::string reason;
  std::uint64_t expected_revision = 0;
};
Outcome Send(const Context& context, const SendArguments& arguments);

Outcome Show(const Context& context, const std::string& case_id);

struct CasesArguments {
  std::string workflow;
  std::string parent;
  bool open = false;
  bool ended = false;
  std::uint32_t limit = 100;  // 0: all
};
Outcome Cases(const Context& context, const CasesArguments& arguments);

struct DeadlinesArguments {
  std::string due_within;  // "3 days", "3d", "12h"; empty: everything
  bool overdue = false;
  bool mine = false;
  int amber = 25;             // percent of the time that is left, or less
  std::uint32_t limit = 100;  // 0: all
};
Outcome Deadlines(const Context& context, const DeadlinesArguments& arguments);

// ---- tasks
// ---------------------------------------------------------------------------------------------

struct TasksArguments {
  std::string case_id;  // empty: the caller's inbox
  bool closed = false;  // with case_id: decided and cancelled ones too
  std::uint32_t limit = 100;
};
Outcome Tasks(const Context& context, const TasksArguments& arguments);

struct DecideArguments {
  std::string task_id;
  std::string outcome;
  std::string opinion;
  DataArguments form;
  std::uint64_t expected_revision = 0;
  std::string on_behalf_of;              // whose mandate; empty: one's own name
  std::vector<std::string> attachments;  // files: their digests are sent
  std::string signature;                 // a file
};
Outcome Decide(const Context& context, const DecideArguments& arguments);

// ---- operations on tasks and cases (docs/approvals.md)
// ---------------------------------------------------------

// What one of them takes; each uses what its grammar offers.
struct OperationArguments {
  std::string id;  // of the task, the case, the override; hand-over: from whom
  std::string to;  // person, state, outcome
  std::vector<std::string> people;
  std::string kind;
  std::string words;  // reason, note, opinion, text
  std::string on_behalf_of;
  bool flag = false;  // add-signers: any of them; override: confirm
  DataArguments form;
  std::uint64_t expected_revision = 0;
};
Outcome Claim(const Context& context, const OperationArguments& arguments);
Outcome Release(const Context& context, const OperationArguments& arguments);
Outcome Transfer(const Context& context, const OperationArguments& arguments);
Outcome Delegate(const Context& context, const OperationArguments& arguments);
Outcome AddSigners(const Context& context, const OperationArguments& arguments);
Outcome RemoveSigner(const Context& context, const OperationArguments& arguments);
Outcome ReturnTask(const Context& context, const OperationArguments& arguments);
Outcome Withdraw(const Context& context, const OperationArguments& arguments);
Outcome Remind(const Context& context, const OperationArguments& arguments);
Outcome SaveDraft(const Context& context, const OperationArguments& arguments);
Outcome Revoke(const Context& context, const OperationArguments& arguments);
Outcome Copy(const Context& context, const OperationArguments& arguments);
Outcome MarkRead(const Context& context, const OperationArguments& arguments);
Outcome Comment(const Context& context, const OperationArguments& arguments);
Outcome Suspend(const Context& context, const OperationArguments& arguments);
Outcome Resume(const Context& context, const OperationArguments& arguments);
Outcome ProposeOverride(const Context& context, const OperationArguments& arguments);
Outcome CloseOverride(const Context& context, const OperationArguments& arguments);
// Every open task of a person to another; goes on until none is left.
Outcome HandOver(const Context& context, const OperationArguments& arguments);

// ---- what happened
// -------------------------------------------------------------------------------------

// `all`: the engine's own steps too (states left, clocks stopped, fields assigned).
Outcome History(const Context& context, const std::string& case_id, bool all);

struct WatchArguments {
  std::string case_id;  // empty: every case that the caller may see
  std::string workflow;
  std::string from;         // a resume token; "start"; empty: from now on
  std::uint32_t count = 0;  // ends after so many changes; 0: when interrupted
  bool all = false;
};
Outcome Watch(const Context& context, const WatchArguments& arguments);

// ---- operators
// -----------------------------------------------------------------------------------------

Outcome Clock(const Context& context, const std::string& advance_to);  // empty: only shows it
Outcome ListDeadLetters(const Context& context);
Outcome RetryDeadLetter(const Context& context, const std::string& id);
Outcome Backup(const Context& context, const std::string& name);  // empty: by the time

struct DoctorArguments {
  std::string database;  // empty: asks the server
  std::string plugins;   // with database: where the storage plugin is; empty: as installed
};
// kRefused, and nothing more to say, when anything is to be seen to.
Outcome Doctor(const Context& context, const DoctorArguments& arguments);

struct RestoreArguments {
  std::string backup;
  std::string database;
  std::string plugins;
  bool force = false;
};
// Offline. kRefused, and nothing changed, when the copy is not whole or something is in the way.
Outcome Restore(const Context& context, const RestoreArguments& arguments);
Outcome WhoAmI(const Context& context);

}  // namespace duban::cli
