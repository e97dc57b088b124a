// SPDX-License-Identifier: Apache-2.0
// The floor: a TCP forwarder that reads bytes from one socket and writes them to another, and knows nothing of them.
// Each connection first sends 8 bytes, the number of its pair in hexadecimal. Once both of a pair are there each gets one
// byte, '+', and from then on what one sends goes to the other. One thread, level-triggered epoll: a message costs one
// read and one write, and what waking up costs. What does not fit into a socket waits here, and its source is not read.

#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum { EVENTS = 512, BUFFER = 65536, BUCKETS = 65536, HELLO = 8 };

struct connection {
  int fd;
  int closed;
  uint32_t watched;          // the events epoll tells of
  uint32_t pair;
  int said;                  // bytes of the greeting that have come
  char hello[HELLO + 1];
  struct connection *other;  // once both are there
  struct connection *next;   // in its bucket of those who wait, or in the list of those to be freed
  char *rest;                // what `fd` did not take yet
  size_t rest_at, rest_end;
};

static int epoll;
static struct connection *waiting[BUCKETS];
static struct connection *gone;
static char buffer[BUFFER];

static void die(const char *what) {
  perror(what);
  exit(1);
}

static void watch(struct connection *it, uint32_t events) {
  if (it->watched == events) return;
  struct epoll_event event = {.events = events, .data.ptr = it};
  if (epoll_ctl(epoll, EPOLL_CTL_MOD, it->fd, &event)) die("epoll_ctl");
  it->watched = events;
}

static void end(struct connection *it) {
  if (it->closed) return;
  it->closed = 1;
  close(it->fd);
  for (struct connection **at = &waiting[it->pair % BUCKETS]; *at; at = &(*at)->next) {
    if (*at == it) {
      *at = it->next;
      break;
    }
  }
  it->next = gone; // later events of this turn may still point at it
  gone = it;
  if (it->other) end(it->other);
}

static void free_gone(void) {
  while (gone) {
    struct connection *it = gone;
    gone = it->next;
    free(it->rest);
    free(it);
  }
}

static void put(struct connection *to, const char *bytes, size_t length) {
  ssize_t written = write(to->fd, bytes, length);
  if (written < 0 && errno != EAGAIN) {
    end(to);
    return;
  }
  size_t done = written < 0 ? 0 : (size_t)written;
  if (done == length) return;
  if (!to->rest && !(to->rest = malloc(BUFFER))) die("malloc");
  memcpy(to->rest, bytes + done, length - done);
  to->rest_at = 0;
  to->rest_end = length - done;
  watch(to, to->watched | EPOLLOUT);
  watch(to->other, to->other->watched & ~(uint32_t)EPOLLIN);
}

static void go_on(struct connection *it) {
  ssize_t written = write(it->fd, it->rest + it->rest_at, it->rest_end - it->rest_at);
  if (written < 0) {
    if (errno != EAGAIN) end(it);
    return;
  }
  it->rest_at += (size_t)written;
  if (it->rest_at < it->rest_end) return;
  free(it->rest);
  it->rest = NULL;
  watch(it, it->watched & ~(uint32_t)EPOLLOUT);
  watch(it->other, it->other->watched | EPOLLIN);
}

static void greet(struct connection *it) {
  ssize_t length = read(it->fd, it->hello + it->said, (size_t)(HELLO - it->said));
  if (length <= 0) {
    if (length == 0 || errno != EAGAIN) end(it);
    return;
  }
  it->said += (int)length;
  if (it->said < HELLO) return;
  it->pair = (uint32_t)strtoul(it->hello, NULL, 16);
  struct connection **at = &waiting[it->pair % BUCKETS];
  while (*at && (*at)->pair != it->pair) at = &(*at)->next;
  if (!*at) {
    *at = it;
    return;
  }
  struct connection *other = *at;
  *at = other->next;
  other->next = NULL;
  it->other = other;
  other->other = it;
  put(it, "+", 1);
  if (!other->closed) put(other, "+", 1);
}

static void forward(struct connection *it) {
  ssize_t length = read(it->fd, buffer, BUFFER);
  if (length > 0) {
    put(it->other, buffer, (size_t)length);
  } else if (length == 0 || errno != EAGAIN) {
    end(it);
  }
}

static void take(int listener) {
  int fd;
  while ((fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK)) >= 0) {
    int on = 1;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    struct connection *it = calloc(1, sizeof *it);
    if (!it) die("calloc");
    it->fd = fd;
    it->watched = EPOLLIN;
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = it};
    if (epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event)) die("epoll_ctl");
  }
}

int main(int count, char **arguments) {
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  address.sin_port = htons((uint16_t)(count > 1 ? atoi(arguments[1]) : 0));
  socklen_t size = sizeof address;
  int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
  if (listener < 0 || bind(listener, (struct sockaddr *)&address, size) || listen(listener, 4096)
      || getsockname(listener, (struct sockaddr *)&address, &size)) die("listen");
  epoll = epoll_create1(0);
  if (epoll < 0) die("epoll_create1");
  struct epoll_event events[EVENTS] = {{.events = EPOLLIN, .data.ptr = NULL}};
  if (epoll_ctl(epoll, EPOLL_CTL_ADD, listener, &events[0])) die("epoll_ctl");
  printf("listening %d\n", ntohs(address.sin_port));
  fflush(stdout);
  for (;;) {
    int ready = epoll_wait(epoll, events, EVENTS, -1);
    if (ready < 0 && errno != EINTR) die("epoll_wait");
    for (int i = 0; i < ready; i++) {
      struct connection *it = events[i].data.ptr;
      if (!it) {
        take(listener);
        continue;
      }
      if (!it->closed && it->rest && (events[i].events & EPOLLOUT)) go_on(it);
      // An error or a hang-up is told by the read.
      if (!it->closed && (events[i].events & ~(uint32_t)EPOLLOUT)) {
        if (it->other) {
          if (!it->other->rest) forward(it);
          else if (events[i].events & (EPOLLERR | EPOLLHUP)) end(it);
        } else {
          greet(it);
        }
      }
    }
    free_gone();
  }
}
