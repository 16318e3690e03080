// Executable content.
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>
#include <span>

#include "services/import/chart.h"

namespace duban::import {
namespace {

std::string Trimmed(std::string_view text) {
  const auto words = SplitWords(text);
  return words.size() == 1 ? words.front() : std::string(text);
}

// "1.5s", "10ms" → milliseconds.
std::optional<std::int64_t> Milliseconds(std::string_view text) {
  const bool millis = text.ends_with("ms");
  if (!millis && !text.ends_with('s')) return std::nullopt;
  text.remove_suffix(millis ? 2 : 1);
  double amount = 0;
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), amount);
  if (error != std::errc{} || stop != text.data() + text.size() || !(amount >= 0) || amount > 1e12)
    return std::nullopt;
  return static_cast<std::int64_t>(millis ? amount : amount * 1000);
}

std::string StringLiteral(std::string_view source) {
  const bool quoted = source.size() >= 2 && (source.front() == '\'' || source.front() == '"') &&
                      source.front() == source.back();
  return quoted ? std::string(source.substr(1, source.size() - 2)) : std::string();
}

Yaml Single(std::string_view key, Yaml value) {
  Yaml map = Yaml::Map();
  map.Set(key, std::move(value));
  return map;
}

class Converter {
 public:
  Converter(Chart& chart, const std::string& where) : chart_(chart), where_(where) {}

  std::vector<Yaml> Convert(std::span<const Element> content) {
    std::vector<Yaml> actions;
    for (const Element& element : content) {
      if (auto action = ConvertOne(element)) actions.push_back(std::move(*action));
    }
    return actions;
  }

 private:
  std::optional<Yaml> ConvertOne(const Element& element) {
    if (element.name == "raise") {
      chart_.CheckAttributes(element, {"event"}, where_);
      return Single("raise", Yaml::Text(element["event"]));
    }
    if (element.name == "assign") return Assign(element);
    if (element.name == "if") return If(element);
    if (element.name == "foreach") return ForEach(element);
    if (element.name == "log") return Log(element);
    if (element.name == "send") return Send(element);
    if (element.name == "cancel") return Cancel(element);
    chart_.Refuse("<" + element.name + ">", where_);
    return std::nullopt;
  }

  Yaml Assign(const Element& element) {
    chart_.CheckAttributes(element, {"location", "expr"}, where_);
    const std::string location = Trimmed(element["location"]);
    const std::size_t dot = location.find('.');
    const std::string variable = location.substr(0, dot);
    const auto field = chart_.names.fields.find(variable);
    if (field == chart_.names.fields.end()) {
      Yaml failing = Single("log", Yaml::Plain(QuoteYaml(Undeclared(location))));
      failing.Comment("assigns to " + location + ", which is not declared: always an error");
      return failing;
    }
    if (location.find_first_of("[]() ") != std::string::npos)
      chart_.Refuse("the location `" + location + "`", where_);
    const std::string target =
        field->second + (dot == std::string::npos ? "" : location.substr(dot));
    Yaml value = chart_.Value(element.Has("expr") ? element["expr"] : element.text, where_);
    return Single("assign", Single(target, std::move(value)));
  }

  // <if>, <elseif/> and <else/> stand one after the other inside one element.
  Yaml If(const Element& element) {
    chart_.CheckAttributes(element, {"cond"}, where_);
    return Branch(element["cond"], element.children);
  }
  Yaml Branch(const std::string& condition, std::span<const Element> rest) {
    const auto next = std::ranges::find_if(
        rest, [](const Element& e) { return e.name == "elseif" || e.name == "else"; });
    const auto count = static_cast<std::size_t>(next - rest.begin());
    Yaml branch = Yaml::Map();
    branch.Set("if", chart_.Condition(condition, where_));
    branch.Set("do", Yaml::List(Convert(rest.first(count))));
    if (count < rest.size()) {
      const auto after = rest.subspan(count + 1);
      branch.Set("else", next->name == "else" ? Yaml::List(Convert(after))
                                              : Yaml::List({Branch((*next)["cond"], after)}));
    }
    return branch;
  }

  Yaml ForEach(const Element& element) {
    chart_.CheckAttributes(element, {"array", "item", "index"}, where_);
    Yaml head = Yaml::Map();
    head.Set("in", chart_.Value(element["array"], where_));
    for (std::string_view name : {"item", "index"}) {
      if (element.Has(name)) head.Set(name, Yaml::Text(chart_.names.fields[element[name]]));
    }
    Yaml loop = Yaml::Map();
    return loop.Set("for_each", std::move(head)).Set("do", Yaml::List(Convert(element.children)));
  }

  Yaml Log(const Element& element) {
    chart_.CheckAttributes(element, {"label", "expr"}, where_);
    if (!element.Has("expr"))
      return Single("log", Yaml::Plain(QuoteYaml(QuoteCel(element["label"]))));
    return Single("log", chart_.Value(element["expr"], where_));
  }

  std::optional<Yaml> Send(const Element& element) {
    chart_.CheckAttributes(element,
                           {"event", "eventexpr", "target", "type", "id", "idlocation", "delay",
                            "delayexpr", "namelist"},
                           where_);
    const std::string& type = element["type"];
    if (!type.empty() && type != "scxml" &&
        !type.starts_with("http://www.w3.org/TR/scxml/#SCXMLEventProcessor")) {
      chart_.Refuse("<send type=\"" + type + "\">", where_);
    }
    Yaml data = ConvertData(chart_, element, where_);
    const std::string& target = element["target"];
    if (target == "#_internal") {
      if (element.Has("eventexpr")) chart_.Refuse("<send eventexpr> to the internal queue", where_);
      if (data.empty()) return Single("raise", Yaml::Text(element["event"]));
      Yaml raise = Yaml::Map();
      return Single(
          "raise",
          std::move(raise.Set("event", Yaml::Text(element["event"])).Set("data", std::move(data))));
    }
    Yaml send = Yaml::Map();
    if (element.Has("eventexpr")) {
      send.Set("event_expression", chart_.Value(element["eventexpr"], where_));
    } else if (element["event"].empty()) {
      chart_.Refuse("<send> without event", where_);
    } else {
      send.Set("event", Yaml::Text(element["event"]));
    }
    if (target == "#_parent") {
      send.Set("to", Yaml::Plain("parent"));
    } else if (!target.empty()) {
      chart_.Refuse("<send target=\"" + target + "\">", where_);
    }
    SetDelay(send, element);
    if (element.Has("id")) send.Set("id", Yaml::Text(element["id"]));
    if (element.Has("idlocation")) {
      const auto field = chart_.names.fields.find(element["idlocation"]);
      if (field == chart_.names.fields.end()) {
        chart_.Refuse("<send idlocation> in a variable that is not declared", where_);
      } else {
        send.Set("id_field", Yaml::Text(field->second));
      }
    }
    if (!data.empty()) send.Set("data", std::move(data));
    return Single("send", std::move(send));
  }

  void SetDelay(Yaml& send, const Element& element) {
    const bool computed = element.Has("delayexpr");
    if (!computed && !element.Has("delay")) return;
    const std::string text =
        computed ? StringLiteral(element["delayexpr"]) : Trimmed(element["delay"]);
    const auto millis = Milliseconds(text);
    if (!millis)
      return chart_.Refuse(computed ? "a computed delay" : "<send delay=\"" + text + "\">", where_);
    if (*millis > 0) send.Set("delay", Yaml::Plain(QuoteYaml(fmt::to_string(*millis))));
  }

  Yaml Cancel(const Element& element) {
    chart_.CheckAttributes(element, {"sendid", "sendidexpr"}, where_);
    if (!element.Has("sendidexpr")) return Single("cancel", Yaml::Text(element["sendid"]));
    return Single("cancel", Single("expression", chart_.Value(element["sendidexpr"], where_)));
  }

  Chart& chart_;
  const std::string& where_;
};

}  // namespace

std::vector<Yaml> ConvertActions(Chart& chart, const std::vector<Element>& content,
                                 const std::string& where) {
  return Converter(chart, where).Convert(content);
}

Yaml ConvertData(Chart& chart, const Element& element, const std::string& where) {
  Yaml data = Yaml::Map();
  for (const std::string& name : SplitWords(element["namelist"]))
    data.Set(name, chart.Value(name, where));
  for (const Element& child : element.children) {
    if (child.name != "param") {
      chart.Refuse("<" + child.name + "> inside <" + element.name + ">", where);
      continue;
    }
    chart.CheckAttributes(child, {"name", "expr", "location"}, where);
    data.Set(child["name"], chart.Value(child[child.Has("expr") ? "expr" : "location"], where));
  }
  return data;
}

}  // namespace duban::import
