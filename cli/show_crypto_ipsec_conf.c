/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * show crypto ipsec profile, show crypto ipsec transform-set: what the running-config says,
 * and what is there without being configured (both are called `default`).
 */
#include <string.h>
#include <utlist.h>

#include "algs.h"
#include "show_crypto.h"

static void
add_lifetime(struct text *out, const struct conf *c, const struct conf_ipsec_profile *sa)
{
	uint32_t s = sa->life_s != 0 ? sa->life_s : c->ipsec_life_s != 0 ? c->ipsec_life_s : 3600;
	uint32_t kb = sa->life_kb != 0 ? sa->life_kb : c->ipsec_life_kb != 0 ? c->ipsec_life_kb :
	    4608000;

	if (sa->no_volume || (sa->life_kb == 0 && c->ipsec_no_volume))
		text_add(out, "\tSecurity association lifetime: disabled/%u seconds\n", s);
	else
		text_add(out, "\tSecurity association lifetime: %u kilobytes/%u seconds\n", kb, s);
}

static void
add_transform(struct text *out, const struct conf *c, const char *name)
{
	const struct conf_transform_set *t = conf_tset_known(c, name);
	char transform[TRANSFORM_STRLEN];

	if (t != NULL)
		text_add(out, "\t\t%s:  { %s  } , \n", t->name,
		    esp_transform_show_str(&t->transform, transform));
}

void
show_add_sa_policy(struct text *out, const struct conf *c, const struct conf_ipsec_profile *sa)
{
	unsigned int i;

	add_lifetime(out, c, sa);
	text_add(out, "\tResponder-Only (Y/N): N\n");
	if (sa->pfs_group != 0)
		text_add(out, "\tPFS (Y/N): Y\n\tDH group:  group%u\n", sa->pfs_group);
	else
		text_add(out, "\tPFS (Y/N): N\n");
	text_add(out, "\tMixed-mode : Disabled\n\tTransform sets={ \n");
	if (sa->transform_sets[0][0] == '\0')
		add_transform(out, c, CONF_DEFAULT);
	for (i = 0; i < CONF_TRANSFORM_SETS_MAX && sa->transform_sets[i][0] != '\0'; i++)
		add_transform(out, c, sa->transform_sets[i]);
	text_add(out, "\t}\n");
}

/* --- show crypto ipsec profile --- */

static void
add_profile(struct text *out, const struct conf *c, const struct show_args *a,
    const struct conf_ipsec_profile *p)
{
	if (p == NULL || (a->name[0] != '\0' && strcmp(a->name, p->name) != 0))
		return;
	text_add(out, "IPSEC profile %s\n", p->name);
	if (p->ikev2_profile[0] != '\0')
		text_add(out, "\tIKEv2 Profile: %s\n", p->ikev2_profile);
	if (p->isakmp_profile[0] != '\0')
		text_add(out, "\tISAKMP Profile: %s\n", p->isakmp_profile);
	show_add_sa_policy(out, c, p);
	text_add(out, "\n");
}

const char *
show_crypto_ipsec_profile(struct show_source *src, const struct show_args *a, struct text *out)
{
	struct conf *c;
	const char *why = show_conf_of(src, &c);
	const struct conf_ipsec_profile *p;

	if (why == NULL) {
		DL_FOREACH(c->profiles, p)
			add_profile(out, c, a, p);
		if (conf_profile_find(c, CONF_DEFAULT) == NULL)
			add_profile(out, c, a, conf_profile_known(c, CONF_DEFAULT));
	}
	conf_free(c);
	return why;
}

/* --- show crypto ipsec transform-set --- */

static void
add_set(struct text *out, const struct show_args *a, const struct conf_transform_set *t)
{
	char transform[TRANSFORM_STRLEN];

	if (t == NULL || (a->name[0] != '\0' && strcmp(a->name, t->name) != 0))
		return;
	text_add(out, "Transform set %s: { %s  } \n   will negotiate = { %s,  }, \n   \n", t->name,
	    esp_transform_show_str(&t->transform, transform),
	    t->mode == MODE_TRANSPORT ? "Transport" : "Tunnel");
}

const char *
show_crypto_ipsec_transform_set(struct show_source *src, const struct show_args *a,
    struct text *out)
{
	struct conf *c;
	const char *why = show_conf_of(src, &c);
	const struct conf_transform_set *t;

	if (why == NULL) {
		if (conf_tset_find(c, CONF_DEFAULT) == NULL)
			add_set(out, a, conf_tset_known(c, CONF_DEFAULT));
		DL_FOREACH(c->transform_sets, t)
			add_set(out, a, t);
	}
	conf_free(c);
	return why;
}

/* --- show crypto ipsec security-association lifetime --- */

const char *
show_crypto_ipsec_lifetime(struct show_source *src, const struct show_args *a, struct text *out)
{
	struct conf *c;
	const char *why = show_conf_of(src, &c);
	uint32_t s = c->ipsec_life_s != 0 ? c->ipsec_life_s : 3600;

	(void)a;
	if (why == NULL && c->ipsec_no_volume)
		text_add(out, "Security association lifetime: disabled/%u seconds\n", s);
	else if (why == NULL)
		text_add(out, "Security association lifetime: %u kilobytes/%u seconds\n",
		    c->ipsec_life_kb != 0 ? c->ipsec_life_kb : 4608000, s);
	conf_free(c);
	return why;
}
