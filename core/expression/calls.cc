#include <fmt/format.h>

#include <algorithm>

#include "core/expression/checker.h"
#include "core/expression/library.h"
#include "core/expression/parser.h"

namespace duban::expression {
namespace {

using Kind = Type::Kind;

std::string TypesOf(const std::vector<ExprPtr>& arguments) {
  std::string out;
  for (const ExprPtr& argument : arguments) {
    if (!out.empty()) out += ", ";
    out += argument->type.ToString();
  }
  return out;
}

std::string SignatureOf(const Function& function) {
  std::string out = function.name + "(";
  for (std::size_t i = 0; i < function.parameters.size(); ++i) {
    out += (i > 0 ? ", " : "") + function.parameters[i].ToString();
  }
  return out + ")";
}

std::string SignatureOf(const LibraryFunction& function, const Overload& overload) {
  std::string out;
  std::size_t next = 0;
  if (!function.global) out = Type(overload.parameters[next++]).ToString() + ".";
  out += std::string(function.name) + "(";
  for (std::size_t i = next; i < overload.parameters.size(); ++i) {
    out += (i > next ? ", " : "") + Type(overload.parameters[i]).ToString();
  }
  return out + ")";
}

bool Takes(const Overload& overload, const std::vector<ExprPtr>& arguments) {
  if (overload.parameters.size() != arguments.size()) return false;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    Kind kind = arguments[i]->type.kind();
    if (kind == Kind::kObject) kind = Kind::kMap;
    const Kind wanted = overload.parameters[i];
    if (kind != Kind::kDyn && wanted != Kind::kDyn && kind != wanted) return false;
  }
  return true;
}

// "a.b" when the tree is a chain of names.
std::string Chain(const Expr& e) {
  if (e.op == Op::kName) return e.name;
  if (e.op != Op::kSelect || e.quoted) return {};
  std::string front = Chain(*e.args[0]);
  return front.empty() ? front : front + "." + e.name;
}

const Expr* ChainRoot(const Expr* e) {
  while (e->op == Op::kSelect) e = e->args[0].get();
  return e;
}

}  // namespace

void Checker::VisitCall(Expr& e) {
  if (e.receiver) {
    const std::string front = Chain(*e.args[0]);
    const Expr& root = *ChainRoot(e.args[0].get());
    if (!front.empty() && (root.rooted || FindLocal(root.name) < 0)) {
      const std::vector<int> candidates = scope_.FindFunctions(front + "." + e.name, root.rooted);
      if (!candidates.empty()) {
        e.name = front + "." + e.name;
        e.receiver = false;
        e.args.erase(e.args.begin());
      }
    }
  }
  // The arguments of a misspelt macro would only be reported for their variables.
  if (e.receiver && FindInLibrary(e.name, true) < 0) {
    Visit(*e.args[0]);
    return NoSuchFunction(e);
  }
  for (const ExprPtr& argument : e.args) Visit(*argument);
  if (!e.receiver) {
    const std::vector<int> candidates = scope_.FindFunctions(e.name, e.rooted);
    if (CallHost(e, candidates)) return;
    if (e.name == "dyn" && e.args.size() == 1) {
      e.type = Type();
      e.index = -1;
      return;
    }
    if (!candidates.empty() && FindInLibrary(e.name, false) < 0) {
      std::string available;
      for (int i : candidates) {
        available += (available.empty() ? "" : ", ") +
                     SignatureOf(environment_.functions[static_cast<std::size_t>(i)]);
      }
      return WrongArguments(e, available);
    }
  }
  CallLibrary(e);
}

// Takes the first of the environment's functions that the arguments fit.
bool Checker::CallHost(Expr& e, const std::vector<int>& candidates) {
  for (int i : candidates) {
    const Function& function = environment_.functions[static_cast<std::size_t>(i)];
    bool fits = function.parameters.size() == e.args.size();
    for (std::size_t k = 0; fits && k < e.args.size(); ++k) {
      fits = check_ == Check::kSyntaxOnly || Assignable(e.args[k]->type, function.parameters[k]);
    }
    if (!fits) continue;
    e.op = Op::kHost;
    e.index = i;
    e.type = function.result;
    return true;
  }
  return false;
}

void Checker::CallLibrary(Expr& e) {
  e.index = FindInLibrary(e.name, e.receiver);
  if (e.index < 0) return NoSuchFunction(e);
  const LibraryFunction& function = Library()[static_cast<std::size_t>(e.index)];
  bool found = false;
  for (const Overload& overload : function.overloads) {
    if (!Takes(overload, e.args)) continue;
    e.type = found && e.type.kind() != overload.result ? Type() : Type(overload.result);
    found = true;
  }
  if (found) return;
  std::string available;
  for (const Overload& overload : function.overloads) {
    available += (available.empty() ? "" : ", ") + SignatureOf(function, overload);
  }
  WrongArguments(e, available);
  e.type = function.overloads.front().result;
}

void Checker::WrongArguments(const Expr& e, const std::string& available) {
  const std::string types = TypesOf(e.args);
  Report(e.place,
         {fmt::format("{}() 不接受这些参数：({})", e.name, types),
          fmt::format("{}() does not take ({})", e.name, types)},
         {"可以写：" + available, "it is called as " + available});
}

void Checker::NoSuchFunction(Expr& e) {
  model::Text hint;
  if (FindInLibrary(e.name, !e.receiver) >= 0) {
    hint = e.receiver ? DidYouMean(e.name + "(x)") : DidYouMean("x." + e.name + "()");
  } else if (std::find(MacroNames().begin(), MacroNames().end(), e.name) != MacroNames().end()) {
    hint = {fmt::format("例如 list.{}(x, …)", e.name),
            fmt::format("it is called as list.{}(x, …)", e.name)};
  } else {
    hint = DidYouMean(scope_.SuggestFunction(e.name));
  }
  Report(e.place,
         {fmt::format("没有函数 {}()", e.name), fmt::format("there is no function {}()", e.name)},
         std::move(hint));
  e.op = Op::kUnknown;
  e.args.clear();
  e.type = Type();
}

}  // namespace duban::expression
