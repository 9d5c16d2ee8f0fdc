/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "conf_cmap.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conf_list.h"

/* --- maps --- */

struct conf_cmap *
conf_cmap_find(struct conf_cmap *list, const char *name)
{
	struct conf_cmap *m;

	DL_FOREACH(list, m)
		if (strcmp(m->name, name) == 0)
			return m;
	return NULL;
}

struct conf_cmap *
conf_cmap_get(struct conf_cmap **list, const char *name)
{
	struct conf_cmap *m = conf_cmap_find(*list, name);

	if (m == NULL) {
		m = conf_zeroed(sizeof(*m));
		snprintf(m->name, sizeof(m->name), "%s", name);
		DL_APPEND(*list, m);
	}
	return m;
}

void
conf_cmap_del(struct conf_cmap **list, struct conf_cmap *m)
{
	DL_DELETE(*list, m);
	while (m->entries != NULL)
		conf_cmap_entry_del(m, m->entries);
	free(m);
}

void
conf_cmaps_free(struct conf_cmap **list)
{
	while (*list != NULL)
		conf_cmap_del(list, *list);
}

struct conf_cmap *
conf_cmaps_copy(const struct conf_cmap *from)
{
	struct conf_cmap *to, *m;
	struct conf_cmap_entry *e;

	CONF_LIST_COPY(to, from);
	DL_FOREACH(to, m) {
		CONF_LIST_COPY(m->entries, m->entries);
		DL_FOREACH(m->entries, e)
			CONF_LIST_COPY(e->peers, e->peers);
	}
	return to;
}

/* --- entries --- */

struct conf_cmap_entry *
conf_cmap_entry_find(const struct conf_cmap *m, unsigned int seq)
{
	struct conf_cmap_entry *e;

	DL_FOREACH(m->entries, e)
		if (e->seq == seq)
			return e;
	return NULL;
}

static int
by_seq(const struct conf_cmap_entry *a, const struct conf_cmap_entry *b)
{
	return (int)a->seq - (int)b->seq;
}

struct conf_cmap_entry *
conf_cmap_entry_get(struct conf_cmap *m, unsigned int seq)
{
	struct conf_cmap_entry *e = conf_cmap_entry_find(m, seq);

	if (e == NULL) {
		e = conf_zeroed(sizeof(*e));
		e->seq = (uint16_t)seq;
		DL_INSERT_INORDER(m->entries, e, by_seq);
	}
	return e;
}

void
conf_cmap_entry_del(struct conf_cmap *m, struct conf_cmap_entry *e)
{
	DL_DELETE(m->entries, e);
	while (e->peers != NULL)
		conf_cmap_peer_del(e, e->peers);
	free(e);
}

/* --- peers --- */

struct conf_cmap_peer *
conf_cmap_peer_find(const struct conf_cmap_entry *e, const struct addr *a)
{
	struct conf_cmap_peer *p;

	DL_FOREACH(e->peers, p)
		if (addr_eq(&p->addr, a))
			return p;
	return NULL;
}

struct conf_cmap_peer *
conf_cmap_peer_get(struct conf_cmap_entry *e, const struct addr *a)
{
	struct conf_cmap_peer *p = conf_cmap_peer_find(e, a), *at;
	unsigned int count;

	if (p != NULL)
		return p;
	DL_COUNT(e->peers, at, count);
	if (count == CMAP_PEERS_MAX)
		return NULL;
	p = conf_zeroed(sizeof(*p));
	p->addr = *a;
	DL_APPEND(e->peers, p);
	return p;
}

void
conf_cmap_peer_del(struct conf_cmap_entry *e, struct conf_cmap_peer *p)
{
	DL_DELETE(e->peers, p);
	free(p);
}

/* --- who uses what --- */

static const struct conf_cmap *
user_of_acl(const struct conf_cmap *list, const char *acl)
{
	const struct conf_cmap *m;
	const struct conf_cmap_entry *e;

	DL_FOREACH(list, m)
		DL_FOREACH(m->entries, e)
			if (strcmp(e->acl, acl) == 0)
				return m;
	return NULL;
}

const struct conf_cmap *
conf_cmap_of_acl(const struct conf *c, const char *acl)
{
	const struct conf_cmap *m = user_of_acl(c->cmaps, acl);

	return m != NULL ? m : user_of_acl(c->dynamic_maps, acl);
}

static bool
uses_tset(const struct conf_cmap *list, const char *name)
{
	const struct conf_cmap *m;
	const struct conf_cmap_entry *e;
	unsigned int i;

	DL_FOREACH(list, m)
		DL_FOREACH(m->entries, e)
			for (i = 0; i < CONF_TRANSFORM_SETS_MAX; i++)
				if (strcmp(e->sa.transform_sets[i], name) == 0)
					return true;
	return false;
}

bool
conf_cmaps_use_tset(const struct conf *c, const char *name)
{
	return uses_tset(c->cmaps, name) || uses_tset(c->dynamic_maps, name);
}
