// Code graphs in tests, written as text: one class a line, then its methods.
//   class A : B, I        first name after ':' is the superclass
//   run()V static : call X.go()V, open Y.f()V, super B.run()V, new Z, touch W
#pragma once

#include <algorithm>
#include <deque>
#include <sstream>
#include <string>

#include "flow/access.h"
#include "flow/code_graph.h"

namespace klik::test {

class GraphBuilder {
 public:
  explicit GraphBuilder(const std::string& text) {
    std::istringstream in(text);
    for (std::string line; std::getline(in, line);) {
      const auto from = line.find_first_not_of(' ');
      if (from == line.npos) continue;
      line = line.substr(from);
      const auto colon = line.find(" : ");
      const std::string head = line.substr(0, colon), rest = colon == line.npos ? "" : line.substr(colon + 3);
      if (head.starts_with("class ")) begin_class(head.substr(6), rest);
      else add_method(head, rest);
    }
  }
  flow::CodeGraph graph;

 private:
  std::uint32_t name(const std::string& s) {
    for (std::uint32_t i = 0; i < graph.names.size(); ++i)
      if (graph.names[i] == s) return i;
    graph.names.push_back(texts_.emplace_back(s));
    return static_cast<std::uint32_t>(graph.names.size() - 1);
  }
  std::uint32_t type(const std::string& s) {
    const std::uint32_t n = name(s.starts_with('L') && s.ends_with(';') ? s : "L" + s + ";");
    const auto at = std::ranges::find(graph.types, n);
    if (at != graph.types.end()) return static_cast<std::uint32_t>(at - graph.types.begin());
    graph.types.push_back(n);
    return static_cast<std::uint32_t>(graph.types.size() - 1);
  }
  std::uint32_t method(const std::string& owner, const std::string& s) {
    const auto paren = s.find('(');
    const flow::MethodRef ref{type(owner), name(s.substr(0, paren)), name(s.substr(paren))};
    for (std::uint32_t i = 0; i < graph.methods.size(); ++i)
      if (graph.methods[i].type == ref.type && graph.methods[i].name == ref.name && graph.methods[i].proto == ref.proto) return i;
    graph.methods.push_back(ref);
    return static_cast<std::uint32_t>(graph.methods.size() - 1);
  }
  static std::vector<std::string> parts(const std::string& s) {
    std::vector<std::string> out;
    for (std::size_t at = 0; at < s.size();) {
      const auto end = std::min(s.find(", ", at), s.size());
      out.push_back(s.substr(at, end - at));
      at = end + 2;
    }
    return out;
  }
  void begin_class(const std::string& head, const std::string& rest) {
    owner_ = head.substr(0, head.find(' '));
    flow::ClassBody c{type(owner_), head.find(" interface") == head.npos ? 0 : flow::kAccInterface, flow::CodeGraph::kNone, {}, {}};
    const auto above = parts(rest);
    for (std::size_t i = 0; i < above.size(); ++i) {
      if (i == 0) c.super = type(above[i]);
      else c.interfaces.push_back(type(above[i]));
    }
    if (above.empty()) c.super = type("java/lang/Object");
    graph.classes.push_back(std::move(c));
  }
  void add_method(const std::string& head, const std::string& rest) {
    flow::MethodBody m{method(owner_, head.substr(0, head.find(' '))), 0, {}, {}, {}};
    if (head.find(" static") != head.npos) m.access |= flow::kAccStatic;
    if (head.find(" private") != head.npos) m.access |= flow::kAccPrivate;
    if (head.find(" abstract") != head.npos) m.access |= flow::kAccAbstract;
    for (const std::string& part : parts(rest)) {
      const std::string word = part.substr(0, part.find(' ')), what = part.substr(word.size() + 1);
      const auto dot = what.rfind('.', what.find('('));
      if (word == "new") m.makes.push_back(type(what));
      else if (word == "touch") m.touches.push_back(type(what));
      else m.calls.push_back({method(what.substr(0, dot), what.substr(dot + 1)), word == "open" ? flow::CallKind::open : word == "super" ? flow::CallKind::super : flow::CallKind::exact});
    }
    std::ranges::sort(m.calls);
    std::ranges::sort(m.makes);
    std::ranges::sort(m.touches);
    graph.classes.back().methods.push_back(std::move(m));
  }
  std::deque<std::string> texts_;
  std::string owner_;
};

}  // namespace klik::test
