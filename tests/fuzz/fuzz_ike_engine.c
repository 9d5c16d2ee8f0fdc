/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A responder that hears one datagram after another from a stranger.
 *
 * Input: records of a length (two bytes, big-endian) and a datagram.  The
 * responder's cookie is filled in where the record has eight bytes of 0xff, so
 * that the fuzzer gets past the first message.
 */
#include <stdint.h>
#include <string.h>

#include "engine_life.h"
#include "events.h"
#include "ike_sa.h"
#include "kept.h"
#include "log.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
no_send(void *user, const struct ike_path *path, struct slice datagram)
{
	(void)user;
	(void)path;
	(void)datagram;
}

static bool
no_espd(void *user, enum ipc_type type, const void *body)
{
	(void)user;
	(void)type;
	(void)body;
	return true;
}

static void
no_nhrpd(void *user, const struct ipc_peer_state *state)
{
	(void)user;
	(void)state;
}

static void
no_log(void *arg, enum log_severity sev, const char *facility, const char *mnemonic,
    const char *text)
{
	(void)arg;
	(void)sev;
	(void)facility;
	(void)mnemonic;
	(void)text;
}

static const struct ike_ops ops = {no_send, no_espd, no_nhrpd};

static void
configure(struct ike_engine *e)
{
	struct ipc_ike_global global = {.enabled = 1, .dpd_s = 10};
	struct ipc_ike_policy policy = {.priority = 10, .cipher = CIPHER_AES_CBC, .key_bits = 128,
	    .hash = HASH_SHA1, .group = 19, .life_s = 86400};
	struct ipc_isakmp_global isakmp = {.fragmentation = 1};
	struct ipc_ike_key key = {.peer = {.addr = {.family = ADDR_V4}}};
	struct ipc_protection prot = {.protection = "T", .profile = "P",
	    .local = addr_v4(0xc0000202), .kind = TUNNEL_MGRE};

	conf_set_global(&e->conf, &global);
	conf1_message(&e->conf.v1, IPC_MSG_ISAKMP_GLOBAL, &isakmp);
	conf_set_policy(&e->conf, &policy);
	secret_set(&key.secret, "k", 1);
	conf_set_psk(&e->conf, &key);
	conf_set_protection(&e->conf, &prot);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const uint8_t marker[8] = {255, 255, 255, 255, 255, 255, 255, 255};
	static uint8_t buf[IKE_DATAGRAM_MAX + 16];
	struct ike_path path = {addr_v4(0xc0000202), addr_v4(0xc0000201), 500, 500};
	struct ike_engine e;
	struct rbuf r;
	bool warm;

	log_set_sink(no_log, NULL);
	engine_init(&e, loop_new_test(mono_s(1000)), &ops, NULL, kept_open(-1, &warm));
	configure(&e);
	for (rbuf_init(&r, data, size); rbuf_left(&r) > 2;) {
		uint16_t len = rbuf_be16(&r);
		struct slice s = rbuf_slice(&r, len < rbuf_left(&r) ? len : rbuf_left(&r));

		if (s.len > sizeof(buf))
			break;
		memcpy(buf, s.p, s.len);
		if (s.len >= 16 && e.sas != NULL && memcmp(buf + 8, marker, sizeof(marker)) == 0)
			memcpy(buf + 8, e.sas->ours, 8);
		engine_receive(&e, &path, slice_of(buf, s.len));
	}
	loop_advance(e.loop, mono_s(300));
	engine_free(&e);
	kept_close(e.kept);
	loop_free(e.loop);
	return 0;
}
