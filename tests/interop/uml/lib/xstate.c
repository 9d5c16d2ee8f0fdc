/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * For user-mode Linux 6.1 on a CPU with more register state than it knows (AMX).
 *
 * It reads and writes its processes' extended state through ptrace, in a buffer of a
 * fixed size.  The host gives as much as fits, but takes back nothing that is not whole
 * (EFAULT), and the guest ends before its first process has begun.  Preloaded, this
 * puts what the guest writes over the whole of what the host has.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <elf.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/types.h>
#include <sys/uio.h>

#define ROOM 65536

typedef long ptrace_fn(enum __ptrace_request request, ...);

static long
set_whole(ptrace_fn *real, pid_t pid, void *addr, const struct iovec *part)
{
	static _Alignas(64) uint8_t state[ROOM];
	struct iovec whole = {state, sizeof(state)};

	if (real(PTRACE_GETREGSET, pid, addr, &whole) < 0 || whole.iov_len <= part->iov_len)
		return real(PTRACE_SETREGSET, pid, addr, part);
	/* The header comes with it and says what is in use; the guest uses nothing beyond its part. */
	memcpy(state, part->iov_base, part->iov_len);
	return real(PTRACE_SETREGSET, pid, addr, &whole);
}

long
ptrace(enum __ptrace_request request, ...)
{
	static ptrace_fn *real;
	va_list ap;
	pid_t pid;
	void *addr, *data;

	va_start(ap, request);
	pid = va_arg(ap, pid_t);
	addr = va_arg(ap, void *);
	data = va_arg(ap, void *);
	va_end(ap);
	if (real == NULL)
		*(void **)&real = dlsym(RTLD_NEXT, "ptrace");
	if (request == PTRACE_SETREGSET && (uintptr_t)addr == NT_X86_XSTATE)
		return set_whole(real, pid, addr, data);
	return real(request, pid, addr, data);
}
