/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The model: the least that carries TCP and UDP over IPv4 by ESP in UDP 4500, to
 * measure culvert-espd by.  It has what makes a forwarder fast - a device of
 * super-packets, one pass that cuts, copies and sums, ipsec-mb, UDP_SEGMENT and
 * UDP_GRO - and nothing of a product: one thread, an SA each way whose key everybody
 * knows, one TCP flow joined at a time, no look-up, policy, counter or MTU of a way.
 *
 * usage: model DEVICE LOCAL REMOTE OUTBOUND-SPI INBOUND-SPI
 */
#include <arpa/inet.h>
#include <fcntl.h>
#include <net/if.h>
#include <netinet/udp.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/uio.h>
#include <unistd.h>
#include <intel-ipsec-mb.h>
#include <linux/if_tun.h>
#include <linux/virtio_net.h>

#ifdef __clang__		/* whose model is faster than gcc's: it adds with vectors */
#define COMPILER __VERSION__
#else
#define COMPILER "gcc " __VERSION__
#endif

enum { NATT_PORT = 4500, SOCKET_BUFFER = 8 << 20, ROOM = 128 << 10, TURNS = 64, TUN_USO = 0x60 };
enum { IP = 20, TCP = 20, UDP = 8, ESP = 16, ICV = 16, NONCE = 12, RUN_BYTES = 65000, PIECES = 64 };
enum { FIN = 1, PSH = 8, ACK = 16 };

static struct sa {
	struct gcm_key_data key __attribute__((aligned(64)));	/* the library writes whole registers */
	uint32_t spi;			/* in network order; the salt is the same */
	uint64_t seq, window;		/* the last or highest; which of the 64 up to that have come */
} out, in;

static int tun, sock;
static aes_gcm_enc_dec_t seal, unseal;
static struct virtio_net_hdr_mrg_rxbuf front;
static uint8_t from_tun[ROOM], to_wire[ROOM], from_wire[ROOM];
static size_t wire_len, wire_each;	/* what is to be sent, and how long each piece of it is */

static struct {				/* what waits for the device */
	struct iovec iov[PIECES + 2];
	int iovs;			/* the first is the front; 0: nothing waits */
	uint8_t *ip;			/* of the first piece */
	size_t header, each, len;
} run;

static void
need(bool ok, const char *what)
{
	if (ok)
		return;
	perror(what);
	exit(1);
}

/* RFC 1071, and the bytes are at `to` then unless that is NULL. */
static uint64_t
add(uint64_t sum, uint8_t *restrict to, const uint8_t *restrict from, size_t len)
{
	uint32_t word;
	size_t i;

	for (i = 0; i + 4 <= len; i += 4) {
		memcpy(&word, from + i, 4);
		if (to != NULL)
			memcpy(to + i, &word, 4);
		sum += word;
	}
	for (; i < len; i++) {
		if (to != NULL)
			to[i] = from[i];
		sum += (uint64_t)from[i] << (i % 2 * 8);
	}
	return sum;
}

static void
put_sum(uint8_t *to, uint64_t sum, bool whole)
{
	uint16_t n;

	while (sum >> 16 != 0)
		sum = (sum & 0xffff) + (sum >> 16);
	n = (uint16_t)(whole ? ~sum : sum);
	memcpy(to, &n, 2);
}

static uint64_t
pseudo(const uint8_t *ip, size_t l4_len)
{
	return add((uint64_t)htons(ip[9]) + htons((uint16_t)l4_len), NULL, ip + 12, 8);
}

static uint32_t
be32(const uint8_t *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static void
put_be16(uint8_t *p, size_t n)
{
	p[0] = (uint8_t)(n >> 8);
	p[1] = (uint8_t)n;
}

static size_t
header_of(const uint8_t *ip)
{
	return ip[9] == IPPROTO_TCP ? IP + (size_t)(ip[IP + 12] >> 4) * 4 : IP + UDP;
}

static void
finish_ip(uint8_t *ip, size_t len)
{
	put_be16(ip + 2, len);
	put_be16(ip + 10, 0);
	put_sum(ip + 10, add(0, NULL, ip, IP), true);
}

/* --- out: device, cut, copy and sum, seal, send --- */

static void
send_run(void)
{
	uint8_t control[CMSG_SPACE(sizeof(uint16_t))] __attribute__((aligned(8)));
	struct cmsghdr *c = (struct cmsghdr *)control;
	struct iovec iov = {to_wire, wire_len};
	struct msghdr m = {.msg_iov = &iov, .msg_iovlen = 1, .msg_control = control,
	    .msg_controllen = sizeof(control)};
	uint16_t each = (uint16_t)wire_each;

	*c = (struct cmsghdr){CMSG_LEN(sizeof(each)), IPPROTO_UDP, UDP_SEGMENT};
	memcpy(CMSG_DATA(c), &each, sizeof(each));
	if (wire_len > 0 && sendmsg(sock, &m, 0) < 0)
		perror("send");
	wire_len = 0;
}

/* Where the next packet to seal goes, once what it does not fit behind has been sent. */
static uint8_t *
room(size_t len)
{
	size_t whole = ESP + (len + 2 + 3) / 4 * 4 + ICV;

	if (wire_len > 0 && (whole > wire_each || wire_len + whole > RUN_BYTES ||
	    wire_len == PIECES * wire_each))
		send_run();
	return to_wire + wire_len + ESP;
}

static void
seal_there(size_t len)
{
	uint8_t *esp = to_wire + wire_len, *end = esp + ESP + len, nonce[NONCE];
	uint64_t iv = __builtin_bswap64(++out.seq);
	struct gcm_context_data state;
	size_t pad = -(len + 2) % 4;

	memcpy(end, (uint8_t[]){1, 2, 3}, 3);
	memcpy(end += pad, (uint8_t[]){(uint8_t)pad, 4}, 2);
	end += 2;
	memcpy(esp, &out.spi, 4);
	memcpy(esp + 4, (uint8_t *)&iv + 4, 4);
	memcpy(esp + 8, &iv, 8);
	memcpy(nonce, &out.spi, 4);
	memcpy(nonce + 4, &iv, 8);
	seal(&out.key, &state, esp + ESP, esp + ESP, (uint64_t)(end - esp - ESP), nonce, esp, 8, end, ICV);
	if (wire_len == 0)
		wire_each = (size_t)(end + ICV - esp);
	wire_len += (size_t)(end + ICV - esp);
	if ((size_t)(end + ICV - esp) < wire_each)
		send_run();
}

static void
cut(const uint8_t *ip, size_t len, size_t each)
{
	bool tcp = ip[9] == IPPROTO_TCP;
	size_t header = header_of(ip), sum_at = IP + (tcp ? 16 : 6), at, n;
	uint16_t id = (uint16_t)(ip[4] << 8 | ip[5]);
	uint64_t sum;
	uint32_t seq;
	uint8_t *to;

	for (at = header; at < len; at += n) {
		n = len - at < each ? len - at : each;
		to = room(header + n);
		memcpy(to, ip, header);
		sum = add(0, to + header, ip + at, n);
		put_be16(to + 4, id++);
		finish_ip(to, header + n);
		seq = htonl(be32(ip + IP + 4) + (uint32_t)(at - header));
		if (tcp)
			memcpy(to + IP + 4, &seq, 4);
		else
			put_be16(to + IP + 4, UDP + n);
		if (tcp && at + n < len)
			to[IP + 13] &= (uint8_t)~(FIN | PSH);
		put_be16(to + sum_at, 0);
		put_sum(to + sum_at, add(sum + pseudo(to, header - IP + n), NULL, to + IP, header - IP), true);
		seal_there(header + n);
	}
}

static bool
read_tun(void)
{
	ssize_t n = read(tun, from_tun, ROOM);
	struct virtio_net_hdr *v = (void *)from_tun;
	uint8_t *ip = from_tun + sizeof(front);
	size_t len = (size_t)n - sizeof(front);

	if (n < (ssize_t)sizeof(front) + IP || ip[0] != 0x45)
		return n > 0;
	if (v->gso_type != VIRTIO_NET_HDR_GSO_NONE) {
		cut(ip, len, v->gso_size);
		return true;
	}
	if (v->flags & VIRTIO_NET_HDR_F_NEEDS_CSUM)
		put_sum(ip + v->csum_start + v->csum_offset,
		    add(0, NULL, ip + v->csum_start, len - v->csum_start), true);
	memcpy(room(len), ip, len);
	seal_there(len);
	return true;
}

/* --- in: receive, open, sum, join, device --- */

static void
put_run(void)
{
	memset(&front, 0, sizeof(front));
	if (run.iovs > 2) {
		front.hdr = (struct virtio_net_hdr){VIRTIO_NET_HDR_F_NEEDS_CSUM, VIRTIO_NET_HDR_GSO_TCPV4,
		    (uint16_t)run.header, (uint16_t)run.each, IP, 16};
		finish_ip(run.ip, run.len);
		put_sum(run.ip + IP + 16, pseudo(run.ip, run.len - IP), false);
	}
	if (run.iovs > 0 && writev(tun, run.iov, run.iovs) < 0)
		perror("device");
	run.iovs = 0;
}

/* A plain segment of TCP whose checksums are right. */
static bool
joinable(const uint8_t *ip, size_t len)
{
	uint8_t ip_sum[2], sum[2];

	if (ip[0] != 0x45 || ip[9] != IPPROTO_TCP || len <= IP + TCP || len <= header_of(ip) ||
	    (ip[6] & 0x3f) != 0 || ip[7] != 0 || (ip[IP + 13] & ~PSH) != ACK)
		return false;
	put_sum(ip_sum, add(0, NULL, ip, IP), true);
	put_sum(sum, add(pseudo(ip, len - IP), NULL, ip + IP, len - IP), true);
	return (ip_sum[0] | ip_sum[1] | sum[0] | sum[1]) == 0;
}

static bool
follows(const uint8_t *ip, size_t len)
{
	const uint8_t *a = run.ip, *b = ip;
	size_t header = header_of(ip), n = len - header;

	return run.iovs >= 2 && run.iovs < PIECES + 2 && run.header == header && n <= run.each &&
	    run.len + n <= UINT16_MAX && a[1] == b[1] && a[8] == b[8] &&
	    memcmp(a + 12, b + 12, 12) == 0 && memcmp(a + IP + 8, b + IP + 8, 5) == 0 &&
	    memcmp(a + IP + 14, b + IP + 14, 2) == 0 &&
	    be32(b + IP + 4) == be32(a + IP + 4) + (uint32_t)(run.len - header) &&
	    memcmp(a + IP + TCP, b + IP + TCP, header - IP - TCP) == 0;
}

static void
join(uint8_t *ip, size_t len)
{
	bool ok = joinable(ip, len), last = !ok || (ip[IP + 13] & PSH) != 0;
	size_t header = ok ? header_of(ip) : 0;

	if (ok && follows(ip, len)) {
		run.iov[run.iovs++] = (struct iovec){ip + header, len - header};
		run.len += len - header;
		run.ip[IP + 13] |= ip[IP + 13] & PSH;
		last = last || len - header < run.each;
	} else {
		put_run();
		run.iov[0] = (struct iovec){&front, sizeof(front)};
		run.iov[1] = (struct iovec){ip, len};
		run.iovs = 2;
		run.ip = ip;
		run.header = header;
		run.each = len - header;
		run.len = len;
	}
	if (last)
		put_run();
}

/* RFC 4303 3.4.3: the window moves only for what is authentic. */
static void
open_packet(uint8_t *esp, size_t len)
{
	uint8_t nonce[NONCE], icv[ICV], *ip = esp + ESP, *end = esp + len - ICV;
	struct gcm_context_data state;
	uint64_t seq, behind;

	if (len < ESP + IP + 2 + ICV || memcmp(esp, &in.spi, 4) != 0)
		return;
	seq = be32(esp + 4);
	behind = seq > in.seq ? 0 : in.seq - seq;
	if (seq <= in.seq && (behind >= 64 || (in.window >> behind & 1) != 0))
		return;
	memcpy(nonce, &in.spi, 4);
	memcpy(nonce + 4, esp + 8, 8);
	unseal(&in.key, &state, ip, ip, (uint64_t)(end - ip), nonce, esp, 8, icv, ICV);
	if (memcmp(icv, end, ICV) != 0 || end[-1] != 4 || end[-2] > end - ip - IP - 2)
		return;
	if (seq > in.seq) {
		in.window = seq - in.seq >= 64 ? 0 : in.window << (seq - in.seq);
		in.seq = seq;
	}
	in.window |= 1ull << behind;
	join(ip, (size_t)(end - ip) - 2 - end[-2]);
}

static bool
receive(void)
{
	uint8_t control[CMSG_SPACE(sizeof(int))] __attribute__((aligned(8)));
	struct iovec iov = {from_wire, ROOM};
	struct msghdr m = {.msg_iov = &iov, .msg_iovlen = 1, .msg_control = control,
	    .msg_controllen = sizeof(control)};
	ssize_t n = recvmsg(sock, &m, 0), at;
	int each = (int)n;

	if (CMSG_FIRSTHDR(&m) != NULL)		/* UDP_GRO's: no other was asked for */
		memcpy(&each, CMSG_DATA(CMSG_FIRSTHDR(&m)), sizeof(each));
	for (at = 0; at < n; at += each)
		open_packet(from_wire + at, (size_t)(n - at < each ? n - at : each));
	put_run();
	return n > 0;
}

/* --- its two ends --- */

static void
open_ends(const char *device, const char *local, const char *remote)
{
	struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = htons(NATT_PORT)}, b = a;
	struct ifreq ifr = {.ifr_flags = IFF_TUN | IFF_NO_PI | IFF_VNET_HDR};
	int size = sizeof(front), buffer = SOCKET_BUFFER, one = 1;

	snprintf(ifr.ifr_name, sizeof(ifr.ifr_name), "%s", device);
	tun = open("/dev/net/tun", O_RDWR | O_NONBLOCK);
	need(ioctl(tun, TUNSETIFF, &ifr) == 0 && ioctl(tun, TUNSETVNETHDRSZ, &size) == 0 && ioctl(tun,
	    TUNSETOFFLOAD, TUN_F_CSUM | TUN_F_TSO4 | TUN_F_TSO6 | TUN_USO) == 0, "device");
	sock = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK, 0);
	need(inet_aton(local, &a.sin_addr) == 1 && inet_aton(remote, &b.sin_addr) == 1 &&
	    setsockopt(sock, SOL_SOCKET, SO_SNDBUFFORCE, &buffer, sizeof(buffer)) == 0 &&
	    setsockopt(sock, SOL_SOCKET, SO_RCVBUFFORCE, &buffer, sizeof(buffer)) == 0 &&
	    setsockopt(sock, IPPROTO_UDP, UDP_GRO, &one, sizeof(one)) == 0 &&
	    bind(sock, (struct sockaddr *)&a, sizeof(a)) == 0 &&
	    connect(sock, (struct sockaddr *)&b, sizeof(b)) == 0, "socket");
}

static void
make_sa(struct sa *s, const IMB_MGR *m, const char *spi)
{
	uint8_t key[16] = {0};

	s->spi = htonl((uint32_t)strtoul(spi, NULL, 0));
	memcpy(key, &s->spi, sizeof(s->spi));
	m->gcm128_pre(key, &s->key);
}

int
main(int argc, char **argv)
{
	IMB_MGR *m = alloc_mb_mgr(0);
	struct pollfd p[2];
	bool some;
	int i;

	need(argc == 6 && m != NULL, "model DEVICE LOCAL REMOTE OUTBOUND-SPI INBOUND-SPI");
	init_mb_mgr_auto(m, NULL);
	seal = m->gcm128_enc;
	unseal = m->gcm128_dec;
	make_sa(&out, m, argv[4]);
	make_sa(&in, m, argv[5]);
	open_ends(argv[1], argv[2], argv[3]);
	p[0] = (struct pollfd){.fd = tun, .events = POLLIN};
	p[1] = (struct pollfd){.fd = sock, .events = POLLIN};
	puts("up, made by " COMPILER);
	fflush(stdout);
	while (poll(p, 2, -1) >= 0)
		do {
			for (i = 0, some = false; i < TURNS && read_tun(); i++)
				some = true;
			send_run();
			for (i = 0; i < TURNS && receive(); i++)
				some = true;
		} while (some);
	need(false, "poll");
}
