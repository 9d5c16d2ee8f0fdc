/* SPDX-License-Identifier: GPL-3.0-or-later */
/* show crypto isakmp key: what the running-config says, so no daemon has to hand out keys. */
#include <stdio.h>
#include <utlist.h>

#include "cli/config_session.h"
#include "show_util.h"

static void
add_keys(struct text *out, const char *keyring, const struct conf_key *keys)
{
	const struct conf_key *k;

	DL_FOREACH(keys, k) {
		struct addr mask = prefix_mask(ADDR_V4, k->peer.len);
		char peer[ISAKMP_ID_MAX + 2 * ADDR_STRLEN];

		if (k->host[0] != '\0')
			snprintf(peer, sizeof(peer), "%s", k->host);
		else if (k->peer.addr.family == ADDR_V6)
			snprintf(peer, sizeof(peer), "%s", PREFIX_STR(&k->peer));
		else if (k->peer.len == 32)
			snprintf(peer, sizeof(peer), "%s", ADDR_STR(&k->peer.addr));
		else
			snprintf(peer, sizeof(peer), "%-15s[%-15s]", ADDR_STR(&k->peer.addr),
			    ADDR_STR(&mask));
		text_add(out, "%-12s %-43s ", keyring, peer);
		/* What is encrypted in the configuration is so here. */
		if (k->key.form == KEY_TYPE_6)
			text_add(out, "%s\n", k->key.sealed);
		else
			text_add(out, "%.*s\n", (int)k->key.key.len, (const char *)k->key.key.b);
	}
}

const char *
show_crypto_isakmp_key(struct show_source *src, const struct show_args *a, struct text *out)
{
	struct text running = {0};
	const char *why = show_text_of(src, SHOW_RUNNING, &running);
	struct config_error *errors = NULL;
	struct conf *c = conf_new();
	const struct conf_keyring *r;

	(void)a;
	config_text_apply(c, text_str(&running), &errors);
	if (why == NULL) {
		text_add(out, "%-12s %-43s %s\n\n", "Keyring", "Hostname/Address", "Preshared Key");
		add_keys(out, "default", c->keys);
		DL_FOREACH(c->keyrings, r)
			add_keys(out, r->name, r->keys);
	}
	config_errors_free(errors);
	conf_free(c);
	text_free(&running);
	return why;
}
