// DEX files for tests: classes with fields, methods and code, in every form that the reader knows.
//
//   DexWriter w;
//   w.classes.push_back({.type = "La/B;", .methods = {{.name = "run", .flags = 9, .code = DexWriter::Code{.registers = 1, .units = [](const DexWriter& d) {
//     return std::vector<std::uint16_t>{0x001a, static_cast<std::uint16_t>(d.string_index("hello")), 0x000e};
//   }}}}});
//   w.strings.push_back("hello");            // what only code refers to must be declared
//   const auto bytes = w.write();
#pragma once

#include <algorithm>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <stdexcept>
#include <string>
#include <vector>

#include "base/hash.h"
#include "support/writer.h"

namespace klik::test {

class DexWriter {
 public:
  struct MethodRef {
    std::string owner, name, return_type = "V";
    std::vector<std::string> parameters{};
    friend auto operator<=>(const MethodRef&, const MethodRef&) = default;
  };
  struct FieldRef {
    std::string owner, name, type;
    friend auto operator<=>(const FieldRef&, const FieldRef&) = default;
  };
  struct Try {
    std::uint32_t start;
    std::uint16_t count;
    std::vector<std::pair<std::string, std::uint32_t>> handlers{};   // type, target
    std::optional<std::uint32_t> catch_all{};
  };
  struct Code {
    std::uint32_t registers = 1, ins = 0, outs = 0;
    std::function<std::vector<std::uint16_t>(const DexWriter&)> units;
    std::vector<Try> tries{};
  };
  struct Method {
    std::string name;
    std::string return_type = "V";
    std::vector<std::string> parameters{};
    std::uint32_t flags = 1;          // private, static or constructor makes it direct
    std::optional<Code> code{};
  };
  struct Field {
    std::string name, type;
    std::uint32_t flags = 1;
    std::optional<std::string> text{};  // of a static one: its value
  };
  struct Class {
    std::string type;
    std::string superclass = "Ljava/lang/Object;";
    std::vector<std::string> interfaces{};
    std::uint32_t flags = 1;
    std::string source_file{};
    std::vector<Field> fields{};
    std::vector<Method> methods{};
    // An annotation of this type on the class, with element "value" of these texts.
    std::string annotation{};
    std::vector<std::string> annotation_texts{};
  };

  std::string version = "035";
  std::vector<Class> classes;
  std::vector<std::string> strings, types;   // beyond what classes name
  std::vector<MethodRef> methods;
  std::vector<FieldRef> fields;
  std::function<void(std::vector<std::uint8_t>&)> before_sums;   // breaks something, with good checksums

  std::uint32_t string_index(const std::string& s) const { return index_in(string_table_, s); }
  std::uint32_t type_index(const std::string& t) const { return index_in(type_table_, t); }
  std::uint32_t method_index(const MethodRef& m) const { return index_in(method_table_, m); }
  std::uint32_t field_index(const FieldRef& f) const { return index_in(field_table_, f); }

  std::vector<std::uint8_t> write() {
    std::vector<std::uint8_t> out = body(0, false);
    if (before_sums) before_sums(out);
    set_sums(out, 0);
    return out;
  }
  // Compact DEX with its own data behind it, `gap` bytes after the tables.
  std::vector<std::uint8_t> write_compact(std::size_t gap = 0) {
    gap_ = gap;
    return body(0, true);
  }
  // Where the data of compact DEX began in what was written last.
  std::size_t data_start() const { return data_base_; }

  // Version 041: several in one file, offsets from its start.
  static std::vector<std::uint8_t> write_container(std::vector<DexWriter> all) {
    std::vector<std::uint8_t> out;
    std::vector<std::size_t> starts;
    for (DexWriter& w : all) {
      w.version = "041";
      out.resize((out.size() + 3) & ~std::size_t{3});
      // The size of a DEX reaches to the next header, as it does in real containers.
      if (!starts.empty()) put(out, starts.back() + 32, out.size() - starts.back());
      starts.push_back(out.size());
      const auto one = w.body(out.size(), false);
      out.insert(out.end(), one.begin(), one.end());
    }
    for (const std::size_t at : starts) {
      put(out, at + 112, out.size());
      put(out, at + 116, at);
    }
    for (const std::size_t at : starts) set_sums(out, at);
    return out;
  }

  static void set_sums(std::vector<std::uint8_t>& out, std::size_t at) {
    std::size_t size = 0;
    for (std::size_t i = 0; i < 4; ++i) size |= std::size_t{out.at(at + 32 + i)} << (8 * i);
    if (size < 32 || size > out.size() - at) return;
    const auto digest = hash(HashAlgorithm::sha1, Bytes(std::span<const std::uint8_t>(out).subspan(at + 32, size - 32)));
    std::ranges::copy(digest, out.begin() + static_cast<std::ptrdiff_t>(at + 12));
    put(out, at + 8, adler32(Bytes(std::span<const std::uint8_t>(out).subspan(at + 12, size - 12))));
  }
  static void put(std::vector<std::uint8_t>& out, std::size_t at, std::size_t value) {
    for (std::size_t i = 0; i < 4; ++i) out.at(at + i) = static_cast<std::uint8_t>(value >> (8 * i));
  }

 private:
  struct ProtoRef {
    std::string return_type;
    std::vector<std::string> parameters;
    friend auto operator<=>(const ProtoRef&, const ProtoRef&) = default;
  };
  template <class T>
  static std::uint32_t index_in(const std::vector<T>& table, const T& value) {
    const auto at = std::ranges::find(table, value);
    if (at == table.end()) throw std::logic_error("not declared in the DEX under construction");
    return static_cast<std::uint32_t>(at - table.begin());
  }
  static char short_form(const std::string& type) { return type[0] == '[' ? 'L' : type[0]; }
  static std::string shorty(const ProtoRef& p) {
    std::string s(1, short_form(p.return_type));
    for (const auto& t : p.parameters) s += short_form(t);
    return s;
  }
  static void leb(std::vector<std::uint8_t>& out, std::uint32_t v) {
    for (; v >= 0x80; v >>= 7) out.push_back(static_cast<std::uint8_t>(v | 0x80));
    out.push_back(static_cast<std::uint8_t>(v));
  }
  static void signed_leb(std::vector<std::uint8_t>& out, std::int32_t v) {
    for (;; v >>= 7) {
      const bool last = v >= -64 && v < 64;
      out.push_back(static_cast<std::uint8_t>((v & 0x7F) | (last ? 0 : 0x80)));
      if (last) return;
    }
  }
  static bool is_direct(const Method& m) { return (m.flags & (0x2 | 0x8 | 0x10000)) != 0; }

  void collect() {
    std::set<std::string> all_strings(strings.begin(), strings.end()), all_types(types.begin(), types.end());
    std::set<ProtoRef> all_protos;
    std::set<MethodRef> all_methods(methods.begin(), methods.end());
    std::set<FieldRef> all_fields(fields.begin(), fields.end());
    for (const Class& c : classes) {
      all_types.insert(c.type);
      if (!c.superclass.empty()) all_types.insert(c.superclass);
      all_types.insert(c.interfaces.begin(), c.interfaces.end());
      if (!c.source_file.empty()) all_strings.insert(c.source_file);
      if (!c.annotation.empty()) {
        all_types.insert(c.annotation);
        all_strings.insert("value");
        all_strings.insert(c.annotation_texts.begin(), c.annotation_texts.end());
      }
      for (const Field& f : c.fields) {
        all_fields.insert({c.type, f.name, f.type});
        if (f.text) all_strings.insert(*f.text);
      }
      for (const Method& m : c.methods) {
        all_methods.insert({c.type, m.name, m.return_type, m.parameters});
        if (m.code)
          for (const Try& t : m.code->tries)
            for (const auto& h : t.handlers) all_types.insert(h.first);
      }
    }
    for (const FieldRef& f : all_fields) {
      all_types.insert({f.owner, f.type});
      all_strings.insert(f.name);
    }
    for (const MethodRef& m : all_methods) {
      all_types.insert({m.owner, m.return_type});
      all_types.insert(m.parameters.begin(), m.parameters.end());
      all_strings.insert(m.name);
      all_protos.insert({m.return_type, m.parameters});
    }
    for (const ProtoRef& p : all_protos) all_strings.insert(shorty(p));
    all_strings.insert(all_types.begin(), all_types.end());
    string_table_.assign(all_strings.begin(), all_strings.end());
    type_table_.assign(all_types.begin(), all_types.end());
    proto_table_.assign(all_protos.begin(), all_protos.end());   // by text, which is by index, since tables are sorted
    method_table_.assign(all_methods.begin(), all_methods.end());
    std::ranges::stable_sort(method_table_, [](const MethodRef& a, const MethodRef& b) { return std::tie(a.owner, a.name, a.return_type, a.parameters) < std::tie(b.owner, b.name, b.return_type, b.parameters); });
    field_table_.assign(all_fields.begin(), all_fields.end());
  }

  // `base`: where the header stands in the file that offsets count from.
  std::vector<std::uint8_t> body(std::size_t base, bool compact) {
    collect();
    const std::size_t header = compact ? 136 : version >= "041" ? 0x78 : 0x70;
    const std::size_t strings_at = header, types_at = strings_at + 4 * string_table_.size(), protos_at = types_at + 4 * type_table_.size();
    const std::size_t fields_at = protos_at + 12 * proto_table_.size(), methods_at = fields_at + 8 * field_table_.size();
    const std::size_t classes_at = methods_at + 8 * method_table_.size(), tables_end = classes_at + 32 * classes.size();
    const std::size_t data_at = tables_end + (compact ? (gap_ + 3) & ~std::size_t{3} : 0);
    data_base_ = data_at;
    // What is added to a place in `data` to make an offset.
    const std::size_t shift = compact ? 0 : base + data_at;
    Writer data;
    if (compact) data.u32(0);   // offset 0 means none
    std::map<std::uint16_t, std::pair<std::uint32_t, std::size_t>> map;   // type → count, first offset
    std::vector<std::pair<std::uint16_t, std::size_t>> order;
    const auto item = [&](std::uint16_t type) {
      const std::size_t offset = data.bytes.size() + shift;
      if (map[type].first++ == 0) {
        map[type].second = offset;
        order.push_back({type, offset});
      }
      return offset;
    };
    const auto list_of = [&](const std::vector<std::string>& list) -> std::size_t {
      if (list.empty()) return 0;
      data.align(4);
      const std::size_t at = item(0x1001);
      data.u32(list.size());
      for (const auto& t : list) data.u16(type_index(t));
      return at;
    };
    std::vector<std::size_t> parameters, interfaces, class_data, static_values(classes.size()), annotations(classes.size()), string_data;
    std::map<std::vector<std::string>, std::size_t> lists;
    const auto shared_list = [&](const std::vector<std::string>& list) {
      const auto [at, fresh] = lists.try_emplace(list, 0);
      if (fresh) at->second = list_of(list);
      return at->second;
    };
    for (const ProtoRef& p : proto_table_) parameters.push_back(shared_list(p.parameters));
    for (const Class& c : classes) interfaces.push_back(shared_list(c.interfaces));
    // Annotations: items, sets, directories.
    std::vector<std::size_t> sets(classes.size());
    std::vector<std::size_t> items(classes.size());
    for (std::size_t i = 0; i < classes.size(); ++i) {
      const Class& c = classes[i];
      if (c.annotation.empty()) continue;
      items[i] = item(0x2004);
      data.bytes.push_back(1);   // visible at run time
      leb(data.bytes, type_index(c.annotation));
      leb(data.bytes, 1);
      leb(data.bytes, string_index("value"));
      data.bytes.push_back(0x1c);
      leb(data.bytes, static_cast<std::uint32_t>(c.annotation_texts.size()));
      for (const auto& t : c.annotation_texts) put_text_value(data, t);
    }
    for (std::size_t i = 0; i < classes.size(); ++i) {
      if (items[i] == 0) continue;
      data.align(4);
      sets[i] = item(0x1003);
      data.u32(1).u32(items[i]);
    }
    for (std::size_t i = 0; i < classes.size(); ++i) {
      if (sets[i] == 0) continue;
      data.align(4);
      annotations[i] = item(0x2006);
      data.u32(sets[i]).u32(0).u32(0).u32(0);
    }
    std::map<const Method*, std::size_t> code;
    for (const Class& c : classes)
      for (const Method& m : c.methods)
        if (m.code) code[&m] = compact ? put_compact_code(data, *m.code) : put_code(data, *m.code, item);
    for (const std::string& s : string_table_) {
      string_data.push_back(item(0x2002));
      leb(data.bytes, static_cast<std::uint32_t>(s.size()));   // right for ASCII
      data.text(s).zeros(1);
    }
    for (const Class& c : classes) class_data.push_back(put_class_data(data, c, code, item));
    for (std::size_t i = 0; i < classes.size(); ++i) {
      const auto fields_of = members_of(classes[i]).first;
      std::size_t last = 0;
      for (std::size_t f = 0; f < fields_of.size(); ++f)
        if (fields_of[f]->text) last = f + 1;
      if (last == 0) continue;
      static_values[i] = item(0x2005);
      leb(data.bytes, static_cast<std::uint32_t>(last));
      for (std::size_t f = 0; f < last; ++f) {
        if (fields_of[f]->text) put_text_value(data, *fields_of[f]->text);
        else data.bytes.push_back(0x1e);
      }
    }
    data.align(4);
    const std::size_t map_at = item(0x1000);
    struct MapLine {
      std::uint16_t type;
      std::size_t count, offset;
    };
    std::vector<MapLine> lines = {{0, 1, base}};
    const auto table_line = [&](std::uint16_t type, std::size_t count, std::size_t at) {
      if (count) lines.push_back({type, count, base + at});
    };
    table_line(1, string_table_.size(), strings_at);
    table_line(2, type_table_.size(), types_at);
    table_line(3, proto_table_.size(), protos_at);
    table_line(4, field_table_.size(), fields_at);
    table_line(5, method_table_.size(), methods_at);
    table_line(6, classes.size(), classes_at);
    for (const auto& [type, offset] : order) lines.push_back({type, map[type].first, offset});
    data.u32(lines.size());
    for (const MapLine& l : lines) data.u16(l.type).u16(0).u32(l.count).u32(l.offset);

    Writer out;
    const std::size_t own = compact ? tables_end : data_at + data.bytes.size();
    if (compact) out.text("cdex001").zeros(1);
    else out.text("dex\n").text(version).zeros(1);
    out.zeros(24).u32(own).u32(header).u32(0x12345678).u32(0).u32(0).u32(map_at);
    const auto table = [&](std::size_t count, std::size_t at) { out.u32(count).u32(count ? base + at : 0); };
    table(string_table_.size(), strings_at);
    table(type_table_.size(), types_at);
    table(proto_table_.size(), protos_at);
    table(field_table_.size(), fields_at);
    table(method_table_.size(), methods_at);
    table(classes.size(), classes_at);
    out.u32(data.bytes.size()).u32(base + data_at);
    out.zeros(header - out.bytes.size());
    for (const std::size_t at : string_data) out.u32(at);
    for (const auto& t : type_table_) out.u32(string_index(t));
    for (std::size_t i = 0; i < proto_table_.size(); ++i) out.u32(string_index(shorty(proto_table_[i]))).u32(type_index(proto_table_[i].return_type)).u32(parameters[i]);
    for (const auto& f : field_table_) out.u16(type_index(f.owner)).u16(type_index(f.type)).u32(string_index(f.name));
    for (const auto& m : method_table_) out.u16(type_index(m.owner)).u16(index_in(proto_table_, ProtoRef{m.return_type, m.parameters})).u32(string_index(m.name));
    for (std::size_t i = 0; i < classes.size(); ++i) {
      const Class& c = classes[i];
      out.u32(type_index(c.type)).u32(c.flags).u32(c.superclass.empty() ? 0xFFFFFFFF : type_index(c.superclass)).u32(interfaces[i]);
      out.u32(c.source_file.empty() ? 0xFFFFFFFF : string_index(c.source_file)).u32(annotations[i]).u32(class_data[i]).u32(static_values[i]);
    }
    out.zeros(data_at - out.bytes.size());
    out.append(data.bytes);
    return out.bytes;
  }

  void put_text_value(Writer& data, const std::string& text) {
    data.bytes.push_back(0x17 | (3 << 5));
    data.u32(string_index(text));
  }

  static void put_handlers(Writer& data, const Code& code, const DexWriter& self, std::vector<std::size_t>& offsets) {
    std::vector<std::uint8_t> list;
    leb(list, static_cast<std::uint32_t>(code.tries.size()));
    for (const Try& t : code.tries) {
      offsets.push_back(list.size());
      const auto typed = static_cast<std::int32_t>(t.handlers.size());
      signed_leb(list, t.catch_all ? -typed : typed);
      for (const auto& [type, target] : t.handlers) {
        leb(list, self.type_index(type));
        leb(list, target);
      }
      if (t.catch_all) leb(list, *t.catch_all);
    }
    data.append(list);
  }

  void put_tries(Writer& data, const Code& code) {
    if (code.tries.empty()) return;
    data.align(4);
    const std::size_t at = data.bytes.size();
    for (const Try& t : code.tries) data.u32(t.start).u16(t.count).u16(0);
    std::vector<std::size_t> offsets;
    put_handlers(data, code, *this, offsets);
    for (std::size_t i = 0; i < offsets.size(); ++i) data.patch(at + 8 * i + 6, offsets[i], 2);
  }

  template <class Item>
  std::size_t put_code(Writer& data, const Code& code, const Item& item) {
    const auto units = code.units(*this);
    data.align(4);
    const std::size_t at = item(0x2001);
    data.u16(code.registers).u16(code.ins).u16(code.outs).u16(code.tries.size()).u32(0).u32(units.size());
    for (const std::uint16_t u : units) data.u16(u);
    put_tries(data, code);
    return at;
  }

  // What does not fit into four bits, or eleven of the size, stands in front, nearest first: size, registers, ins, outs, tries.
  std::size_t put_compact_code(Writer& data, const Code& code) {
    const auto units = code.units(*this);
    const std::uint32_t stored[] = {code.registers - code.ins, code.ins, code.outs, static_cast<std::uint32_t>(code.tries.size())};
    std::uint16_t flags = 0;
    std::vector<std::uint16_t> before;
    if (units.size() > 0x7FF) {
      flags |= 16;
      before.push_back(static_cast<std::uint16_t>(units.size()));
      before.push_back(static_cast<std::uint16_t>(units.size() >> 16));
    }
    std::uint16_t fields_word = 0;
    for (unsigned i = 0; i < 4; ++i) {
      if (stored[i] > 15) {
        flags = static_cast<std::uint16_t>(flags | (1 << i));
        before.push_back(static_cast<std::uint16_t>(stored[i]));
      } else {
        constexpr unsigned kShift[] = {12, 8, 4, 0};
        fields_word = static_cast<std::uint16_t>(fields_word | (stored[i] << kShift[i]));
      }
    }
    data.align(2);
    for (std::size_t i = before.size(); i-- > 0;) data.u16(before[i]);
    const std::size_t at = data.bytes.size();
    data.u16(fields_word).u16(((flags & 16 ? 0 : units.size()) << 5) | flags);
    for (const std::uint16_t u : units) data.u16(u);
    put_tries(data, code);
    return at;
  }

  // Static fields and others, each in the order of their indexes.
  std::pair<std::vector<const Field*>, std::vector<const Field*>> members_of(const Class& c) const {
    std::pair<std::vector<const Field*>, std::vector<const Field*>> out;
    for (const Field& f : c.fields) (f.flags & 8 ? out.first : out.second).push_back(&f);
    const auto by_index = [&](const Field* f) { return field_index({c.type, f->name, f->type}); };
    std::ranges::sort(out.first, {}, by_index);
    std::ranges::sort(out.second, {}, by_index);
    return out;
  }

  template <class Item>
  std::size_t put_class_data(Writer& data, const Class& c, const std::map<const Method*, std::size_t>& code, const Item& item) {
    if (c.fields.empty() && c.methods.empty()) return 0;
    const std::size_t at = item(0x2000);
    const auto [statics, others] = members_of(c);
    std::vector<const Method*> direct, virtuals;
    for (const Method& m : c.methods) (is_direct(m) ? direct : virtuals).push_back(&m);
    const auto index = [&](const Method* m) { return method_index({c.type, m->name, m->return_type, m->parameters}); };
    std::ranges::sort(direct, {}, index);
    std::ranges::sort(virtuals, {}, index);
    for (const std::size_t n : {statics.size(), others.size(), direct.size(), virtuals.size()}) leb(data.bytes, static_cast<std::uint32_t>(n));
    for (const auto* list : {&statics, &others}) {
      std::uint32_t last = 0;
      for (const Field* f : *list) {
        const std::uint32_t i = field_index({c.type, f->name, f->type});
        leb(data.bytes, i - last);
        leb(data.bytes, f->flags);
        last = i;
      }
    }
    for (const auto* list : {&direct, &virtuals}) {
      std::uint32_t last = 0;
      for (const Method* m : *list) {
        leb(data.bytes, index(m) - last);
        leb(data.bytes, m->flags);
        leb(data.bytes, m->code ? static_cast<std::uint32_t>(code.at(m)) : 0);
        last = index(m);
      }
    }
    return at;
  }

  std::vector<std::string> string_table_, type_table_;
  std::vector<ProtoRef> proto_table_;
  std::vector<MethodRef> method_table_;
  std::vector<FieldRef> field_table_;
  std::size_t gap_ = 0, data_base_ = 0;
};

}  // namespace klik::test
