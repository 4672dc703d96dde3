// What a stream is taken for, by the name that was agreed on for it and by its first bytes.
#include <gtest/gtest.h>

#include "http_recorder.h"
#include "traffic/protocol.h"

namespace klik::traffic {
namespace {

struct Inside : Wire {
  explicit Inside(std::string_view alpn) {
    connection.speaks("tls");
    reader = recognising_reader(context, alpn, "tls");
  }
};

constexpr std::string_view kRequest = "GET /path HTTP/1.1\r\nHost: maker.example\r\n\r\n";

TEST(Recognise, ANameThatNoReaderKnowsSaysNothing) {
  for (const char* alpn : {"", "foo", "http/1.1", "\xda\xda"}) {
    Inside w(alpn);
    w.up(kRequest);
    w.reader->end();
    EXPECT_EQ(w.connection.protocol, "tls/http1") << alpn;
    EXPECT_EQ(w.connection.dark, Dark::none);
    EXPECT_EQ(w.events.messages.size(), 1u);
  }
}

TEST(Recognise, WhatNobodyKnowsStaysUnknownWhateverItsName) {
  Inside w("foo");
  w.up("\xf7\xf6\xf5\xf4\xf3\xf2\xf1\xf0");
  w.reader->end();
  EXPECT_EQ(w.connection.protocol, "tls/unknown");
  EXPECT_EQ(w.connection.dark, Dark::unknown_protocol);
}

}  // namespace
}  // namespace klik::traffic
