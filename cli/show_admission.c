/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * show crypto call admission statistics, show crypto eli [all], and the counts
 * of SAs.  What IOS prints of hardware is not here: there is one engine, in
 * software.
 */
#include <stdio.h>

#include "show_crypto.h"

typedef unsigned long long ull;

#define RULE "---------------------------------------------------------------------\n"

static const char *
ask(struct rows *rows, struct show_source *src, const struct ipc_row_admission **r)
{
	const char *why = rows_ask(rows, src, IPC_IKED, SHOW_ADMISSION, IPC_MSG_ROW_ADMISSION);

	*r = rows_at(rows, 0);
	return why == NULL && *r == NULL ? "iked does not answer" : why;
}

static void
add_requests(struct text *out, const char *what, uint64_t accepted, uint64_t rejected)
{
	text_add(out, "%s Requests: %8llu accepted: %8llu rejected: %8llu\n", what,
	    (ull)(accepted + rejected), (ull)accepted, (ull)rejected);
}

/*
 * No resource limit, no strength enforcement and no phase 1.5 are built in,
 * and messages do not wait in a queue: those are 0, as IOS prints them then.
 */
static void
add_statistics(struct text *out, const struct ipc_row_admission *r)
{
	uint32_t active = r->active1 + r->active2, negotiating = r->negotiating1 + r->negotiating2;

	text_add(out, RULE "               Crypto Call Admission Control Statistics\n" RULE);
	text_add(out, "System Resource Limit: %8u Max IKE SAs: %5u Max in nego: %5u\n", 0,
	    r->max_sas, r->max_negotiating);
	text_add(out, "Total IKE SA Count:    %8u active:   %8u negotiating: %5u\n",
	    active + negotiating, active, negotiating);
	add_requests(out, "Incoming IKE", r->in_accepted, r->in_rejected);
	add_requests(out, "Outgoing IKE", r->out_accepted, r->out_rejected);
	text_add(out, "Rejected IKE Requests: %8llu rsrc low: %8u Active SA limit: %llu\n",
	    (ull)(r->in_rejected + r->out_rejected), 0, (ull)r->by_sas);
	text_add(out, "%51sIn-neg SA limit: %llu\n", "", (ull)r->by_negotiating);
	text_add(out, "IKE packets dropped at dispatch: %8u\n\n", 0);
	text_add(out, "Max IPSEC SAs: %5u\n", 0);
	text_add(out, "Total IPSEC SA Count:    %8u active:   %8u negotiating: %5u\n",
	    r->pairs + r->pairs_negotiating, r->pairs, r->pairs_negotiating);
	add_requests(out, "Incoming IPSEC", r->pairs_in, r->pairs_in_rejected);
	add_requests(out, "Outgoing IPSEC", r->pairs_out, 0);
	text_add(out, "SA Strength Enforcement Rejects:  incoming: %8u outgoing: %8u\n\n", 0, 0);
	text_add(out, "Phase1.5 SAs under negotiation: %9u\n", 0);
}

const char *
show_crypto_call_admission(struct show_source *src, const struct show_args *a, struct text *out)
{
	const struct ipc_row_admission *r;
	struct rows rows;
	const char *why = ask(&rows, src, &r);

	(void)a;
	if (why == NULL)
		add_statistics(out, r);
	rows_free(&rows);
	return why;
}

/* --- show crypto eli --- */

/* "max" is a limit: of IKE SAs the configured one, of pairs the slots that SPIs are made of. */
static void
add_sessions(struct text *out, const char *name, uint32_t active, const char *max, uint64_t failed,
    uint64_t created)
{
	text_add(out, " %-13s : %5u active, %5s max, %llu failed, %llu created\n", name, active, max,
	    (ull)failed, (ull)created);
}

static const char *
show_eli(struct show_source *src, struct text *out, bool all)
{
	const struct ipc_row_admission *r;
	char sas[16] = "no", pairs[16];
	struct rows rows;
	const char *why = ask(&rows, src, &r);

	if (why == NULL) {
		if (r->max_sas != 0)
			snprintf(sas, sizeof(sas), "%u", r->max_sas);
		snprintf(pairs, sizeof(pairs), "%u", 1u << IPC_SPI_SLOT_BITS);
		text_add(out, "Hardware Encryption : INACTIVE\n Number of %scrypto engines = %d\n\n",
		    all ? "" : "hardware ", all);
		text_add(out, " CryptoEngine Software Crypto Engine details: state = Active\n"
		    " Capability    : DES, 3DES, AES, GCM, GMAC, CHACHA20-POLY1305, RSA, P-256, P-384, "
		    "P-521, IPv6, ESN\n\n");
		add_sessions(out, "IKE-Session", r->active1, sas, r->failed1, r->created1);
		add_sessions(out, "IKEv2-Session", r->active2, sas, r->failed2, r->created2);
		add_sessions(out, "IPSec-Session", r->pairs, pairs, r->pairs_failed, r->pairs_created);
	}
	rows_free(&rows);
	return why;
}

const char *
show_crypto_eli(struct show_source *src, const struct show_args *a, struct text *out)
{
	(void)a;
	return show_eli(src, out, false);
}

const char *
show_crypto_eli_all(struct show_source *src, const struct show_args *a, struct text *out)
{
	(void)a;
	return show_eli(src, out, true);
}

/* --- counts --- */

const char *
show_crypto_isakmp_sa_count(struct show_source *src, const struct show_args *a, struct text *out)
{
	unsigned int active = 0, negotiating = 0, dead = 0;
	const struct ipc_row_ike_sa *sa;
	struct rows rows;
	const char *why = rows_ask(&rows, src, IPC_IKED, SHOW_IKE_SA, IPC_MSG_ROW_IKE_SA);

	(void)a;
	ROWS_EACH(sa, &rows) {
		if (sa->version != 1)
			continue;
		if (sa->deleted)
			dead++;
		else if (ike_is_up(sa))
			active++;
		else
			negotiating++;
	}
	if (why == NULL)
		text_add(out, "Active ISAKMP SA's: %u\n\nStandby ISAKMP SA's: 0\n\nCurrently being "
		    "negotiated ISAKMP SA's: %u\n\nDead ISAKMP SA's: %u\n", active, negotiating, dead);
	rows_free(&rows);
	return why;
}

/* A pair counts as two, as on IOS.  One that is not current any more has been rekeyed. */
const char *
show_crypto_ipsec_sa_count(struct show_source *src, const struct show_args *a, struct text *out)
{
	unsigned int current = 0, rekeying = 0;
	const struct ipc_row_flow *f;
	struct rows rows;
	const char *why = rows_ask(&rows, src, IPC_IKED, SHOW_FLOWS, IPC_MSG_ROW_FLOW);

	(void)a;
	ROWS_EACH(f, &rows)
		if (f->spi_in != 0)
			*(f->current ? &current : &rekeying) += 2;
	if (why == NULL)
		text_add(out, "IPsec SA total: %u, active: %u, rekeying: %u, unused: 0, invalid: 0\n",
		    current + rekeying, current, rekeying);
	rows_free(&rows);
	return why;
}

static void
add_ikev2_count(struct text *out, const struct ipc_row_admission *r, unsigned int deleting)
{
	uint32_t up = r->active2 > deleting ? r->active2 - deleting : 0;

	text_add(out, "%u Negotiating SAs\n%u Session\n%u Active SAs\n%llu Created SAs\n",
	    r->negotiating2, up, up, (ull)r->created2);
	text_add(out, "%llu Deleted SAs\n%u Marked for Deletion SAs\n",
	    (ull)r->ended2, deleting);
}

const char *
show_crypto_ikev2_count(struct show_source *src, const struct show_args *a, struct text *out)
{
	const struct ipc_row_admission *r;
	const struct ipc_row_ikev2_sa *sa;
	struct rows rows, sas = {0};
	unsigned int deleting = 0;
	const char *why = ask(&rows, src, &r);

	(void)a;
	if (why == NULL)
		why = rows_ask(&sas, src, IPC_IKED, SHOW_IKEV2_SA, IPC_MSG_ROW_IKEV2_SA);
	ROWS_EACH(sa, &sas)
		deleting += sa->state == IPC_IKEV2_REKEYED || sa->state == IPC_IKEV2_DELETING;
	if (why == NULL)
		add_ikev2_count(out, r, deleting);
	rows_free(&sas);
	rows_free(&rows);
	return why;
}
