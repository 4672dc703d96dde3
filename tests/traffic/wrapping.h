// Wraps bytes the way apps do, for tests: the reverse of what unwrap() undoes, written on its own.
#pragma once

#include <lz4frame.h>
#include <zlib.h>
#include <zstd.h>

#include <cstdio>
#include <random>
#include <string>

#include "traffic/text_encodings.h"

namespace klik::traffic {

inline std::string deflated(const std::string& in, int window_bits) {
  z_stream z{};
  deflateInit2(&z, 6, Z_DEFLATED, window_bits, 8, Z_DEFAULT_STRATEGY);
  std::string out(deflateBound(&z, in.size()) + 32, '\0');
  z.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(in.data()));
  z.avail_in = static_cast<uInt>(in.size());
  z.next_out = reinterpret_cast<Bytef*>(out.data());
  z.avail_out = static_cast<uInt>(out.size());
  deflate(&z, Z_FINISH);
  out.resize(z.total_out);
  deflateEnd(&z);
  return out;
}
inline std::string gzipped(const std::string& in) { return deflated(in, 31); }
inline std::string zlibbed(const std::string& in) { return deflated(in, 15); }
inline std::string zstd_compressed(const std::string& in) {
  std::string out(ZSTD_compressBound(in.size()), '\0');
  out.resize(ZSTD_compress(out.data(), out.size(), in.data(), in.size(), 3));
  return out;
}
inline std::string lz4_compressed(const std::string& in) {
  std::string out(LZ4F_compressFrameBound(in.size(), nullptr), '\0');
  out.resize(LZ4F_compressFrame(out.data(), out.size(), in.data(), in.size(), nullptr));
  return out;
}
inline std::string padded_base64(const std::string& in) {
  std::string out = base64(in, false);
  while (out.size() % 4) out += '=';
  return out;
}
inline std::string mime_base64(const std::string& in) {
  const std::string flat = padded_base64(in);
  std::string out;
  for (std::size_t i = 0; i < flat.size(); i += 76) out += flat.substr(i, 76) + "\r\n";
  return out;
}
inline std::string json_escaped(const std::string& in, bool all) {
  std::string out;
  for (const char c : in) {
    const auto b = static_cast<unsigned char>(c);
    char escape[8];
    std::snprintf(escape, sizeof escape, "\\u%04x", b);
    if (c == '"' || c == '\\') out.append("\\").append(1, c);
    else if (c == '\n') out += "\\n";
    else if (b < 0x20 || (all && b < 0x80)) out += escape;
    else out += c;
  }
  return out;
}
inline std::string json(const std::string& in) { return R"({"time":1700000000123,"list":[{"name":"x"},{"data":")" + json_escaped(in, false) + R"("}],"ok":true})"; }
inline std::string json_all_escaped(const std::string& in) { return R"({"d":")" + json_escaped(in, true) + R"("})"; }
inline std::string ndjson(const std::string& in) { return R"({"first":"line of log"})" "\n" R"({"data":")" + json_escaped(in, false) + "\"}\n"; }
inline std::string form(const std::string& in) { return "v=3&data=" + percent_encoded(in, true) + "&lang=nl"; }
inline std::string xml(const std::string& in) {
  std::string escaped;
  for (const char c : in) escaped += c == '<' ? "&lt;" : c == '&' ? "&amp;" : c == '"' ? "&quot;" : std::string(1, c);
  return "<?xml version=\"1.0\"?>\n<log version=\"1\"><item name=\"data\">" + escaped + "</item></log>";
}
inline std::string multipart(const std::string& in) { return "--made-boundary\r\nContent-Disposition: form-data; name=\"data\"; filename=\"a\"\r\nContent-Type: application/octet-stream\r\n\r\n" + in + "\r\n--made-boundary--\r\n"; }
inline std::string jwt(const std::string& in) { return base64(R"({"alg":"none"})", true) + "." + base64(R"({"sub":")" + json_escaped(in, false) + "\"}", true) + ".c2lnbmF0dXJl"; }
inline std::string varint(std::uint64_t n) {
  std::string out;
  for (; n > 127; n >>= 7) out += static_cast<char>(n | 128);
  return out + static_cast<char>(n);
}
inline std::string protobuf_field(unsigned number, const std::string& in) { return varint(number << 3 | 2) + varint(in.size()) + in; }
inline std::string protobuf(const std::string& in) { return "\x08\x07" + protobuf_field(4, protobuf_field(1, "name of it") + protobuf_field(2, in)) + "\x28\x01"; }
inline std::string big(std::uint64_t n, unsigned bytes) {
  std::string out;
  while (bytes-- > 0) out += static_cast<char>(n >> (8 * bytes));
  return out;
}
inline std::string msgpack(const std::string& in) { return "\x82\xa4time\xcf" + big(1700000000123, 8) + "\xa4" "data\x91\xc6" + big(in.size(), 4) + in; }
inline std::string cbor(const std::string& in) { return "\xa2\x64time\x1b" + big(1700000000123, 8) + "\x64" "data\x81\x5a" + big(in.size(), 4) + in; }

// As a file with two members, "notes.txt" and, in a folder, "data.bin". `streamed`: sizes stand behind the data and in the directory, as
// Java's ZipOutputStream writes them.
inline std::string zipped(const std::string& in, bool deflate, bool streamed, bool directory = true) {
  const auto little = [](std::uint64_t n, unsigned bytes) {
    std::string out;
    for (unsigned i = 0; i < bytes; ++i) out += static_cast<char>(n >> (8 * i));
    return out;
  };
  std::string archive, records;
  unsigned count = 0;
  const auto member = [&](const std::string& name, const std::string& content, bool packed, bool behind) {
    const std::string data = packed ? deflated(content, -15) : content;
    const std::string sum = little(::crc32(0, reinterpret_cast<const Bytef*>(content.data()), static_cast<uInt>(content.size())), 4);
    const std::string sizes = sum + little(data.size(), 4) + little(content.size(), 4);
    const std::string front = little(20, 2) + little(behind ? 8 : 0, 2) + little(packed ? 8 : 0, 2) + little(0, 4);
    records += "PK\1\2" + little(20, 2) + front + sizes + little(name.size(), 2) + std::string(12, '\0') + little(archive.size(), 4) + name;
    archive += "PK\3\4" + front + (behind ? std::string(12, '\0') : sizes) + little(name.size(), 2) + little(0, 2) + name + data;
    if (behind) archive += "PK\7\x08" + sizes;
    ++count;
  };
  member("notes.txt", "the first member", false, false);
  member("folder/data.bin", in, deflate, streamed);
  if (!directory) return archive;
  return archive + records + "PK\5\6" + std::string(4, '\0') + little(count, 2) + little(count, 2) + little(records.size(), 4) + little(archive.size(), 4) + little(0, 2);
}
// {"time": 1700000000123, "list": [{"data": in}]}, the value as `marker` says: 4 data, 5 text in ASCII, 6 in UTF-16.
inline std::string bplist(const std::string& in, unsigned marker) {
  const std::string units = marker == 6 ? utf16(in, true) : in;
  const auto key = [](const std::string& text) { return static_cast<char>(0x50 | text.size()) + text; };
  const std::string objects[] = {
      std::string("\xd2\x01\x02\x03\x04", 5), key("time"), key("list"), "\x13" + big(1700000000123, 8), std::string("\xa1\x05", 2), std::string("\xd1\x06\x07", 3), key("data"),
      static_cast<char>(marker << 4 | 15) + std::string("\x12") + big(marker == 6 ? units.size() / 2 : units.size(), 4) + units,
  };
  std::string out = "bplist00", table;
  for (const std::string& object : objects) {
    table += big(out.size(), 4);
    out += object;
  }
  const std::size_t at = out.size();
  return out + table + std::string(6, '\0') + "\x04\x01" + big(std::size(objects), 8) + big(0, 8) + big(at, 8);
}

inline bool is_binary(const std::string& in) {
  for (const char c : in)
    if ((static_cast<unsigned char>(c) < 0x20 && c != '\n') || static_cast<unsigned char>(c) >= 0x7f) return true;
  return false;
}

struct Wrapper {
  const char* name;
  std::string (*wrap)(const std::string&);
  bool text;   // takes texts only
};
inline constexpr Wrapper kWrappers[] = {
    {"gzip", gzipped, false}, {"zlib", zlibbed, false}, {"zstd", zstd_compressed, false}, {"lz4", lz4_compressed, false},
    {"base64", padded_base64, false}, {"mime", mime_base64, false}, {"base64url", [](const std::string& in) { return base64(in, true); }, false},
    {"hex", [](const std::string& in) { return hex_lower(in); }, false}, {"HEX", [](const std::string& in) { return hex_upper(in); }, false},
    {"json", json, true}, {"json_all", json_all_escaped, true}, {"ndjson", ndjson, true}, {"form", form, false}, {"xml", xml, true}, {"jwt", jwt, true},
    {"multipart", multipart, false}, {"protobuf", protobuf, false}, {"msgpack", msgpack, false}, {"cbor", cbor, false},
    {"zip_stored", [](const std::string& in) { return zipped(in, false, false); }, false}, {"zip_deflated", [](const std::string& in) { return zipped(in, true, false); }, false},
    {"zip_streamed", [](const std::string& in) { return zipped(in, true, true); }, false}, {"zip_cut", [](const std::string& in) { return zipped(in, true, true, false); }, false},
    {"bplist_data", [](const std::string& in) { return bplist(in, 4); }, false}, {"bplist_ascii", [](const std::string& in) { return bplist(in, 5); }, true}, {"bplist_utf16", [](const std::string& in) { return bplist(in, 6); }, true},
};

// `layers` wrappers drawn by the generator; what takes texts only gets base64 of bytes. The names are told in `how`, innermost first.
inline std::string wrapped(std::string inner, int layers, std::mt19937_64& random, std::string& how) {
  for (int i = 0; i < layers; ++i) {
    const Wrapper& w = kWrappers[random() % std::size(kWrappers)];
    if (w.text && is_binary(inner)) inner = padded_base64(inner), how += "base64 ";
    inner = w.wrap(inner);
    how.append(w.name).append(" ");
  }
  return inner;
}

}  // namespace klik::traffic
