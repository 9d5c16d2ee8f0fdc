/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The forwarder's drop counters under the names that IOS-XE's forwarder has
 * for them: of all drops (show platform hardware qfp active statistics drop),
 * and of IPsec's alone by number (... feature ipsec datapath drops).  A packet
 * is one in each of the two.
 */
#include <string.h>

#include "qfp_drops.h"
#include "show_util.h"

#define RULE_73 "-------------------------------------------------------------------------\n"
#define RULE_72 "------------------------------------------------------------------------\n"

/* --- all drops --- */

struct view {
	const char *name;
	uint64_t packets, octets;
};

struct views {			/* by name */
	struct view at[DROP_COUNT + 2];
	size_t count;
};

static void
count_in(struct views *v, const char *name, uint64_t packets, uint64_t octets)
{
	size_t i = 0;

	while (i < v->count && strcmp(v->at[i].name, name) < 0)
		i++;
	if (i == v->count || strcmp(v->at[i].name, name) != 0) {
		memmove(&v->at[i + 1], &v->at[i], (v->count - i) * sizeof(v->at[0]));
		v->at[i] = (struct view){.name = name};
		v->count++;
	}
	v->at[i].packets += packets;
	v->at[i].octets += octets;
}

static void
add_names(struct views *v)
{
	/* There are no access lists with `deny` and no tunnel endpoint discovery: always zero. */
	count_in(v, "IpsecDenyDrop", 0, 0);
	count_in(v, "IpsecTedIndicate", 0, 0);
	for (size_t i = 0; i < DROP_COUNT; i++)
		count_in(v, drop_views[i], 0, 0);
}

static const char *
add_drops(struct show_source *src, struct text *out, bool all)
{
	struct views v = {.count = 0};
	struct rows drops;
	const char *why = rows_ask(&drops, src, IPC_ESPD, SHOW_DROPS, IPC_MSG_ROW_DROP);
	const struct ipc_row_drop *d;

	if (all)
		add_names(&v);
	ROWS_EACH(d, &drops)
		if (d->drop < DROP_COUNT && d->packets != 0)
			count_in(&v, drop_views[d->drop], d->packets, d->octets);
	rows_free(&drops);
	if (why != NULL)
		return why;
	text_add(out, RULE_73 "%-37s %11s %23s  \n" RULE_73, "Global Drop Stats", "Packets",
	    "Octets");
	for (size_t i = 0; i < v.count; i++)
		text_add(out, "%-37s %11llu %23llu  \n", v.at[i].name,
		    (unsigned long long)v.at[i].packets, (unsigned long long)v.at[i].octets);
	return NULL;
}

const char *
show_drops(struct show_source *src, const struct show_args *a, struct text *out)
{
	(void)a;
	return add_drops(src, out, false);
}

const char *
show_drops_all(struct show_source *src, const struct show_args *a, struct text *out)
{
	(void)a;
	return add_drops(src, out, true);
}

/* --- IPsec's --- */

static const char *
add_ipsec_drops(struct show_source *src, struct text *out, bool all)
{
	uint64_t packets[UINT8_MAX + 1] = {0};
	struct rows drops;
	const char *why = rows_ask(&drops, src, IPC_ESPD, SHOW_DROPS, IPC_MSG_ROW_DROP);
	const struct ipc_row_drop *d;

	ROWS_EACH(d, &drops)
		packets[qfp_drop_number(d->drop)] += d->packets;
	rows_free(&drops);
	if (why != NULL)
		return why;
	text_add(out, RULE_72 "Drop Type  Name                                     Packets\n" RULE_72);
	for (size_t i = 0; i < qfp_drops_count; i++) {
		const struct qfp_drop *q = &qfp_drops[i];

		if (all || packets[q->number] != 0)
			text_add(out, "%9u  %-37s %23llu\n", q->number, q->name,
			    (unsigned long long)packets[q->number]);
	}
	return NULL;
}

const char *
show_ipsec_drops(struct show_source *src, const struct show_args *a, struct text *out)
{
	(void)a;
	return add_ipsec_drops(src, out, false);
}

const char *
show_ipsec_drops_all(struct show_source *src, const struct show_args *a, struct text *out)
{
	(void)a;
	return add_ipsec_drops(src, out, true);
}
