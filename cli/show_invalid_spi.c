/* SPDX-License-Identifier: GPL-3.0-or-later */
/* show crypto isakmp invalid-spi: ESP that came for SAs which are not ours, and what was done. */
#include "show_util.h"

static const char *
decision_text(uint8_t decision)
{
	static const char *const texts[] = {
		[SPI_UNDECIDED] = "none yet",
		[SPI_TOLD] = "DELETE and INVALID-SPI sent over the IKE SA with the source",
		[SPI_LIVE] = "none: the SPI is in use with this source, its packets do not fit the SA",
		[SPI_OFF] = "none: no IKE SA with the source, and invalid-spi-recovery is off",
		[SPI_NOT_STATIC] = "none: no IKE SA with the source, and it is not a static peer",
		[SPI_WAITING] = "waits for a packet 2 seconds after the first",
		[SPI_RECOVERING] = "IKE SA begun with the source, a static peer",
		[SPI_NEGOTIATING] = "IKE SA with the source was being negotiated already",
		[SPI_LIMITED] = "put off: too many recoveries with the source, or at once",
		[SPI_NO_KEY] = "none: no pre-shared key for the source",
		[SPI_RECOVERED] = "IKE SA made with the source, DELETE and INVALID-SPI sent over it",
		[SPI_TOLD_V2] = "INVALID_SPI sent inside the IKEv2 SA with the source",
		[SPI_RECOVERED_V2] = "IKEv2 SA made with the source, INVALID_SPI sent inside it",
		[SPI_HINTED] = "no IKE SA with the source: INVALID_SPI sent in clear, its question will be "
		    "answered with its crash detection token",
	};

	return decision < sizeof(texts) / sizeof(texts[0]) ? texts[decision] : "unknown";
}

static void
add_flow(struct show_source *src, const struct ipc_row_spi_flow *f, struct text *out)
{
	char first[UPTIME_STRLEN], last[UPTIME_STRLEN];

	text_add(out, "\nspi 0x%X(%u), prot %u, from %s", f->spi, f->spi, f->proto,
	    ADDR_STR(&f->src));
	if (f->encap)
		text_add(out, " port %u", f->src_port);
	text_add(out, " to %s%s%s\n", ADDR_STR(&f->dst), f->interface[0] == '\0' ? "" : ", input ",
	    f->interface);
	text_add(out, "  first %s ago, last %s ago, %llu packet%s\n",
	    age_str(src, f->first_us, first), age_str(src, f->last_us, last),
	    (unsigned long long)f->packets, f->packets == 1 ? "" : "s");
	text_add(out, "  %s\n", f->repeated ? "repeated: out of sync" :
	    "once: most likely a rekey in flight");
	text_add(out, "  decision: %s\n", decision_text(f->decision));
}

const char *
show_crypto_isakmp_invalid_spi(struct show_source *src, const struct show_args *a, struct text *out)
{
	struct rows flows;
	const char *why = rows_ask(&flows, src, IPC_IKED, SHOW_SPI_FLOWS, IPC_MSG_ROW_SPI_FLOW);
	const struct ipc_row_spi_flow *f;

	if (why == NULL)
		text_add(out, "Packets with an invalid SPI, by source, destination and SPI\n");
	ROWS_EACH(f, &flows)
		if (wanted_addr(a, &f->src))
			add_flow(src, f, out);
	rows_free(&flows);
	return why;
}
