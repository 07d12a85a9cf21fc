/* Lets the system calls that touch files under one folder fail, for tests.benchmarks.faults.

   Loaded before the C library (LD_PRELOAD). fault_arm() says which call is to fail, how, and
   whether all later ones fail as well, or whether the process is killed there; fault_seen() says
   how many there were, fault_writes() whether one of them wrote. */
#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#define FILES 4096
#define CALLS 65536
#define SHORT 10000  /* no error: write the half of it */
#define KILLED 10001 /* no error: die before the call */
#define TORN 10002   /* no error: write the half of it, and die */

static char folder[4096];
static size_t folder_length;
static char tracked[FILES], wrote[CALLS];
static DIR *listed[FILES];
static int armed, at, seen, error_number, forever;

void fault_arm(const char *path, int call, int number, int all) {
    strncpy(folder, path, sizeof folder - 1);
    folder_length = strlen(folder);
    at = call; seen = 0; error_number = number; forever = all; armed = 1;
}
int fault_seen(void) { armed = 0; return seen; }
int fault_writes(int call) { return call > 0 && call < CALLS && wrote[call]; }

static int is_ours(const char *path) {
    return armed && path && strncmp(path, folder, folder_length) == 0;
}
static int is_tracked(int fd) { return armed && fd >= 0 && fd < FILES && tracked[fd]; }
static int fails(void) {
    seen++;
    if (!(seen == at || (forever && at && seen > at))) return 0;
    if (error_number == KILLED) kill(getpid(), SIGKILL);
    if (error_number >= SHORT) return 0;
    errno = error_number;
    return 1;
}
static int is_half(size_t size) { /* of a call that writes, which fails() has counted */
    if (seen < CALLS) wrote[seen] = 1;
    return (error_number == SHORT || error_number == TORN) && size > 1 && seen == at;
}
static ssize_t end_half(ssize_t done) {
    if (error_number == TORN) kill(getpid(), SIGKILL);
    return done;
}
/* A write of that size to fd may fail, or be cut short: then "half" is what is done of it. */
#define HALVE(fd, size, half) \
    if (is_tracked(fd)) { if (fails()) return -1; if (is_half(size)) return end_half(half); }
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
    HALVE(fd, size, real(fd, data, size / 2));
    return real(fd, data, size);
}
ssize_t pwrite64(int fd, const void *data, size_t size, off64_t place) {
    REAL(pwrite64);
    HALVE(fd, size, real(fd, data, size / 2, place));
    return real(fd, data, size, place);
}
ssize_t writev(int fd, const struct iovec *parts, int count) {
    REAL(writev);
    HALVE(fd, count, real(fd, parts, count / 2));
    return real(fd, parts, count);
}
ssize_t sendfile64(int to, int from, off64_t *place, size_t size) {
    REAL(sendfile64);
    HALVE(to, size, real(to, from, place, size > 64 ? 64 : size / 2));
    return real(to, from, place, size);
}
ssize_t copy_file_range(int from, off64_t *at_from, int to, off64_t *at_to, size_t size, unsigned flags) {
    REAL(copy_file_range);
    HALVE(to, size, real(from, at_from, to, at_to, size > 64 ? 64 : size / 2, flags));
    return real(from, at_from, to, at_to, size, flags);
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
int link(const char *from, const char *to) { REAL(link); if (is_ours(to) && fails()) return -1; return real(from, to); }
int symlink(const char *from, const char *to) { REAL(symlink); if (is_ours(to) && fails()) return -1; return real(from, to); }
int chmod(const char *path, mode_t mode) { REAL(chmod); if (is_ours(path) && fails()) return -1; return real(path, mode); }
int access(const char *path, int how) { REAL(access); if (is_ours(path) && fails()) return -1; return real(path, how); }
int truncate64(const char *path, off64_t size) { REAL(truncate64); if (is_ours(path) && fails()) return -1; return real(path, size); }
int unlinkat(int at_fd, const char *path, int flags) { REAL(unlinkat); if (is_ours(path) && fails()) return -1; return real(at_fd, path, flags); }
int utimensat(int at_fd, const char *path, const struct timespec times[2], int flags) {
    REAL(utimensat); if (is_ours(path) && fails()) return -1; return real(at_fd, path, times, flags); }
int fstatat64(int at_fd, const char *path, struct stat64 *found, int flags) {
    REAL(fstatat64); if (is_ours(path) && fails()) return -1; return real(at_fd, path, found, flags); }
int statx(int at_fd, const char *path, int flags, unsigned mask, struct statx *found) {
    REAL(statx); if ((is_ours(path) || (is_tracked(at_fd) && !*path)) && fails()) return -1;
    return real(at_fd, path, flags, mask, found); }
int renameat2(int from_fd, const char *from, int to_fd, const char *to, unsigned flags) {
    REAL(renameat2); if (is_ours(to) && fails()) return -1; return real(from_fd, from, to_fd, to, flags); }
int mkdir(const char *path, mode_t mode) { REAL(mkdir); if (is_ours(path) && fails()) return -1; return real(path, mode); }
int rename(const char *from, const char *to) { REAL(rename); if ((is_ours(to) || is_ours(from)) && fails()) return -1; return real(from, to); }
DIR *opendir(const char *path) {
    REAL(opendir); int ours = is_ours(path); if (ours && fails()) return NULL;
    DIR *dir = real(path);
    for (int n = 0; ours && dir && n < FILES; n++) if (!listed[n]) { listed[n] = dir; break; }
    return dir;
}
ssize_t pread64(int fd, void *data, size_t size, off64_t place) {
    REAL(pread64); if (is_tracked(fd) && fails()) return -1; return real(fd, data, size, place);
}
off64_t lseek64(int fd, off64_t place, int from) {
    REAL(lseek64); if (is_tracked(fd) && fails()) return -1; return real(fd, place, from);
}
void *mmap64(void *where, size_t size, int may, int flags, int fd, off64_t place) {
    REAL(mmap64); if (is_tracked(fd) && fails()) return MAP_FAILED;
    return real(where, size, may, flags, fd, place);
}
struct dirent64 *readdir64(DIR *dir) {
    REAL(readdir64);
    for (int n = 0; n < FILES && armed; n++)
        if (listed[n] == dir) { if (fails()) return NULL; break; }
    return real(dir);
}
int closedir(DIR *dir) {
    REAL(closedir);
    for (int n = 0; n < FILES; n++) if (listed[n] == dir) listed[n] = NULL;
    return real(dir);
}
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
