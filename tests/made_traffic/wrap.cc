#include "wrap.h"

#include <brotli/encode.h>
#include <lz4frame.h>
#include <zlib.h>
#include <zstd.h>

#include <algorithm>
#include <cstdint>
#include <stdexcept>
#include <vector>

namespace made {
namespace {

bool is_text(const std::string& s) {
  return std::ranges::all_of(s, [](char c) { return (c >= 0x20 && c < 0x7f) || c == '\r' || c == '\n'; });
}

std::string zlib_deflated(const std::string& in, int window_bits) {
  z_stream z{};
  deflateInit2(&z, 9, Z_DEFLATED, window_bits, 8, Z_DEFAULT_STRATEGY);
  std::string out(deflateBound(&z, in.size()) + 32, '\0');
  z.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(in.data()));
  z.avail_in = static_cast<uInt>(in.size());
  z.next_out = reinterpret_cast<Bytef*>(out.data());
  z.avail_out = static_cast<uInt>(out.size());
  if (deflate(&z, Z_FINISH) != Z_STREAM_END) throw std::runtime_error("deflate");
  out.resize(z.total_out);
  deflateEnd(&z);
  return out;
}
std::string zstandard(const std::string& in) {
  std::string out(ZSTD_compressBound(in.size()), '\0');
  out.resize(ZSTD_compress(out.data(), out.size(), in.data(), in.size(), 5));
  return out;
}
std::string lz4(const std::string& in) {
  std::string out(LZ4F_compressFrameBound(in.size(), nullptr), '\0');
  out.resize(LZ4F_compressFrame(out.data(), out.size(), in.data(), in.size(), nullptr));
  return out;
}
std::string brotli(const std::string& in) {
  std::string out(BrotliEncoderMaxCompressedSize(in.size()) + 64, '\0');
  std::size_t size = out.size();
  if (!BrotliEncoderCompress(6, 20, BROTLI_MODE_GENERIC, in.size(), reinterpret_cast<const std::uint8_t*>(in.data()), &size, reinterpret_cast<std::uint8_t*>(out.data()))) throw std::runtime_error("brotli");
  out.resize(size);
  return out;
}

std::string percent(const std::string& in) {
  std::string out;
  for (const char c : in) {
    const bool plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '_' || c == '.' || c == '~';
    if (plain) out += c;
    else out += "%" + hex(std::string(1, c), true);
  }
  return out;
}
// Other signs than the shortest escapes too: \/ and \u.
std::string json_text(const std::string& in, bool all) {
  std::string out;
  for (const char c : in) {
    if (c == '"' || c == '\\' || c == '/') out.append("\\").append(1, c);
    else if (all || c < 0x20) out += "\\u00" + hex(std::string(1, c));
    else out += c;
  }
  return out;
}
std::string xml_text(const std::string& in) {
  std::string out;
  for (const char c : in) out += c == '<' ? "&lt;" : c == '>' ? "&gt;" : c == '&' ? "&amp;" : c == '"' ? "&quot;" : c == '\'' ? "&#39;" : std::string(1, c);
  return out;
}
std::string big(std::uint64_t n, unsigned bytes) {
  std::string out;
  while (bytes-- > 0) out += static_cast<char>(n >> (8 * bytes));
  return out;
}
std::string varint(std::uint64_t n) {
  std::string out;
  for (; n > 127; n >>= 7) out += static_cast<char>(n | 128);
  return out + static_cast<char>(n);
}
std::string proto_field(unsigned number, const std::string& in) { return varint(number << 3 | 2) + varint(in.size()) + in; }

// The boundary may not stand in the contents, which can be multipart too.
std::string boundary(const std::string& in) { return "made-boundary-" + std::to_string(in.size()); }
std::string multipart(const std::string& in) {
  const std::string line = "--" + boundary(in);
  return line + "\r\nContent-Disposition: form-data; name=\"v\"\r\n\r\n3\r\n" + line + "\r\nContent-Disposition: form-data; name=\"data\"; filename=\"a\"\r\nContent-Type: application/octet-stream\r\n\r\n" + in + "\r\n" + line + "--\r\n";
}

std::string little(std::uint64_t n, unsigned bytes) {
  std::string out;
  for (unsigned i = 0; i < bytes; ++i) out += static_cast<char>(n >> (8 * i));
  return out;
}
// An archive with the contents as its second member. `stream`: sizes behind the data, as who writes to a socket must.
std::string zip(const std::string& in, bool deflate, bool stream) {
  const std::string names[] = {"about.txt", "files/data.bin"}, contents[] = {"made archive", in};
  std::string archive, directory;
  for (int i = 0; i < 2; ++i) {
    const bool packed = deflate && i == 1, behind = stream && i == 1;
    const std::string data = packed ? zlib_deflated(contents[i], -15) : contents[i];
    const std::string sum = little(crc32(0, reinterpret_cast<const Bytef*>(contents[i].data()), static_cast<uInt>(contents[i].size())), 4) + little(data.size(), 4) + little(contents[i].size(), 4);
    const std::string common = little(20, 2) + little(behind ? 8 : 0, 2) + little(packed ? 8 : 0, 2) + little(0x58210000, 4);
    directory += little(0x02014b50, 4) + little(20, 2) + common + sum + little(names[i].size(), 2) + std::string(12, '\0') + little(archive.size(), 4) + names[i];
    archive += little(0x04034b50, 4) + common + (behind ? std::string(12, '\0') : sum) + little(names[i].size(), 2) + little(0, 2) + names[i] + data;
    if (behind) archive += little(0x08074b50, 4) + sum;
  }
  return archive + directory + little(0x06054b50, 4) + little(0, 4) + little(2, 2) + little(2, 2) + little(directory.size(), 4) + little(archive.size(), 4) + little(0, 2);
}

// {"list": ["kind of it", {"data": contents}], "time": …}. `kind`: 4 bytes, 5 ASCII, 6 UTF-16.
std::string bplist(const std::string& in, unsigned kind) {
  std::string value;
  if (kind == 6)
    for (const char c : in) value += std::string(1, '\0') + c;
  else value = in;
  const auto text = [](const std::string& s) { return static_cast<char>(0x50 + s.size()) + s; };
  const std::vector<std::string> objects{
      std::string("\xd2\x01\x02\x03\x04", 5), text("list"), text("time"), std::string("\xa2\x05\x06", 3), "\x13" + big(1'700'000'000'123, 8), text("kind of it"), std::string("\xd1\x07\x08", 3), text("data"),
      static_cast<char>(kind * 16 + 15) + std::string("\x12") + big(in.size(), 4) + value,
  };
  std::string out = "bplist00", offsets;
  for (const std::string& o : objects) offsets += big(out.size(), 3), out += o;
  return out + offsets + std::string(6, '\0') + "\x03\x01" + big(objects.size(), 8) + big(0, 8) + big(out.size(), 8);
}

struct Layer {
  bool text_only;
  const char* path;
  std::string (*wrap)(const std::string&);
  const char* type = "";
  const char* coding = "";       // the name it has in Content-Encoding
  bool silent = false;           // does not say what it is: cannot be the outermost without a Content-Encoding
};

constexpr std::size_t kLeastSilent = 24;

const Layer kLayers[] = {
    {false, "/gzip", [](const std::string& in) { return zlib_deflated(in, 31); }, "application/octet-stream", "gzip"},
    {false, "/zlib", [](const std::string& in) { return zlib_deflated(in, 15); }, "application/octet-stream", "deflate"},
    {false, "/zstd", zstandard, "application/octet-stream", "zstd"},
    {false, "/lz4", lz4, "application/octet-stream"},
    {false, "/br", brotli, "", "br", true},
    {false, "/base64", [](const std::string& in) { return base64(in, false); }, "text/plain"},
    {false, "/base64", [](const std::string& in) { return base64(in, true); }, "text/plain"},
    {false, "/base64", [](const std::string& in) {   // in lines, as MIME has it
       std::string out, flat = base64(in, false);
       for (std::size_t at = 0; at < flat.size(); at += 76) out += flat.substr(at, 76) + "\r\n";
       return out;
     }, "text/plain"},
    {false, "/hex", [](const std::string& in) { return hex(in); }, "text/plain"},
    {false, "/hex", [](const std::string& in) { return hex(in, true); }, "text/plain"},
    {true, "/json.list[1].data", [](const std::string& in) { return R"({"time":1700000000123,"list":[{"kind":"start"},{"data":")" + json_text(in, false) + R"("}],"ok":true})"; }, "application/json"},
    {true, "/json.d", [](const std::string& in) { return R"({"v":3,"d":")" + json_text(in, true) + "\"}"; }, "application/json; charset=utf-8"},
    {true, "/ndjson[1].data", [](const std::string& in) { return "{\"first\":\"line of log\"}\n{\"data\":\"" + json_text(in, false) + "\"}\n"; }, "application/x-ndjson"},
    {false, "/form.data", [](const std::string& in) { return "v=3&data=" + percent(in) + "&lang=nl"; }, "application/x-www-form-urlencoded"},
    {true, "/xml.log.item", [](const std::string& in) { return "<?xml version=\"1.0\"?>\n<log version=\"1\"><item class=\"data\">" + xml_text(in) + "</item></log>"; }, "application/xml"},
    {true, "/jwt.payload/json.sub", [](const std::string& in) { return base64(R"({"alg":"none","typ":"JWT"})", true) + "." + base64(R"({"iat":1700000000,"sub":")" + json_text(in, false) + "\"}", true) + ".c2lnbmF0dXJl"; }, "application/jwt"},
    {false, "/multipart.data", multipart, "multipart/form-data; boundary="},
    {false, "/protobuf.4.2", [](const std::string& in) { return "\x08\x07" + proto_field(4, proto_field(1, "kind of it") + proto_field(2, in)) + "\x28\x01"; }, "application/x-protobuf"},
    {false, "/msgpack.data[0]", [](const std::string& in) { return "\x82\xa4time\xcf" + big(1'700'000'000'123, 8) + "\xa4" "data\x91\xc6" + big(in.size(), 4) + in; }, "application/x-msgpack"},
    {false, "/cbor.data[0]", [](const std::string& in) { return "\xa2\x64time\x1b" + big(1'700'000'000'123, 8) + "\x64" "data\x81\x5a" + big(in.size(), 4) + in; }, "application/cbor"},
    {false, "/zip.data.bin", [](const std::string& in) { return zip(in, false, false); }, "application/zip"},
    {false, "/zip.data.bin/deflate", [](const std::string& in) { return zip(in, true, false); }, "application/zip"},
    {false, "/zip.data.bin/deflate", [](const std::string& in) { return zip(in, true, true); }, "application/octet-stream"},
    {false, "/bplist.list[1].data", [](const std::string& in) { return bplist(in, 4); }, "application/x-plist"},
    {true, "/bplist.list[1].data", [](const std::string& in) { return bplist(in, 5); }, "application/x-plist"},
    {true, "/bplist.list[1].data", [](const std::string& in) { return bplist(in, 6); }, "application/x-plist"},
};

Wrapped in_base64(const Wrapped& inner, bool url_safe) { return {base64(inner.bytes, url_safe), "/base64" + inner.path, "", ""}; }

}  // namespace

std::string base64(const std::string& bytes, bool url_safe) {
  const std::string alphabet = std::string("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789") + (url_safe ? "-_" : "+/");
  std::string out;
  for (std::size_t at = 0; at < bytes.size(); at += 3) {
    const std::size_t have = std::min<std::size_t>(3, bytes.size() - at);
    std::uint32_t bits = 0;
    for (std::size_t i = 0; i < 3; ++i) bits = bits << 8 | (i < have ? static_cast<std::uint8_t>(bytes[at + i]) : 0u);
    for (std::size_t i = 0; i <= have; ++i) out += alphabet[bits >> (18 - 6 * i) & 63];
    if (!url_safe) out.append(3 - have, '=');
  }
  return out;
}

std::string hex(const std::string& bytes, bool upper) {
  const char* digits = upper ? "0123456789ABCDEF" : "0123456789abcdef";
  std::string out;
  for (const char c : bytes) out += digits[static_cast<std::uint8_t>(c) >> 4], out += digits[c & 15];
  return out;
}

Wrapped core(const std::string& value, const std::string& key, std::mt19937_64& random) {
  switch (random() % 3) {
    case 0: return {value, "", "text/plain", ""};
    case 1: return {"event " + value + " end", "", "text/plain", ""};
    default: return {R"({"event":"start","props":{")" + key + R"(":")" + json_text(value, false) + R"(","n":12}})", "/json.props." + key, "application/json", ""};
  }
}

Wrapped wrapped(Wrapped inner, unsigned layers, bool coded, std::mt19937_64& random) {
  for (unsigned i = 1; i <= layers; ++i) {
    const bool outermost = i == layers;
    const Layer* layer = &kLayers[random() % std::size(kLayers)];
    // Nobody compresses a few bytes, or what is compressed the same way.
    while (layer->silent && ((outermost && !coded) || inner.bytes.size() < kLeastSilent || inner.path.starts_with(layer->path))) layer = &kLayers[random() % std::size(kLayers)];
    if (layer->text_only && !is_text(inner.bytes)) inner = in_base64(inner, random() % 2);
    std::string path = layer->path;
    // A message inside a message is read as one with its fields.
    const std::string proto = "/protobuf";
    path += path.starts_with(proto) && inner.path.starts_with(proto) ? inner.path.substr(proto.size()) : inner.path;
    Wrapped outer{layer->wrap(inner.bytes), path, layer->type, ""};
    if (outer.type.ends_with("boundary=")) outer.type += boundary(inner.bytes);
    if (outermost && coded && *layer->coding && (layer->silent || random() % 2)) {
      outer.coding = layer->coding;
      outer.type = inner.type;
    }
    inner = std::move(outer);
  }
  return inner;
}

Wrapped as_word(const Wrapped& inner) {
  const bool is_word = std::ranges::all_of(inner.bytes, [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '_' || c == '.'; });
  return is_word ? inner : in_base64(inner, true);
}

}  // namespace made
