// DEX and compact DEX as the phone reads them: tables by index, classes, code. A borrowed view: nothing is copied, every
// item can say at which byte of the file it stands. Offsets are always in `file()`, also for DEX inside something larger.
// Source: source.android.com "Dalvik executable format"; AOSP art/libdexfile for compact DEX and what is refused.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "base/bytes.h"

namespace klik::dex {

inline constexpr std::uint32_t kNoIndex = 0xFFFFFFFF;

// Access flags that decide something; the others are as in the class file format.
inline constexpr std::uint32_t kAccPublic = 0x1, kAccPrivate = 0x2, kAccStatic = 0x8, kAccNative = 0x100, kAccInterface = 0x200,
                               kAccAbstract = 0x400, kAccConstructor = 0x10000;

// Indexes of types.
using TypeList = std::span<const U16le>;

struct Proto {
  std::uint32_t shorty = kNoIndex;        // string
  std::uint32_t return_type = kNoIndex;   // type
  TypeList parameters{};
};

struct Field {
  std::uint32_t owner = kNoIndex, type = kNoIndex, name = kNoIndex;    // type, type, string
};

struct Method {
  std::uint32_t owner = kNoIndex, proto = kNoIndex, name = kNoIndex;   // type, proto, string
};

struct ClassDef {
  std::uint32_t type = kNoIndex, access_flags = 0;
  std::uint32_t superclass = kNoIndex;    // kNoIndex: none
  std::uint32_t source_file = kNoIndex;   // string; kNoIndex: not stated
  TypeList interfaces{};
  std::uint64_t annotations_at = 0, class_data_at = 0, static_values_at = 0;   // 0: none
};

struct MethodHandle {
  std::uint32_t type = 0;                 // 0 to 3 access a field, 4 to 8 a method
  std::uint32_t target = kNoIndex;        // of a field or a method
  bool is_field() const { return type < 4; }
};

// Members as class data lists them: fields before methods, direct methods before virtual ones.
struct ClassField {
  std::uint32_t field, access_flags;
  bool is_static;
  std::uint64_t at;                       // of its entry in the class data
};

struct ClassMethod {
  std::uint32_t method, access_flags;
  bool is_direct;                         // private, static or a constructor
  std::uint64_t at;                       // of its entry in the class data
  std::uint64_t code_at;                  // 0: abstract or native
};

struct TryItem {
  U32le start;                            // in code units
  U16le count, handlers;                  // code units covered; offset of its handlers in the list
};
static_assert(sizeof(TryItem) == 8);

struct CodeItem {
  std::uint64_t at = 0;                   // of the code item; for compact DEX of its short header
  std::uint32_t registers = 0, ins = 0, outs = 0;
  std::span<const U16le> units{};         // the instructions; see dex_instructions.h
  std::uint64_t units_at = 0;
  std::span<const TryItem> tries{};
  std::uint64_t handlers_at = 0;          // of the list of handlers; 0: no tries
};

struct Handler {
  std::uint32_t type;                     // what is caught; kNoIndex: everything
  std::uint32_t target;                   // in code units
};

// Numbers of variable length, forward through a window. After a failed read the position is undefined.
class LebReader {
 public:
  LebReader(Bytes bytes, std::uint64_t at) : bytes_(bytes), at_(at) {}
  std::uint64_t at() const { return at_; }
  Result<std::uint32_t> unsigned_value() {
    if (at_ < bytes_.size() && bytes_[at_] < 0x80) [[likely]] return bytes_[at_++];
    return long_value();
  }
  Result<std::int32_t> signed_value();

 private:
  Result<std::uint32_t> long_value();

  Bytes bytes_;
  std::uint64_t at_;
};

class DexFile {
 public:
  // The DEX whose header stands at `header_at`. Tables and the strings in them are checked here, so the accessors below
  // cannot fail. Errors: bad_magic, truncated and bad_value, with the offset in `file`, for what the phone refuses to
  // load; unsupported for another byte order or an unknown version; over_budget when lists or strings overlap so much
  // that reading them once would cost far more than the file's size.
  static Result<DexFile> open(Bytes file, std::uint64_t header_at = 0);
  // All DEX of a container (version 041); one for every other version.
  static Result<std::vector<DexFile>> open_all(Bytes file);
  // True when `start` begins like a DEX or a compact DEX of any version.
  static bool looks_like(Bytes start);

  Bytes file() const { return file_; }
  std::uint64_t header_at() const { return header_at_; }
  std::uint64_t size() const { return size_; }               // as the header says: without data shared with other DEX
  std::uint32_t version() const { return version_; }         // 35, 37 to 41; of compact DEX 1
  bool is_compact() const { return compact_; }
  std::uint64_t trailing_bytes() const { return trailing_; } // of `file` behind a DEX that ends before it

  std::uint32_t checksum() const { return checksum_; }       // the header's Adler-32
  Bytes signature() const { return signature_; }             // the header's SHA-1
  // Computed on demand. The phone loads files where they differ (the second is never looked at); compact DEX keeps
  // the values of the DEX it was made from, so there they never match.
  bool checksum_ok() const;
  bool signature_ok() const;

  std::uint32_t string_count() const { return static_cast<std::uint32_t>(strings_.size()); }
  std::uint32_t type_count() const { return static_cast<std::uint32_t>(types_.size()); }
  std::uint32_t proto_count() const { return static_cast<std::uint32_t>(protos_.size()); }
  std::uint32_t field_count() const { return static_cast<std::uint32_t>(fields_.size()); }
  std::uint32_t method_count() const { return static_cast<std::uint32_t>(methods_.size()); }
  std::uint32_t class_count() const { return static_cast<std::uint32_t>(classes_.size()); }
  std::uint32_t call_site_count() const { return static_cast<std::uint32_t>(call_sites_.size()); }
  std::uint32_t method_handle_count() const { return static_cast<std::uint32_t>(method_handles_.size()); }

  // An index out of range (indexes in code are not checked) gives "", an item of kNoIndex, or 0: never a failure.
  std::string_view string(std::uint32_t index) const;        // modified UTF-8 as it lies there, without its end mark
  std::string_view type(std::uint32_t index) const {         // descriptor: "Landroid/app/Activity;", "[I"
    return index < types_.size() ? string(types_[index]) : std::string_view();
  }
  Proto proto(std::uint32_t index) const;
  Field field(std::uint32_t index) const;
  Method method(std::uint32_t index) const;
  ClassDef class_def(std::uint32_t index) const;
  MethodHandle method_handle(std::uint32_t index) const;
  std::uint64_t call_site_at(std::uint32_t index) const;     // of its encoded array; 0: none
  std::uint32_t type_string(std::uint32_t index) const { return index < types_.size() ? std::uint32_t{types_[index]} : kNoIndex; }

  std::string_view owner_of_method(std::uint32_t index) const { return type(method(index).owner); }
  std::string_view name_of_method(std::uint32_t index) const { return string(method(index).name); }
  std::string_view owner_of_field(std::uint32_t index) const { return type(field(index).owner); }
  std::string_view name_of_field(std::uint32_t index) const { return string(field(index).name); }

  // Where an item stands, for provenance. REQUIRES: index below the count.
  std::uint64_t string_at(std::uint32_t index) const { return data_at(strings_[index]); }   // of its length; the text follows
  std::uint64_t type_at(std::uint32_t index) const { return ids_at_.types + std::uint64_t{4} * index; }
  std::uint64_t proto_at(std::uint32_t index) const { return ids_at_.protos + std::uint64_t{12} * index; }
  std::uint64_t field_at(std::uint32_t index) const { return ids_at_.fields + std::uint64_t{8} * index; }
  std::uint64_t method_at(std::uint32_t index) const { return ids_at_.methods + std::uint64_t{8} * index; }
  std::uint64_t class_at(std::uint32_t index) const { return ids_at_.classes + std::uint64_t{32} * index; }

  // Calls on_field(const ClassField&) and on_method(const ClassMethod&) in the order of the file. What was read before
  // an error has been passed on.
  template <class OnField, class OnMethod>
  Result<void> members(const ClassDef& def, OnField&& on_field, OnMethod&& on_method) const;

  // REQUIRES: code_at comes from a ClassMethod and is not 0.
  Result<CodeItem> code(std::uint64_t code_at) const;

  // Calls on_handler(const Handler&) for what `item` of this code catches, in order.
  template <class OnHandler>
  Result<void> handlers(const CodeItem& code, const TryItem& item, OnHandler&& on_handler) const;

  // An offset as it stands in the data section → in `file()`.
  std::uint64_t data_at(std::uint32_t offset) const { return data_base_ + offset; }
  // What data offsets may point into; indexes of the window are offsets in `file()`.
  Bytes window() const { return window_; }

 private:
  struct RawProto {
    U32le shorty, return_type, parameters;
  };
  struct RawField {
    U16le owner, type;
    U32le name;
  };
  struct RawMethod {
    U16le owner, proto;
    U32le name;
  };
  struct RawClass {
    U32le type, access_flags, superclass, interfaces, source_file, annotations, class_data, static_values;
  };
  struct RawHandle {
    U16le type, unused, target, unused_too;
  };
  struct TablePlaces {
    std::uint64_t strings, types, protos, fields, methods, classes;
  };
  friend struct Opener;

  Result<TypeList> type_list(std::uint32_t offset) const;
  Result<CodeItem> compact_code(std::uint64_t code_at) const;

  Bytes file_, window_, signature_;
  std::uint64_t header_at_ = 0, size_ = 0, data_base_ = 0, trailing_ = 0;
  std::uint32_t version_ = 0, checksum_ = 0;
  bool compact_ = false;
  TablePlaces ids_at_{};
  std::span<const U32le> strings_, types_, call_sites_;
  std::span<const RawProto> protos_;
  std::span<const RawField> fields_;
  std::span<const RawMethod> methods_;
  std::span<const RawClass> classes_;
  std::span<const RawHandle> method_handles_;
};

template <class OnField, class OnMethod>
Result<void> DexFile::members(const ClassDef& def, OnField&& on_field, OnMethod&& on_method) const {
  if (def.class_data_at == 0) return {};
  LebReader in(window_, def.class_data_at);
  std::uint32_t counts[4] = {};   // static fields, instance fields, direct methods, virtual methods
  for (std::uint32_t& count : counts) {
    KLIK_TRY(count, in.unsigned_value());
  }
  // An entry takes at least two bytes, so a count from the file cannot run longer than the file does.
  for (unsigned list = 0; list < 2; ++list) {
    std::uint32_t index = 0;
    for (std::uint32_t i = 0; i < counts[list]; ++i) {
      const std::uint64_t at = in.at();
      KLIK_TRY(const std::uint32_t step, in.unsigned_value());
      KLIK_TRY(const std::uint32_t flags, in.unsigned_value());
      index += step;
      if (index >= field_count()) return fail(Code::bad_value, at, "class data names a field that does not exist");
      on_field(ClassField{index, flags, list == 0, at});
    }
  }
  for (unsigned list = 2; list < 4; ++list) {
    std::uint32_t index = 0;
    for (std::uint32_t i = 0; i < counts[list]; ++i) {
      const std::uint64_t at = in.at();
      KLIK_TRY(const std::uint32_t step, in.unsigned_value());
      KLIK_TRY(const std::uint32_t flags, in.unsigned_value());
      KLIK_TRY(const std::uint32_t code, in.unsigned_value());
      index += step;
      if (index >= method_count()) return fail(Code::bad_value, at, "class data names a method that does not exist");
      on_method(ClassMethod{index, flags, list == 2, at, code == 0 ? 0 : data_at(code)});
    }
  }
  return {};
}

template <class OnHandler>
Result<void> DexFile::handlers(const CodeItem& code, const TryItem& item, OnHandler&& on_handler) const {
  LebReader in(window_, code.handlers_at + item.handlers);
  KLIK_TRY(const std::int32_t count, in.signed_value());   // not above zero: a catch-all follows
  const std::uint32_t typed = count < 0 ? 0u - static_cast<std::uint32_t>(count) : static_cast<std::uint32_t>(count);
  for (std::uint32_t i = 0; i < typed; ++i) {
    KLIK_TRY(const std::uint32_t type_index, in.unsigned_value());
    KLIK_TRY(const std::uint32_t target, in.unsigned_value());
    on_handler(Handler{type_index, target});
  }
  if (count > 0) return {};
  KLIK_TRY(const std::uint32_t target, in.unsigned_value());
  on_handler(Handler{kNoIndex, target});
  return {};
}

}  // namespace klik::dex
