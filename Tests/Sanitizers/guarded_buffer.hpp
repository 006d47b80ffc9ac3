// Memory that ends where the next byte may not be touched, by anybody: libraries that are not instrumented included.

#ifndef GUARDED_BUFFER_HPP
#define GUARDED_BUFFER_HPP

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include <sys/mman.h>
#include <unistd.h>

class GuardedBuffer {
public:
  explicit GuardedBuffer(size_t size) : size_(size) {
    const size_t page = static_cast<size_t>(::sysconf(_SC_PAGESIZE));
    mapped_ = (size + page - 1) / page * page + page;
    void *start = ::mmap(nullptr, mapped_, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (start == MAP_FAILED || ::mprotect(static_cast<uint8_t *>(start) + mapped_ - page, page, PROT_NONE) != 0) {
      std::perror("mmap");
      std::exit(71);
    }
    start_ = static_cast<uint8_t *>(start);
  }

  GuardedBuffer(const uint8_t *bytes, size_t size) : GuardedBuffer(size) {
    if (size > 0) std::memcpy(data(), bytes, size);
  }

  ~GuardedBuffer() { ::munmap(start_, mapped_); }

  GuardedBuffer(const GuardedBuffer &) = delete;
  GuardedBuffer &operator=(const GuardedBuffer &) = delete;

  /// The last byte lies before the guard.
  uint8_t *data() { return start_ + mapped_ - static_cast<size_t>(::sysconf(_SC_PAGESIZE)) - size_; }
  size_t size() const { return size_; }

private:
  size_t size_;
  size_t mapped_;
  uint8_t *start_;
};

#endif
