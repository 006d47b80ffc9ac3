// What the driver feeds with bytes. Nothing is returned: a mistake ends the process.

#ifndef TARGETS_HPP
#define TARGETS_HPP

#include "guarded_buffer.hpp"

#include <initializer_list>
#include <string>

/// A file in memory, opened for reading and writing; for functions that take a descriptor or a path.
class MemoryFile {
public:
  explicit MemoryFile(const char *name) : descriptor_(::memfd_create(name, MFD_CLOEXEC)) {
    if (descriptor_ < 0) std::exit(71);
  }
  MemoryFile(const uint8_t *bytes, size_t size) : MemoryFile("input") {
    for (size_t done = 0; done < size;) {
      const ssize_t count = ::write(descriptor_, bytes + done, size - done);
      if (count <= 0) std::exit(74);
      done += static_cast<size_t>(count);
    }
  }
  ~MemoryFile() { ::close(descriptor_); }
  MemoryFile(const MemoryFile &) = delete;
  MemoryFile &operator=(const MemoryFile &) = delete;

  int descriptor() const { return descriptor_; }
  std::string path() const { return "/proc/self/fd/" + std::to_string(descriptor_); }

private:
  int descriptor_;
};

/// How often something came to a good end: proof that the way there was gone.
struct Tally {
  size_t files_read = 0;
  size_t frames_decoded = 0;
};
extern Tally tally;

/// Ends the process where something that must hold does not.
inline void require(bool holds, const char *what) {
  if (holds) return;
  std::fprintf(stderr, "shims: %s\n", what);
  std::abort();
}

/// A DICOM file: opened twice, walked, every value and every frame read, written again.
void run_dicom(const uint8_t *bytes, size_t size);
/// A PNG: decoded and, where that worked, encoded again.
void run_png(const uint8_t *bytes, size_t size);
/// Text: measured and drawn, split into pieces, converted from every character set.
void run_text(const uint8_t *bytes, size_t size);

/// Objects in every transfer syntax that is written, and read again.
void check_writing();
/// Channels, shared memory, starting and ending a process.
void check_sandbox();

#endif
