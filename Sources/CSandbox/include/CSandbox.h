// What Swift cannot say to the Linux kernel: start a helper process, talk to it, and let it lock itself in.
//
// Rules that hold for every function:
// - It returns 0 or an `errno`; nothing is thrown and nothing is printed.
// - Descriptors are owned by the caller, those that come back included.
// - The parent's functions may be called on any thread. The child's are called once, before it has other threads.
// - No policy: which limits there are and what follows from a broken one is the caller's business.

#ifndef CSANDBOX_H
#define CSANDBOX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#pragma clang assume_nonnull begin

// Both ends ----------------------------------------------------------------------------------------------------------

/// The descriptors a child finds open besides the three standard ones, which lead to /dev/null.
enum { CSANDBOX_CHANNEL = 3, CSANDBOX_MEMORY = 4 };

/// Sends one message, whole or not at all. `passed` travels along, -1 for none.
int csandbox_send(int channel, const void *bytes, size_t length, int passed);

/// Waits for one message of at most `capacity` bytes; a longer one is EMSGSIZE, a closed channel EPIPE.
///
/// - passed: receives a descriptor that came along, or -1; NULL refuses descriptors.
/// - timeout_ms: how long to wait, -1 without end; ETIMEDOUT when it is over.
int csandbox_receive(int channel, void *bytes, size_t capacity, size_t *length, int *_Nullable passed, int timeout_ms);

// The parent ---------------------------------------------------------------------------------------------------------

/// A pair of connected channels that keep messages apart; closed on exec.
int csandbox_channel_create(int *parent_end, int *child_end);

/// Anonymous memory of `size` bytes that neither end can resize; takes no room until it is written to.
int csandbox_memory_create(uint64_t size, int *descriptor);

/// Waits until everything written to the file system that `path` is on has reached the disk.
int csandbox_flush_file_system(const char *path);

/// Anonymous memory that grows as it is written to, like a file without a name.
int csandbox_memory_file(int *descriptor);

/// Copies `length` bytes from `offset` on. ENODATA where the memory is shorter.
int csandbox_memory_read(int descriptor, uint64_t offset, void *destination, size_t length);

/// Gives the room of the first `length` bytes back to the system; they read as zeros then.
int csandbox_memory_release(int descriptor, uint64_t length);

/// Starts `path` with one argument, in a process group of its own, with an environment of two variables at most.
///
/// The process is started by a thread that lasts as long as this one's process does: the kernel takes the end of the
/// starting thread for the end of the parent, and threads of a pool come and go.
int csandbox_spawn(const char *path, const char *argument, int channel, int memory, pid_t *pid);

/// Allows the process `seconds` of processor time from now on, rounded up; past that the kernel sends SIGXCPU.
int csandbox_limit_cpu(pid_t pid, uint32_t seconds);

/// Bytes of address space that a process has; `pid` 0 for this one.
int csandbox_address_space(pid_t pid, uint64_t *bytes);

/// Allows the process so many bytes of address space, at most what it left possible when it locked itself in.
int csandbox_limit_address_space(pid_t pid, uint64_t bytes);

/// The processor time that a process has used so far, in seconds.
int csandbox_cpu_time(pid_t pid, double *seconds);

/// How a process ended: one of the two is set, neither when it cannot be known.
typedef struct csandbox_end {
  /// The signal that killed it, or 0.
  int signal;
  /// Its exit status, or -1.
  int status;
} csandbox_end;

/// Waits at most so long for the end of a child, and leaves it to be reaped.
void csandbox_await_end(pid_t pid, int grace_ms);

/// Waits for the end of a child and forgets it. With `grace_ms` over it is killed.
csandbox_end csandbox_reap(pid_t pid, int grace_ms);

/// The name of a signal, such as "SIGSEGV"; static.
const char *csandbox_signal_name(int number);

// The child ----------------------------------------------------------------------------------------------------------

/// Makes the kernel kill this process when `parent` ends. ESRCH when it has ended already.
int csandbox_follow(pid_t parent);

/// Maps the first `size` bytes of the memory for writing.
int csandbox_memory_map(int descriptor, uint64_t size, void *_Nullable *_Nonnull address);

/// Lets the allocator keep freed blocks of up to 32 MiB, and up to 64 MiB at the end of the heap, for later use.
void csandbox_keep_freed_memory(void);

/// Gives what the allocator keeps back to the system.
void csandbox_release_freed_memory(void);

/// What a process may still use once it is locked in.
typedef struct csandbox_limits {
  /// Bytes from the start on, and at most at any time.
  uint64_t address_space;
  uint64_t largest_address_space;
  uint32_t descriptors;
} csandbox_limits;

/// The locks; bits.
enum {
  CSANDBOX_LIMITS = 1,
  CSANDBOX_LANDLOCK = 2,
  CSANDBOX_SECCOMP = 4,
};

/// Locks this process in, for good: resource limits, no new privileges, no file system, no system call but those of
/// computing and of the channel.
///
/// - wanted: the locks to close. Landlock is left out without an error where the kernel does not have it.
/// - closed: receives those that hold.
int csandbox_enter(csandbox_limits limits, uint32_t wanted, uint32_t *closed);

// The kernel ---------------------------------------------------------------------------------------------------------

/// The version of Landlock's interface, 0 where there is none.
int csandbox_landlock_version(void);

/// Whether the kernel takes filters of system calls that kill the process.
bool csandbox_has_seccomp(void);

#pragma clang assume_nonnull end

#endif
