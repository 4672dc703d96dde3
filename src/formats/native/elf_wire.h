// The structures of ELF as they lie in a file. Source: System V gABI chapter 4, figures 4-3, 4-9, 4-15, 4-19 and 5-1.
#pragma once

#include "formats/native/elf.h"

namespace klik::elf {

struct Header32 {
  std::uint8_t ident[16];
  U16le type, machine;
  U32le version, entry, segments_at, sections_at, flags;
  U16le header_size, segment_size, segment_count, section_size, section_count, section_names;
};
static_assert(sizeof(Header32) == 52);
struct Header64 {
  std::uint8_t ident[16];
  U16le type, machine;
  U32le version;
  U64le entry, segments_at, sections_at;
  U32le flags;
  U16le header_size, segment_size, segment_count, section_size, section_count, section_names;
};
static_assert(sizeof(Header64) == 64);

struct Segment32 {
  U32le type, offset, address, physical, file_size, memory_size, flags, align;
};
static_assert(sizeof(Segment32) == 32);
struct Segment64 {
  U32le type, flags;
  U64le offset, address, physical, file_size, memory_size, align;
};
static_assert(sizeof(Segment64) == 56);

struct Section32 {
  U32le name, type, flags, address, offset, size, link, info, align, entry_size;
};
static_assert(sizeof(Section32) == 40);
struct Section64 {
  U32le name, type;
  U64le flags, address, offset, size;
  U32le link, info;
  U64le align, entry_size;
};
static_assert(sizeof(Section64) == 64);

struct Symbol32 {
  U32le name, value, size;
  std::uint8_t info, other;
  U16le section;
};
static_assert(sizeof(Symbol32) == 16);
struct Symbol64 {
  U32le name;
  std::uint8_t info, other;
  U16le section;
  U64le value, size;
};
static_assert(sizeof(Symbol64) == 24);

struct Dynamic32 {
  U32le tag, value;
};
struct Dynamic64 {
  U64le tag, value;
};

struct Rel32 {
  U32le offset, info;
};
struct Rela32 {
  U32le offset, info, addend;
};
struct Rel64 {
  U64le offset, info;
};
struct Rela64 {
  U64le offset, info, addend;
};
static_assert(sizeof(Rel32) == 8 && sizeof(Rela32) == 12 && sizeof(Rel64) == 16 && sizeof(Rela64) == 24);

struct NoteHeader {
  U32le name_size, data_size, type;
};
static_assert(sizeof(NoteHeader) == 12);

// The NUL-terminated text at `offset` of a string table; cut at the table's end or at 4096 bytes. Empty when the table leaves the file.
Text text_in(Bytes file, std::uint64_t strings_at, std::uint64_t strings_size, std::uint64_t offset);

}  // namespace klik::elf
