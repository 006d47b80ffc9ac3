// Input from an open descriptor, for a process that may not open files.

#ifndef CDCMTK_DESCRIPTOR_STREAM_HPP
#define CDCMTK_DESCRIPTOR_STREAM_HPP

#include "dcmtk/config/osconfig.h"

#include "dcmtk/dcmdata/dcerror.h"
#include "dcmtk/dcmdata/dcistrma.h"

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <vector>

#include <sys/stat.h>
#include <unistd.h>

namespace cdcmtk {

/// Reads a regular file from an offset on. The descriptor is borrowed and its own position left alone, so that several
/// streams can share it.
class DescriptorProducer : public DcmProducer {
public:
  DescriptorProducer(int descriptor, offile_off_t offset) : descriptor_(descriptor), position_(offset) {
    struct stat status;
    if (::fstat(descriptor, &status) == 0)
      size_ = status.st_size;
    else
      status_ = EC_InvalidStream;
  }

  offile_off_t position() const { return position_; }

  OFBool good() const override { return status_.good(); }
  OFCondition status() const override { return status_; }
  OFBool eos() override { return position_ >= size_; }
  offile_off_t avail() override { return size_ - position_; }

  offile_off_t read(void *destination, offile_off_t length) override {
    auto *to = static_cast<unsigned char *>(destination);
    offile_off_t done = 0;
    while (done < length && status_.good()) {
      const offile_off_t ahead = position_ - window_start_;
      if (ahead >= 0 && ahead < static_cast<offile_off_t>(window_.size())) {
        const offile_off_t count = std::min(length - done, static_cast<offile_off_t>(window_.size()) - ahead);
        std::memcpy(to + done, window_.data() + ahead, static_cast<size_t>(count));
        done += count;
        position_ += count;
        continue;
      }
      // Values go straight to their place, the small reads of the parser through the window.
      const offile_off_t missing = length - done;
      if (missing >= window_bytes) {
        const offile_off_t count = fetch(to + done, missing);
        if (count == 0) break;
        done += count;
        position_ += count;
      } else {
        window_.resize(window_bytes);
        window_start_ = position_;
        window_.resize(static_cast<size_t>(fetch(window_.data(), window_bytes)));
        if (window_.empty()) break;
      }
    }
    return done;
  }

  offile_off_t skip(offile_off_t length) override {
    const offile_off_t count = std::max<offile_off_t>(0, std::min(length, size_ - position_));
    position_ += count;
    return count;
  }

  void putback(offile_off_t count) override {
    if (count <= position_)
      position_ -= count;
    else
      status_ = EC_PutbackFailed;
  }

private:
  static constexpr offile_off_t window_bytes = 1 << 14;

  /// One read at the position; 0 at the end of the file and after an error.
  offile_off_t fetch(unsigned char *destination, offile_off_t length) {
    for (;;) {
      const ssize_t got = ::pread(descriptor_, destination, static_cast<size_t>(length), position_);
      if (got >= 0) return got;
      if (errno == EINTR) continue;
      status_ = EC_InvalidStream;
      return 0;
    }
  }

  const int descriptor_;
  offile_off_t position_;
  offile_off_t size_ = 0;
  OFCondition status_ = EC_Normal;
  std::vector<unsigned char> window_;
  offile_off_t window_start_ = 0;
};

/// What DCMTK parses, and what it reads values from that were left on disk.
class DescriptorStream : public DcmInputStream {
public:
  explicit DescriptorStream(int descriptor, offile_off_t offset = 0)
      : DcmInputStream(&producer_), producer_(descriptor, offset), descriptor_(descriptor) {}

  /// A maker of streams that start here; null in inflated data, which has no place in the file.
  DcmInputStreamFactory *newFactory() const override;

private:
  DescriptorProducer producer_;
  const int descriptor_;
};

/// Where in the file a value is.
class DescriptorStreamFactory : public DcmInputStreamFactory {
public:
  DescriptorStreamFactory(int descriptor, offile_off_t offset) : descriptor_(descriptor), offset_(offset) {}

  DcmInputStream *create() const override { return new DescriptorStream(descriptor_, offset_); }
  DcmInputStreamFactory *clone() const override { return new DescriptorStreamFactory(*this); }
  DcmInputStreamFactoryType ident() const override { return DFT_DcmInputFileStreamFactory; }

private:
  int descriptor_;
  offile_off_t offset_;
};

inline DcmInputStreamFactory *DescriptorStream::newFactory() const {
  if (currentProducer() != &producer_) return nullptr;
  return new DescriptorStreamFactory(descriptor_, producer_.position());
}

} // namespace cdcmtk

#endif
