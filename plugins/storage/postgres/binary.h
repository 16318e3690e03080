// Parameters and columns in PostgreSQL's binary form: big-endian numbers, one-dimensional arrays.
#pragma once

#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/plugin/sdk.h"

namespace duban::storage_postgres {

// Ids are unsigned and bigint is not: the upper bit is turned over, which keeps the order.
constexpr std::int64_t ToColumn(model::CaseId id) {
  return static_cast<std::int64_t>(id.value ^ (std::uint64_t{1} << 63));
}
constexpr model::CaseId ToCaseId(std::int64_t column) {
  return {static_cast<std::uint64_t>(column) ^ (std::uint64_t{1} << 63)};
}

// Nanoseconds since 1970; times outside 1677 to 2262 become the nearest that can be held (they only
// come as limits of a query, never to be stored).
std::int64_t ToColumn(model::Timestamp t);
model::Timestamp ToTimestamp(std::int64_t column);

// bigint, from the 8 bytes of a column.
std::int64_t ReadBigint(std::string_view bytes);

// An array column by column for `unnest`. The SQL says the type: $1::bigint[].
enum class Element : std::uint32_t { kBool = 16, kBytea = 17, kBigint = 20, kText = 25 };
class Array {
 public:
  explicit Array(Element element) : element_(element) {}
  void Add(std::int64_t v);
  void Add(bool v);
  void Add(std::string_view v);
  void AddNull();
  std::string Bytes() const;
  bool empty() const { return count_ == 0; }
  std::uint32_t size() const { return count_; }

 private:
  Element element_;
  std::uint32_t count_ = 0;
  bool has_null_ = false;
  std::string items_;
};

// The parameters of one call.
class Parameters {
 public:
  template <std::integral T>
  Parameters& operator<<(T v) {
    return Bigint(static_cast<std::int64_t>(v));
  }
  Parameters& operator<<(const Array& v) { return Put(v.Bytes()); }
  Parameters& operator<<(std::string_view v) { return Put(std::string(v)); }  // text or bytea
  Parameters& operator<<(model::CaseId v) { return Bigint(ToColumn(v)); }
  Parameters& operator<<(model::Timestamp v) { return Bigint(ToColumn(v)); }
  Parameters& Null();

  std::size_t size() const { return values_.size(); }
  // Null pointer: SQL null. Good until the next change.
  const char* value(std::size_t i) const { return values_[i] ? values_[i]->data() : nullptr; }
  std::size_t length(std::size_t i) const { return values_[i] ? values_[i]->size() : 0; }

 private:
  Parameters& Bigint(std::int64_t v);
  Parameters& Put(std::string bytes);
  std::vector<std::optional<std::string>> values_;
};

}  // namespace duban::storage_postgres
