/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "conf_type6.h"

#include <string.h>
#include <utlist.h>

#include "conf.h"
#include "type6.h"

const char *
conf_type6_read(const struct conf_type6 *t, struct key_text *k, const char *s, size_t len)
{
	struct slice text = slice_of(s, len);

	*k = (struct key_text){.form = KEY_TYPE_6};
	if (!type6_is_text(text))
		return "this is no type 6 key; type the key itself";
	if (t->state == CONF_MASTER_NONE)
		return "a type 6 key needs `key config-key password-encrypt` with the master key "
		    "under which it was encrypted";
	if (t->state == CONF_MASTER_SET &&
	    !type6_open(slice_of(t->master.b, t->master.len), text, &k->key))
		return "this type 6 key was encrypted under another master key than that of "
		    "`key config-key password-encrypt`";
	memcpy(k->sealed, s, len);
	return NULL;
}

void
conf_type6_seal(const struct conf_type6 *t, struct key_text *k)
{
	if (t->aes && t->state == CONF_MASTER_SET && k->form == KEY_PLAIN &&
	    type6_seal(slice_of(t->master.b, t->master.len), &k->key, k->sealed))
		k->form = KEY_TYPE_6;
}

static void
each_of(struct conf_key *keys, void (*run)(struct key_text *k, void *arg), void *arg)
{
	struct conf_key *k;

	DL_FOREACH(keys, k)
		run(&k->key, arg);
}

/* A keyring's two keys that are one stay one. */
static void
each_of_peer(struct conf_ikev2_peer *p, void (*run)(struct key_text *k, void *arg), void *arg)
{
	bool same = key_text_eq(&p->local, &p->remote);

	run(&p->local, arg);
	if (same)
		p->remote = p->local;
	else
		run(&p->remote, arg);
}

static void
each(struct conf *c, void (*run)(struct key_text *k, void *arg), void *arg)
{
	struct conf_keyring *r;
	struct conf_ikev2_keyring *r2;
	struct conf_ikev2_peer *p;
	struct conf_isakmp_peer *aggressive;

	each_of(c->keys, run, arg);
	DL_FOREACH(c->keyrings, r)
		each_of(r->keys, run, arg);
	DL_FOREACH(c->isakmp.peers, aggressive)
		if (key_text_is_set(&aggressive->password))
			run(&aggressive->password, arg);
	DL_FOREACH(c->ikev2.keyrings, r2)
		DL_FOREACH(r2->peers, p)
			each_of_peer(p, run, arg);
}

static void
seal_one(struct key_text *k, void *arg)
{
	conf_type6_seal(arg, k);
}

void
conf_type6_seal_all(struct conf *c)
{
	each(c, seal_one, &c->type6);
}

static void
reseal_one(struct key_text *k, void *arg)
{
	const struct conf_type6 *t = arg;

	if (k->form == KEY_TYPE_6 && k->key.len > 0)
		type6_seal(slice_of(t->master.b, t->master.len), &k->key, k->sealed);
}

void
conf_type6_set_master(struct conf *c, const struct secret *master)
{
	struct conf_type6 *t = &c->type6;

	secret_wipe(&t->master);
	t->state = master == NULL ? CONF_MASTER_NONE : CONF_MASTER_SET;
	if (master == NULL)
		return;
	t->master = *master;
	each(c, reseal_one, t);
	conf_type6_seal_all(c);
}

static void
look(struct key_text *k, void *arg)
{
	bool *used = arg;

	*used = *used || k->form == KEY_TYPE_6;
}

bool
conf_type6_used(struct conf *c)
{
	bool used = false;

	each(c, look, &used);
	return used;
}
