/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "traceroute.h"

#include <linux/errqueue.h>
#include <netinet/icmp6.h>
#include <netinet/in.h>
#include <netinet/ip_icmp.h>
#include <poll.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

enum { PAYLOAD = 12, TRIES = 3 };

struct trace {
	const struct traceroute_options *o;
	bool v6;
	int sock, out;
	uint16_t port;			/* of the probe that is out */
	struct addr from;		/* who answered last at this hop; unset: nobody yet */
	bool last;			/* the way ends at this hop */
};

struct answer {
	struct addr from;
	uint8_t type, code;
};

const char *
traceroute_mark(bool v6, uint8_t type, uint8_t code, bool *last)
{
	bool unreachable = type == (v6 ? ICMP6_DST_UNREACH : ICMP_DEST_UNREACH);

	*last = unreachable;
	if (!unreachable)
		return type == (v6 ? ICMP6_TIME_EXCEEDED : ICMP_TIME_EXCEEDED) ? NULL : " ? ";
	if (v6)
		return code == ICMP6_DST_UNREACH_NOPORT ? NULL : code == ICMP6_DST_UNREACH_ADMIN ? " !A " :
		    code == ICMP6_DST_UNREACH_ADDR ? " !H " : code == ICMP6_DST_UNREACH_NOROUTE ? " !N " :
		    " ? ";
	switch (code) {
	case ICMP_PORT_UNREACH:
		return NULL;
	case ICMP_NET_UNREACH:
		return " !N ";
	case ICMP_HOST_UNREACH:
		return " !H ";
	case ICMP_PROT_UNREACH:
		return " !P ";
	case ICMP_NET_ANO:
	case ICMP_HOST_ANO:
	case ICMP_PKT_FILTERED:
		return " !A ";
	default:
		return " ? ";
	}
}

/* --- the socket --- */

static const char *
open_socket(struct trace *t)
{
	const char *why = NULL;
	int on = 1, pmtu = IP_PMTUDISC_DONT;

	t->v6 = t->o->to.family == ADDR_V6;
	t->sock = socket(t->v6 ? AF_INET6 : AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (t->sock < 0)
		return "% No socket for traceroute";
	if (!probe_bind(t->sock, &t->o->source, &why))
		return why;
	if (t->v6) {
		setsockopt(t->sock, IPPROTO_IPV6, IPV6_RECVERR, &on, sizeof(on));
	} else {
		setsockopt(t->sock, IPPROTO_IP, IP_RECVERR, &on, sizeof(on));
		setsockopt(t->sock, IPPROTO_IP, IP_MTU_DISCOVER, &pmtu, sizeof(pmtu));
	}
	return NULL;
}

static void
set_ttl(struct trace *t, int ttl)
{
	if (t->v6)
		setsockopt(t->sock, IPPROTO_IPV6, IPV6_UNICAST_HOPS, &ttl, sizeof(ttl));
	else
		setsockopt(t->sock, IPPROTO_IP, IP_TTL, &ttl, sizeof(ttl));
}

/* An error that came late is told by the next call, which does nothing else. */
static bool
send_probe(struct trace *t)
{
	static const uint8_t payload[PAYLOAD];
	struct sockaddr_storage to;
	socklen_t len = addr_to_sockaddr(&t->o->to, t->port, &to);
	int i;

	for (i = 0; i < TRIES; i++)
		if (sendto(t->sock, payload, sizeof(payload), 0, (struct sockaddr *)&to, len) >= 0)
			return true;
	return false;
}

static const struct sock_extended_err *
error_of(struct msghdr *m)
{
	struct cmsghdr *c;

	for (c = CMSG_FIRSTHDR(m); c != NULL; c = CMSG_NXTHDR(m, c))
		if ((c->cmsg_level == IPPROTO_IP && c->cmsg_type == IP_RECVERR) ||
		    (c->cmsg_level == IPPROTO_IPV6 && c->cmsg_type == IPV6_RECVERR))
			return (const struct sock_extended_err *)CMSG_DATA(c);
	return NULL;
}

/* One error of the queue; false when it is empty. *mine: it is about the probe that is out. */
static bool
take_error(struct trace *t, struct answer *a, bool *mine)
{
	uint8_t data[PAYLOAD], control[512];
	struct sockaddr_storage to;
	struct iovec v = {.iov_base = data, .iov_len = sizeof(data)};
	struct msghdr m = {.msg_name = &to, .msg_namelen = sizeof(to), .msg_iov = &v, .msg_iovlen = 1,
	    .msg_control = control, .msg_controllen = sizeof(control)};
	const struct sock_extended_err *e;
	struct addr ignore;
	uint16_t port = 0;

	if (recvmsg(t->sock, &m, MSG_ERRQUEUE | MSG_DONTWAIT) < 0)
		return false;
	e = error_of(&m);
	*mine = e != NULL && (e->ee_origin == SO_EE_ORIGIN_ICMP || e->ee_origin == SO_EE_ORIGIN_ICMP6) &&
	    addr_from_sockaddr(&ignore, &port, (struct sockaddr *)&to) && port == t->port &&
	    addr_from_sockaddr(&a->from, &port, SO_EE_OFFENDER(e));
	if (*mine) {
		a->type = e->ee_type;
		a->code = e->ee_code;
	}
	return true;
}

/* Somebody listens at that port after all, and spoke: it is the destination. */
static bool
take_datagram(struct trace *t, struct answer *a)
{
	uint8_t data[PAYLOAD];
	struct sockaddr_storage from;
	socklen_t len = sizeof(from);
	uint16_t port = 0;

	if (recvfrom(t->sock, data, sizeof(data), MSG_DONTWAIT, (struct sockaddr *)&from, &len) < 0 ||
	    !addr_from_sockaddr(&a->from, &port, (struct sockaddr *)&from) || port != t->port ||
	    !addr_eq(&a->from, &t->o->to))
		return false;
	a->type = t->v6 ? ICMP6_DST_UNREACH : ICMP_DEST_UNREACH;
	a->code = t->v6 ? ICMP6_DST_UNREACH_NOPORT : ICMP_PORT_UNREACH;
	return true;
}

static bool
await(struct trace *t, struct answer *a, mono_t sent)
{
	mono_t end = mono_add(sent, mono_s(t->o->timeout_s));
	struct pollfd p = {.fd = t->sock, .events = POLLIN};
	bool mine = false;

	while (!probe_escaped) {
		int64_t left = mono_sub(end, mono_clock()).us;

		if (left <= 0 || poll(&p, 1, (int)((left + 999) / 1000)) <= 0)
			return false;
		while (take_error(t, a, &mine))
			if (mine)
				return true;
		if (take_datagram(t, a))
			return true;
	}
	return false;
}

/* --- a hop --- */

static void
one_probe(struct trace *t)
{
	mono_t sent = mono_clock();
	struct answer a = {0};
	const char *mark;
	bool last;

	if (!send_probe(t) || !await(t, &a, sent)) {
		if (!probe_escaped)
			dprintf(t->out, " * ");
		return;
	}
	if (!addr_eq(&a.from, &t->from))
		dprintf(t->out, "%s%s", addr_is_set(&t->from) ? "\n    " : "", ADDR_STR(&a.from));
	t->from = a.from;
	mark = traceroute_mark(t->v6, a.type, a.code, &last);
	t->last = t->last || last;
	if (mark != NULL)
		dprintf(t->out, "%s", mark);
	else
		dprintf(t->out, " %ld msec", (long)((mono_sub(mono_clock(), sent).us + 500) / 1000));
}

static void
one_hop(struct trace *t, int ttl)
{
	unsigned int i;

	set_ttl(t, ttl);
	t->from = (struct addr){0};
	dprintf(t->out, "%3d ", ttl);
	for (i = 0; i < t->o->probes && !probe_escaped; i++) {
		one_probe(t);
		t->port = t->port == UINT16_MAX ? t->o->port : (uint16_t)(t->port + 1);
	}
	dprintf(t->out, "\n");
}

void
traceroute_run(const void *options, int out)
{
	const struct traceroute_options *o = options;
	struct trace t = {.o = o, .out = out, .port = o->port};
	const char *why = open_socket(&t);
	int ttl;

	if (why != NULL) {
		dprintf(out, "%s\n", why);
		return;
	}
	dprintf(out, "Type escape sequence to abort.\nTracing the route to %s\n%s", ADDR_STR(&o->to),
	    t.v6 ? "\n" : "VRF info: (vrf in name/id, vrf out name/id)\n");
	for (ttl = o->least_ttl; ttl <= o->most_ttl && !t.last && !probe_escaped; ttl++)
		one_hop(&t, ttl);
	close(t.sock);
}
