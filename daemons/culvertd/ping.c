/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ping.h"

#include <errno.h>
#include <linux/icmp.h>
#include <netinet/icmp6.h>
#include <poll.h>
#include <stdio.h>
#include <unistd.h>

#include "buf.h"
#include "inet_sum.h"
#include "probe.h"
#include "secret.h"

#define ECHOS_A_LINE 70
#define IP_HEADER 20
#define IPV6_HEADER 40
#define ICMP_HEADER 8
#define PACKET_MAX 65535

struct run {
	const struct ping_options *o;
	bool v6;
	int sock, out;
	uint16_t id;
	unsigned int answers;
	int64_t least_us, most_us, sum_us;
	uint8_t packet[PACKET_MAX];
};

static bool
send_echo(struct run *r, uint16_t seq)
{
	struct sockaddr_storage to;
	socklen_t to_len = addr_to_sockaddr(&r->o->to, 0, &to);
	size_t len = r->o->size_bytes - (r->v6 ? IPV6_HEADER : IP_HEADER), i;
	struct wbuf w;

	wbuf_init(&w, r->packet, sizeof(r->packet));
	wbuf_u8(&w, r->v6 ? ICMP6_ECHO_REQUEST : ICMP_ECHO);
	wbuf_u8(&w, 0);
	wbuf_be16(&w, 0);
	wbuf_be16(&w, r->id);
	wbuf_be16(&w, seq);
	for (i = ICMP_HEADER; i < len; i++)
		wbuf_u8(&w, i % 2 == 0 ? 0xab : 0xcd);
	if (!r->v6)	/* there the kernel does it, who knows both addresses */
		wbuf_be16_at(&w, 2, inet_checksum(r->packet, len));
	return sendto(r->sock, r->packet, len, 0, (struct sockaddr *)&to, to_len) == (ssize_t)len;
}

/* IOS has other letters for IPv6. */
static char
letter_v6(uint8_t type, uint8_t code)
{
	switch (type) {
	case ICMP6_ECHO_REPLY:
		return '!';
	case ICMP6_DST_UNREACH:
		return code == ICMP6_DST_UNREACH_ADMIN ? 'A' : code == ICMP6_DST_UNREACH_NOPORT ? 'P' :
		    code == ICMP6_DST_UNREACH_ADDR ? 'H' : code == ICMP6_DST_UNREACH_NOROUTE ? 'N' : 'U';
	case ICMP6_PACKET_TOO_BIG:
		return 'B';
	case ICMP6_TIME_EXCEEDED:
		return 'T';
	default:
		return 0;
	}
}

/* A raw socket of IPv6 hands over no IP header, but an error quotes one. */
static char
meaning_v6(struct run *r, size_t len, uint16_t seq)
{
	uint8_t type, code, echo;
	struct rbuf b;

	rbuf_init(&b, r->packet, len);
	type = rbuf_u8(&b);
	code = rbuf_u8(&b);
	if (type != ICMP6_ECHO_REPLY) {
		rbuf_skip(&b, 6 + IPV6_HEADER);
		echo = rbuf_u8(&b);
		if (echo != ICMP6_ECHO_REQUEST)
			return 0;
		rbuf_skip(&b, 1);
	}
	rbuf_skip(&b, 2);
	if (rbuf_be16(&b) != r->id || rbuf_be16(&b) != seq || b.bad)
		return 0;
	return letter_v6(type, code);
}

/* What one received packet means for echo `seq`: a character, or 0 when it is another's. */
static char
meaning(struct run *r, size_t len, uint16_t seq)
{
	struct rbuf b;
	uint8_t type, code;
	bool quoted;

	rbuf_init(&b, r->packet, len);
	rbuf_skip(&b, (size_t)(r->packet[0] & 0xf) * 4);
	type = rbuf_u8(&b);
	code = rbuf_u8(&b);
	quoted = type != ICMP_ECHOREPLY;
	if (quoted) {	/* an error: our echo is quoted behind it */
		rbuf_skip(&b, 6);
		if (rbuf_left(&b) < IP_HEADER)
			return 0;
		rbuf_skip(&b, (size_t)(b.at[0] & 0xf) * 4);
		if (rbuf_u8(&b) != ICMP_ECHO)
			return 0;
		rbuf_skip(&b, 1);
	}
	rbuf_skip(&b, 2);
	if (rbuf_be16(&b) != r->id || rbuf_be16(&b) != seq || b.bad)
		return 0;
	switch (type) {
	case ICMP_ECHOREPLY:
		return '!';
	case ICMP_DEST_UNREACH:
		return code == ICMP_FRAG_NEEDED ? 'M' : 'U';
	case ICMP_SOURCE_QUENCH:
		return 'Q';
	case ICMP_TIME_EXCEEDED:
		return '&';
	default:
		return 0;
	}
}

static char
await(struct run *r, uint16_t seq, mono_t sent)
{
	mono_t end = mono_add(sent, mono_s(r->o->timeout_s));
	struct pollfd p = {.fd = r->sock, .events = POLLIN};
	char what = 0;

	while (what == 0) {
		int64_t left = mono_sub(end, mono_clock()).us;
		ssize_t n;

		if (left <= 0 || poll(&p, 1, (int)((left + 999) / 1000)) <= 0)
			return '.';
		n = recv(r->sock, r->packet, sizeof(r->packet), MSG_DONTWAIT);
		if (n > 0 && r->v6)
			what = meaning_v6(r, (size_t)n, seq);
		else if (n > IP_HEADER)
			what = meaning(r, (size_t)n, seq);
	}
	return what;
}

static void
one_echo(struct run *r, unsigned int i)
{
	mono_t sent = mono_clock();
	char what = '.';
	int64_t us;

	if (send_echo(r, (uint16_t)i))
		what = await(r, (uint16_t)i, sent);
	else if (errno == EMSGSIZE)
		what = 'M';
	if (what == '!') {
		us = mono_sub(mono_clock(), sent).us;
		r->least_us = r->answers == 0 || us < r->least_us ? us : r->least_us;
		r->most_us = us > r->most_us ? us : r->most_us;
		r->sum_us += us;
		r->answers++;
	}
	dprintf(r->out, "%c%s", what, (i + 1) % ECHOS_A_LINE == 0 && i + 1 < r->o->count ? "\n" : "");
}

/* IOS has whole milliseconds, and never zero. */
static long
ms(int64_t us)
{
	return us < 1000 ? 1 : (long)((us + 500) / 1000);
}

static void
filter_v6(int sock)
{
	struct icmp6_filter f;

	ICMP6_FILTER_SETBLOCKALL(&f);
	ICMP6_FILTER_SETPASS(ICMP6_ECHO_REPLY, &f);
	ICMP6_FILTER_SETPASS(ICMP6_DST_UNREACH, &f);
	ICMP6_FILTER_SETPASS(ICMP6_PACKET_TOO_BIG, &f);
	ICMP6_FILTER_SETPASS(ICMP6_TIME_EXCEEDED, &f);
	setsockopt(sock, IPPROTO_ICMPV6, ICMP6_FILTER, &f, sizeof(f));
}

static void
filter_v4(int sock, bool df)
{
	struct icmp_filter filter = {.data = ~(1u << ICMP_ECHOREPLY | 1u << ICMP_DEST_UNREACH |
	    1u << ICMP_SOURCE_QUENCH | 1u << ICMP_TIME_EXCEEDED)};
	int pmtu = df ? IP_PMTUDISC_DO : IP_PMTUDISC_DONT;

	setsockopt(sock, IPPROTO_IP, IP_MTU_DISCOVER, &pmtu, sizeof(pmtu));
	setsockopt(sock, SOL_RAW, ICMP_FILTER, &filter, sizeof(filter));
}

static const char *
open_socket(struct run *r)
{
	const struct ping_options *o = r->o;
	const char *why = NULL;

	r->v6 = o->to.family == ADDR_V6;
	r->sock = r->v6 ? socket(AF_INET6, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_ICMPV6) :
	    socket(AF_INET, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_ICMP);
	if (r->sock < 0)
		return "% No raw socket for ping";
	if (!probe_bind(r->sock, &o->source, &why))
		return why;
	if (r->v6)
		filter_v6(r->sock);
	else
		filter_v4(r->sock, o->df);
	return NULL;
}

void
ping_run(const void *options, int out)
{
	const struct ping_options *o = options;
	static struct run r;
	const char *why;
	unsigned int i, sent;

	r = (struct run){.o = o, .out = out, .id = (uint16_t)random_u32()};
	why = open_socket(&r);
	if (why != NULL) {
		dprintf(out, "%s\n", why);
		return;
	}
	dprintf(out, "Type escape sequence to abort.\nSending %u, %u-byte ICMP Echos to %s, "
	    "timeout is %u seconds:\n", o->count, o->size_bytes, ADDR_STR(&o->to), o->timeout_s);
	if (addr_is_set(&o->source))
		dprintf(out, "Packet sent with a source address of %s\n", ADDR_STR(&o->source));
	if (o->df)
		dprintf(out, "Packet sent with the DF bit set\n");
	for (i = 0; i < o->count && !probe_escaped; i++)
		one_echo(&r, i);
	sent = i > 0 ? i : 1;
	dprintf(out, "\nSuccess rate is %u percent (%u/%u)",
	    (unsigned int)(100ull * r.answers / sent), r.answers, i);
	if (r.answers > 0)
		dprintf(out, ", round-trip min/avg/max = %ld/%ld/%ld ms", ms(r.least_us),
		    ms(r.sum_us / r.answers), ms(r.most_us));
	dprintf(out, "\n");
	close(r.sock);
}
