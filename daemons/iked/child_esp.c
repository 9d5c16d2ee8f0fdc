/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "child_esp.h"

#include <stdlib.h>
#include <string.h>

#include "log.h"
#include "secret.h"

struct child_esp_keys {
	uint8_t key_len, auth_len;
	uint8_t b[];		/* cipher key and HMAC key of what comes in, then of what goes out */
};

static size_t
keys_bytes(const struct child_esp_keys *k)
{
	return 2 * ((size_t)k->key_len + k->auth_len);
}

void
child_esp_drop_keys(struct child_esp *esp)
{
	if (esp->keys == NULL)
		return;
	wipe(esp->keys->b, keys_bytes(esp->keys));
	free(esp->keys);
	esp->keys = NULL;
}

void
child_esp_set_keys(struct child_esp *esp, const struct ipc_sa *m)
{
	size_t k = m->in_key.len, a = m->in_auth.len;
	struct child_esp_keys *keys;

	child_esp_drop_keys(esp);
	if (k + a == 0)
		return;
	keys = malloc(sizeof(*keys) + 2 * (k + a));
	if (keys == NULL)
		log_fatal("out of memory for the keys of a pair of SAs");
	keys->key_len = (uint8_t)k;
	keys->auth_len = (uint8_t)a;
	memcpy(keys->b, m->in_key.b, k);
	memcpy(keys->b + k, m->in_auth.b, a);
	memcpy(keys->b + k + a, m->out_key.b, k);
	memcpy(keys->b + k + a + k, m->out_auth.b, a);
	esp->keys = keys;
}

void
child_esp_from_ipc(struct child_esp *esp, const struct ipc_sa *m)
{
	child_esp_drop_keys(esp);
	*esp = (struct child_esp){
	    .spi = m->spi, .peer_spi = m->peer_spi, .stage = m->stage, .mode = m->mode,
	    .encap = m->encap, .esn = m->esn, .cipher = m->cipher, .integ = m->integ,
	    .key_bits = m->key_bits, .replay_window = m->replay_window, .ts_proto = m->ts_proto,
	    .ts_local_port = m->ts_local_port, .ts_remote_port = m->ts_remote_port,
	    .ts_local = m->ts_local, .ts_remote = m->ts_remote, .soft_bytes = m->soft_bytes,
	    .hard_bytes = m->hard_bytes, .soft_at_us = m->soft_at_us, .hard_at_us = m->hard_at_us,
	};
	child_esp_set_keys(esp, m);
}

void
child_esp_to_ipc(const struct child_esp *esp, struct ipc_sa *m)
{
	const struct child_esp_keys *keys = esp->keys;
	const uint8_t *out;

	*m = (struct ipc_sa){
	    .spi = esp->spi, .peer_spi = esp->peer_spi, .stage = esp->stage, .mode = esp->mode,
	    .encap = esp->encap, .esn = esp->esn, .cipher = esp->cipher, .integ = esp->integ,
	    .key_bits = esp->key_bits, .replay_window = esp->replay_window,
	    .ts_proto = esp->ts_proto, .ts_local_port = esp->ts_local_port,
	    .ts_remote_port = esp->ts_remote_port, .ts_local = esp->ts_local,
	    .ts_remote = esp->ts_remote, .soft_bytes = esp->soft_bytes,
	    .hard_bytes = esp->hard_bytes, .soft_at_us = esp->soft_at_us,
	    .hard_at_us = esp->hard_at_us,
	};
	if (keys == NULL)
		return;
	out = keys->b + keys->key_len + keys->auth_len;
	esp_secret_set(&m->in_key, keys->b, keys->key_len);
	esp_secret_set(&m->in_auth, keys->b + keys->key_len, keys->auth_len);
	esp_secret_set(&m->out_key, out, keys->key_len);
	esp_secret_set(&m->out_auth, out + keys->key_len, keys->auth_len);
}
