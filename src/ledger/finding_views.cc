// The tables that hold findings, and the views over them.
#include "ledger/findings.h"

namespace klik {
namespace {

constexpr std::string_view kTables[] = {
    R"(CREATE TABLE _rule_run(rule TEXT PRIMARY KEY, state TEXT NOT NULL, findings INTEGER NOT NULL, detail TEXT NOT NULL) STRICT, WITHOUT ROWID)",
    R"(CREATE TABLE _finding(row_id INTEGER PRIMARY KEY, finding_id BLOB NOT NULL, build_id INTEGER NOT NULL, actor_id INTEGER, rule TEXT NOT NULL, subject TEXT NOT NULL, severity TEXT NOT NULL, strength TEXT NOT NULL, title TEXT NOT NULL, title_nl TEXT NOT NULL, note TEXT, baseline INTEGER, fact_id BLOB NOT NULL) STRICT)",
    R"(CREATE TABLE _finding_fact(finding INTEGER NOT NULL, n INTEGER NOT NULL, fact_id BLOB NOT NULL, PRIMARY KEY(finding, n)) STRICT, WITHOUT ROWID)",
};

constexpr ViewColumn kFindingColumns[] = {
    {"finding_id", "Equal across runs for the same rule, build, subject and fact."},
    {"build_id", "The build it is about."},
    {"capture_id", "The capture it is about; null for what was found in software."},
    {"actor_id", "Who it is about; null when it is about the build as a whole."},
    {"rule", "See the view `rule`."},
    {"subject", "What it is about, in one name."},
    {"severity", "info, low, medium, high or critical. What plain AOSP has too is info."},
    {"strength", "present, able, flows, seen or decoded: how much is shown."},
    {"title", "One sentence."},
    {"title_nl", "The same in Dutch."},
    {"note", "What else the rule says of it."},
    {"baseline", "1: plain AOSP has it too; null: the rule does not tell."},
    {"fact_id", "The fact it rests on first; the others are in finding_evidence."},
};
constexpr View kFindingView{"finding", "What rules make of the facts. A finding is a question answered from the evidence, no verdict on intent.", kFindingColumns,
                            R"(SELECT lower(hex(finding_id)), build_id, (SELECT min(a.artifact_id) FROM _origin o JOIN _artifact a ON a.blob_id = o.blob_id WHERE o.fact_id = f.fact_id AND o.n = 0 AND a.build_id = f.build_id AND a.kind IN ('pcap', 'pcapng', 'har')), actor_id, rule, subject, severity, strength, title, title_nl, note, baseline, lower(hex(fact_id)) FROM _finding f)"};

constexpr ViewColumn kEvidenceColumns[] = {
    {"finding_id", "The finding."},
    {"fact_id", "A fact that it rests on, or that such a fact follows from; of very many, 256."},
    {"artifact_id", "The file where that fact stands first; null when it follows from other facts itself."},
    {"at", "Offset in that file, decoded."},
    {"length", "In bytes."},
    {"note", "Who read it there, with its version."},
};
// A fact with bytes of its own stands where they are; one that follows from others stands for the places of each of those.
#define KLIK_FIRST_FILE(blob) "(SELECT min(artifact_id) FROM _artifact a WHERE a.blob_id = " blob " AND a.build_id = f.build_id)"
constexpr View kEvidenceView{"finding_evidence", "The facts and bytes behind each finding.", kEvidenceColumns,
                             "SELECT lower(hex(f.finding_id)), lower(hex(e.fact_id)), " KLIK_FIRST_FILE("o.blob_id") ", o.at, o.length, o.extractor "
                             "FROM _finding f JOIN _finding_fact e ON e.finding = f.row_id JOIN _origin o ON o.fact_id = e.fact_id WHERE o.n = 0 AND o.blob_id IS NOT NULL "
                             "UNION ALL SELECT lower(hex(f.finding_id)), lower(hex(o.because)), " KLIK_FIRST_FILE("p.blob_id") ", p.at, p.length, p.extractor "
                             "FROM _finding f JOIN _finding_fact e ON e.finding = f.row_id JOIN _origin o ON o.fact_id = e.fact_id AND o.because IS NOT NULL JOIN _origin p ON p.fact_id = o.because AND p.n < 8 AND p.blob_id IS NOT NULL "
                             "UNION ALL SELECT lower(hex(f.finding_id)), lower(hex(e.fact_id)), x.artifact_id, 0, x.size, 'walk@1' "
                             "FROM _finding f JOIN _finding_fact e ON e.finding = f.row_id JOIN _artifact x ON x.fact_id = e.fact_id"};

constexpr ViewColumn kRuleColumns[] = {
    {"rule", "Its name: the file in rules/."},
    {"theme", "What it belongs to."},
    {"severity", "Of its findings, unless one says otherwise."},
    {"strength", "Of its findings, unless one says otherwise."},
    {"title", "What it looks for."},
    {"title_nl", "The same in Dutch."},
    {"explanation", "Why that matters and what it does not show."},
    {"explanation_nl", "The same in Dutch."},
    {"reference", "Where it comes from."},
    {"limits", "What it cannot see."},
};
constexpr View kRuleView{"rule", "The rules of this program; not of the one that wrote the case.", kRuleColumns, "SELECT rule, theme, severity, strength, title, title_nl, explanation, explanation_nl, reference, limits FROM _rule"};

constexpr ViewColumn kRunColumns[] = {
    {"rule", "The rule."},
    {"evaluated", "1: asked; no finding then means that nothing was found in what was read."},
    {"state", "evaluated; no_rows: the part it looks at is not in the evidence; no_view: nothing reads that part yet; over_budget; fault."},
    {"findings", "How many."},
    {"detail", "Which part is not there."},
};
constexpr View kRunView{"rule_run", "Which rules could be asked of this case, and which not because a part is absent.", kRunColumns, "SELECT rule, state = 'evaluated', state, findings, detail FROM _rule_run"};

constexpr const View* kAll[] = {&kFindingView, &kEvidenceView, &kRuleView, &kRunView};

}  // namespace

std::span<const std::string_view> finding_tables() { return kTables; }
std::span<const View* const> finding_views() { return kAll; }

}  // namespace klik
