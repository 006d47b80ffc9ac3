// Input from a file that ends early when the parser asks for too much.

#ifndef CDCMTK_BOUNDED_STREAM_HPP
#define CDCMTK_BOUNDED_STREAM_HPP

#include "CDCMTK.h"
#include "descriptor_stream.hpp"

#include <cstdint>

namespace cdcmtk {

/// DCMTK calls itself for every level of nesting and knows no limit, so a file of 160 KB can overflow the stack. Every
/// level reads from the stream: here the stack used since the file was opened is compared with a budget, and past it the
/// stream claims to be at its end, so that DCMTK unwinds in its own way. Inflated bytes have a budget in the same place.
class BoundedFileStream : public DescriptorStream {
public:
  BoundedFileStream(int descriptor, const cdcmtk_limits &limits)
      : DescriptorStream(descriptor), limits_(limits), base_(stack_position()) {}

  /// CDCMTK_STATUS_OK, or the limit that was reached.
  cdcmtk_status limit_reached() const { return reached_; }

  OFBool good() const override { return is_within() && DescriptorStream::good(); }
  OFCondition status() const override { return is_within() ? DescriptorStream::status() : EC_CorruptedData; }
  OFBool eos() override { return !is_within() || DescriptorStream::eos(); }
  offile_off_t avail() override { return is_within() ? DescriptorStream::avail() : 0; }

  offile_off_t read(void *buffer, offile_off_t length) override {
    return is_within() ? DescriptorStream::read(buffer, length) : 0;
  }

  offile_off_t skip(offile_off_t length) override { return is_within() ? DescriptorStream::skip(length) : 0; }

  OFCondition installCompressionFilter(E_StreamCompression type) override {
    inflates_ = true;
    return DescriptorStream::installCompressionFilter(type);
  }

private:
  static uintptr_t stack_position() { return reinterpret_cast<uintptr_t>(__builtin_frame_address(0)); }

  bool is_within() const {
    if (reached_ != CDCMTK_STATUS_OK) return false;
    const uintptr_t here = stack_position();
    const uintptr_t used = here < base_ ? base_ - here : here - base_;
    if (used > limits_.stack_bytes) reached_ = CDCMTK_STATUS_NESTING;
    if (inflates_ && tell() > 0 && static_cast<uint64_t>(tell()) > limits_.inflated_bytes)
      reached_ = CDCMTK_STATUS_INFLATED;
    return reached_ == CDCMTK_STATUS_OK;
  }

  const cdcmtk_limits limits_;
  const uintptr_t base_;
  bool inflates_ = false;
  mutable cdcmtk_status reached_ = CDCMTK_STATUS_OK;
};

} // namespace cdcmtk

#endif
