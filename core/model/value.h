// A value of a case's data and of an expression: the types of CEL, as one plain, comparable value.
//
// Lists and maps are immutable and shared, so copying a Value costs at most one string copy.
// Thread-compatible.
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "core/model/time.h"

namespace duban::model {

class Value;
class Map;

struct Null {
  bool operator==(const Null&) const = default;
};

struct Bytes {
  std::string data;
  auto operator<=>(const Bytes&) const = default;
};

// The name of a type as a value: what CEL's `type(x)` gives ("int", "list",
// "google.protobuf.Timestamp" …).
struct TypeName {
  std::string name;
  auto operator<=>(const TypeName&) const = default;
};

using List = std::vector<Value>;

class Value {
 public:
  using ListPtr = std::shared_ptr<const List>;
  using MapPtr = std::shared_ptr<const Map>;
  using Storage = std::variant<Null, bool, std::int64_t, std::uint64_t, double, std::string, Bytes,
                               Timestamp, Duration, TypeName, ListPtr, MapPtr>;
  // In the order of Storage; the numbers are part of the stored format and never change.
  enum class Kind : std::uint8_t {
    kNull,
    kBool,
    kInt,
    kUint,
    kDouble,
    kString,
    kBytes,
    kTimestamp,
    kDuration,
    kType,
    kList,
    kMap
  };

  Value() = default;
  Value(Null) {}
  Value(bool v) : v_(v) {}
  Value(int v) : v_(std::int64_t{v}) {}
  Value(std::int64_t v) : v_(v) {}
  Value(std::uint64_t v) : v_(v) {}
  Value(double v) : v_(v) {}
  Value(const char* v) : v_(std::string(v)) {}
  Value(std::string_view v) : v_(std::string(v)) {}
  Value(std::string v) : v_(std::move(v)) {}
  Value(Bytes v) : v_(std::move(v)) {}
  Value(Timestamp v) : v_(v) {}
  Value(Duration v) : v_(v) {}
  Value(TypeName v) : v_(std::move(v)) {}
  Value(List v);
  Value(Map v);

  Kind kind() const { return static_cast<Kind>(v_.index()); }
  bool is_null() const { return kind() == Kind::kNull; }

  // The value as T, or nullptr when it is of another kind. T is one of the alternatives of Storage.
  template <class T>
  const T* If() const {
    return std::get_if<T>(&v_);
  }
  const List* IfList() const {
    const auto* p = std::get_if<ListPtr>(&v_);
    return p ? p->get() : nullptr;
  }
  const Map* IfMap() const {
    const auto* p = std::get_if<MapPtr>(&v_);
    return p ? p->get() : nullptr;
  }
  const Storage& storage() const { return v_; }

  // The same kind and the same content (a NaN is the same as itself; map order does not matter).
  // This is identity for storage and tests; CEL's `==`, under which 1 == 1.0, is expression/.
  bool operator==(const Value& other) const;

 private:
  Storage v_;
};

// A map from bool, int, uint or string keys, kept in the order of the keys: look-up is a binary
// search.
class Map {
 public:
  using Entry = std::pair<Value, Value>;

  Map() = default;
  Map(std::initializer_list<Entry> entries);
  // The last entry wins when a key comes twice.
  explicit Map(std::vector<Entry> entries);

  const Value* Find(const Value& key) const;  // exact kind: Find(1) does not see 1u
  const Value* Find(std::string_view key) const;
  void Set(Value key, Value value);
  bool Erase(const Value& key);

  std::size_t size() const { return entries_.size(); }
  bool empty() const { return entries_.empty(); }
  auto begin() const { return entries_.begin(); }
  auto end() const { return entries_.end(); }
  bool operator==(const Map&) const = default;

 private:
  std::vector<Entry> entries_;
};

// JSON, for people, logs and the wire: timestamps as RFC 3339, durations as "3600s", bytes as
// base64, int and uint as numbers. Deterministic: keys in order.
std::string ToJson(const Value& value);
// "int", "string", "list" …: the word that error texts use for the value's kind.
std::string_view KindName(Value::Kind kind);

}  // namespace duban::model
