/* Preloaded into a process, makes its n-th call that changes a folder fail; counts such calls otherwise.

   Build: cc -shared -fPIC -o fail_nth_call.so fail_nth_call.c -ldl. Linux only: a descriptor's path comes from /proc. */

#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

static char folder[4096];
static int calls, nth, code;

/* From now on count the calls under ``path``, and let the n-th fail with an errno (none, if n is 0). */
void fault_arm(const char *path, int n, int error) {
    snprintf(folder, sizeof folder, "%s", path);
    calls = 0;
    nth = n;
    code = error;
}

int fault_calls(void) { return calls; }

static int fails_at(const char *path) {
    if (!folder[0] || !path || strncmp(path, folder, strlen(folder)) != 0) return 0;
    if (++calls != nth) return 0;
    errno = code;
    return 1;
}

static int fails_on(int descriptor) {
    char link[64], path[4096];
    int saved = errno;
    snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
    ssize_t length = readlink(link, path, sizeof path - 1);
    errno = saved;
    if (length < 0) return 0;
    path[length] = 0;
    return fails_at(path);
}

#define ON_DESCRIPTOR(type, name, parameters, arguments)                                   \
    type name parameters {                                                                 \
        static type(*real) parameters;                                                     \
        if (!real) *(void **)&real = dlsym(RTLD_NEXT, #name);                              \
        return fails_on(fd) ? -1 : real arguments;                                         \
    }

#define AT_PATH(name, parameters, arguments)                                               \
    int name parameters {                                                                  \
        static int(*real) parameters;                                                      \
        if (!real) *(void **)&real = dlsym(RTLD_NEXT, #name);                              \
        return fails_at(path) ? -1 : real arguments;                               \
    }

#define OPEN(name)                                                                         \
    int name(const char *path, int flags, ...) {                                           \
        static int (*real)(const char *, int, ...);                                        \
        if (!real) *(void **)&real = dlsym(RTLD_NEXT, #name);                              \
        va_list rest;                                                                      \
        va_start(rest, flags);                                                             \
        mode_t mode = flags & (O_CREAT | __O_TMPFILE) ? va_arg(rest, mode_t) : 0;          \
        va_end(rest);                                                                      \
        return (flags & O_CREAT) && fails_at(path) ? -1 : real(path, flags, mode);         \
    }

OPEN(open)
OPEN(open64)
ON_DESCRIPTOR(ssize_t, write, (int fd, const void *data, size_t size), (fd, data, size))
ON_DESCRIPTOR(ssize_t, pwrite, (int fd, const void *data, size_t size, off_t at), (fd, data, size, at))
ON_DESCRIPTOR(ssize_t, pwrite64, (int fd, const void *data, size_t size, off64_t at), (fd, data, size, at))
ON_DESCRIPTOR(int, ftruncate, (int fd, off_t size), (fd, size))
ON_DESCRIPTOR(int, ftruncate64, (int fd, off64_t size), (fd, size))
ON_DESCRIPTOR(int, fsync, (int fd), (fd))
ON_DESCRIPTOR(int, fdatasync, (int fd), (fd))
ON_DESCRIPTOR(int, fchmod, (int fd, mode_t mode), (fd, mode))
ON_DESCRIPTOR(int, fchown, (int fd, uid_t user, gid_t group), (fd, user, group))
ON_DESCRIPTOR(int, futimens, (int fd, const struct timespec times[2]), (fd, times))
ON_DESCRIPTOR(ssize_t, sendfile, (int fd, int from, off_t *at, size_t size), (fd, from, at, size))
ON_DESCRIPTOR(ssize_t, sendfile64, (int fd, int from, off64_t *at, size_t size), (fd, from, at, size))
AT_PATH(rename, (const char *path, const char *to), (path, to))
AT_PATH(unlink, (const char *path), (path))
AT_PATH(chmod, (const char *path, mode_t mode), (path, mode))
AT_PATH(fchmodat, (int at, const char *path, mode_t mode, int flags), (at, path, mode, flags))
AT_PATH(chown, (const char *path, uid_t user, gid_t group), (path, user, group))
AT_PATH(utimensat, (int at, const char *path, const struct timespec times[2], int flags), (at, path, times, flags))
AT_PATH(setxattr, (const char *path, const char *name, const void *value, size_t size, int flags),
        (path, name, value, size, flags))

/* The copy that stays in the kernel has two descriptors; it is the target that changes. */
ssize_t copy_file_range(int from, off64_t *from_at, int fd, off64_t *at, size_t size, unsigned flags) {
    static ssize_t (*real)(int, off64_t *, int, off64_t *, size_t, unsigned);
    if (!real) *(void **)&real = dlsym(RTLD_NEXT, "copy_file_range");
    return fails_on(fd) ? -1 : real(from, from_at, fd, at, size, flags);
}
