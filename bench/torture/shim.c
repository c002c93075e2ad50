/*
 * LD_PRELOAD shim (Linux, glibc): names every file-system call below one folder, and lets one of them fail, come short
 * or kill the process.
 *
 * A call is named by its operation, its path below the folder, and how often that operation was seen on that path
 * ("write ws/facesieve.db-wal 3"). Such a name means the same call in every run, whatever threads do in between; a number
 * counted over all calls would not.
 *
 * It is controlled by opening paths below /torture/ (the open itself always fails with ENOENT):
 *   /torture/below/FOLDER           the folder whose calls are named (a real, absolute path)
 *   /torture/start                  forgets what was counted and counts from here
 *   /torture/fault/WHAT/OP/K/PATH   arms one fault: WHAT is an error's name (EIO), one with a plus (ENOSPC+: every later
 *                                   call of that kind fails too), `short`, `kill`, or `half-kill` (kills after half a write)
 *   /torture/stop/FILE              disarms, stops counting, and writes FILE: "fired 0|1", then one "OP\tK\tPATH" per call
 * or, for a whole process, by TORTURE_BELOW and TORTURE_FAULT=WHAT/OP/K/PATH in its environment.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

/* The C library's own function of that name. */
#define REAL(name) ({ static __typeof__(&name) found; if (!found) found = (__typeof__(&name))dlsym(RTLD_NEXT, #name); found; })

/* ---- what is counted ---- */

enum { FDS = 65536, BUCKETS = 4096 };
struct key { char *name; /* "OP\tPATH" */ long seen; struct key *next; };

static pthread_mutex_t guard = PTHREAD_MUTEX_INITIALIZER;
static char folder[PATH_MAX]; /* "" = none yet */
static char *paths[FDS];      /* path below the folder of an open file, or NULL */
static struct key *buckets[BUCKETS];
static int counting;
static char *sequence;
static size_t used, room;

/* ---- the one fault ---- */

enum action { PASS, FAIL, SHORT, KILL, HALF_KILL };
static enum action armed;
static int armed_errno, sticky, fired;
static long armed_k;
static char armed_name[PATH_MAX + 32];

static const struct { const char *name; int value; } errors[] = {
  {"EIO", EIO}, {"ENOSPC", ENOSPC}, {"EACCES", EACCES}, {"EMFILE", EMFILE}, {"EROFS", EROFS}, {"EPERM", EPERM},
  {"EDQUOT", EDQUOT}, {"EXDEV", EXDEV}, {"EMLINK", EMLINK}, {"EFBIG", EFBIG}, {"EBUSY", EBUSY}, {"ENOTEMPTY", ENOTEMPTY},
  {"ENAMETOOLONG", ENAMETOOLONG}, {"ENOMEM", ENOMEM}, {"EINTR", EINTR}};

static int is(const char *op, const char *list) {
  const char *at = strstr(list, op);
  size_t n = strlen(op);
  return at && (at == list || at[-1] == ' ') && (at[n] == ' ' || !at[n]);
}

/* After a fault that stays: does this operation meet it too? */
static int meets(const char *op) {
  if (armed_errno == ENOSPC || armed_errno == EDQUOT) return is(op, "write copy open-write mkdir link symlink");
  if (armed_errno == EMFILE) return is(op, "open-read open-write opendir");
  return is(op, "write copy open-write mkdir link symlink fsync rename unlink rmdir truncate chmod");
}

static void record(const char *op, const char *path, long k) {
  size_t need = strlen(op) + strlen(path) + 32;
  if (used + need > room) {
    room = 2 * (room + need);
    sequence = realloc(sequence, room);
  }
  used += (size_t)sprintf(sequence + used, "%s\t%ld\t%s\n", op, k, path);
}

static struct key *key_of(const char *name) {
  unsigned h = 5381;
  for (const char *c = name; *c; c++) h = h * 33 + (unsigned char)*c;
  struct key **at = &buckets[h % BUCKETS];
  for (struct key *key = *at; key; key = key->next)
    if (!strcmp(key->name, name)) return key;
  struct key *key = malloc(sizeof *key);
  *key = (struct key){strdup(name), 0, *at};
  return *at = key;
}

/* Counts one call and says what becomes of it. Kills here, unless half a write is to come first. */
static enum action decide(const char *op, const char *path) {
  if (!path || !counting) return PASS;
  char name[PATH_MAX + 32];
  snprintf(name, sizeof name, "%s\t%s", op, path);
  pthread_mutex_lock(&guard);
  struct key *key = key_of(name);
  key->seen++;
  record(op, path, key->seen);
  enum action action = PASS;
  if (armed && key->seen == armed_k && !strcmp(name, armed_name)) {
    action = armed;
    fired = 1;
  } else if (armed == FAIL && fired && sticky && meets(op)) action = FAIL;
  pthread_mutex_unlock(&guard);
  if (action == KILL || (action == HALF_KILL && strcmp(op, "write"))) kill(getpid(), SIGKILL), pause();
  if (action == FAIL) errno = armed_errno;
  return action;
}

/* ---- paths ---- */

/* Joins, then takes out "." and ".." by their letters. */
static void absolute(int dirfd, const char *path, char out[PATH_MAX]) {
  char joined[2 * PATH_MAX] = "";
  if (path[0] != '/') {
    if (dirfd == AT_FDCWD) {
      if (!getcwd(joined, PATH_MAX)) joined[0] = 0;
    } else {
      char link[64];
      snprintf(link, sizeof link, "/proc/self/fd/%d", dirfd);
      ssize_t n = readlink(link, joined, PATH_MAX - 1);
      joined[n > 0 ? n : 0] = 0;
    }
    strcat(joined, "/");
  }
  strncat(joined, path, PATH_MAX - 1);
  size_t n = 0;
  char *rest = joined, *part;
  out[0] = 0;
  while ((part = strsep(&rest, "/"))) {
    if (!*part || !strcmp(part, ".")) continue;
    if (!strcmp(part, "..")) {
      while (n > 0 && out[--n] != '/') continue;
      out[n] = 0;
      continue;
    }
    size_t length = strlen(part);
    if (n + length + 2 > PATH_MAX) break;
    out[n++] = '/';
    memcpy(out + n, part, length + 1);
    n += length;
  }
}

/* The path below the folder, or NULL. SQLite's temporary files bear random names: they count as one. */
static const char *below_at(int dirfd, const char *path, char out[PATH_MAX]) {
  if (!folder[0] || !path) return NULL;
  absolute(dirfd, path, out);
  size_t n = strlen(folder);
  if (strncmp(out, folder, n) || (out[n] && out[n] != '/')) return NULL;
  char *random = strstr(out, "etilqs_");
  if (random) random[7] = 0;
  return out[n] ? out + n + 1 : ".";
}
static const char *below(const char *path, char out[PATH_MAX]) { return below_at(AT_FDCWD, path, out); }
static const char *below_fd(int fd) { return fd >= 0 && fd < FDS ? paths[fd] : NULL; }

static void opened(int fd, const char *path) {
  if (fd < 0 || fd >= FDS) return;
  char *old = paths[fd];
  paths[fd] = path ? strdup(path) : NULL;
  free(old);
}

/* ---- control ---- */

static void arm(const char *text) { /* WHAT/OP/K/PATH */
  char copy[PATH_MAX];
  snprintf(copy, sizeof copy, "%s", text);
  char *rest = copy;
  char *what = strsep(&rest, "/"), *op = strsep(&rest, "/"), *k = strsep(&rest, "/");
  if (!rest) return;
  snprintf(armed_name, sizeof armed_name, "%s\t%s", op, rest);
  armed_k = atol(k);
  fired = 0;
  size_t n = strlen(what);
  sticky = n && what[n - 1] == '+';
  if (sticky) what[n - 1] = 0;
  armed = !strcmp(what, "short") ? SHORT : !strcmp(what, "kill") ? KILL : !strcmp(what, "half-kill") ? HALF_KILL : PASS;
  for (size_t i = 0; i < sizeof errors / sizeof *errors; i++)
    if (!strcmp(what, errors[i].name)) armed = FAIL, armed_errno = errors[i].value;
}

static void start(void) {
  for (int i = 0; i < BUCKETS; i++)
    for (struct key *key = buckets[i], *next; key; key = next) next = key->next, free(key->name), free(key);
  memset(buckets, 0, sizeof buckets);
  used = 0;
  fired = 0;
  armed = PASS;
  counting = 1;
}

static void stop(const char *file) {
  counting = 0;
  armed = PASS;
  int fd = REAL(open)(file, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  if (fd < 0) return;
  dprintf(fd, "fired %d\n", fired);
  for (size_t done = 0; done < used;) {
    ssize_t n = REAL(write)(fd, sequence + done, used - done);
    if (n <= 0) break;
    done += (size_t)n;
  }
  REAL(close)(fd);
}

static int controlled(const char *path) {
  if (!path || strncmp(path, "/torture/", 9)) return 0;
  const char *verb = path + 9;
  pthread_mutex_lock(&guard);
  if (!strncmp(verb, "below/", 6)) snprintf(folder, sizeof folder, "%s", verb + 6);
  else if (!strcmp(verb, "start")) start();
  else if (!strncmp(verb, "fault/", 6)) arm(verb + 6);
  else if (!strncmp(verb, "stop/", 5)) stop(verb + 5);
  pthread_mutex_unlock(&guard);
  errno = ENOENT;
  return 1;
}

__attribute__((constructor)) static void from_environment(void) {
  const char *below_what = getenv("TORTURE_BELOW"), *fault = getenv("TORTURE_FAULT");
  if (below_what) snprintf(folder, sizeof folder, "%s", below_what);
  if (!fault) return;
  start();
  arm(fault);
}

/* ---- open, close ---- */

static int open_as(int (*open_really)(int, const char *, int, ...), int dirfd, const char *path, int flags, mode_t mode) {
  if (controlled(path)) return -1;
  char out[PATH_MAX];
  const char *inside = below_at(dirfd, path, out);
  const char *op = flags & O_DIRECTORY ? "opendir" : flags & (O_WRONLY | O_RDWR | O_CREAT) ? "open-write" : "open-read";
  if (decide(op, inside) == FAIL) return -1;
  int fd = open_really(dirfd, path, flags, mode);
  opened(fd, inside);
  return fd;
}

#define MODE_OF(flags) \
  mode_t mode = 0; \
  if ((flags) & (O_CREAT | __O_TMPFILE)) { \
    va_list list; \
    va_start(list, flags); \
    mode = va_arg(list, mode_t); \
    va_end(list); \
  }
int open(const char *path, int flags, ...) { MODE_OF(flags) return open_as(REAL(openat), AT_FDCWD, path, flags, mode); }
int open64(const char *path, int flags, ...) { MODE_OF(flags) return open_as(REAL(openat64), AT_FDCWD, path, flags, mode); }
int openat(int at, const char *path, int flags, ...) { MODE_OF(flags) return open_as(REAL(openat), at, path, flags, mode); }
int openat64(int at, const char *path, int flags, ...) { MODE_OF(flags) return open_as(REAL(openat64), at, path, flags, mode); }
int creat(const char *path, mode_t mode) { return open_as(REAL(openat), AT_FDCWD, path, O_CREAT | O_WRONLY | O_TRUNC, mode); }
int __open_2(const char *path, int flags) { return open_as(REAL(openat), AT_FDCWD, path, flags, 0); }
int __open64_2(const char *path, int flags) { return open_as(REAL(openat64), AT_FDCWD, path, flags, 0); }

/* What stdio reads and writes is not seen, its open is. */
static FILE *fopen_as(FILE *(*fopen_really)(const char *, const char *), const char *path, const char *mode) {
  char out[PATH_MAX];
  int writes = strpbrk(mode, "wa+") != NULL;
  return decide(writes ? "open-write" : "open-read", below(path, out)) == FAIL ? NULL : fopen_really(path, mode);
}
FILE *fopen(const char *path, const char *mode) { return fopen_as(REAL(fopen), path, mode); }
FILE *fopen64(const char *path, const char *mode) { return fopen_as(REAL(fopen64), path, mode); }

int close(int fd) {
  opened(fd, NULL);
  return REAL(close)(fd);
}

/* ---- read, write ---- */

#define MOVE(op, call, whole, half) \
  enum action action = decide(op, below_fd(fd)); \
  if (action == FAIL) return -1; \
  if (action == PASS || (whole) < 2) return call(whole); \
  ssize_t moved = call(half); \
  if (action == HALF_KILL) kill(getpid(), SIGKILL), pause(); \
  return moved;

#define PLAIN(name, op, type) \
  ssize_t name(int fd, type *buffer, size_t n) { \
    __typeof__(&name) really = REAL(name); \
    MOVE(op, AT_ONCE, n, n / 2) \
  }
#define AT_ONCE(count) really(fd, buffer, count)
PLAIN(read, "read", void)
PLAIN(write, "write", const void)
#undef AT_ONCE
#define AT_ONCE(count) really(fd, buffer, count, at)
#define PLACED(name, op, type, offset) \
  ssize_t name(int fd, type *buffer, size_t n, offset at) { \
    __typeof__(&name) really = REAL(name); \
    MOVE(op, AT_ONCE, n, n / 2) \
  }
PLACED(pread, "read", void, off_t)
PLACED(pread64, "read", void, off64_t)
PLACED(pwrite, "write", const void, off_t)
PLACED(pwrite64, "write", const void, off64_t)

/* Several buffers come short after half of the first. */
#define FIRST_HALF(plain, ...) plain(fd, list[0].iov_base, (list[0].iov_len + 1) / 2, ##__VA_ARGS__)
#define VECTOR(name, op, short_call, params, args) \
  ssize_t name params { \
    enum action action = decide(op, below_fd(fd)); \
    if (action == FAIL) return -1; \
    if (action == PASS || n < 1 || list[0].iov_len < 2) return REAL(name) args; \
    ssize_t moved = short_call; \
    if (action == HALF_KILL) kill(getpid(), SIGKILL), pause(); \
    return moved; \
  }
VECTOR(readv, "read", FIRST_HALF(REAL(read)), (int fd, const struct iovec *list, int n), (fd, list, n))
VECTOR(writev, "write", FIRST_HALF(REAL(write)), (int fd, const struct iovec *list, int n), (fd, list, n))
VECTOR(preadv, "read", FIRST_HALF(REAL(pread), at), (int fd, const struct iovec *list, int n, off_t at), (fd, list, n, at))
VECTOR(preadv64, "read", FIRST_HALF(REAL(pread64), at), (int fd, const struct iovec *list, int n, off64_t at), (fd, list, n, at))
VECTOR(pwritev, "write", FIRST_HALF(REAL(pwrite), at), (int fd, const struct iovec *list, int n, off_t at), (fd, list, n, at))
VECTOR(pwritev64, "write", FIRST_HALF(REAL(pwrite64), at), (int fd, const struct iovec *list, int n, off64_t at), (fd, list, n, at))

static size_t shortened(enum action action, size_t n) { return action == SHORT && n > 1 ? n / 2 : n; }
ssize_t copy_file_range(int in, off64_t *from, int out, off64_t *to, size_t n, unsigned flags) {
  enum action action = decide("copy", below_fd(out));
  return action == FAIL ? -1 : REAL(copy_file_range)(in, from, out, to, shortened(action, n), flags);
}
ssize_t sendfile(int out, int in, off_t *from, size_t n) {
  enum action action = decide("copy", below_fd(out));
  return action == FAIL ? -1 : REAL(sendfile)(out, in, from, shortened(action, n));
}
ssize_t sendfile64(int out, int in, off64_t *from, size_t n) {
  enum action action = decide("copy", below_fd(out));
  return action == FAIL ? -1 : REAL(sendfile64)(out, in, from, shortened(action, n));
}

/* ---- what makes it last, and names ---- */

#define BY_FD(name, op, params, args) \
  int name params { return decide(op, below_fd(fd)) == FAIL ? -1 : REAL(name) args; }
BY_FD(fsync, "fsync", (int fd), (fd))
BY_FD(fdatasync, "fsync", (int fd), (fd))
BY_FD(ftruncate, "truncate", (int fd, off_t n), (fd, n))
BY_FD(ftruncate64, "truncate", (int fd, off64_t n), (fd, n))
BY_FD(fchmod, "chmod", (int fd, mode_t mode), (fd, mode))

#define BY_PATH(type, failed, name, op, inside, params, args) \
  type name params { \
    char out[PATH_MAX]; \
    return decide(op, inside) == FAIL ? failed : REAL(name) args; \
  }
BY_PATH(int, -1, truncate, "truncate", below(path, out), (const char *path, off_t n), (path, n))
BY_PATH(int, -1, truncate64, "truncate", below(path, out), (const char *path, off64_t n), (path, n))
BY_PATH(int, -1, unlink, "unlink", below(path, out), (const char *path), (path))
BY_PATH(int, -1, rmdir, "rmdir", below(path, out), (const char *path), (path))
BY_PATH(int, -1, unlinkat, flags & AT_REMOVEDIR ? "rmdir" : "unlink", below_at(at, path, out), (int at, const char *path, int flags), (at, path, flags))
BY_PATH(int, -1, mkdir, "mkdir", below(path, out), (const char *path, mode_t mode), (path, mode))
BY_PATH(int, -1, mkdirat, "mkdir", below_at(at, path, out), (int at, const char *path, mode_t mode), (at, path, mode))
BY_PATH(int, -1, link, "link", below(to, out), (const char *from, const char *to), (from, to))
BY_PATH(int, -1, linkat, "link", below_at(at, to, out), (int of, const char *from, int at, const char *to, int flags), (of, from, at, to, flags))
BY_PATH(int, -1, symlink, "symlink", below(to, out), (const char *from, const char *to), (from, to))
BY_PATH(int, -1, symlinkat, "symlink", below_at(at, to, out), (const char *from, int at, const char *to), (from, at, to))
BY_PATH(int, -1, chmod, "chmod", below(path, out), (const char *path, mode_t mode), (path, mode))
BY_PATH(DIR *, NULL, opendir, "opendir", below(path, out), (const char *path), (path))
typedef int (*chosen)(const struct dirent *);
typedef int (*ordered)(const struct dirent **, const struct dirent **);
typedef int (*chosen64)(const struct dirent64 *);
typedef int (*ordered64)(const struct dirent64 **, const struct dirent64 **);
BY_PATH(int, -1, scandir, "opendir", below(path, out), (const char *path, struct dirent ***list, chosen which, ordered by), (path, list, which, by))
BY_PATH(int, -1, scandir64, "opendir", below(path, out), (const char *path, struct dirent64 ***list, chosen64 which, ordered64 by), (path, list, which, by))

/* A rename is named by where it leads, or by where it comes from when only that is below the folder. */
static int rename_fails(int of, const char *from, int at, const char *to) {
  char source[PATH_MAX], target[PATH_MAX];
  const char *old = below_at(of, from, source), *new = below_at(at, to, target);
  return decide("rename", new ? new : old) == FAIL;
}
int rename(const char *from, const char *to) { return rename_fails(AT_FDCWD, from, AT_FDCWD, to) ? -1 : REAL(rename)(from, to); }
int renameat(int of, const char *from, int at, const char *to) {
  return rename_fails(of, from, at, to) ? -1 : REAL(renameat)(of, from, at, to);
}
int renameat2(int of, const char *from, int at, const char *to, unsigned flags) {
  return rename_fails(of, from, at, to) ? -1 : REAL(renameat2)(of, from, at, to, flags);
}

/* ---- facts ---- */

BY_PATH(int, -1, access, "access", below(path, out), (const char *path, int mode), (path, mode))
BY_PATH(int, -1, stat, "stat", below(path, out), (const char *path, struct stat *facts), (path, facts))
BY_PATH(int, -1, lstat, "stat", below(path, out), (const char *path, struct stat *facts), (path, facts))
BY_PATH(int, -1, stat64, "stat", below(path, out), (const char *path, struct stat64 *facts), (path, facts))
BY_PATH(int, -1, lstat64, "stat", below(path, out), (const char *path, struct stat64 *facts), (path, facts))

/* libuv calls the kernel itself for statx, copy_file_range and close: the next file or socket with this number is another. */
long syscall(long number, ...) {
  va_list list;
  va_start(list, number);
  long a[6];
  for (int i = 0; i < 6; i++) a[i] = va_arg(list, long);
  va_end(list);
  char out[PATH_MAX];
  enum action action = PASS;
  if (number == SYS_close) opened((int)a[0], NULL);
  if (number == SYS_statx && ((const char *)a[1])[0]) action = decide("stat", below_at((int)a[0], (const char *)a[1], out));
  if (number == SYS_copy_file_range) {
    action = decide("copy", below_fd((int)a[2]));
    a[4] = (long)shortened(action, (size_t)a[4]);
  }
  if (action == FAIL) return -1;
  return REAL(syscall)(number, a[0], a[1], a[2], a[3], a[4], a[5]);
}
