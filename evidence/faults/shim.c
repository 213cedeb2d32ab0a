/* Counts the calls by which a process changes files under one folder, and lets one of them fail, or
 * the process group die in it. For LD_PRELOAD; what to do stands in a file that is shared by all
 * processes of a trial, so that workers count too.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum { WATCH, FAIL, FAIL_ON, KILL };

struct orders {
    long count;      /* calls so far */
    long at;         /* the call that is meant, from 1; 0: the first one for the report */
    long mode;       /* one of the above; FAIL_ON lets all later calls fail too */
    char call[512];  /* which one it was */
};

static struct orders *orders;
static char under[PATH_MAX];
static char *open_files[4096];

__attribute__((constructor)) static void begin(void)
{
    const char *file = getenv("FAULTS_ORDERS"), *folder = getenv("FAULTS_UNDER");
    int handle = file && folder ? open(file, O_RDWR | O_CLOEXEC) : -1;
    if (handle < 0)
        return;
    snprintf(under, sizeof under, "%s/", folder);
    orders = mmap(NULL, sizeof *orders, PROT_READ | PROT_WRITE, MAP_SHARED, handle, 0);
    close(handle);
}

/* Whether this call is the one; if it is and the mode says so, the processes end here. */
static int meant(const char *call, const char *path, int die)
{
    if (!orders || !path || strncmp(path, under, strlen(under)))
        return 0;
    long number = __atomic_add_fetch(&orders->count, 1, __ATOMIC_SEQ_CST), at = orders->at;
    if (!orders->mode || (at ? number < at : !strstr(path, "/report")))
        return 0;
    if (at && number > at && orders->mode != FAIL_ON)
        return 0;
    snprintf(orders->call, sizeof orders->call, "%s %s", call, path + strlen(under));
    if (orders->mode == KILL && die) {
        kill(0, SIGKILL);
        pause();
    }
    return 1;
}

static int refused(int error)
{
    errno = error;
    return -1;
}

#define REAL(name, type, ...) \
    static type (*real)(__VA_ARGS__); \
    if (!real) \
        *(void **)&real = dlsym(RTLD_NEXT, #name)

static void remember(int handle, const char *path)
{
    if (handle < 0 || handle >= 4096)
        return;
    free(open_files[handle]);
    open_files[handle] = path && !strncmp(path, under, strlen(under)) ? strdup(path) : NULL;
}

#define OPENER(name) \
    int name(const char *path, int flags, ...) \
    { \
        REAL(name, int, const char *, int, ...); \
        va_list more; \
        va_start(more, flags); \
        mode_t mode = flags & (O_CREAT | __O_TMPFILE) ? va_arg(more, mode_t) : 0; \
        va_end(more); \
        if (flags & (O_WRONLY | O_RDWR) && meant("open", path, 1)) \
            return refused(ENOSPC); \
        int handle = real(path, flags, mode); \
        remember(handle, path); \
        return handle; \
    }
OPENER(open)
OPENER(open64)

#define PATH_CALL(name, error) \
    int name(const char *path) \
    { \
        REAL(name, int, const char *); \
        return meant(#name, path, 1) ? refused(error) : real(path); \
    }
PATH_CALL(unlink, EACCES)
PATH_CALL(rmdir, EACCES)

#define MODE_CALL(name, error) \
    int name(const char *path, mode_t mode) \
    { \
        REAL(name, int, const char *, mode_t); \
        return meant(#name, path, 1) ? refused(error) : real(path, mode); \
    }
MODE_CALL(mkdir, ENOSPC)
MODE_CALL(chmod, EPERM)

int rename(const char *from, const char *to)
{
    REAL(rename, int, const char *, const char *);
    return meant("rename", to, 1) ? refused(EIO) : real(from, to);
}

int fsync(int handle)
{
    REAL(fsync, int, int);
    const char *path = handle >= 0 && handle < 4096 ? open_files[handle] : NULL;
    return meant("fsync", path, 1) ? refused(EIO) : real(handle);
}

/* A disk that is full takes a part; a process that dies has written a part. */
ssize_t write(int handle, const void *content, size_t length)
{
    REAL(write, ssize_t, int, const void *, size_t);
    const char *path = handle >= 0 && handle < 4096 ? open_files[handle] : NULL;
    if (!meant("write", path, 0))
        return real(handle, content, length);
    real(handle, content, length / 2);
    if (orders->mode == KILL) {
        kill(0, SIGKILL);
        pause();
    }
    return refused(ENOSPC);
}

int close(int handle)
{
    REAL(close, int, int);
    remember(handle, NULL);
    return real(handle);
}
