/* Lets the system calls that touch files under one folder fail, for tests.benchmarks.faults.

   Loaded before the C library (LD_PRELOAD). fault_arm() says which call is to fail, how, and
   whether all later ones fail as well; fault_seen() says how many there were. */
#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define FILES 4096
#define SHORT 10000 /* no error: write the half of it */

static char folder[4096];
static size_t folder_length;
static char tracked[FILES];
static int armed, at, seen, error_number, forever;

void fault_arm(const char *path, int call, int number, int all) {
    strncpy(folder, path, sizeof folder - 1);
    folder_length = strlen(folder);
    at = call; seen = 0; error_number = number; forever = all; armed = 1;
}
int fault_seen(void) { armed = 0; return seen; }

static int is_ours(const char *path) {
    return armed && path && strncmp(path, folder, folder_length) == 0;
}
static int is_tracked(int fd) { return armed && fd >= 0 && fd < FILES && tracked[fd]; }
static int fails(void) {
    seen++;
    if (!(seen == at || (forever && at && seen > at))) return 0;
    if (error_number == SHORT) return 0;
    errno = error_number;
    return 1;
}
#define REAL(name) static __typeof__(&name) real; if (!real) real = dlsym(RTLD_NEXT, #name)

#define OPEN(name) \
    int name(const char *path, int flags, ...) { \
        REAL(name); va_list list; va_start(list, flags); \
        mode_t mode = (flags & (O_CREAT | O_TMPFILE)) ? va_arg(list, mode_t) : 0; va_end(list); \
        int ours = is_ours(path); if (ours && fails()) return -1; \
        int fd = real(path, flags, mode); \
        if (fd >= 0 && fd < FILES) { tracked[fd] = ours; } \
        return fd; }
OPEN(open)
OPEN(open64)

#define OPENAT(name) \
    int name(int at_fd, const char *path, int flags, ...) { \
        REAL(name); va_list list; va_start(list, flags); \
        mode_t mode = (flags & (O_CREAT | O_TMPFILE)) ? va_arg(list, mode_t) : 0; va_end(list); \
        int ours = is_ours(path); if (ours && fails()) return -1; \
        int fd = real(at_fd, path, flags, mode); \
        if (fd >= 0 && fd < FILES) { tracked[fd] = ours; } \
        return fd; }
OPENAT(openat)
OPENAT(openat64)

int close(int fd) {
    REAL(close); int ours = is_tracked(fd);
    if (fd >= 0 && fd < FILES) tracked[fd] = 0;
    if (ours && fails()) { int kept = errno; real(fd); errno = kept; return -1; }
    return real(fd);
}
ssize_t write(int fd, const void *data, size_t size) {
    REAL(write);
    if (is_tracked(fd)) {
        if (fails()) return -1;
        if (error_number == SHORT && size > 1 && seen == at) return real(fd, data, size / 2);
    }
    return real(fd, data, size);
}
ssize_t read(int fd, void *data, size_t size) {
    REAL(read); if (is_tracked(fd) && fails()) return -1; return real(fd, data, size);
}
#define ON_FD(name) int name(int fd) { REAL(name); if (is_tracked(fd) && fails()) return -1; return real(fd); }
ON_FD(fsync)
ON_FD(fdatasync)
int flock(int fd, int kind) { REAL(flock); if (is_tracked(fd) && fails()) return -1; return real(fd, kind); }
int ftruncate(int fd, off_t size) { REAL(ftruncate); if (is_tracked(fd) && fails()) return -1; return real(fd, size); }
int ftruncate64(int fd, off64_t size) { REAL(ftruncate64); if (is_tracked(fd) && fails()) return -1; return real(fd, size); }
int fchmod(int fd, mode_t mode) { REAL(fchmod); if (is_tracked(fd) && fails()) return -1; return real(fd, mode); }
#define ON_PATH(name) int name(const char *path) { REAL(name); if (is_ours(path) && fails()) return -1; return real(path); }
ON_PATH(unlink)
ON_PATH(rmdir)
int mkdir(const char *path, mode_t mode) { REAL(mkdir); if (is_ours(path) && fails()) return -1; return real(path, mode); }
int rename(const char *from, const char *to) { REAL(rename); if (is_ours(to) && fails()) return -1; return real(from, to); }
DIR *opendir(const char *path) { REAL(opendir); if (is_ours(path) && fails()) return NULL; return real(path); }
ssize_t readlink(const char *path, char *data, size_t size) {
    REAL(readlink); if (is_ours(path) && fails()) return -1; return real(path, data, size);
}
#define STAT(name, kind) int name(const char *path, struct kind *found) { \
    REAL(name); if (is_ours(path) && fails()) return -1; return real(path, found); }
STAT(stat, stat)
STAT(lstat, stat)
STAT(stat64, stat64)
STAT(lstat64, stat64)
#define FSTAT(name, kind) int name(int fd, struct kind *found) { \
    REAL(name); if (is_tracked(fd) && fails()) return -1; return real(fd, found); }
FSTAT(fstat, stat)
FSTAT(fstat64, stat64)
