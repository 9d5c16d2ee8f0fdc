/* SPDX-License-Identifier: GPL-3.0-or-later */
/* show crypto isakmp profile: what the running-config says; show crypto isakmp peers. */
#include <string.h>
#include <utlist.h>

#include "cli/config_session.h"
#include "show_crypto.h"

static void
add_match(struct text *out, const struct conf_isakmp_match *m)
{
	static const char *const words[] = {
		[IPC_MATCH_FQDN] = "fqdn", [IPC_MATCH_FQDN_DOMAIN] = "fqdn domain",
		[IPC_MATCH_EMAIL] = "user-fqdn", [IPC_MATCH_EMAIL_DOMAIN] = "user-fqdn domain",
	};
	struct addr mask = prefix_mask(ADDR_V4, m->address.len);

	if (m->kind == IPC_MATCH_ADDRESS)
		text_add(out, "    ip-address %s %s \n", ADDR_STR(&m->address.addr), ADDR_STR(&mask));
	else
		text_add(out, "    %s %s\n", words[m->kind], m->text);
}

static void
add_profile(struct text *out, const struct conf_isakmp_profile *p)
{
	const struct conf_isakmp_match *m;
	unsigned int i;

	text_add(out, "\nIKEv1 PROFILE %s\n   Identities matched are:\n", p->name);
	DL_FOREACH (p->matches, m)
		if (m->kind != IPC_MATCH_CERT_MAP)
			add_match(out, m);
	text_add(out, "   Certificate maps matched are:\n");
	DL_FOREACH (p->matches, m)
		if (m->kind == IPC_MATCH_CERT_MAP)
			text_add(out, "    %s\n", m->text);
	text_add(out, "   keyring(s): %s\n   trustpoint(s):",
	    p->keyring[0] != '\0' ? p->keyring : "<none>");
	for (i = 0; i < ISAKMP_TRUSTPOINTS_MAX && p->trustpoints[i][0] != '\0'; i++)
		text_add(out, " %s", p->trustpoints[i]);
	text_add(out, "%s\n", i == 0 ? " <all>" : "");
}

const char *
show_crypto_isakmp_profile(struct show_source *src, const struct show_args *a, struct text *out)
{
	struct text running = {0};
	const char *why = show_text_of(src, SHOW_RUNNING, &running);
	const struct conf_isakmp_profile *p;
	struct config_error *errors = NULL;
	struct conf *c = conf_new();

	(void)a;
	config_text_apply(c, text_str(&running), &errors);
	if (why == NULL)
		DL_FOREACH (c->isakmp.profiles, p)
			add_profile(out, p);
	config_errors_free(errors);
	conf_free(c);
	text_free(&running);
	return why;
}

/* The SAs that are replaced still answer for a while: each peer is told once. */
static bool
told_before(const struct crypto_view *v, const struct ipc_row_ike_sa *sa)
{
	const struct ipc_row_ike_sa *it;

	ROWS_EACH(it, &v->ikes) {
		if (it == sa)
			return false;
		if (it->version == 1 && addr_eq(&it->remote, &sa->remote) &&
		    addr_eq(&it->local, &sa->local) && it->remote_port == sa->remote_port)
			return true;
	}
	return false;
}

const char *
show_crypto_isakmp_peers(struct show_source *src, const struct show_args *a, struct text *out)
{
	struct crypto_view v;
	const char *why = crypto_view_open(&v, src, false);
	const struct ipc_row_ike_sa *sa;

	if (why == NULL)
		ROWS_EACH(sa, &v.ikes) {
			if (sa->version != 1 || sa->state != IKE_QM_IDLE ||
			    !wanted_addr(a, &sa->remote) || told_before(&v, sa))
				continue;
			text_add(out, "Peer: %s Port: %u Local: %s\n", ADDR_STR(&sa->remote),
			    sa->remote_port, ADDR_STR(&sa->local));
			text_add(out, " Phase1 id: %s\n", sa->identity);
		}
	crypto_view_close(&v);
	return why;
}
