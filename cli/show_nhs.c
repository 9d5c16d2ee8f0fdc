/* SPDX-License-Identifier: GPL-3.0-or-later */
/* show ip nhrp nhs [detail | redundancy] */
#include <stdio.h>
#include <string.h>

#include "show_util.h"

static const char legend[] =
    "Legend:\tE=Expecting replies, R=Responding, W=Waiting, D=Dynamic\n";

static int
nhs_by_tunnel(const void *a, const void *b)
{
	const struct ipc_row_nhs *x = a, *y = b;
	int order = name_cmp(x->name, y->name);

	return order != 0 ? order : addr_cmp(&x->nhs, &y->nhs);
}

static const char *
state_str(unsigned int state)
{
	static const char *const names[] = {
		[NHS_SHOWN_WAITING] = "W", [NHS_SHOWN_EXPECTING] = "E", [NHS_SHOWN_RESPONDING] = "RE",
	};

	return state < sizeof(names) / sizeof(names[0]) && names[state] != NULL ? names[state] : "";
}

static void
add_nhs(struct show_source *src, struct text *out, const struct ipc_row_nhs *s, bool detail)
{
	char age[UPTIME_STRLEN];

	text_add(out, "%s %3s  ", ADDR_STR(&s->nhs), state_str(s->state));
	if (addr_is_set(&s->nbma))
		text_add(out, "NBMA Address: %s ", ADDR_STR(&s->nbma));
	text_add(out, "priority = %u cluster = %u", s->priority, s->cluster);
	if (detail)
		text_add(out, "  req-sent %u  req-failed %u  repl-recv %u", s->requests, s->failed,
		    s->replies);
	if (detail && s->last_reply_us != 0)
		text_add(out, " (%s ago)", age_str(src, s->last_reply_us, age));
	text_add(out, "\n");
}

static void
add_pending(struct text *out, const struct rows *rows, const struct show_args *a)
{
	const struct ipc_row_nhs *s;
	char name[IFACE_NAME_MAX];
	bool any = false;

	ROWS_EACH(s, rows) {
		if (s->request_id == 0 || s->state == NHS_SHOWN_RESPONDING ||
		    !wanted_name(a, s->name))
			continue;
		text_add(out, "%sRegistration Request: Reqid %u, Ret %u  NHS %s expired (%s)\n",
		    any ? "" : "\n\nPending Registration Requests:\n", s->request_id, s->retry_s,
		    ADDR_STR(&s->nhs), short_name(s->name, name));
		any = true;
	}
}

static const char *
show_servers(struct show_source *src, const struct show_args *a, struct text *out, bool detail)
{
	struct rows rows;
	const char *why = rows_ask(&rows, src, IPC_NHRPD, SHOW_NHS, IPC_MSG_ROW_NHS);
	const struct ipc_row_nhs *s;
	const char *last = NULL;

	rows_sort(&rows, nhs_by_tunnel);
	ROWS_EACH(s, &rows) {
		if (!wanted_name(a, s->name))
			continue;
		if (last == NULL)
			text_add(out, "%s", legend);
		if (last == NULL || strcmp(last, s->name) != 0)
			text_add(out, "%s%s:\n", last == NULL ? "" : "\n", s->name);
		last = s->name;
		add_nhs(src, out, s, detail);
	}
	if (detail)
		add_pending(out, &rows, a);
	rows_free(&rows);
	return why;
}

const char *
show_ip_nhrp_nhs(struct show_source *src, const struct show_args *a, struct text *out)
{
	return show_servers(src, a, out, false);
}

const char *
show_ip_nhrp_nhs_detail(struct show_source *src, const struct show_args *a, struct text *out)
{
	return show_servers(src, a, out, true);
}

/* --- redundancy: each server's place, then each cluster's sum --- */

static const char *
queue_str(unsigned int queue)
{
	static const char *const names[] = {
		[NHS_QUEUE_RUNNING] = "Running", [NHS_QUEUE_PROBING] = "Probing",
		[NHS_QUEUE_HOLDING] = "Holding", [NHS_QUEUE_WAITING] = "Waiting",
	};

	return queue < sizeof(names) / sizeof(names[0]) && names[queue] != NULL ? names[queue] : "";
}

static int
nhs_by_cluster(const void *a, const void *b)
{
	const struct ipc_row_nhs *x = a, *y = b;
	int order = name_cmp(x->name, y->name);

	if (order == 0)
		order = x->cluster - y->cluster;
	if (order == 0)
		order = x->priority - y->priority;
	return order != 0 ? order : addr_cmp(&x->nhs, &y->nhs);
}

static void
add_places(struct text *out, const struct rows *rows, const struct show_args *a)
{
	const struct ipc_row_nhs *s;
	unsigned int n = 0;

	ROWS_EACH(s, rows) {
		if (!wanted_name(a, s->name))
			continue;
		if (n++ == 0)
			text_add(out, "%s%-3s %-10s %4s %15s %4s %9s %10s %10s %10s\n", legend, "No.",
			    "Interface", "Clus", "NHS", "Prty", "Cur-State", "Cur-Queue", "Prev-State",
			    "Prev-Queue");
		text_add(out, "%-3u %-10s %4u %15s %4u %9s %10s %10s %10s\n", n, s->name, s->cluster,
		    ADDR_STR(&s->nhs), s->priority, state_str(s->state), queue_str(s->queue),
		    state_str(s->was_state), queue_str(s->was_queue));
	}
}

static bool
is_same_cluster(const struct ipc_row_nhs *a, const struct ipc_row_nhs *b)
{
	return strcmp(a->name, b->name) == 0 && a->cluster == b->cluster;
}

/* From the first server of a cluster on. */
static void
add_cluster(struct text *out, unsigned int n, const struct rows *rows, const struct ipc_row_nhs *of)
{
	unsigned int counts[NHS_SHOWN_RESPONDING + 1] = {0}, total = 0;
	const struct ipc_row_nhs *s;
	char max[12] = "Not Set";

	ROWS_EACH(s, rows) {
		if (!is_same_cluster(s, of))
			continue;
		total++;
		if (s->state <= NHS_SHOWN_RESPONDING)
			counts[s->state]++;
	}
	if (of->limited)
		snprintf(max, sizeof(max), "%u", of->max_connections);
	text_add(out, "%-3u %-10s %4u %8s %8s %9u %10u %9u %7u %8u\n", n, of->name, of->cluster,
	    of->limited ? "Enable" : "Disable", max, total, counts[NHS_SHOWN_RESPONDING],
	    counts[NHS_SHOWN_EXPECTING], counts[NHS_SHOWN_WAITING], of->fallback_s);
}

static void
add_clusters(struct text *out, const struct rows *rows, const struct show_args *a)
{
	const struct ipc_row_nhs *s, *last = NULL;
	unsigned int n = 0;

	ROWS_EACH(s, rows) {
		if (!wanted_name(a, s->name) || (last != NULL && is_same_cluster(s, last)))
			continue;
		if (last == NULL)
			text_add(out, "\n%-3s %-10s %4s %8s %8s %9s %10s %9s %7s %8s\n", "No.",
			    "Interface", "Clus", "Status", "Max-Con", "Total-NHS", "Responding",
			    "Expecting", "Waiting", "Fallback");
		last = s;
		add_cluster(out, ++n, rows, s);
	}
}

const char *
show_ip_nhrp_nhs_redundancy(struct show_source *src, const struct show_args *a, struct text *out)
{
	struct rows rows;
	const char *why = rows_ask(&rows, src, IPC_NHRPD, SHOW_NHS, IPC_MSG_ROW_NHS);

	rows_sort(&rows, nhs_by_cluster);
	add_places(out, &rows, a);
	add_clusters(out, &rows, a);
	rows_free(&rows);
	return why;
}
