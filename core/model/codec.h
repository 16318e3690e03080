// How values are stored and how they cross a plugin's boundary: a compact binary form.
//
// A record is a struct with `template <class A> void Visit(A& a) { a(first, second, …); }`. It is
// written as its length and then its fields in order, so a reader that knows fewer fields skips the
// rest and one that knows more finds its defaults: fields are only ever added at the end, and never
// change their meaning. Integers are little-endian base 128 (signed ones zig-zag); a variant is its
// index and the alternative.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "core/model/value.h"

namespace duban::model {

// The bytes are not what the type says: cut off, damaged, or of a newer version.
struct CodecError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

// Values nested deeper than this are refused when read.
inline constexpr int kMaxValueDepth = 64;
// Room for at most this many items is taken on the word of a count alone; more comes as items are
// read.
inline constexpr std::uint64_t kMaxReserve = 256;

// Once: after Take it is used up. What is short is gathered in place.
class Encoder {
 public:
  Encoder() = default;
  Encoder(const Encoder&) = delete;
  Encoder& operator=(const Encoder&) = delete;

  template <class... T>
  void operator()(const T&... fields) {
    (Write(fields), ...);
  }
  std::string_view view() const { return {begin_, size()}; }
  std::string Take();

  void Varint(std::uint64_t v) {
    if (v < 0x80) return Byte(static_cast<char>(v));  // most are
    LongVarint(v);
  }
  template <class T>
  void Write(const T& v);

 private:
  std::size_t size() const { return static_cast<std::size_t>(next_ - begin_); }
  void Reserve(std::size_t room) {
    if (static_cast<std::size_t>(end_ - next_) < room) Grow(room);
  }
  void Grow(std::size_t room);
  void Byte(char byte) {
    Reserve(1);
    *next_++ = byte;
  }
  void Append(std::string_view bytes) {
    Reserve(bytes.size());
    next_ = std::copy(bytes.begin(), bytes.end(), next_);
  }
  void LongVarint(std::uint64_t v);
  void WriteValue(const Value& v);
  // A record that began at `start` is complete: its length, for which there is one byte, is put in
  // front.
  void Close(std::size_t start);

  std::array<char, 2048> near_;
  std::string far_;  // what does not fit there
  char* begin_ = near_.data();
  char* next_ = begin_;  // behind what is written; beyond it nothing is initialised
  char* end_ = begin_ + near_.size();
};

class Decoder {
 public:
  explicit Decoder(std::string_view in) : in_(in) {}
  template <class... T>
  void operator()(T&... fields) {
    (ReadUnlessAtEnd(fields), ...);
  }

  std::uint64_t Varint();
  bool AtEnd() const { return in_.empty(); }
  template <class T>
  void Read(T& v);

 private:
  template <class T>
  void ReadUnlessAtEnd(T& v) {
    if (!in_.empty()) Read(v);
  }
  std::string_view Take(std::uint64_t size);
  std::uint64_t Count();
  Value ReadValue(int depth);
  Map ReadMap(int depth);
  std::string_view in_;
};

template <class T>
std::string Encode(const T& v) {
  Encoder e;
  e.Write(v);
  return e.Take();
}

// Throws CodecError.
template <class T>
T Decode(std::string_view bytes) {
  Decoder d(bytes);
  T v{};
  d.Read(v);
  return v;
}

namespace codec_detail {
template <class T>
struct IsVector : std::false_type {};
template <class T>
struct IsVector<std::vector<T>> : std::true_type {};
template <class T>
struct IsOptional : std::false_type {};
template <class T>
struct IsOptional<std::optional<T>> : std::true_type {};
template <class T>
struct IsVariant : std::false_type {};
template <class... T>
struct IsVariant<std::variant<T...>> : std::true_type {};
template <class T>
struct IsMap : std::false_type {};
template <class K, class V>
struct IsMap<std::map<K, V>> : std::true_type {};

template <class V, std::size_t I = 0>
void EmplaceAt(V& v, std::size_t index) {
  if constexpr (I < std::variant_size_v<V>) {
    if (index == I) {
      v.template emplace<I>();
    } else {
      EmplaceAt<V, I + 1>(v, index);
    }
  } else {
    throw CodecError("unknown alternative: the data is from a newer version");
  }
}
}  // namespace codec_detail

template <class T>
void Encoder::Write(const T& v) {
  using namespace codec_detail;
  if constexpr (std::is_same_v<T, bool>) {
    Byte(static_cast<char>(v));
  } else if constexpr (std::is_enum_v<T>) {
    Varint(static_cast<std::uint64_t>(v));
  } else if constexpr (std::is_integral_v<T> && std::is_unsigned_v<T>) {
    Varint(v);
  } else if constexpr (std::is_integral_v<T>) {
    const auto wide = static_cast<std::int64_t>(v);
    Varint(static_cast<std::uint64_t>(wide) << 1 ^ static_cast<std::uint64_t>(wide >> 63));
  } else if constexpr (std::is_same_v<T, std::string> || std::is_same_v<T, std::string_view>) {
    Varint(v.size());
    Append(v);
  } else if constexpr (std::is_same_v<T, Value>) {
    WriteValue(v);
  } else if constexpr (std::is_same_v<T, Map>) {
    Varint(v.size());
    for (const auto& [key, value] : v) {
      WriteValue(key);
      WriteValue(value);
    }
  } else if constexpr (std::is_same_v<T, Timestamp> || std::is_same_v<T, Duration>) {
    (*this)(v.seconds, v.nanos);
  } else if constexpr (IsVector<T>::value) {
    Varint(v.size());
    for (const auto& item : v) Write(item);
  } else if constexpr (IsMap<T>::value) {
    Varint(v.size());
    for (const auto& [key, value] : v) (*this)(key, value);
  } else if constexpr (IsOptional<T>::value) {
    Write(v.has_value());
    if (v) Write(*v);
  } else if constexpr (IsVariant<T>::value) {
    Varint(v.index());
    std::visit([this](const auto& alternative) { Write(alternative); }, v);
  } else {
    const std::size_t start = size();
    Byte('\0');
    const_cast<T&>(v).Visit(*this);
    Close(start);
  }
}

template <class T>
void Decoder::Read(T& v) {
  using namespace codec_detail;
  if constexpr (std::is_same_v<T, bool>) {
    v = Take(1)[0] != 0;
  } else if constexpr (std::is_enum_v<T>) {
    v = static_cast<T>(Varint());
  } else if constexpr (std::is_integral_v<T> && std::is_unsigned_v<T>) {
    v = static_cast<T>(Varint());
  } else if constexpr (std::is_integral_v<T>) {
    const std::uint64_t raw = Varint();
    v = static_cast<T>(static_cast<std::int64_t>(raw >> 1) ^ -static_cast<std::int64_t>(raw & 1));
  } else if constexpr (std::is_same_v<T, std::string>) {
    v = std::string(Take(Varint()));
  } else if constexpr (std::is_same_v<T, Value>) {
    v = ReadValue(0);
  } else if constexpr (std::is_same_v<T, Map>) {
    v = ReadMap(0);
  } else if constexpr (std::is_same_v<T, Timestamp> || std::is_same_v<T, Duration>) {
    Read(v.seconds);
    Read(v.nanos);
  } else if constexpr (IsVector<T>::value) {
    const std::uint64_t count = Count();
    v.clear();
    v.reserve(std::min(count, kMaxReserve));
    for (std::uint64_t i = 0; i < count; ++i) Read(v.emplace_back());
  } else if constexpr (IsMap<T>::value) {
    v.clear();
    for (std::uint64_t n = Count(); n > 0; --n) {
      typename T::key_type key{};
      Read(key);
      Read(v[key]);
    }
  } else if constexpr (IsOptional<T>::value) {
    bool present = false;
    Read(present);
    v.reset();
    if (present) Read(v.emplace());
  } else if constexpr (IsVariant<T>::value) {
    EmplaceAt(v, Varint());
    std::visit([this](auto& alternative) { Read(alternative); }, v);
  } else {
    Decoder fields(Take(Varint()));
    v.Visit(fields);
  }
}

}  // namespace duban::model
