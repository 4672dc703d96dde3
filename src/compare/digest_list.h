// Published digests of builds: what others have, one list per person or per release. Text, so that it can be published
// anywhere:
//   # klikspaan digest list 1
//   fingerprint <the maker's name of the build>
//   partition <name> <SHA-256>
//   file <SHA-256> <path on the phone>
// Several lists may follow each other in one file; each begins with the first line.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "compare/comparer.h"

namespace klik::compare {

struct DigestList {
  std::string fingerprint;                                  // "" when the list does not say
  std::map<std::string, std::string, std::less<>> partitions, files;   // name or path → SHA-256, lower case
};

bool is_digest_list(Bytes start);

// Errors: bad_magic, bad_value (a line that is none of the above, with its offset), over_budget (more than 4 million lines).
Result<std::vector<DigestList>> parse_digest_lists(Bytes text);

// Of one build of a case. Files that were not read are left out. "" with `reader.error()` set when the case cannot be asked.
std::string make_digest_list(const Side& side);

enum class Listed : std::uint8_t {
  same_as_others,   // at least one list has this digest here
  only_you,         // lists have this name, none this digest
  not_listed,       // no list has this name
  only_others,      // lists have this name, this build has not, or it was not read
};
std::string_view listed_name(Listed answer);

struct ListedAnswer {
  bool partition = false;          // else a file
  std::string name, digest;        // digest: "" for only_others
  Listed answer = Listed::not_listed;
  std::size_t lists_same = 0, lists_other = 0;
};

struct ListComparison {
  std::string fingerprint;
  std::size_t lists = 0;           // that are about a build of this fingerprint
  std::size_t other_lists = 0;     // about other builds: not compared
  std::vector<ListedAnswer> answers;   // partitions first, then files, by name; files that are as others have are left out
  std::size_t files_same = 0;
};
// Against lists of the same fingerprint, or without one. False when the case cannot be asked; see side.reader.error().
bool compare_with_lists(const Side& side, const std::vector<DigestList>& lists, ListComparison& out);

}  // namespace klik::compare
