#include "core/model/codec.h"

#include <algorithm>
#include <bit>
#include <cstring>

namespace duban::model {

std::string Encoder::Take() {
  if (far_.empty()) return {begin_, next_};
  far_.resize(size());
  return std::move(far_);
}

void Encoder::Grow(std::size_t room) {
  const std::size_t written = size();
  const std::size_t capacity =
      std::max(2 * static_cast<std::size_t>(end_ - begin_), written + room);
  std::string larger;
  larger.resize_and_overwrite(capacity, [&](char* to, std::size_t all) {
    std::copy(begin_, next_, to);
    return all;
  });
  far_ = std::move(larger);
  begin_ = far_.data();
  next_ = begin_ + written;
  end_ = begin_ + capacity;
}

void Encoder::LongVarint(std::uint64_t v) {
  constexpr std::size_t kLongest = 10;
  Reserve(kLongest);
  for (; v >= 0x80; v >>= 7) *next_++ = static_cast<char>(v | 0x80);
  *next_++ = static_cast<char>(v);
}

void Encoder::Close(std::size_t start) {
  std::size_t length = size() - start - 1;
  if (length < 0x80) {
    begin_[start] = static_cast<char>(length);
    return;
  }
  std::size_t more = 0;  // bytes that the length takes beyond its first
  for (std::size_t rest = length >> 7; rest > 0; rest >>= 7) ++more;
  Reserve(more);
  char* at = begin_ + start;
  std::copy_backward(at + 1, next_, next_ + more);
  next_ += more;
  for (; length >= 0x80; length >>= 7) *at++ = static_cast<char>(length | 0x80);
  *at = static_cast<char>(length);
}

void Encoder::WriteValue(const Value& v) {
  Byte(static_cast<char>(v.kind()));
  std::visit(
      [this](const auto& x) {
        using T = std::decay_t<decltype(x)>;
        if constexpr (std::is_same_v<T, Null>) {
        } else if constexpr (std::is_same_v<T, double>) {
          const auto bits = std::bit_cast<std::uint64_t>(x);
          for (int shift = 0; shift < 64; shift += 8) Byte(static_cast<char>(bits >> shift));
        } else if constexpr (std::is_same_v<T, Bytes>) {
          Write(x.data);
        } else if constexpr (std::is_same_v<T, TypeName>) {
          Write(x.name);
        } else if constexpr (std::is_same_v<T, Value::ListPtr> ||
                             std::is_same_v<T, Value::MapPtr>) {
          Write(*x);
        } else {
          Write(x);
        }
      },
      v.storage());
}

std::uint64_t Decoder::Varint() {
  std::uint64_t v = 0;
  for (int shift = 0; shift < 64; shift += 7) {
    const auto byte = static_cast<unsigned char>(Take(1)[0]);
    v |= static_cast<std::uint64_t>(byte & 0x7f) << shift;
    if (byte < 0x80) return v;
  }
  throw CodecError("a number is too long");
}

std::string_view Decoder::Take(std::uint64_t size) {
  if (size > in_.size()) throw CodecError("the data is cut off");
  std::string_view taken = in_.substr(0, size);
  in_.remove_prefix(size);
  return taken;
}

// Each item takes at least one byte (an empty record its length), so a count beyond what is left is
// damage.
std::uint64_t Decoder::Count() {
  const std::uint64_t n = Varint();
  if (n > in_.size()) throw CodecError("a count exceeds the data");
  return n;
}

Value Decoder::ReadValue(int depth) {
  if (depth > kMaxValueDepth) throw CodecError("the value is nested too deeply");
  const auto read = [this](auto v) {
    Read(v);
    return v;
  };
  switch (static_cast<Value::Kind>(static_cast<unsigned char>(Take(1)[0]))) {
    case Value::Kind::kNull:
      return {};
    case Value::Kind::kBool:
      return read(false);
    case Value::Kind::kInt:
      return read(std::int64_t{});
    case Value::Kind::kUint:
      return read(std::uint64_t{});
    case Value::Kind::kDouble: {
      std::uint64_t bits = 0;
      const std::string_view raw = Take(8);
      for (int i = 0; i < 8; ++i) {
        bits |=
            static_cast<std::uint64_t>(static_cast<unsigned char>(raw[static_cast<std::size_t>(i)]))
            << (8 * i);
      }
      return std::bit_cast<double>(bits);
    }
    case Value::Kind::kString:
      return read(std::string{});
    case Value::Kind::kBytes:
      return Bytes{read(std::string{})};
    case Value::Kind::kTimestamp: {
      const auto t = read(Timestamp{});
      if (t.seconds < Timestamp::kMinSeconds || t.seconds > Timestamp::kMaxSeconds || t.nanos < 0 ||
          t.nanos >= kNanosPerSecond) {
        throw CodecError("a point in time is out of range");
      }
      return t;
    }
    case Value::Kind::kDuration: {
      const auto d = read(Duration{});
      if (d.nanos <= -kNanosPerSecond || d.nanos >= kNanosPerSecond)
        throw CodecError("a duration is out of range");
      return d;
    }
    case Value::Kind::kType:
      return TypeName{read(std::string{})};
    case Value::Kind::kList: {
      const std::uint64_t count = Count();
      List list;
      list.reserve(std::min(count, kMaxReserve));
      for (std::uint64_t i = 0; i < count; ++i) list.push_back(ReadValue(depth + 1));
      return list;
    }
    case Value::Kind::kMap:
      return ReadMap(depth);
  }
  throw CodecError("unknown kind of value: the data is from a newer version");
}

Map Decoder::ReadMap(int depth) {
  const std::uint64_t count = Count();
  std::vector<Map::Entry> entries;
  entries.reserve(std::min(count, kMaxReserve));
  for (std::uint64_t i = 0; i < count; ++i) {
    Value key = ReadValue(depth + 1);
    entries.emplace_back(std::move(key), ReadValue(depth + 1));
  }
  return Map(std::move(entries));
}

}  // namespace duban::model
