/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "crypto_hook.h"

#include <nftables/libnftables.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmap_lines.h"
#include "cover.h"
#include "log.h"
#include "mark.h"

#define TABLE "netdev culvert"

static struct text tried;		/* what the kernel was last asked for */
static bool refused;

static const struct ipc_cmap_rule *
rule_of(const struct wish *x, const char *ifname)
{
	const struct ipc_cmap_rule *r = x->body;

	return x->set == IPC_MSG_CMAP_RULE_SET && strcmp(r->ifname, ifname) == 0 ? r : NULL;
}

void
crypto_hook_sum(struct wishes *w)
{
	const struct ipc_cmap_rule *r;
	struct wish *x, *y;

	for (x = w->all; x != NULL; x = x->hh.next) {
		struct ipc_cmap *map = x->body;

		if (x->set != IPC_MSG_CMAP_SET)
			continue;
		map->lines = 0;
		map->sum = 0;
		for (y = w->all; y != NULL; y = y->hh.next) {
			r = rule_of(y, map->ifname);
			if (r != NULL)
				cmap_lines_add(map, r);
		}
	}
}

/* --- which devices --- */

static bool
hook_line(const struct owned_line *l, const char *ifname, char leaving[16], char arriving[16])
{
	char name[16];

	return sscanf(l->line, "hook %15s %15s %15s", name, leaving, arriving) == 3 &&
	    strcmp(name, ifname) == 0;
}

void
crypto_hook_ready(struct owned *o, const struct ipc_cmap_ready *r)
{
	char leaving[16], arriving[16];
	struct owned_line *l, *next;

	HASH_ITER(hh, o->lines, l, next)
		if (hook_line(l, r->ifname, leaving, arriving) &&
		    (strcmp(leaving, r->device) != 0 || strcmp(arriving, r->arriving) != 0))
			owned_del(o, l);
	owned_add(o, "hook %s %s %s", r->ifname, r->device, r->arriving);
}

/* False while packets can only be dropped. */
static bool
devices_of(const struct owned *o, const struct kernel *k, const char *ifname, char leaving[16],
    char arriving[16])
{
	const struct owned_line *l;

	for (l = o->lines; l != NULL; l = l->hh.next)
		if (hook_line(l, ifname, leaving, arriving))
			return kernel_link(k, leaving) != NULL && kernel_link(k, arriving) != NULL;
	return false;
}

/* --- the text --- */

/*
 * What a dynamic entry protects is negotiated within its lines.  Without an access
 * list that may be anything, so all is looked at; but what is for many is never negotiated.
 */
static bool
cover_lines(const struct wishes *w, const char *ifname, struct cover *c)
{
	const struct ipc_cmap_rule *r;
	const struct wish *x;
	bool all = false;

	for (x = w->all; x != NULL; x = x->hh.next) {
		r = rule_of(x, ifname);
		if (r == NULL || !r->permit)
			continue;
		if (r->dynamic && r->src.len == 0 && r->dst.len == 0)
			all = true;
		else
			cover_add(c, &r->src, &r->dst);
	}
	return all;
}

static void
add_set(struct text *out, const struct cover *c, uint8_t family, bool leaving, const char *verdict)
{
	const char *ip = family == ADDR_V4 ? "ip" : "ip6", *comma = "";
	const struct prefix *src, *dst;
	size_t i;

	for (i = 0; i < c->pairs; i++) {
		if (c->pair[i].src.addr.family != family)
			continue;
		if (comma[0] == '\0')
			text_add(out, "\t\t%s saddr . %s daddr { ", ip, ip);
		src = leaving ? &c->pair[i].src : &c->pair[i].dst;
		dst = leaving ? &c->pair[i].dst : &c->pair[i].src;
		text_add(out, "%s%s . %s", comma, PREFIX_STR(src), PREFIX_STR(dst));
		comma = ", ";
	}
	if (comma[0] != '\0')
		text_add(out, " } %s\n", verdict);
}

static void
add_covered(struct text *out, const struct cover *c, bool all, bool leaving, const char *verdict)
{
	add_set(out, c, ADDR_V4, leaving, verdict);
	add_set(out, c, ADDR_V6, leaving, verdict);
	if (all)
		text_add(out, "\t\tip daddr != { 224.0.0.0/4, 255.255.255.255 } %s\n", verdict);
}

/* IKE and ESP to us are never what a map protects; later fragments of UDP have no ports. */
static void
add_own(struct text *out, const struct addr *local)
{
	const char *ip = local->family == ADDR_V4 ? "ip" : "ip6";

	if (!addr_is_set(local))
		return;
	text_add(out, "\t\t%s daddr %s meta l4proto esp accept\n", ip, ADDR_STR(local));
	text_add(out, "\t\t%s daddr %s udp dport { 500, 4500 } accept\n", ip, ADDR_STR(local));
	if (local->family == ADDR_V4)
		text_add(out, "\t\tip daddr %s ip protocol udp ip frag-off & 0x1fff != 0 accept\n",
		    ADDR_STR(local));
}

static void
add_map(struct text *out, const struct wishes *w, const struct owned *o, const struct kernel *k,
    const struct ipc_cmap *map)
{
	const struct kernel_link *nic = kernel_link(k, map->ifname);
	char leaving[16], arriving[16], out_to[48] = "drop", in_to[48] = "drop";
	struct cover cover = {0};
	bool all;

	if (nic == NULL)
		return;		/* nothing leaves by it */
	if (devices_of(o, k, map->ifname, leaving, arriving)) {
		snprintf(out_to, sizeof(out_to), "fwd to \"%s\"", leaving);
		snprintf(in_to, sizeof(in_to), "fwd to \"%s\"", arriving);
	}
	all = cover_lines(w, map->ifname, &cover);
	text_add(out, "\tchain leaving_%d {\n", nic->index);
	text_add(out, "\t\ttype filter hook egress device \"%s\" priority 0\n", map->ifname);
	text_add(out, "\t\tmeta mark 0x%08x accept\n\t\tether type 8021q accept\n", WIRE_MARK);
	add_covered(out, &cover, all, true, out_to);
	text_add(out, "\t}\n\tchain arriving_%d {\n", nic->index);
	text_add(out, "\t\ttype filter hook ingress device \"%s\" priority 0\n", map->ifname);
	text_add(out, "\t\tmeta pkttype other accept\n\t\tether type 8021q accept\n");
	add_own(out, &map->local);
	add_covered(out, &cover, all, false, in_to);
	text_add(out, "\t}\n");
}

void
crypto_hook_text(const struct wishes *w, const struct owned *o, const struct kernel *k,
    struct text *out)
{
	const struct wish *x;
	size_t empty;

	text_add(out, "table " TABLE " {\n");
	empty = out->len;
	for (x = w->all; x != NULL; x = x->hh.next)
		if (x->set == IPC_MSG_CMAP_SET)
			add_map(out, w, o, k, x->body);
	if (out->len == empty) {
		text_free(out);
		return;
	}
	text_add(out, "}\n");
}

/* --- the kernel --- */

static bool
run(const char *commands)
{
	struct nft_ctx *nft = nft_ctx_new(NFT_CTX_DEFAULT);
	const char *error;
	bool ok;

	if (nft == NULL)
		log_fatal("out of memory");
	nft_ctx_buffer_output(nft);
	nft_ctx_buffer_error(nft);
	ok = nft_run_cmd_from_buffer(nft, commands) == 0;
	error = nft_ctx_get_error_buffer(nft);
	if (!ok)
		log_err("crypto maps: nftables: %.*s", (int)strcspn(error, "\n"), error);
	nft_ctx_free(nft);
	return ok;
}

/* The table is ours by its name; deleting needs one that is there. */
static bool
replace(const char *table)
{
	struct text commands = {0};
	bool ok;

	text_add(&commands, "add table " TABLE "\ndelete table " TABLE "\n%s", table);
	ok = run(text_str(&commands));
	text_free(&commands);
	return ok;
}

bool
crypto_hook_apply(const struct wishes *w, struct owned *o, const struct kernel *k)
{
	bool there = owned_has(o, "nftables " TABLE);
	struct text want = {0};

	crypto_hook_text(w, o, k, &want);
	if (want.len == 0 && there)
		crypto_hook_remove(o);
	else if (strcmp(text_str(&want), text_str(&tried)) != 0) {
		refused = !replace(text_str(&want));
		if (refused)
			log_err("interfaces with a crypto map stay down: nothing would keep packets "
			    "from leaving in clear");
		else
			owned_add(o, "nftables " TABLE);
		text_free(&tried);
		tried = want;	/* refused, too: it would be again */
		return !refused;
	}
	text_free(&want);
	return !refused;
}

void
crypto_hook_remove(struct owned *o)
{
	struct owned_line *l, *next;

	if (owned_has(o, "nftables " TABLE) || tried.len > 0)
		replace("");
	text_free(&tried);
	refused = false;
	HASH_ITER(hh, o->lines, l, next)
		if (strncmp(l->line, "hook ", 5) == 0 || strncmp(l->line, "nftables ", 9) == 0)
			owned_del(o, l);
}
