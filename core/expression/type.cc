#include "core/expression/type.h"

namespace duban::expression {

struct Type::Parameters {
  Type key;
  Type element;
  std::vector<Field> fields;
};

namespace {

const Type& Dyn() {
  static const Type dyn;
  return dyn;
}

bool ObjectFitsObject(const Type& from, const Type& to) {
  for (const Type::Field& field : to.fields()) {
    const Type* own = from.Find(field.name);
    if (own == nullptr || !Assignable(*own, field.type)) return false;
  }
  return true;
}

bool ObjectFitsMap(const Type& from, const Type& to) {
  if (!Assignable(Type::Kind::kString, to.key())) return false;
  for (const Type::Field& field : from.fields()) {
    if (!Assignable(field.type, to.element())) return false;
  }
  return true;
}

bool MapFitsObject(const Type& from, const Type& to) {
  if (!Assignable(from.key(), Type::Kind::kString)) return false;
  for (const Type::Field& field : to.fields()) {
    if (!Assignable(from.element(), field.type)) return false;
  }
  return true;
}

}  // namespace

Type Type::List(Type element) {
  Type out(Kind::kList);
  out.parameters_ = std::make_shared<Parameters>(Parameters{{}, std::move(element), {}});
  return out;
}

Type Type::Map(Type key, Type value) {
  Type out(Kind::kMap);
  out.parameters_ = std::make_shared<Parameters>(Parameters{std::move(key), std::move(value), {}});
  return out;
}

Type Type::Object(std::vector<Field> fields) {
  Type out(Kind::kObject);
  out.parameters_ = std::make_shared<Parameters>(Parameters{{}, {}, std::move(fields)});
  return out;
}

const Type& Type::element() const { return parameters_ ? parameters_->element : Dyn(); }
const Type& Type::key() const { return parameters_ ? parameters_->key : Dyn(); }

const std::vector<Type::Field>& Type::fields() const {
  static const std::vector<Field> none;
  return parameters_ ? parameters_->fields : none;
}

const Type* Type::Find(std::string_view field) const {
  for (const Field& candidate : fields()) {
    if (candidate.name == field) return &candidate.type;
  }
  return nullptr;
}

std::string Type::ToString() const {
  switch (kind_) {
    case Kind::kDyn:
      return "dyn";
    case Kind::kNull:
      return "null";
    case Kind::kBool:
      return "bool";
    case Kind::kInt:
      return "int";
    case Kind::kUint:
      return "uint";
    case Kind::kDouble:
      return "double";
    case Kind::kString:
      return "string";
    case Kind::kBytes:
      return "bytes";
    case Kind::kTimestamp:
      return "timestamp";
    case Kind::kDuration:
      return "duration";
    case Kind::kType:
      return "type";
    case Kind::kList:
      return "list(" + element().ToString() + ")";
    case Kind::kMap:
      return "map(" + key().ToString() + ", " + element().ToString() + ")";
    case Kind::kObject:
      return "object";
  }
  return "dyn";
}

bool Assignable(const Type& from, const Type& to) {
  using Kind = Type::Kind;
  if (from.kind() == Kind::kDyn || to.kind() == Kind::kDyn) return true;
  if (from.kind() == Kind::kNull) {
    return to.kind() == Kind::kNull || to.kind() == Kind::kTimestamp ||
           to.kind() == Kind::kDuration || to.kind() == Kind::kObject;
  }
  if (from.kind() == Kind::kObject && to.kind() == Kind::kObject) return ObjectFitsObject(from, to);
  if (from.kind() == Kind::kObject && to.kind() == Kind::kMap) return ObjectFitsMap(from, to);
  if (from.kind() == Kind::kMap && to.kind() == Kind::kObject) return MapFitsObject(from, to);
  if (from.kind() != to.kind()) return false;
  return Assignable(from.key(), to.key()) && Assignable(from.element(), to.element());
}

}  // namespace duban::expression
