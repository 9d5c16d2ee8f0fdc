/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wire_share.h"

#include <errno.h>
#include <linux/filter.h>

#include "spi.h"

#define SPI_LEN 4
#define COUNT(a) ((unsigned short)(sizeof(a) / sizeof((a)[0])))

static bool
attach(int fd, int option, struct sock_filter *code, unsigned short len)
{
	struct sock_fprog program = {.len = len, .filter = code};

	return setsockopt(fd, SOL_SOCKET, option, &program, sizeof(program)) == 0;
}

/*
 * The program sees the datagram's payload and returns a place in the group: IKE's, which has no
 * SPI, is the first.  What is too short the first worker counts.
 */
static bool
pick_by_spi(int fd, unsigned int workers)
{
	enum { PLACE_IKE, PLACE_WORKERS };
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_LEN, 0),
		BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, SPI_LEN, 1, 0),
		BPF_STMT(BPF_RET | BPF_K, PLACE_WORKERS),
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 0),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, PLACE_IKE),
		BPF_STMT(BPF_ALU | BPF_AND | BPF_K, SPI_SLOTS - 1),
		BPF_STMT(BPF_ALU | BPF_MOD | BPF_K, workers),
		BPF_STMT(BPF_ALU | BPF_ADD | BPF_K, PLACE_WORKERS),
		BPF_STMT(BPF_RET | BPF_A, 0),
	};

	return attach(fd, SO_ATTACH_REUSEPORT_CBPF, code, COUNT(code));
}

/* What is too short to have an SPI the first worker gets, and counts: no other may. */
static unsigned int
takes_short(unsigned int id)
{
	return id == 0 ? UINT32_MAX : 0;
}

/* A raw socket of IPv4 shows the filter the IP header as well. */
static bool
keep_own_v4(int fd, bool esp, unsigned int id, unsigned int workers)
{
	struct sock_filter code[] = {
		BPF_STMT(BPF_LDX | BPF_B | BPF_MSH, 0),
		BPF_STMT(BPF_LD | BPF_W | BPF_LEN, 0),
		BPF_STMT(BPF_ALU | BPF_SUB | BPF_X, 0),
		BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, esp ? SPI_LEN : 0, 1, 0),
		BPF_STMT(BPF_RET | BPF_K, takes_short(id)),
		BPF_STMT(BPF_LD | BPF_W | (esp ? BPF_IND : BPF_ABS), esp ? 0 : 12),
		BPF_STMT(BPF_ALU | BPF_AND | BPF_K, esp ? SPI_SLOTS - 1 : UINT32_MAX),
		BPF_STMT(BPF_ALU | BPF_MOD | BPF_K, workers),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, id, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, UINT32_MAX),
		BPF_STMT(BPF_RET | BPF_K, 0),
	};

	return attach(fd, SO_ATTACH_FILTER, code, COUNT(code));
}

/* One of IPv6 does not, but what lies before the payload can be had all the same. */
static bool
keep_own_v6(int fd, bool esp, unsigned int id, unsigned int workers)
{
	enum { LAST_OF_SOURCE = 20 };
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_LEN, 0),
		BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, esp ? SPI_LEN : 0, 1, 0),
		BPF_STMT(BPF_RET | BPF_K, takes_short(id)),
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, esp ? 0 : (uint32_t)SKF_NET_OFF + LAST_OF_SOURCE),
		BPF_STMT(BPF_ALU | BPF_AND | BPF_K, esp ? SPI_SLOTS - 1 : UINT32_MAX),
		BPF_STMT(BPF_ALU | BPF_MOD | BPF_K, workers),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, id, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, UINT32_MAX),
		BPF_STMT(BPF_RET | BPF_K, 0),
	};

	return attach(fd, SO_ATTACH_FILTER, code, COUNT(code));
}

bool
wire_share(int fd, unsigned int socket, unsigned int id, unsigned int workers)
{
	bool esp = socket % WIRE_KINDS == WIRE_ESP;
	int none = 0;

	if (socket >= WIRE_IKE || socket % WIRE_KINDS == WIRE_UDP)
		return pick_by_spi(fd, workers);
	if (workers > 1)
		return socket < WIRE_V6 ? keep_own_v4(fd, esp, id, workers) :
		    keep_own_v6(fd, esp, id, workers);
	/* A socket that was held may have the filter of a former run. */
	return setsockopt(fd, SOL_SOCKET, SO_DETACH_FILTER, &none, sizeof(none)) == 0 ||
	    errno == ENOENT;
}
