// The locks that a process closes behind itself: limits, Landlock, and the order in which they go.

#define _GNU_SOURCE
#include "CSandbox.h"
#include "filter.h"

#include <errno.h>
#include <linux/landlock.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

int csandbox_follow(pid_t parent) {
  if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0) return errno;
  // The parent may have ended before the line above.
  return getppid() == parent ? 0 : ESRCH;
}

static int set_limit_below(int resource, rlim_t value, rlim_t largest) {
  const struct rlimit limit = {.rlim_cur = value, .rlim_max = largest};
  return setrlimit(resource, &limit) == 0 ? 0 : errno;
}

static int set_limit(int resource, rlim_t value) { return set_limit_below(resource, value, value); }

static int set_limits(csandbox_limits limits) {
  // The parent raises it for a single large frame; the process itself has no system call that does.
  int failure = set_limit_below(RLIMIT_AS, limits.address_space, limits.largest_address_space);
  // No file can be made or grown; the shared memory is written through its mapping.
  if (failure == 0) failure = set_limit(RLIMIT_FSIZE, 0);
  if (failure == 0) failure = set_limit(RLIMIT_NOFILE, limits.descriptors);
  if (failure == 0) failure = set_limit(RLIMIT_NPROC, 0);
  // A core dump would hold patient data.
  if (failure == 0) failure = set_limit(RLIMIT_CORE, 0);
  if (failure == 0 && prctl(PR_SET_DUMPABLE, 0) != 0) failure = errno;
  return failure;
}

int csandbox_landlock_version(void) {
  const long version = syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
  return version > 0 ? (int)version : 0;
}

/// A rule set that handles every right the kernel knows of and grants none.
static int close_landlock(int version) {
  // The fields of later versions are unknown to the headers of Debian 12.
  struct {
    uint64_t file_system;
    uint64_t network;
    uint64_t scopes;
  } rules = {0};
  // 13 rights in version 1; then REFER, TRUNCATE and, from version 5 on, IOCTL_DEV.
  const int rights = version >= 5 ? 16 : version >= 3 ? 15 : version >= 2 ? 14 : 13;
  rules.file_system = (UINT64_C(1) << rights) - 1;
  size_t size = sizeof rules.file_system;
  if (version >= 4) {
    rules.network = 3;
    size += sizeof rules.network;
  }
  if (version >= 6) {
    rules.scopes = 3;
    size += sizeof rules.scopes;
  }
  const int set = (int)syscall(SYS_landlock_create_ruleset, &rules, size, 0);
  if (set < 0) return errno;
  const long restricted = syscall(SYS_landlock_restrict_self, set, 0);
  const int failure = restricted == 0 ? 0 : errno;
  close(set);
  return failure;
}

int csandbox_enter(csandbox_limits limits, uint32_t wanted, uint32_t *closed) {
  *closed = 0;
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return errno;
  if ((wanted & CSANDBOX_LANDLOCK) != 0) {
    const int version = csandbox_landlock_version();
    if (version > 0) {
      const int failure = close_landlock(version);
      if (failure != 0) return failure;
      *closed |= CSANDBOX_LANDLOCK;
    }
  }
  if ((wanted & CSANDBOX_LIMITS) != 0) {
    const int failure = set_limits(limits);
    if (failure != 0) return failure;
    *closed |= CSANDBOX_LIMITS;
  }
  if ((wanted & CSANDBOX_SECCOMP) != 0) {
    const int failure = csandbox_install_filter();
    if (failure != 0) return failure;
    *closed |= CSANDBOX_SECCOMP;
  }
  return 0;
}
