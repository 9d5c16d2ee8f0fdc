/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "crypto_map.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <utlist.h>

#include "cmap_lines.h"
#include "log.h"

void
crypto_maps_init(struct crypto_maps *ms, struct loop *l)
{
	memset(ms, 0, sizeof(*ms));
	ms->loop = l;
}

void
crypto_maps_close(struct crypto_maps *ms)
{
	uint32_t i;

	for (i = 0; i < CRYPTO_MAPS_MAX; i++)
		if (ms->slot[i] != NULL)
			crypto_map_remove(ms, ms->slot[i]);
	shared_drain();
}

struct crypto_map *
crypto_map_at(struct crypto_maps *ms, uint32_t slot)
{
	return slot < CRYPTO_MAPS_MAX ? shared_get(&ms->slot[slot]) : NULL;
}

struct crypto_map *
crypto_map_of(struct crypto_maps *ms, uint16_t protection)
{
	uint8_t slot = stat_get(&ms->of_protection[protection]);

	return slot == 0 ? NULL : crypto_map_at(ms, slot - 1u);
}

bool
crypto_maps_empty(const struct crypto_maps *ms)
{
	uint32_t i;

	for (i = 0; i < CRYPTO_MAPS_MAX; i++)
		if (ms->slot[i] != NULL)
			return false;
	return true;
}

struct crypto_map *
crypto_map_by_name(struct crypto_maps *ms, const char *ifname)
{
	uint32_t i;

	for (i = 0; i < CRYPTO_MAPS_MAX; i++)
		if (ms->slot[i] != NULL && strcmp(ms->slot[i]->ifname, ifname) == 0)
			return ms->slot[i];
	return NULL;
}

bool
crypto_map_add(struct crypto_maps *ms, struct crypto_map *m)
{
	uint32_t i;

	for (i = 0; i < CRYPTO_MAPS_MAX && ms->slot[i] != NULL; i++)
		;
	if (i == CRYPTO_MAPS_MAX)
		return false;
	m->slot = i;
	shared_set(&ms->slot[i], m);
	return true;
}

void
crypto_map_free(struct crypto_map *m)
{
	unsigned int i;

	for (i = 0; i < m->queues; i++) {
		close(m->leaving_fd[i]);
		close(m->arriving_fd[i]);
	}
	close(m->nic_fd);
	free(m);
}

static void
conf_free(void *p)
{
	struct crypto_map_conf *c = p;

	classify_free(c->lines);
	free(c);
}

/* The map's protections are those that its lines in force name. */
static void
claim(struct crypto_maps *ms, const struct crypto_map *m, const struct crypto_map_rule *rules)
{
	bool named[PROTECTIONS_MAX] = {false};
	const struct crypto_map_rule *r;
	unsigned int i;

	DL_FOREACH(rules, r)
		named[r->protection] = true;
	for (i = 1; i < PROTECTIONS_MAX; i++)
		if (named[i])
			stat_set(&ms->of_protection[i], (uint8_t)(m->slot + 1));
		else if (ms->of_protection[i] == m->slot + 1)
			stat_set(&ms->of_protection[i], (uint8_t)0);
}

static void
remove_rule(struct crypto_map *m, struct crypto_map_rule *r)
{
	DL_DELETE(m->rules, r);
	acl_count_let_go(r->count);
	free(r);
}

void
crypto_map_remove(struct crypto_maps *ms, struct crypto_map *m)
{
	while (m->rules != NULL)
		remove_rule(m, m->rules);
	claim(ms, m, NULL);
	shared_set(&ms->slot[m->slot], NULL);
	if (m->conf != NULL)
		shared_free_later(ms->loop, conf_free, (void *)m->conf);
	shared_drain();
	shared_wait();
	crypto_map_free(m);
}

/* --- lines --- */

static struct crypto_map_rule *
find_rule(const struct crypto_map *m, uint32_t order)
{
	struct crypto_map_rule *r;

	DL_FOREACH(m->rules, r)
		if (r->set.order >= order)
			return r;
	return NULL;
}

void
crypto_map_rule_set(struct crypto_maps *ms, struct crypto_map *m, const struct ipc_cmap_rule *set)
{
	struct crypto_map_rule *r = find_rule(m, set->order), *new;
	struct acl_count *was;

	if (r == NULL || r->set.order != set->order) {
		new = calloc(1, sizeof(*new));
		if (new == NULL)
			log_fatal("out of memory");
		if (r == NULL)
			DL_APPEND(m->rules, new);
		else
			DL_PREPEND_ELEM(m->rules, r, new);
		r = new;
	}
	was = r->count;
	r->count = acl_count_get(&ms->counts, set->acl, set->acl_line);
	acl_count_let_go(was);
	r->set = *set;
	r->protection = protection_id(set->permit ? set->protection : "");
	r->named = true;
}

void
crypto_map_rule_del(struct crypto_map *m, uint32_t order)
{
	struct crypto_map_rule *r = find_rule(m, order);

	if (r != NULL && r->set.order == order)
		remove_rule(m, r);
}

/* --- compiling --- */

/* What the peers and SAs of this moment say about one map's protections. */
struct known {
	bool dynamic[PROTECTIONS_MAX];
	const struct peer *peer[PROTECTIONS_MAX];	/* of static ones */
	struct classify_selector *selector;
	size_t selectors, room;
};

/* Of several, one that can send: the one whose SAs are newest. */
static bool
is_better(const struct peer *p, const struct peer *than)
{
	return than == NULL || (p->out != NULL &&
	    (than->out == NULL || than->out->kept->since_us < p->out->kept->since_us));
}

static void
add_selectors(struct known *k, const struct peer *p)
{
	const struct sa *sa;

	DL_FOREACH2(p->sas, sa, peer_next) {
		if (k->selectors == k->room) {
			k->room = k->room * 2 + 64;
			k->selector = realloc(k->selector, k->room * sizeof(*k->selector));
			if (k->selector == NULL)
				log_fatal("out of memory");
		}
		k->selector[k->selectors++] = (struct classify_selector){p->protection, p->ref,
		    sa->ts_proto, sa->ts_local, sa->ts_remote, sa->ts_local_port,
		    sa->ts_remote_port};
	}
}

static struct known *
learn(const struct crypto_maps *ms, const struct crypto_map *m, const struct peers *peers)
{
	struct known *k = calloc(1, sizeof(*k));
	const struct crypto_map_rule *r;
	const struct peer *p;

	if (k == NULL)
		log_fatal("out of memory");
	DL_FOREACH(m->rules, r)
		if (r->set.dynamic)
			k->dynamic[r->protection] = true;
	for (p = peer_next(peers, NULL); p != NULL; p = peer_next(peers, p)) {
		if (ms->of_protection[p->protection] != m->slot + 1)
			continue;
		if (k->dynamic[p->protection])
			add_selectors(k, p);
		else if (is_better(p, k->peer[p->protection]))
			k->peer[p->protection] = p;
	}
	return k;
}

static struct classify_rule
compiled(const struct crypto_map_rule *r, const struct known *k)
{
	const struct ipc_cmap_rule *s = &r->set;
	const struct peer *peer = k->peer[r->protection];

	return (struct classify_rule){.permit = s->permit != 0, .dynamic = s->dynamic != 0,
	    .proto = s->proto, .src = s->src, .dst = s->dst, .src_low = s->src_low,
	    .src_high = s->src_high, .dst_low = s->dst_low, .dst_high = s->dst_high,
	    .protection = r->protection, .peer_ref = peer == NULL ? 0 : peer->ref,
	    .count = r->count};
}

static struct classify *
compile(struct crypto_maps *ms, const struct crypto_map *m, const struct peers *peers)
{
	struct known *k = learn(ms, m, peers);
	const struct crypto_map_rule *r;
	struct classify_rule *lines;
	struct classify *c;
	size_t rules;

	DL_COUNT(m->rules, r, rules);
	lines = calloc(rules + 1, sizeof(*lines));
	if (lines == NULL)
		log_fatal("out of memory");
	rules = 0;
	DL_FOREACH(m->rules, r)
		lines[rules++] = compiled(r, k);
	if (++ms->generation == 0)
		ms->generation = 1;
	c = classify_new(lines, rules, k->selector, k->selectors, ms->generation);
	free(lines);
	free(k->selector);
	free(k);
	return c;
}

bool
crypto_map_is_whole(const struct crypto_map *m)
{
	const struct crypto_map_rule *r;
	struct ipc_cmap has = {0};

	DL_FOREACH(m->rules, r)
		cmap_lines_add(&has, &r->set);
	return has.lines == m->set.lines && has.sum == m->set.sum;
}

void
crypto_map_publish(struct crypto_maps *ms, struct crypto_map *m, const struct peers *peers)
{
	const struct crypto_map_conf *old = m->conf;
	struct crypto_map_conf *c = calloc(1, sizeof(*c));

	if (c == NULL)
		log_fatal("out of memory");
	claim(ms, m, m->rules);
	c->set = m->set;
	c->lines = compile(ms, m, peers);
	shared_set(&m->conf, c);
	if (old != NULL)
		shared_free_later(ms->loop, conf_free, (void *)old);
}
