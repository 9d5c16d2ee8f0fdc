/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "conf_isakmp.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conf_list.h"

/* --- profiles --- */

struct conf_isakmp_profile *
conf_isakmp_profile_find(const struct conf_isakmp *v, const char *name)
{
	struct conf_isakmp_profile *p;

	DL_FOREACH (v->profiles, p)
		if (strcmp(p->name, name) == 0)
			return p;
	return NULL;
}

struct conf_isakmp_profile *
conf_isakmp_profile_get(struct conf_isakmp *v, const char *name)
{
	struct conf_isakmp_profile *p = conf_isakmp_profile_find(v, name);

	if (p == NULL) {
		p = conf_zeroed(sizeof(*p));
		snprintf(p->name, sizeof(p->name), "%s", name);
		DL_APPEND(v->profiles, p);
	}
	return p;
}

void
conf_isakmp_profile_del(struct conf_isakmp *v, struct conf_isakmp_profile *p)
{
	CONF_LIST_FREE(p->matches);
	DL_DELETE(v->profiles, p);
	free(p);
}

static struct conf_isakmp_match *
match_find(const struct conf_isakmp_profile *p, const struct conf_isakmp_match *m)
{
	struct conf_isakmp_match *it;

	DL_FOREACH (p->matches, it)
		if (it->kind == m->kind && prefix_eq(&it->address, &m->address) &&
		    strcmp(it->text, m->text) == 0)
			return it;
	return NULL;
}

void
conf_isakmp_match_add(struct conf_isakmp_profile *p, const struct conf_isakmp_match *m)
{
	struct conf_isakmp_match *it;

	if (match_find(p, m) != NULL)
		return;
	it = conf_copied(m, sizeof(*m));
	DL_APPEND(p->matches, it);
}

void
conf_isakmp_match_del(struct conf_isakmp_profile *p, const struct conf_isakmp_match *m)
{
	struct conf_isakmp_match *it = match_find(p, m);

	if (it == NULL)
		return;
	DL_DELETE(p->matches, it);
	free(it);
}

/* --- peers --- */

struct conf_isakmp_peer *
conf_isakmp_peer_find(const struct conf_isakmp *v, const struct addr *a)
{
	struct conf_isakmp_peer *p;

	DL_FOREACH (v->peers, p)
		if (addr_eq(&p->peer, a))
			return p;
	return NULL;
}

struct conf_isakmp_peer *
conf_isakmp_peer_get(struct conf_isakmp *v, const struct addr *a)
{
	struct conf_isakmp_peer *p = conf_isakmp_peer_find(v, a);

	if (p == NULL) {
		p = conf_zeroed(sizeof(*p));
		p->peer = *a;
		DL_APPEND(v->peers, p);
	}
	return p;
}

void
conf_isakmp_peer_del(struct conf_isakmp *v, struct conf_isakmp_peer *p)
{
	DL_DELETE(v->peers, p);
	wipe(p, sizeof(*p));
	free(p);
}

/* --- all of it --- */

void
conf_isakmp_copy(struct conf_isakmp *to, const struct conf_isakmp *from)
{
	struct conf_isakmp_profile *p;

	*to = *from;
	CONF_LIST_COPY(to->profiles, from->profiles);
	DL_FOREACH (to->profiles, p)
		CONF_LIST_COPY(p->matches, p->matches);
	CONF_LIST_COPY(to->peers, from->peers);
}

void
conf_isakmp_free(struct conf_isakmp *v)
{
	while (v->profiles != NULL)
		conf_isakmp_profile_del(v, v->profiles);
	while (v->peers != NULL)
		conf_isakmp_peer_del(v, v->peers);
}
