#include "services/import/element.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/property_tree/ptree.hpp>
#include <boost/property_tree/xml_parser.hpp>
#include <sstream>

#include "services/import/import_scxml.h"

namespace duban::import {
namespace {

namespace tree = boost::property_tree;

constexpr std::string_view kNamespace = "http://www.w3.org/2005/07/scxml";

definition::Diagnostic Problem(const std::string& file, int line, std::string zh, std::string en) {
  definition::Diagnostic diagnostic;
  diagnostic.code = "xml-syntax";
  diagnostic.place = {file, line, line > 0 ? 1 : 0, 1};
  diagnostic.message = {std::move(zh), std::move(en)};
  return diagnostic;
}

// How deep elements lie inside each other, without building them: the parser recurses.
int DepthOf(std::string_view xml) {
  int depth = 0;
  int deepest = 0;
  std::size_t at = 0;
  const auto skip_past = [&](std::string_view end) {
    const std::size_t found = xml.find(end, at);
    at = found == std::string_view::npos ? xml.size() : found + end.size();
  };
  while ((at = xml.find('<', at)) != std::string_view::npos) {
    const std::string_view rest = xml.substr(at);
    if (rest.starts_with("<!--")) {
      skip_past("-->");
    } else if (rest.starts_with("<![CDATA[")) {
      skip_past("]]>");
    } else if (rest.starts_with("<?") || rest.starts_with("<!")) {
      skip_past(">");
    } else if (rest.starts_with("</")) {
      --depth;
      skip_past(">");
    } else {
      char quote = '\0';
      for (++at; at < xml.size() && (quote != '\0' || xml[at] != '>'); ++at) {
        if (quote != '\0' && xml[at] == quote) {
          quote = '\0';
        } else if (quote == '\0' && (xml[at] == '"' || xml[at] == '\'')) {
          quote = xml[at];
        }
      }
      if (xml[at - 1] != '/') deepest = std::max(deepest, ++depth);
    }
  }
  return deepest;
}

std::string_view Trim(std::string_view text) {
  constexpr std::string_view kSpace = " \t\r\n";
  const std::size_t first = text.find_first_not_of(kSpace);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kSpace) - first + 1);
}

class Converter {
 public:
  Element Convert(const std::string& name, const tree::ptree& node) {
    Element element;
    if (const auto attributes = node.find("<xmlattr>"); attributes != node.not_found()) {
      for (const auto& [key, value] : attributes->second) {
        const std::string& text = value.data();
        if (key.starts_with("xmlns:") && text == kNamespace)
          prefixes_.push_back(key.substr(6) + ":");
        if (!key.starts_with("xmlns")) element.attributes.emplace_back(key, text);
      }
    }
    element.name = name;
    for (const std::string& prefix : prefixes_) {
      if (name.starts_with(prefix)) element.name = name.substr(prefix.size());
    }
    for (const auto& [key, child] : node) {
      if (!key.starts_with('<')) element.children.push_back(Convert(key, child));
    }
    element.text = Trim(node.data());
    return element;
  }

 private:
  std::vector<std::string> prefixes_;
};

}  // namespace

const std::string& Element::operator[](std::string_view attribute) const {
  static const std::string none;
  for (const auto& [name_of, value] : attributes) {
    if (name_of == attribute) return value;
  }
  return none;
}

bool Element::Has(std::string_view attribute) const {
  return std::ranges::any_of(attributes,
                             [&](const auto& entry) { return entry.first == attribute; });
}

std::expected<Element, definition::Diagnostic> ParseXml(std::string_view xml,
                                                        const std::string& file) {
  if (xml.size() > kMaxXmlBytes) {
    return std::unexpected(Problem(file, 0, fmt::format("文件超过 {} 字节", kMaxXmlBytes),
                                   fmt::format("the file is larger than {} bytes", kMaxXmlBytes)));
  }
  if (DepthOf(xml) > kMaxXmlDepth) {
    return std::unexpected(Problem(file, 0, fmt::format("元素嵌套超过 {} 层", kMaxXmlDepth),
                                   fmt::format("elements nested deeper than {}", kMaxXmlDepth)));
  }
  try {
    std::istringstream stream{std::string(xml)};
    tree::ptree document;
    tree::read_xml(stream, document, tree::xml_parser::no_comments);
    for (const auto& [name, root] : document) {
      if (!name.starts_with('<')) return Converter().Convert(name, root);
    }
    return std::unexpected(Problem(file, 0, "文件里没有元素", "the file has no element"));
  } catch (const tree::xml_parser_error& error) {
    return std::unexpected(Problem(file, static_cast<int>(error.line()),
                                   "不是合法的 XML：" + error.message(),
                                   "this is not well-formed XML: " + error.message()));
  }
}

std::vector<std::string> SplitWords(std::string_view text) {
  std::istringstream stream{std::string(text)};
  std::vector<std::string> words;
  for (std::string word; stream >> word;) words.push_back(word);
  return words;
}

}  // namespace duban::import
