// Starting, limiting and reaping of child processes.

#define _GNU_SOURCE
#include "CSandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/// One process to start; lives on the stack of the thread that waits for it.
struct request {
  const char *path;
  const char *argument;
  int channel;
  int memory;
  pid_t pid;
  int failure;
  bool done;
  struct request *next;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static struct request *waiting;
static int spawner_failure;

/// The parent's variable as `NAME=value`, cut off where it does not fit; NULL when it is not set.
static char *inherited(const char *name, char *place, size_t size) {
  const char *value = getenv(name);
  if (value == NULL || (size_t)snprintf(place, size, "%s=%s", name, value) >= size) return NULL;
  return place;
}

static int start(const char *path, const char *argument, int channel, int memory, pid_t *pid) {
  // The runtime's own backtracer would start a process; arenas would take address space for nothing.
  char *environment[8] = {"SWIFT_BACKTRACE=enable=no", "MALLOC_ARENA_MAX=1"};
  char libraries[4096], dictionary[4096];
  size_t count = 2;
  char *variable = inherited("LD_LIBRARY_PATH", libraries, sizeof libraries);
  if (variable != NULL) environment[count++] = variable;
  variable = inherited("DCMDICTPATH", dictionary, sizeof dictionary);
  if (variable != NULL) environment[count++] = variable;
  char *arguments[] = {(char *)path, (char *)argument, NULL};

  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  int failure = posix_spawn_file_actions_init(&actions);
  if (failure != 0) return failure;
  failure = posix_spawnattr_init(&attributes);
  if (failure != 0) {
    posix_spawn_file_actions_destroy(&actions);
    return failure;
  }
  // Standard output and error may hold what a library prints of a file: patient data, which nobody asked for.
  for (int standard = 0; standard < 3 && failure == 0; standard++)
    failure = posix_spawn_file_actions_addopen(&actions, standard, "/dev/null", standard == 0 ? O_RDONLY : O_WRONLY, 0);
  if (failure == 0) failure = posix_spawn_file_actions_adddup2(&actions, channel, CSANDBOX_CHANNEL);
  if (failure == 0) failure = posix_spawn_file_actions_adddup2(&actions, memory, CSANDBOX_MEMORY);
  if (failure == 0) failure = posix_spawn_file_actions_addclosefrom_np(&actions, CSANDBOX_MEMORY + 1);
  // A group of its own: Ctrl-C asks the parent to finish, and it needs its children for that.
  sigset_t none, all;
  sigemptyset(&none);
  sigfillset(&all);
  if (failure == 0)
    failure = posix_spawnattr_setflags(
        &attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  if (failure == 0) failure = posix_spawnattr_setpgroup(&attributes, 0);
  if (failure == 0) failure = posix_spawnattr_setsigmask(&attributes, &none);
  if (failure == 0) failure = posix_spawnattr_setsigdefault(&attributes, &all);
  if (failure == 0) failure = posix_spawn(pid, path, &actions, &attributes, arguments, environment);
  posix_spawn_file_actions_destroy(&actions);
  posix_spawnattr_destroy(&attributes);
  return failure;
}

static void *serve(void *unused) {
  (void)unused;
  pthread_mutex_lock(&lock);
  for (;;) {
    while (waiting == NULL) pthread_cond_wait(&changed, &lock);
    struct request *request = waiting;
    waiting = request->next;
    pthread_mutex_unlock(&lock);
    request->failure = start(request->path, request->argument, request->channel, request->memory, &request->pid);
    pthread_mutex_lock(&lock);
    request->done = true;
    pthread_cond_broadcast(&changed);
  }
  return NULL;
}

static void start_spawner(void) {
  // Where children are ignored the kernel forgets how they ended.
  struct sigaction action;
  if (sigaction(SIGCHLD, NULL, &action) == 0 && action.sa_handler == SIG_IGN) signal(SIGCHLD, SIG_DFL);
  sigset_t all, previous;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &previous);
  pthread_t thread;
  spawner_failure = pthread_create(&thread, NULL, serve, NULL);
  if (spawner_failure == 0) pthread_detach(thread);
  pthread_sigmask(SIG_SETMASK, &previous, NULL);
}

int csandbox_spawn(const char *path, const char *argument, int channel, int memory, pid_t *pid) {
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  pthread_once(&once, start_spawner);
  if (spawner_failure != 0) return spawner_failure;
  // Out of the way of the numbers they get in the child.
  const int high_channel = fcntl(channel, F_DUPFD_CLOEXEC, 16);
  if (high_channel < 0) return errno;
  const int high_memory = fcntl(memory, F_DUPFD_CLOEXEC, 16);
  if (high_memory < 0) {
    const int failure = errno;
    close(high_channel);
    return failure;
  }
  struct request request = {.path = path, .argument = argument, .channel = high_channel, .memory = high_memory};
  pthread_mutex_lock(&lock);
  struct request **last = &waiting;
  while (*last != NULL) last = &(*last)->next;
  *last = &request;
  pthread_cond_broadcast(&changed);
  while (!request.done) pthread_cond_wait(&changed, &lock);
  pthread_mutex_unlock(&lock);
  close(high_channel);
  close(high_memory);
  if (request.failure == 0) *pid = request.pid;
  return request.failure;
}

int csandbox_address_space(pid_t pid, uint64_t *bytes) {
  char path[32] = "/proc/self/statm";
  if (pid != 0) snprintf(path, sizeof path, "/proc/%d/statm", (int)pid);
  FILE *file = fopen(path, "re");
  if (file == NULL) return errno;
  unsigned long pages = 0;
  const int found = fscanf(file, "%lu", &pages);
  fclose(file);
  *bytes = (uint64_t)pages * (uint64_t)sysconf(_SC_PAGESIZE);
  return found == 1 && pages > 0 ? 0 : ESRCH;
}

int csandbox_limit_address_space(pid_t pid, uint64_t bytes) {
  struct rlimit limit;
  if (prlimit(pid, RLIMIT_AS, NULL, &limit) != 0) return errno;
  limit.rlim_cur = bytes < limit.rlim_max ? bytes : limit.rlim_max;
  return prlimit(pid, RLIMIT_AS, &limit, NULL) == 0 ? 0 : errno;
}

static int cpu_time(pid_t pid, struct timespec *used) {
  clockid_t clock;
  const int failure = clock_getcpuclockid(pid, &clock);
  if (failure != 0) return failure;
  return clock_gettime(clock, used) == 0 ? 0 : errno;
}

int csandbox_cpu_time(pid_t pid, double *seconds) {
  struct timespec used;
  const int failure = cpu_time(pid, &used);
  if (failure == 0) *seconds = (double)used.tv_sec + (double)used.tv_nsec / 1e9;
  return failure;
}

int csandbox_limit_cpu(pid_t pid, uint32_t seconds) {
  struct timespec used;
  const int failure = cpu_time(pid, &used);
  if (failure != 0) return failure;
  struct rlimit limit;
  if (prlimit(pid, RLIMIT_CPU, NULL, &limit) != 0) return errno;
  const rlim_t end = (rlim_t)used.tv_sec + (used.tv_nsec > 0 ? 1 : 0) + seconds;
  limit.rlim_cur = end < limit.rlim_max ? end : limit.rlim_max;
  return prlimit(pid, RLIMIT_CPU, &limit, NULL) == 0 ? 0 : errno;
}

void csandbox_await_end(pid_t pid, int grace_ms) {
  for (int waited = 0; waited < grace_ms; waited++) {
    siginfo_t found = {.si_pid = 0};
    const int result = waitid(P_PID, (id_t)pid, &found, WEXITED | WNOHANG | WNOWAIT);
    if ((result == 0 && found.si_pid == pid) || (result != 0 && errno != EINTR)) return;
    const struct timespec pause = {.tv_sec = 0, .tv_nsec = 1000000};
    nanosleep(&pause, NULL);
  }
}

csandbox_end csandbox_reap(pid_t pid, int grace_ms) {
  int status = 0;
  for (int waited = 0;; waited++) {
    const pid_t reaped = waitpid(pid, &status, WNOHANG);
    if (reaped == pid) break;
    if (reaped < 0 && errno != EINTR) return (csandbox_end){0, -1};
    if (waited >= grace_ms) {
      kill(pid, SIGKILL);
      while (waitpid(pid, &status, 0) < 0)
        if (errno != EINTR) return (csandbox_end){0, -1};
      break;
    }
    const struct timespec pause = {.tv_sec = 0, .tv_nsec = 1000000};
    nanosleep(&pause, NULL);
  }
  if (WIFSIGNALED(status)) return (csandbox_end){WTERMSIG(status), -1};
  return (csandbox_end){0, WIFEXITED(status) ? WEXITSTATUS(status) : -1};
}

const char *csandbox_signal_name(int number) {
  static const struct {
    int number;
    const char *name;
  } names[] = {{SIGSEGV, "SIGSEGV"}, {SIGABRT, "SIGABRT"}, {SIGBUS, "SIGBUS"},   {SIGFPE, "SIGFPE"},
               {SIGILL, "SIGILL"},   {SIGTRAP, "SIGTRAP"}, {SIGKILL, "SIGKILL"}, {SIGTERM, "SIGTERM"},
               {SIGXCPU, "SIGXCPU"}, {SIGXFSZ, "SIGXFSZ"}, {SIGSYS, "SIGSYS"},   {SIGHUP, "SIGHUP"},
               {SIGINT, "SIGINT"},   {SIGQUIT, "SIGQUIT"}, {SIGPIPE, "SIGPIPE"}};
  for (size_t index = 0; index < sizeof names / sizeof names[0]; index++)
    if (names[index].number == number) return names[index].name;
  return "another signal";
}
