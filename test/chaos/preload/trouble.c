/*
 * What a machine does to a process in a bad hour, by the files in the folder SLUICE_TROUBLE:
 *   fsync  - while it stands there, fsync and fdatasync of a file under SLUICE_TROUBLE_UNDER fail with EIO
 *   clock  - its text is added, in seconds, to the wall clock
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static const char *trouble(const char *name, char *path, size_t size) {
	const char *folder = getenv("SLUICE_TROUBLE");
	if (!folder) return NULL;
	snprintf(path, size, "%s/%s", folder, name);
	return path;
}

static int fails(int fd) {
	char path[4096], link[64], target[4096];
	const char *under = getenv("SLUICE_TROUBLE_UNDER");
	if (!under || !trouble("fsync", path, sizeof path) || access(path, F_OK) != 0) return 0;
	snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
	ssize_t length = readlink(link, target, sizeof target - 1);
	if (length < 0) return 0;
	target[length] = 0;
	return strstr(target, under) != NULL;
}

int fsync(int fd) {
	if (fails(fd)) { errno = EIO; return -1; }
	return (int)syscall(SYS_fsync, fd);
}

int fdatasync(int fd) {
	if (fails(fd)) { errno = EIO; return -1; }
	return (int)syscall(SYS_fdatasync, fd);
}

static long shift(void) {
	char path[4096], text[32];
	if (!trouble("clock", path, sizeof path)) return 0;
	int fd = (int)syscall(SYS_openat, AT_FDCWD, path, O_RDONLY | O_CLOEXEC);
	if (fd < 0) return 0;
	ssize_t length = read(fd, text, sizeof text - 1);
	close(fd);
	if (length <= 0) return 0;
	text[length] = 0;
	return atol(text);
}

int clock_gettime(clockid_t clock, struct timespec *now) {
	int result = (int)syscall(SYS_clock_gettime, clock, now);
	if (result == 0 && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE)) now->tv_sec += shift();
	return result;
}

int gettimeofday(struct timeval *now, void *zone) {
	struct timespec exact;
	(void)zone;
	int result = clock_gettime(CLOCK_REALTIME, &exact);
	now->tv_sec = exact.tv_sec;
	now->tv_usec = exact.tv_nsec / 1000;
	return result;
}

time_t time(time_t *out) {
	struct timespec exact;
	clock_gettime(CLOCK_REALTIME, &exact);
	if (out) *out = exact.tv_sec;
	return exact.tv_sec;
}
