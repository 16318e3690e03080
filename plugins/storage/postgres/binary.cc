#include "plugins/storage/postgres/binary.h"

#include <algorithm>

namespace duban::storage_postgres {
namespace {

template <class T>
void Append(std::string& out, T v) {
  for (int shift = static_cast<int>(sizeof(T) * 8) - 8; shift >= 0; shift -= 8) {
    out += static_cast<char>(static_cast<std::uint64_t>(v) >> shift);
  }
}

constexpr std::int64_t kNanos = 1'000'000'000;
constexpr std::int64_t kMaxSeconds = 9'223'372'035;

}  // namespace

std::int64_t ToColumn(model::Timestamp t) {
  if (t.seconds > kMaxSeconds) return INT64_MAX;
  if (t.seconds < -kMaxSeconds) return INT64_MIN;
  return t.seconds * kNanos + t.nanos;
}

model::Timestamp ToTimestamp(std::int64_t column) {
  std::int64_t seconds = column / kNanos;
  std::int64_t nanos = column % kNanos;
  if (nanos < 0) {
    nanos += kNanos;
    --seconds;
  }
  model::Timestamp t;
  t.seconds = seconds;
  t.nanos = static_cast<decltype(t.nanos)>(nanos);
  return t;
}

std::int64_t ReadBigint(std::string_view bytes) {
  std::uint64_t v = 0;
  for (const char c : bytes) v = v << 8 | static_cast<unsigned char>(c);
  return static_cast<std::int64_t>(v);
}

void Array::Add(std::int64_t v) {
  ++count_;
  Append(items_, std::uint32_t{8});
  Append(items_, v);
}

void Array::Add(bool v) {
  ++count_;
  Append(items_, std::uint32_t{1});
  items_ += static_cast<char>(v);
}

void Array::Add(std::string_view v) {
  ++count_;
  Append(items_, static_cast<std::uint32_t>(v.size()));
  items_ += v;
}

void Array::AddNull() {
  ++count_;
  has_null_ = true;
  Append(items_, ~std::uint32_t{0});
}

std::string Array::Bytes() const {
  std::string out;
  Append(out, std::uint32_t{count_ == 0 ? 0U : 1U});  // dimensions
  Append(out, std::uint32_t{has_null_});
  Append(out, static_cast<std::uint32_t>(element_));
  if (count_ > 0) {
    Append(out, count_);
    Append(out, std::uint32_t{1});  // the first index
  }
  return out + items_;
}

Parameters& Parameters::Null() {
  values_.emplace_back(std::nullopt);
  return *this;
}

Parameters& Parameters::Bigint(std::int64_t v) {
  std::string bytes;
  Append(bytes, v);
  return Put(std::move(bytes));
}

Parameters& Parameters::Put(std::string bytes) {
  values_.emplace_back(std::move(bytes));
  return *this;
}

}  // namespace duban::storage_postgres
