/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A packet from the wire, through the decoder and then through a hub that has
 * clients: no crash, and what is read and written again is read as the same.
 *
 * The input's last bytes need no right checksum: it is mended here, so that
 * the fuzzer gets past it.
 */
#include <stdlib.h>
#include <string.h>

#include "inet_sum.h"
#include "log.h"
#include "nhrp_packet.h"
#include "../unit/nhrp_sim.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void
quiet(void *arg, enum log_severity sev, const char *facility, const char *mnemonic,
    const char *text)
{
	(void)arg;
	(void)sev;
	(void)facility;
	(void)mnemonic;
	(void)text;
}

static size_t
mend(uint8_t *b, size_t len)
{
	uint16_t sum;

	if (len < NHRP_FIXED_LEN)
		return len;
	b[NHRP_OFFSET_SIZE] = (uint8_t)(len >> 8);
	b[NHRP_OFFSET_SIZE + 1] = (uint8_t)len;
	b[NHRP_OFFSET_CHECKSUM] = b[NHRP_OFFSET_CHECKSUM + 1] = 0;
	sum = inet_checksum(b, len);
	b[NHRP_OFFSET_CHECKSUM] = (uint8_t)(sum >> 8);
	b[NHRP_OFFSET_CHECKSUM + 1] = (uint8_t)sum;
	return len;
}

static void
there_and_back(const uint8_t *b, size_t len)
{
	static struct nhrp_packet p, q;
	uint8_t out[2 * NHRP_PACKET_MAX];
	struct wbuf w;

	if (nhrp_packet_read(&p, b, len) != NULL)
		return;
	wbuf_init(&w, out, sizeof(out));
	nhrp_packet_write(&w, &p);
	if (w.bad || !addr_is_set(&p.src_nbma))
		return;		/* the family of an absent address is not written */
	if (nhrp_packet_read(&q, out, wbuf_len(&w)) != NULL || q.type != p.type ||
	    q.cie_count != p.cie_count || q.ext_count != p.ext_count ||
	    q.request_id != p.request_id || !slice_eq(q.data, p.data))
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static struct sim *s;
	static unsigned int runs;
	uint8_t b[NHRP_PACKET_MAX];

	if (len == 0 || len > sizeof(b))
		return 0;
	memcpy(b, data, len);
	there_and_back(b, len);
	mend(b, len);
	there_and_back(b, len);
	log_set_sink(quiet, NULL);
	if (runs++ % 4096 == 0 && s != NULL) {
		sim_free(s);
		s = NULL;
	}
	if (s == NULL) {
		s = sim_dmvpn(2, "");
		s->node[HUB].conf.auth[0] = s->node[SPOKE1].conf.auth[0] = '\0';
		sim_configure(&s->node[HUB]);
		sim_configure(&s->node[SPOKE1]);
		sim_run_s(s, 2);
	}
	sim_inject(&s->node[HUB], &s->node[SPOKE1].local, 0, b, len);
	sim_inject(&s->node[SPOKE1], &s->node[HUB].local, 0, b, len);
	sim_run_ms(s, 50);
	return 0;
}
