// A program made from a seed, written as DEX under the names of its author or under names that an optimiser gave it, in
// another order and split over other files, so that tests know which class and method is which.
#pragma once

#include <algorithm>
#include <functional>
#include <numeric>
#include <random>
#include <string>
#include <vector>

#include "support/dex_code.h"

namespace klik::test {

struct MadeProgram {
  struct Step {
    enum class Kind { text, number, platform, own, make } kind;
    std::size_t a = 0, b = 0;   // own: class and method; make: class; number: value; platform: which
    std::string text{};
  };
  struct Method {
    std::vector<Step> steps;
  };
  struct Class {
    std::size_t super = kNone;  // a class of the program
    std::string platform_super = "Ljava/lang/Object;";
    std::vector<Method> methods;
  };
  static constexpr std::size_t kNone = ~std::size_t{0};
  std::vector<Class> classes;

  static DexWriter::MethodRef platform(std::size_t n) {
    static const char* const owners[] = {"Landroid/util/Log;", "Landroid/os/Bundle;", "Ljava/lang/Math;", "Landroid/content/Intent;", "Ljava/io/File;", "Landroid/app/Activity;", "Ljava/util/List;"};
    return {owners[n % 7], "m" + std::to_string(n / 7), "V"};
  }

  explicit MadeProgram(std::uint32_t seed, std::size_t count = 200) {
    std::mt19937 random(seed);
    const auto up_to = [&](std::size_t n) { return static_cast<std::size_t>(random() % n); };
    classes.resize(count);
    for (std::size_t c = 0; c < count; ++c) {
      if (c > 0 && up_to(5) == 0) classes[c].super = up_to(c);
      else if (up_to(4) == 0) classes[c].platform_super = "Landroid/app/Service;";
      classes[c].methods.resize(1 + up_to(8));
    }
    for (Class& c : classes)
      for (Method& m : c.methods)
        for (std::size_t i = 1 + up_to(12); i > 0; --i) m.steps.push_back(random_step(up_to));
  }

  struct Naming {
    std::function<std::string(std::size_t)> type;                        // descriptor
    std::function<std::string(std::size_t, std::size_t)> method;
  };
  static Naming by_author() {
    return {[](std::size_t c) { return "Lorg/example/part" + std::to_string(c % 9) + "/Thing" + std::to_string(c) + "Maker;"; }, [](std::size_t, std::size_t m) { return "doThing" + std::to_string(m) + "Now"; }};
  }
  // Every class of the program under a short name in one package, in an order that the seed decides.
  Naming by_optimiser(std::uint32_t seed) const {
    std::vector<std::size_t> places(classes.size());
    std::iota(places.begin(), places.end(), std::size_t{0});
    std::ranges::shuffle(places, std::mt19937(seed));
    return {[places](std::size_t c) { return "La/" + letters(places[c]) + ";"; }, [seed](std::size_t c, std::size_t m) { return letters((m * 7 + c + seed) % 11); }};
  }

  // The files of the program: classes in an order and over `parts` files as the seed decides.
  std::vector<std::vector<std::uint8_t>> write(const Naming& naming, std::uint32_t seed = 0, std::size_t parts = 1) const {
    std::vector<std::size_t> order(classes.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::ranges::shuffle(order, std::mt19937(seed));
    std::vector<DexWriter> writers(parts);
    for (std::size_t i = 0; i < order.size(); ++i) {
      DexWriter& d = writers[i * parts / order.size()];
      const Class& c = classes[order[i]];
      DexWriter::Class out{.type = naming.type(order[i]), .superclass = c.super == kNone ? c.platform_super : naming.type(c.super)};
      for (std::size_t m = 0; m < c.methods.size(); ++m) out.methods.push_back({.name = naming.method(order[i], m), .flags = 9, .code = code(c.methods[m], naming, d)});
      d.classes.push_back(std::move(out));
    }
    std::vector<std::vector<std::uint8_t>> files;
    for (DexWriter& d : writers) files.push_back(d.write());
    return files;
  }

 private:
  template <class UpTo>
  Step random_step(UpTo up_to) const {
    switch (up_to(6)) {
      case 0: return {Step::Kind::text, 0, 0, "text " + std::to_string(up_to(400))};
      case 1: return {Step::Kind::number, up_to(3000), 0};
      case 2: return {Step::Kind::platform, up_to(140), 0};
      case 3: return {Step::Kind::make, up_to(classes.size()), 0};
      default: {
        const std::size_t c = up_to(classes.size());
        return {Step::Kind::own, c, up_to(classes[c].methods.size())};
      }
    }
  }
  static std::string letters(std::size_t n) {
    std::string out(1, static_cast<char>('a' + n % 26));
    for (n /= 26; n > 0; n /= 26) out.insert(out.begin(), static_cast<char>('a' + (n - 1) % 26));
    return out;
  }
  DexWriter::Code code(const Method& m, const Naming& naming, DexWriter& d) const {
    CodeMaker maker;
    for (const Step& s : m.steps) switch (s.kind) {
        case Step::Kind::text: maker.text(0, s.text); break;
        case Step::Kind::number: maker.number(1, static_cast<std::int16_t>(s.a)); break;
        case Step::Kind::platform: maker.call(0x71, platform(s.a)); break;
        case Step::Kind::own: maker.call(0x71, {naming.type(s.a), naming.method(s.a, s.b), "V"}); break;
        case Step::Kind::make: maker.make(2, naming.type(s.a)); break;
      }
    return maker.in(d);
  }
};

}  // namespace klik::test
