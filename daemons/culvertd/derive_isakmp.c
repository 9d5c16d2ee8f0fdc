/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "derive_isakmp.h"

#include <stdio.h>
#include <string.h>
#include <utlist.h>

#define DEFAULT_HOSTNAME "Router"

static const char *
our_name(const struct conf *c)
{
	return c->hostname[0] != '\0' ? c->hostname : DEFAULT_HOSTNAME;
}

static void
add_global(const struct conf *c, struct wishes *out)
{
	struct ipc_isakmp_global *m = wishes_add(out, IPC_IKED, IPC_MSG_ISAKMP_GLOBAL, IPC_NONE,
	    "global");

	if (m == NULL)
		return;
	m->aggressive_off = c->isakmp.aggressive_disabled;
	m->fragmentation = c->isakmp.fragmentation;
	m->log_sessions = c->isakmp.log_sessions;
	m->log_ikev2_sessions = c->isakmp.log_ikev2_sessions;
	m->udp = c->isakmp.udp == CONF_UDP_FORCE ? IPC_UDP_FORCE :
	    c->isakmp.udp == CONF_UDP_NAT ? IPC_UDP_NAT : IPC_UDP_CULVERTS;
	m->id_type = c->isakmp.identity != 0 ? c->isakmp.identity : IPC_ID_ADDRESS;
	if (m->id_type == IPC_ID_FQDN)
		snprintf(m->id, sizeof(m->id), "%s", our_name(c));
}

static void
add_admission(const struct conf_admission *c, struct wishes *out)
{
	struct ipc_admission *m = wishes_add(out, IPC_IKED, IPC_MSG_ADMISSION, IPC_NONE, "limits");

	if (m == NULL)
		return;
	m->ike_sas = c->ike_sas;
	m->in_negotiation = c->in_negotiation;
}

static void
add_match(const struct conf_isakmp_profile *p, const struct conf_isakmp_match *from,
    unsigned int position, struct wishes *out)
{
	struct ipc_isakmp_match *m = wishes_add(out, IPC_IKED, IPC_MSG_ISAKMP_MATCH_SET,
	    IPC_MSG_ISAKMP_MATCH_DEL, "%s %05u", p->name, position);

	if (m == NULL)
		return;
	snprintf(m->profile, sizeof(m->profile), "%s", p->name);
	m->position = (uint16_t)position;
	m->kind = from->kind;
	memcpy(&m->address, &from->address, sizeof(m->address));
	snprintf(m->text, sizeof(m->text), "%s", from->text);
}

/* False: it is an interface that has no address. */
static bool
local_of(const struct conf *c, const struct conf_isakmp_profile *p, struct addr *local)
{
	const struct conf_iface *i;

	*local = p->local;
	if (p->local_if.type == IFACE_NONE)
		return true;
	i = conf_iface_find(c, &p->local_if);
	if (i == NULL || i->address.addr.family == ADDR_NONE)
		return false;
	*local = i->address.addr;
	return true;
}

static void
put_trustpoints(const struct conf_isakmp_profile *p, struct ipc_isakmp_profile *m)
{
	char *names[] = {m->trustpoint0, m->trustpoint1, m->trustpoint2, m->trustpoint3};
	unsigned int i;

	for (i = 0; i < ISAKMP_TRUSTPOINTS_MAX; i++)
		snprintf(names[i], sizeof(m->trustpoint0), "%s", p->trustpoints[i]);
}

static void
add_profile(const struct conf *c, const struct conf_isakmp_profile *p, struct wishes *out,
    struct text *notes)
{
	const struct conf_isakmp_match *match;
	struct ipc_isakmp_profile *m;
	struct addr local;
	unsigned int position = 0;

	if (!local_of(c, p, &local)) {
		text_add(notes, "ISAKMP profile %s is not used: its local-address has no address\n",
		    p->name);
		return;
	}
	m = wishes_add(out, IPC_IKED, IPC_MSG_ISAKMP_PROFILE_SET, IPC_MSG_ISAKMP_PROFILE_DEL, "%s",
	    p->name);
	if (m == NULL)
		return;
	if (p->matches == NULL)
		text_add(notes, "ISAKMP profile %s is incomplete: a peer that begins is known by "
		    "`match identity`\n", p->name);
	snprintf(m->name, sizeof(m->name), "%s", p->name);
	snprintf(m->keyring, sizeof(m->keyring), "%s", p->keyring);
	m->id_type = p->id_type;
	snprintf(m->id, sizeof(m->id), "%s",
	    p->id_type == IPC_ID_FQDN && p->id[0] == '\0' ? our_name(c) : p->id);
	put_trustpoints(p, m);
	m->has_dpd = p->dpd_s != 0;
	m->dpd_s = p->dpd_s;
	m->dpd_retry_s = p->dpd_retry_s;
	m->aggressive = p->aggressive;
	m->local = local;
	DL_FOREACH (p->matches, match)
		add_match(p, match, ++position, out);
}

static void
add_peer(const struct conf_isakmp_peer *p, struct wishes *out)
{
	struct ipc_isakmp_peer *m;

	if (p->password.key.len == 0 && p->id_type == 0)
		return;			/* a description says nothing of aggressive mode */
	m = wishes_add(out, IPC_IKED, IPC_MSG_ISAKMP_PEER_SET, IPC_MSG_ISAKMP_PEER_DEL, "%s",
	    ADDR_STR(&p->peer));
	if (m == NULL)
		return;
	m->peer = p->peer;
	m->password = p->password.key;
	m->id_type = p->id_type;
	snprintf(m->id, sizeof(m->id), "%s", p->id);
}

void
derive_isakmp(const struct conf *c, struct wishes *out, struct text *notes)
{
	const struct conf_isakmp_profile *profile;
	const struct conf_isakmp_peer *peer;

	add_global(c, out);
	add_admission(&c->admission, out);
	DL_FOREACH (c->isakmp.profiles, profile)
		add_profile(c, profile, out, notes);
	DL_FOREACH (c->isakmp.peers, peer)
		add_peer(peer, out);
}
