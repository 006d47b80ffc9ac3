// A filter of system calls for a process that computes: memory, the channel, the files it was handed, and its own end.
//
// Everything else kills the process with SIGSYS. Opening by path, sockets, exec, new processes and threads, and writing
// to anything but the channel and standard error are not on the list.

#define _GNU_SOURCE
#include "filter.h"

#include "CSandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

bool csandbox_has_seccomp(void) {
  const uint32_t action = SECCOMP_RET_KILL_PROCESS;
  return syscall(SYS_seccomp, SECCOMP_GET_ACTION_AVAIL, 0, &action) == 0;
}

#if defined(__x86_64__)

enum { capacity = 160 };

struct program {
  struct sock_filter lines[capacity];
  unsigned short length;
  int is_full;
};

static void add(struct program *program, struct sock_filter line) {
  if (program->length == capacity) {
    program->is_full = 1;
    return;
  }
  program->lines[program->length++] = line;
}

static void statement(struct program *program, uint16_t code, uint32_t value) {
  add(program, (struct sock_filter)BPF_STMT(code, value));
}

static void jump(struct program *program, uint16_t code, uint32_t value, uint8_t if_true, uint8_t if_false) {
  add(program, (struct sock_filter)BPF_JUMP(code, value, if_true, if_false));
}

/// Loads the lower half of an argument; the kernel takes these arguments as 32-bit numbers.
static void load_argument(struct program *program, int index) {
  statement(program, BPF_LD | BPF_W | BPF_ABS, (uint32_t)(offsetof(struct seccomp_data, args) + 8 * (size_t)index));
}

static void allow(struct program *program, long number) {
  jump(program, BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)number, 0, 1);
  statement(program, BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
}

/// Allows a call when an argument has one value; another value kills.
static void allow_equal(struct program *program, long number, int argument, uint32_t value) {
  jump(program, BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)number, 0, 4);
  load_argument(program, argument);
  jump(program, BPF_JMP | BPF_JEQ | BPF_K, value, 0, 1);
  statement(program, BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
  statement(program, BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS);
}

/// Allows a call when an argument has none of `bits`; otherwise it kills.
static void allow_without(struct program *program, long number, int argument, uint32_t bits) {
  jump(program, BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)number, 0, 4);
  load_argument(program, argument);
  jump(program, BPF_JMP | BPF_JSET | BPF_K, bits, 1, 0);
  statement(program, BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
  statement(program, BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS);
}

static void refuse(struct program *program, long number, uint32_t error) {
  jump(program, BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)number, 0, 1);
  statement(program, BPF_RET | BPF_K, SECCOMP_RET_ERRNO | error);
}

/// Calls that reach nothing outside the process, whatever their arguments.
static const long harmless[] = {
    // Reading what is open already.
    SYS_pread64, SYS_read, SYS_lseek, SYS_fstat, SYS_close,
    // Memory; mapping is looked at below.
    SYS_munmap, SYS_mremap, SYS_brk, SYS_madvise, SYS_futex,
    // Time, chance, and facts the C library asks for when it sorts or allocates.
    SYS_clock_gettime, SYS_gettimeofday, SYS_getrandom, SYS_sysinfo, SYS_sched_getaffinity, SYS_sched_yield,
    // Signals as abort() uses them, and the end.
    SYS_rt_sigprocmask, SYS_rt_sigaction, SYS_rt_sigreturn, SYS_sigaltstack, SYS_getpid, SYS_gettid,
    SYS_restart_syscall, SYS_exit, SYS_exit_group,
};

int csandbox_install_filter(void) {
  struct program program = {.length = 0, .is_full = 0};
  statement(&program, BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, arch));
  jump(&program, BPF_JMP | BPF_JEQ | BPF_K, AUDIT_ARCH_X86_64, 1, 0);
  statement(&program, BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS);
  statement(&program, BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr));
  // Calls of the x32 interface carry this bit.
  jump(&program, BPF_JMP | BPF_JGE | BPF_K, 0x40000000, 0, 1);
  statement(&program, BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS);
  for (size_t index = 0; index < sizeof harmless / sizeof harmless[0]; index++) allow(&program, harmless[index]);
  allow_equal(&program, SYS_recvmsg, 0, CSANDBOX_CHANNEL);
  allow_equal(&program, SYS_sendmsg, 0, CSANDBOX_CHANNEL);
  // A runtime that ends the process says why on standard error, which leads nowhere.
  allow_equal(&program, SYS_write, 0, STDERR_FILENO);
  allow_equal(&program, SYS_writev, 0, STDERR_FILENO);
  allow_equal(&program, SYS_tgkill, 0, (uint32_t)getpid());
  // How the C library asks for the status of a descriptor.
  allow_equal(&program, SYS_newfstatat, 3, AT_EMPTY_PATH);
  allow_equal(&program, SYS_fcntl, 1, F_GETFL);
  // No memory becomes code.
  allow_without(&program, SYS_mmap, 2, PROT_EXEC);
  allow_without(&program, SYS_mprotect, 2, PROT_EXEC);
  // Newer C libraries name their mappings and take a refusal.
  refuse(&program, SYS_prctl, EINVAL);
  statement(&program, BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS);
  if (program.is_full) return E2BIG;
  const struct sock_fprog code = {.len = program.length, .filter = program.lines};
  return syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_TSYNC, &code) == 0 ? 0 : errno;
}

#else

// The list above names the calls of x86-64; on another processor there is no child, and no file is read.
int csandbox_install_filter(void) { return ENOSYS; }

#endif
