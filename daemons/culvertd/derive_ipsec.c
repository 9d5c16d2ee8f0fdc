/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "derive_ipsec.h"

#include <stdio.h>

#define DEFAULT_IPSEC_LIFE_S 3600
#define DEFAULT_IPSEC_LIFE_KB 4608000
#define DEFAULT_REPLAY_WINDOW 64

/* The i-th transform of the message, whose fields are numbered. */
static void
put_transform(struct ipc_ipsec_profile *m, unsigned int i, const struct conf_transform_set *t)
{
	uint8_t *cipher[] = {&m->cipher0, &m->cipher1, &m->cipher2, &m->cipher3, &m->cipher4, &m->cipher5};
	uint16_t *bits[] = {&m->bits0, &m->bits1, &m->bits2, &m->bits3, &m->bits4, &m->bits5};
	uint8_t *integ[] = {&m->integ0, &m->integ1, &m->integ2, &m->integ3, &m->integ4, &m->integ5};
	uint8_t *mode[] = {&m->mode0, &m->mode1, &m->mode2, &m->mode3, &m->mode4, &m->mode5};

	*cipher[i] = t->transform.cipher;
	*bits[i] = t->transform.key_bits;
	*integ[i] = t->transform.integ;
	*mode[i] = t->mode == 0 ? MODE_TUNNEL : t->mode;
}

/* The i-th name in it; without any it is `default`.  NULL: no more. */
static const char *
set_name(const struct conf_ipsec_profile *p, unsigned int i)
{
	if (i == 0 && p->transform_sets[0][0] == '\0')
		return CONF_DEFAULT;
	return i < CONF_TRANSFORM_SETS_MAX && p->transform_sets[i][0] != '\0' ?
	    p->transform_sets[i] : NULL;
}

/* NULL when every transform set of p is there, else the name of the one that is not. */
static const char *
missing_set(const struct conf *c, const struct conf_ipsec_profile *p)
{
	const char *name;
	unsigned int i;

	for (i = 0; (name = set_name(p, i)) != NULL; i++)
		if (conf_tset_known(c, name) == NULL)
			return name;
	return NULL;
}

bool
derive_ipsec_usable(const struct conf *c, const struct conf_ipsec_profile *p)
{
	return missing_set(c, p) == NULL;
}

static uint64_t
volume_kb(const struct conf *c, const struct conf_ipsec_profile *p)
{
	if (p->no_volume || (p->life_kb == 0 && c->ipsec_no_volume))
		return 0;
	return p->life_kb != 0 ? p->life_kb : c->ipsec_life_kb != 0 ? c->ipsec_life_kb :
	    DEFAULT_IPSEC_LIFE_KB;
}

void
derive_ipsec_profile(const struct conf *c, const struct conf_ipsec_profile *p,
    struct wishes *out, struct text *notes)
{
	const char *missing = missing_set(c, p), *name;
	struct ipc_ipsec_profile *m;
	unsigned int i;

	if (missing != NULL) {
		text_add(notes, "IPsec profile %s is not used: there is no transform set %s\n", p->name,
		    missing);
		return;
	}
	m = wishes_add(out, IPC_IKED, IPC_MSG_PROFILE_SET, IPC_MSG_PROFILE_DEL, "%s", p->name);
	if (m == NULL)
		return;
	snprintf(m->name, sizeof(m->name), "%s", p->name);
	for (i = 0; (name = set_name(p, i)) != NULL; i++)
		put_transform(m, i, conf_tset_known(c, name));
	m->transforms = (uint8_t)i;
	m->pfs_group = p->pfs_group;
	m->life_s = p->life_s != 0 ? p->life_s : c->ipsec_life_s != 0 ? c->ipsec_life_s :
	    DEFAULT_IPSEC_LIFE_S;
	m->life_kb = volume_kb(c, p);
	m->replay_window = c->replay_disabled ? 0 :
	    c->replay_window == 0 ? DEFAULT_REPLAY_WINDOW : c->replay_window;
}
