// A sink that looks for identifiers in all that it is told, and keeps where they were.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "traffic/leaks.h"

namespace klik::test {

class SearchingSink final : public traffic::EventSink {
 public:
  explicit SearchingSink(std::string_view file) : search_(traffic::LeakSearch::of(traffic::read_identifiers(Bytes::of(file)).identifiers)) {}
  void lookup(const traffic::Connection&, traffic::Lookup) override {}
  void hello(const traffic::Connection&, traffic::Hello) override {}
  void certificate(const traffic::Connection&, traffic::Certificate) override {}
  std::uint64_t message(const traffic::Connection&, traffic::Message e) override {
    messages.push_back(e);
    return messages.back().number = e.number ? e.number : ++numbers_;
  }
  void content(const traffic::Connection& on, const traffic::Content& c) override { look(on, c); }
  void unknown(const traffic::Connection&, traffic::Unknown e) override {
    starts.emplace_back(e.start.text());
    unknowns.push_back(std::move(e));
  }
  bool wants_content() const override { return true; }
  bool wants_stretches() const override { return stretches_wanted; }
  void stretch(const traffic::Connection& on, const traffic::Content& part) override {
    stretches.emplace_back(part.bytes.text());
    look(on, part);
  }
  std::uint64_t number_ahead(const traffic::Connection&) override { return ++numbers_; }
  void connection(const traffic::Connection&) override {}
  void problem(const Error& error, Severity severity, std::string detail) override { problems.push_back({error.what, severity, std::move(detail)}); }

  // "form @ path # message", one behind the other.
  std::string found() const {
    std::string out;
    for (const std::string& f : finds) out.append(out.empty() ? "" : " | ").append(f);
    return out;
  }

  struct Told {
    std::string what;
    Severity severity;
    std::string detail;
  };
  bool stretches_wanted = true;
  std::vector<std::string> finds, stretches, starts;
  std::vector<traffic::Origin> origins;   // of the finds
  std::vector<traffic::Message> messages;
  std::vector<traffic::Unknown> unknowns;
  std::vector<Told> problems;

 private:
  void look(const traffic::Connection& on, const traffic::Content& c) {
    for (const traffic::Leak& l : search_.search(on, c).leaks) {
      finds.push_back(l.form + " @ " + l.path + (c.message ? " # " + std::to_string(c.message) : ""));
      origins.push_back(c.origin);
    }
  }
  traffic::LeakSearch search_;
  std::uint64_t numbers_ = 0;
};

}  // namespace klik::test
