// The least that verifying a full update can cost: every operation decoded once, every partition hashed, nothing
// else. One thread takes whole partitions; the CPU time is what a scan is compared with.
//   ota_floor payload.bin THREADS
// links: klik_containers
#include <lzma.h>

#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <thread>

#include "base/hash.h"
#include "formats/android/payload_manifest.h"
#include "io/source.h"

using namespace klik;

namespace {

struct Header {
  U32be magic;
  U64be version, manifest_size;
  U32be signature_size;
};

bool decode(const payload::Operation& op, Bytes data, std::vector<std::uint8_t>& out) {
  switch (op.type) {
    case payload::OperationType::replace: copy_bytes(out, 0, data); return data.size() <= out.size();
    case payload::OperationType::zero:
    case payload::OperationType::discard: return true;
    case payload::OperationType::replace_xz: {
      std::uint64_t memory = std::uint64_t{1} << 30;
      std::size_t in = 0, made = 0;
      return lzma_stream_buffer_decode(&memory, 0, nullptr, data.data(), &in, data.size(), out.data(), &made, out.size()) == LZMA_OK;
    }
    default: return false;   // the bench makes no others
  }
}

bool check(const Source& source, std::uint64_t data_at, const payload::PartitionUpdate& p, std::uint32_t block) {
  Hasher hasher;
  std::vector<std::uint8_t> out;
  for (const payload::Operation& op : p.operations) {
    std::uint64_t blocks = 0;
    for (std::uint32_t i = 0; i < op.target_count; ++i) blocks += p.targets[op.first_target + i].count;
    out.assign(blocks * block, 0);
    const auto data = source.load(data_at + op.data_at, op.data_length);
    if (!data || !decode(op, data->bytes(), out)) return false;
    if (op.data_digest && sha256(data->bytes()) != *op.data_digest) return false;
    hasher.update(Bytes(out));
  }
  return p.after && p.after->digest == hasher.finish_sha256();
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  const auto source = file_source(argv[1]);
  if (!source) return 2;
  const auto header = (*source)->get<Header>(0);
  if (!header) return 2;
  const auto manifest_bytes = (*source)->load(24, header->manifest_size);
  if (!manifest_bytes) return 2;
  const auto manifest = payload::read_manifest(manifest_bytes->bytes());
  if (!manifest) return 2;
  const std::uint64_t data_at = 24 + header->manifest_size + header->signature_size;
  std::atomic<std::size_t> next = 0, bad = 0;
  {
    std::vector<std::jthread> threads;
    for (int t = 0; t < std::atoi(argv[2]); ++t)
      threads.emplace_back([&] {
        for (std::size_t i; (i = next++) < manifest->partitions.size();) bad += !check(**source, data_at, manifest->partitions[i], manifest->block_size);
      });
  }
  std::printf("%zu partitions, %zu bad\n", manifest->partitions.size(), bad.load());
  return bad ? 1 : 0;
}
