// The report: the pages of reports/*.sql over one case, as one HTML file, as JSON, or as text for a terminal.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ledger/queryable.h"
#include "views/pages.h"
#include "views/words.h"

namespace klik::views {

enum class ReportFormat : std::uint8_t { html, json, text };

std::optional<ReportFormat> report_format_named(std::string_view name);

struct ReportOptions {
  ReportFormat format = ReportFormat::html;
  Language language = Language::en;       // html holds both; this is the one it opens in
  std::string case_path;                  // as `klikspaan why` has to be given it
  std::string before_path;                // of a comparison: the case that facts in columns named before_… stand in
  std::string version;                    // of klikspaan
  const std::vector<Page>* pages = nullptr;   // null: report_pages()
  bool show_private = false;              // columns of kind `personal` are hidden otherwise
  std::uint64_t origin_rows = 400'000;    // places of facts that go into an HTML report; what is left out is said in it
};

using Write = std::function<void(std::string_view)>;

struct [[nodiscard]] Rendered {
  std::vector<std::string> problems;   // one sentence per table that could not be made; the report says it in its place
};

Rendered render(Queryable& reader, const ReportOptions& options, const Write& write);

}  // namespace klik::views
