// The only file that turns untrusted offsets into pointers.
#pragma once

#include <concepts>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>
#include <type_traits>

#include "base/result.h"

namespace klik {

// Integers as they lie in a file: alignment 1, so wire structs need no packing pragma.
template <class T>
struct Le {
  std::uint8_t raw[sizeof(T)];
  constexpr operator T() const {
    T v = 0;
    for (std::size_t i = 0; i < sizeof(T); ++i) v = static_cast<T>(v | static_cast<T>(static_cast<T>(raw[i]) << (8 * i)));
    return v;
  }
};
template <class T>
struct Be {
  std::uint8_t raw[sizeof(T)];
  constexpr operator T() const {
    T v = 0;
    for (std::size_t i = 0; i < sizeof(T); ++i) v = static_cast<T>(static_cast<T>(v << 8) | raw[i]);
    return v;
  }
};
template <>
constexpr Be<std::uint8_t>::operator std::uint8_t() const { return raw[0]; }
using U16le = Le<std::uint16_t>;
using U32le = Le<std::uint32_t>;
using U64le = Le<std::uint64_t>;
using U16be = Be<std::uint16_t>;
using U32be = Be<std::uint32_t>;
using U64be = Be<std::uint64_t>;

template <class T>
concept Wire = std::is_trivially_copyable_v<T> && alignof(T) == 1;

using MutableBytes = std::span<std::uint8_t>;

// A borrowed, read-only window. It never owns and never clamps: out of range is an Error.
class Bytes {
 public:
  constexpr Bytes() = default;
  constexpr Bytes(std::span<const std::uint8_t> s) : s_(s) {}
  constexpr Bytes(const std::uint8_t* data, std::size_t size) : s_(data, size) {}
  static Bytes of(std::string_view text) {
    return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
  }
  // The bytes of a wire struct.
  template <Wire T>
  static Bytes of_struct(const T& value) {
    return {reinterpret_cast<const std::uint8_t*>(&value), sizeof(T)};
  }

  constexpr std::uint64_t size() const { return s_.size(); }
  constexpr bool empty() const { return s_.empty(); }
  constexpr const std::uint8_t* data() const { return s_.data(); }
  constexpr const std::uint8_t* begin() const { return s_.data(); }
  constexpr const std::uint8_t* end() const { return s_.data() + s_.size(); }
  constexpr std::uint8_t operator[](std::size_t i) const { return s_[i]; }  // REQUIRES: i < size()
  constexpr std::span<const std::uint8_t> span() const { return s_; }
  std::string_view text() const { return {reinterpret_cast<const char*>(s_.data()), s_.size()}; }
  bool starts_with(std::string_view magic) const { return text().starts_with(magic); }

  Result<Bytes> slice(std::uint64_t at, std::uint64_t n) const {
    if (at > size() || n > size() - at) return fail(Code::truncated, at, "slice past end");
    return Bytes(s_.subspan(at, n));
  }
  Result<Bytes> from(std::uint64_t at) const {
    if (at > size()) return fail(Code::truncated, at, "start past end");
    return Bytes(s_.subspan(at));
  }

  template <Wire T>
  Result<const T*> view(std::uint64_t at) const {
    if (at > size() || sizeof(T) > size() - at) return fail(Code::truncated, at, "struct past end");
    return reinterpret_cast<const T*>(s_.data() + at);
  }

  // `count` comes from the file, so it is compared by division: a product could wrap.
  template <Wire T>
  Result<std::span<const T>> array(std::uint64_t at, std::uint64_t count) const {
    if (at > size() || count > (size() - at) / sizeof(T)) return fail(Code::truncated, at, "array past end");
    return std::span<const T>(reinterpret_cast<const T*>(s_.data() + at), count);
  }

  // One integer, for formats whose fields are not worth a struct. T is U16le … U64be or std::uint8_t.
  template <Wire T>
  Result<T> get(std::uint64_t at) const {
    KLIK_TRY(const T* p, view<T>(at));
    return *p;
  }

 private:
  std::span<const std::uint8_t> s_;
};

// Copies `from` to `to[at…]`. REQUIRES: it fits; the caller owns `to` and knows its size.
inline void copy_bytes(MutableBytes to, std::uint64_t at, Bytes from) {
  if (from.empty()) return;
  std::memcpy(to.subspan(at, from.size()).data(), from.data(), from.size());
}

// A wire struct that is read from a Source rather than viewed in place.
template <Wire T>
MutableBytes writable_bytes(T& value) {
  return {reinterpret_cast<std::uint8_t*>(&value), sizeof(T)};
}

}  // namespace klik
