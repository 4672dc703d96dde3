#include "traffic/qpack.h"

#include <nghttp3/nghttp3.h>

#include <memory>
#include <vector>

namespace klik::traffic {
namespace {

constexpr std::size_t kBlockedStreams = 1'000'000;   // the capture shows what was allowed; our own bound is on bytes

std::string_view text_of(const nghttp3_rcbuf* buffer) {
  const nghttp3_vec vec = nghttp3_rcbuf_get_buf(buffer);
  return Bytes(vec.base, vec.len).text();
}

void release(const nghttp3_qpack_nv& field) {
  nghttp3_rcbuf_decref(field.name);
  nghttp3_rcbuf_decref(field.value);
}

using BlockState = std::unique_ptr<nghttp3_qpack_stream_context, void (*)(nghttp3_qpack_stream_context*)>;
BlockState block_state(std::uint64_t stream) {
  nghttp3_qpack_stream_context* made = nullptr;
  if (nghttp3_qpack_stream_context_new(&made, static_cast<std::int64_t>(stream), nghttp3_mem_default()) != 0) made = nullptr;
  return {made, nghttp3_qpack_stream_context_del};
}

// What a decoder would answer its peer piles up inside and overflows unless it is taken out.
void drop_answers(nghttp3_qpack_decoder* decoder) {
  const std::size_t size = nghttp3_qpack_decoder_get_decoder_streamlen(decoder);
  if (size == 0) return;
  std::vector<std::uint8_t> sink(size);
  nghttp3_buf buffer{};
  buffer.begin = buffer.pos = buffer.last = sink.data();
  buffer.end = sink.data() + sink.size();
  nghttp3_qpack_decoder_write_decoder(decoder, &buffer);
}

}  // namespace

QpackDecoder::QpackDecoder(std::uint64_t capacity) {
  broken_ = capacity > kMostQpackCapacity || nghttp3_qpack_decoder_new(&decoder_, capacity, kBlockedStreams, nghttp3_mem_default()) != 0;
}

QpackDecoder::~QpackDecoder() {
  if (decoder_) nghttp3_qpack_decoder_del(decoder_);
}

std::uint64_t QpackDecoder::inserted() const { return decoder_ ? nghttp3_qpack_decoder_get_icnt(decoder_) : 0; }

Result<void> QpackDecoder::instructions(Bytes bytes) {
  if (!broken_ && !bytes.empty()) {
    const nghttp3_ssize used = nghttp3_qpack_decoder_read_encoder(decoder_, bytes.data(), bytes.size());
    broken_ = used < 0 || static_cast<std::uint64_t>(used) != bytes.size();
    if (!broken_) drop_answers(decoder_);
  }
  if (broken_) return fail(Code::bad_value, 0, "the header table of HTTP/3 is not known any more");
  return {};
}

std::optional<std::uint64_t> QpackDecoder::blocked_until(std::uint64_t stream, Bytes block) {
  if (broken_) return std::nullopt;
  const BlockState state = block_state(stream);
  nghttp3_qpack_nv field{};
  std::uint8_t flags = 0;
  // The prefix is read before anything else, so the first call tells; it gives at most one field.
  if (!state || nghttp3_qpack_decoder_read_request(decoder_, state.get(), &field, &flags, block.data(), block.size(), 1) < 0) return std::nullopt;
  if ((flags & NGHTTP3_QPACK_DECODE_FLAG_EMIT) != 0) release(field);
  if ((flags & NGHTTP3_QPACK_DECODE_FLAG_BLOCKED) == 0) return std::nullopt;
  return nghttp3_qpack_stream_context_get_ricnt(state.get());
}

Result<void> QpackDecoder::read(std::uint64_t stream, Bytes block, const std::function<void(std::string_view name, std::string_view value)>& each) {
  if (broken_) return fail(Code::bad_value, 0, "the header table of HTTP/3 is not known any more");
  const BlockState state = block_state(stream);
  if (!state) return fail(Code::internal, 0, "no memory for a header block");
  std::uint64_t at = 0;
  while (true) {
    nghttp3_qpack_nv field{};
    std::uint8_t flags = 0;
    const Bytes rest(block.span().subspan(at));
    const nghttp3_ssize used = nghttp3_qpack_decoder_read_request(decoder_, state.get(), &field, &flags, rest.data(), rest.size(), 1);
    if (used < 0) {
      broken_ = used == NGHTTP3_ERR_QPACK_FATAL;
      return fail(Code::bad_value, at, "a header block of HTTP/3 is broken");
    }
    at += static_cast<std::uint64_t>(used);
    if ((flags & NGHTTP3_QPACK_DECODE_FLAG_EMIT) != 0) {
      each(text_of(field.name), text_of(field.value));
      release(field);
    }
    if ((flags & NGHTTP3_QPACK_DECODE_FLAG_FINAL) != 0) break;
    // Neither a field nor a byte forward would go on for ever.
    if ((flags & NGHTTP3_QPACK_DECODE_FLAG_EMIT) == 0 && used == 0) return fail(Code::bad_value, at, "a header block of HTTP/3 ends early or has to wait");
  }
  drop_answers(decoder_);
  return {};
}

}  // namespace klik::traffic
