// Memory that two processes share, made so that neither can pull it away from under the other.

#define _GNU_SOURCE
#include "CSandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/falloc.h>
#include <malloc.h>
#include <sys/mman.h>
#include <unistd.h>

int csandbox_memory_create(uint64_t size, int *descriptor) {
  const int created = memfd_create("frames", MFD_CLOEXEC | MFD_ALLOW_SEALING);
  if (created < 0) return errno;
  if (ftruncate(created, (off_t)size) != 0 ||
      fcntl(created, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL) != 0) {
    const int failure = errno;
    close(created);
    return failure;
  }
  *descriptor = created;
  return 0;
}

int csandbox_memory_file(int *descriptor) {
  const int created = memfd_create("values", MFD_CLOEXEC);
  if (created < 0) return errno;
  *descriptor = created;
  return 0;
}

int csandbox_flush_file_system(const char *path) {
  const int descriptor = open(path, O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return errno;
  const int failure = syncfs(descriptor) == 0 ? 0 : errno;
  close(descriptor);
  return failure;
}

int csandbox_memory_read(int descriptor, uint64_t offset, void *destination, size_t length) {
  char *to = destination;
  while (length > 0) {
    const ssize_t got = pread(descriptor, to, length, (off_t)offset);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return errno;
    if (got == 0) return ENODATA;
    to += got;
    offset += (uint64_t)got;
    length -= (size_t)got;
  }
  return 0;
}

int csandbox_memory_release(int descriptor, uint64_t length) {
  return fallocate(descriptor, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0, (off_t)length) == 0 ? 0 : errno;
}

int csandbox_memory_map(int descriptor, uint64_t size, void **address) {
  void *mapped = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0);
  if (mapped == MAP_FAILED) return errno;
  *address = mapped;
  return 0;
}

void csandbox_keep_freed_memory(void) {
  mallopt(M_MMAP_THRESHOLD, 32 << 20);
  mallopt(M_TRIM_THRESHOLD, 64 << 20);
}

void csandbox_release_freed_memory(void) { malloc_trim(0); }
