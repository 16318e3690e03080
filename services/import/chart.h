// What the parts of an import share: names, and what was refused.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "services/import/ecmascript.h"
#include "services/import/element.h"
#include "services/import/yaml.h"

namespace duban::import {

struct Chart {
  std::string file;
  Names names;
  std::vector<definition::Diagnostic> refused;

  // `where`: "state `a`"; may be empty.
  void Refuse(const std::string& construct, const std::string& where);
  // Refuses every attribute that is not among `known`.
  void CheckAttributes(const Element& element, std::initializer_list<std::string_view> known,
                       const std::string& where);

  // CEL, quoted for YAML; what cannot be translated is refused.
  Yaml Condition(std::string_view source, const std::string& where);
  Yaml Value(std::string_view source, const std::string& where);
};

// The actions that the children of the element stand for.
std::vector<Yaml> ConvertActions(Chart& chart, const std::vector<Element>& content,
                                 const std::string& where);

// <param>s and a namelist as CEL by name.
Yaml ConvertData(Chart& chart, const Element& element, const std::string& where);

}  // namespace duban::import
