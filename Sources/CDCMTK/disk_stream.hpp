// Output to a file that misses no error: DCMTK's own stream ignores a failing flush or close.

#ifndef CDCMTK_DISK_STREAM_HPP
#define CDCMTK_DISK_STREAM_HPP

#include "dcmtk/config/osconfig.h"

#include "dcmtk/dcmdata/dcerror.h"
#include "dcmtk/dcmdata/dcostrma.h"

#include <cerrno>
#include <vector>

#include <fcntl.h>
#include <unistd.h>

namespace cdcmtk {

/// Collects bytes and writes them to a descriptor; remembers the first `errno`.
class DiskConsumer : public DcmConsumer {
public:
  explicit DiskConsumer(const char *path)
      : descriptor_(::open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666)) {
    if (descriptor_ < 0) failure_ = errno;
    pending_.reserve(capacity);
  }

  ~DiskConsumer() override {
    if (descriptor_ >= 0) ::close(descriptor_);
  }

  DiskConsumer(const DiskConsumer &) = delete;
  DiskConsumer &operator=(const DiskConsumer &) = delete;

  OFBool good() const override { return failure_ == 0; }
  OFCondition status() const override { return failure_ == 0 ? EC_Normal : EC_InvalidStream; }
  OFBool isFlushed() const override { return OFTrue; }
  offile_off_t avail() const override { return capacity; }
  void flush() override {}

  offile_off_t write(const void *bytes, offile_off_t length) override {
    if (failure_ != 0) return 0;
    const auto *start = static_cast<const unsigned char *>(bytes);
    if (pending_.size() + static_cast<size_t>(length) > capacity) drain();
    if (length >= capacity)
      write_through(start, static_cast<size_t>(length));
    else
      pending_.insert(pending_.end(), start, start + length);
    return failure_ == 0 ? length : 0;
  }

  /// Writes what is pending, syncs and closes. Returns the first `errno` of the file's life, or 0.
  int close() {
    if (descriptor_ < 0) return failure_;
    drain();
    if (failure_ == 0 && ::fsync(descriptor_) != 0) failure_ = errno;
    if (::close(descriptor_) != 0 && failure_ == 0) failure_ = errno;
    descriptor_ = -1;
    return failure_;
  }

private:
  static constexpr offile_off_t capacity = 1 << 18;

  void drain() {
    write_through(pending_.data(), pending_.size());
    pending_.clear();
  }

  void write_through(const unsigned char *bytes, size_t length) {
    while (length > 0 && failure_ == 0) {
      const ssize_t written = ::write(descriptor_, bytes, length);
      if (written < 0) {
        if (errno != EINTR) failure_ = errno;
        continue;
      }
      bytes += written;
      length -= static_cast<size_t>(written);
    }
  }

  int descriptor_;
  int failure_ = 0;
  std::vector<unsigned char> pending_;
};

/// The stream DCMTK writes to; deflate is inserted by DCMTK where the transfer syntax asks for it.
class DiskStream : public DcmOutputStream {
public:
  explicit DiskStream(DiskConsumer &consumer) : DcmOutputStream(&consumer) {}
};

} // namespace cdcmtk

#endif
