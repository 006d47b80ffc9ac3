// Messages with descriptors over a pair of local sockets.

#define _GNU_SOURCE
#include "CSandbox.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

int csandbox_channel_create(int *parent_end, int *child_end) {
  int ends[2];
  if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0) return errno;
  *parent_end = ends[0];
  *child_end = ends[1];
  return 0;
}

int csandbox_send(int channel, const void *bytes, size_t length, int passed) {
  struct iovec part = {.iov_base = (void *)bytes, .iov_len = length};
  union {
    struct cmsghdr header;
    char bytes[CMSG_SPACE(sizeof(int))];
  } control;
  memset(&control, 0, sizeof control);
  struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1};
  if (passed >= 0) {
    message.msg_control = control.bytes;
    message.msg_controllen = sizeof control.bytes;
    struct cmsghdr *header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(sizeof(int));
    memcpy(CMSG_DATA(header), &passed, sizeof passed);
  }
  for (;;) {
    const ssize_t sent = sendmsg(channel, &message, MSG_NOSIGNAL);
    if (sent >= 0) return (size_t)sent == length ? 0 : EMSGSIZE;
    if (errno != EINTR) return errno;
  }
}

/// Waits until there is something to read; the time that signals take off is made up for.
static int await_input(int channel, int timeout_ms) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  const int64_t end = now.tv_sec * 1000 + now.tv_nsec / 1000000 + timeout_ms;
  int left = timeout_ms;
  for (;;) {
    struct pollfd waiting = {.fd = channel, .events = POLLIN};
    const int ready = poll(&waiting, 1, left);
    if (ready > 0) return 0;
    if (ready == 0) return ETIMEDOUT;
    if (errno != EINTR) return errno;
    clock_gettime(CLOCK_MONOTONIC, &now);
    const int64_t remaining = end - (now.tv_sec * 1000 + now.tv_nsec / 1000000);
    left = remaining > 0 ? (int)remaining : 0;
  }
}

int csandbox_receive(int channel, void *bytes, size_t capacity, size_t *length, int *passed, int timeout_ms) {
  if (passed != NULL) *passed = -1;
  *length = 0;
  if (timeout_ms >= 0) {
    const int failure = await_input(channel, timeout_ms);
    if (failure != 0) return failure;
  }
  struct iovec part = {.iov_base = bytes, .iov_len = capacity};
  union {
    struct cmsghdr header;
    char bytes[CMSG_SPACE(sizeof(int))];
  } control;
  struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1};
  if (passed != NULL) {
    message.msg_control = control.bytes;
    message.msg_controllen = sizeof control.bytes;
  }
  ssize_t got;
  do {
    got = recvmsg(channel, &message, MSG_CMSG_CLOEXEC);
  } while (got < 0 && errno == EINTR);
  if (got < 0) return errno == ECONNRESET ? EPIPE : errno;
  if (passed != NULL) {
    for (struct cmsghdr *header = CMSG_FIRSTHDR(&message); header != NULL; header = CMSG_NXTHDR(&message, header))
      if (header->cmsg_level == SOL_SOCKET && header->cmsg_type == SCM_RIGHTS && header->cmsg_len == CMSG_LEN(sizeof(int)))
        memcpy(passed, CMSG_DATA(header), sizeof *passed);
  }
  if (got == 0) return EPIPE;
  // Without room for them, descriptors that came along have been closed by the kernel.
  if ((message.msg_flags & MSG_TRUNC) != 0) {
    if (passed != NULL && *passed >= 0) close(*passed);
    if (passed != NULL) *passed = -1;
    return EMSGSIZE;
  }
  *length = (size_t)got;
  return 0;
}
