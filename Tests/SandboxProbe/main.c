// What a process inside the sandbox can still do: closes the locks named first, then tries one thing.
//
//   sandboxprobe LOCKS ATTEMPT      LOCKS: any of l (limits), f (Landlock), s (seccomp)
//
// Exit status: 0 when the attempt succeeded, 1 when it was refused, 2 for a wrong call; or the signal that ended it.

#define _GNU_SOURCE
#include "CSandbox.h"

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

static int attempt(const char *name) {
  if (strcmp(name, "nothing") == 0) return 0;
  if (strcmp(name, "open") == 0) return open("/etc/passwd", O_RDONLY);
  if (strcmp(name, "list") == 0) return open("/", O_RDONLY | O_DIRECTORY);
  if (strcmp(name, "create") == 0) return open("/tmp/bucky-sandbox-probe", O_WRONLY | O_CREAT | O_TRUNC, 0600);
  if (strcmp(name, "unlink") == 0) return unlink("/tmp/bucky-sandbox-probe");
  if (strcmp(name, "socket") == 0) return socket(AF_INET, SOCK_STREAM, 0);
  if (strcmp(name, "fork") == 0) return (int)fork();
  if (strcmp(name, "kill") == 0) return kill(getppid(), 0);
  if (strcmp(name, "code") == 0)
    return mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED ? -1 : 0;
  if (strcmp(name, "memory") == 0)
    return mmap(NULL, (size_t)1 << 30, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED ? -1 : 0;
  if (strcmp(name, "privileges") == 0) return (int)syscall(SYS_prctl, PR_SET_DUMPABLE, 1, 0, 0, 0);
  if (strcmp(name, "trace") == 0) return (int)syscall(SYS_ptrace, 16, getppid(), 0, 0);
  if (strcmp(name, "write") == 0) return (int)write(STDOUT_FILENO, "x", 1);
  if (strcmp(name, "exec") == 0) {
    char *const arguments[] = {"true", NULL};
    char *const environment[] = {NULL};
    return execve("/bin/true", arguments, environment);
  }
  _exit(2);
}

int main(int count, char **arguments) {
  if (count != 3) return 2;
  uint32_t wanted = 0;
  if (strchr(arguments[1], 'l') != NULL) wanted |= CSANDBOX_LIMITS;
  if (strchr(arguments[1], 'f') != NULL) wanted |= CSANDBOX_LANDLOCK;
  if (strchr(arguments[1], 's') != NULL) wanted |= CSANDBOX_SECCOMP;
  uint32_t closed = 0;
  const uint64_t memory = (uint64_t)512 << 20;
  const csandbox_limits limits = {.address_space = memory, .largest_address_space = memory, .descriptors = 16};
  if (csandbox_enter(limits, wanted, &closed) != 0) return 2;
  _exit(attempt(arguments[2]) < 0 ? 1 : 0);
}
