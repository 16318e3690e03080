// The static types of expressions, as CEL's checker sees them.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace duban::expression {

// A small immutable value; copying shares.
class Type {
 public:
  enum class Kind { kDyn, kNull, kBool, kInt, kUint, kDouble, kString, kBytes, kTimestamp, kDuration, kType, kList,
                    kMap, kObject };
  struct Field;

  Type(Kind kind = Kind::kDyn) : kind_(kind) {}
  static Type List(Type element);
  static Type Map(Type key, Type value);
  // A map with string keys of which exactly these exist: selecting another is an error when the expression is
  // compiled. At run time it is a model::Map; a field that is absent is the run-time error "no such key".
  static Type Object(std::vector<Field> fields);

  Kind kind() const { return kind_; }
  const Type& element() const;                    // of a list, or the value type of a map; dyn otherwise
  const Type& key() const;                        // of a map; dyn otherwise
  const std::vector<Field>& fields() const;       // of an object; empty otherwise
  const Type* Find(std::string_view field) const; // of an object; nullptr when it has no such field
  std::string ToString() const;                   // "list(int)", "map(string, dyn)", "object", "timestamp" …

 private:
  struct Parameters;
  Kind kind_;
  std::shared_ptr<const Parameters> parameters_;
};

struct Type::Field {
  std::string name;
  Type type;
};

// Whether a value of type `from` may stand where `to` is expected (dyn goes everywhere; null where a wrapper
// is usual: timestamp, duration, object, dyn).
bool Assignable(const Type& from, const Type& to);

}  // namespace duban::expression
