/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "cmap_scene.h"

const struct cmap_line
	cmap_web_a = {.seq = 10, .local = "10.1.0.0/16", .remote = "10.2.0.0/16"},
	cmap_web_b = {.seq = 10, .local = "10.2.0.0/16", .remote = "10.1.0.0/16"},
	cmap_ssh_a = {.seq = 20, .proto = 6, .local = "10.3.0.1/32", .remote = "10.4.0.0/24",
	    .local_port = 22},
	cmap_ssh_b = {.seq = 20, .proto = 6, .local = "10.4.0.0/24", .remote = "10.3.0.1/32",
	    .remote_port = 22},
	cmap_any_b = {.seq = 0, .local = "0.0.0.0/0", .remote = "0.0.0.0/0", .dynamic = true};

static void
name_of(const struct cmap_line *l, char name[64])
{
	snprintf(name, 64, "M 10 %u@wan0", l->seq);
}

void
cmap_set_line(struct pair_side *s, const struct cmap_line *l, const struct addr *from,
    const struct addr *peer)
{
	struct ipc_ipsec_profile prof = {.transforms = 1, .cipher0 = CIPHER_AES_GCM, .bits0 = 128,
	    .mode0 = l->mode == 0 ? MODE_TUNNEL : l->mode, .life_s = 3600, .replay_window = 64};
	struct ipc_protection prot = {.tunnel = "GigabitEthernet0/0", .local = *from,
	    .kind = TUNNEL_CMAP, .map = "M", .seq = 10, .dynamic = l->dynamic,
	    .proxy_proto = (uint8_t)l->proto, .proxy_local_port = (uint16_t)l->local_port,
	    .proxy_remote_port = (uint16_t)l->remote_port};

	if (s->pair->version == 2)
		snprintf(prot.ikev2_profile, sizeof(prot.ikev2_profile), "V2");
	snprintf(prof.name, sizeof(prof.name), "crypto map M 10");
	memcpy(prot.profile, prof.name, sizeof(prot.profile));
	name_of(l, prot.protection);
	assert_true(prefix_parse(&prot.proxy_local, l->local));
	assert_true(prefix_parse(&prot.proxy_remote, l->remote));
	if (peer != NULL)
		prot.remote = *peer;
	conf_set_profile(&s->e.conf, &prof);
	conf_set_protection(&s->e.conf, &prot);
	engine_config_done(&s->e);
}

void
cmap_set_peer(struct pair_side *s, const struct cmap_line *l, unsigned int position, const char *peer)
{
	struct ipc_protect_peer m = {.position = (uint8_t)position};

	name_of(l, m.protection);
	assert_true(addr_parse(&m.remote, peer));
	conf_set_protect_peer(&s->e.conf, &m);
	engine_config_done(&s->e);
}

void
cmap_packet(struct pair_side *s, const struct cmap_line *l)
{
	struct ike_peer *p;
	char name[64];

	name_of(l, name);
	p = peer_of_line(&s->e, name);
	assert_non_null(p);
	engine_sa_want(&s->e, p->ref);
	pair_run(s->pair);
}

void
cmap_traffic(struct pair_side *s, const struct cmap_line *l)
{
	cmap_packet(s, l);
	pair_pass(s->pair, 3000);
}

struct ipc_sa *
cmap_current(struct pair_side *s, const char *remote_net)
{
	unsigned int i;

	for (i = 0; i < PAIRS_MAX; i++)
		if (s->sas[i].spi != 0 && s->sas[i].stage == SA_CURRENT &&
		    strcmp(PREFIX_STR(&s->sas[i].ts_remote), remote_net) == 0)
			return &s->sas[i];
	return NULL;
}

void
cmap_check_flow(struct pair *p, const char *net_a, const char *net_b)
{
	struct ipc_sa *a = cmap_current(&p->a, net_b), *b = cmap_current(&p->b, net_a);

	assert_non_null(a);
	assert_non_null(b);
	assert_int_equal(a->peer_spi, b->spi);
	assert_int_equal(b->peer_spi, a->spi);
	assert_true(prefix_eq(&a->ts_local, &b->ts_remote));
	assert_int_equal(a->ts_proto, b->ts_proto);
	assert_int_equal(a->ts_local_port, b->ts_remote_port);
	assert_int_equal(a->ts_remote_port, b->ts_local_port);
	assert_int_equal(a->out_key.len, b->in_key.len);
	assert_memory_equal(a->out_key.b, b->in_key.b, b->in_key.len);
	assert_memory_equal(a->in_key.b, b->out_key.b, b->out_key.len);
}

void
cmap_both(struct pair *p, const struct cmap_line *a, const struct cmap_line *b)
{
	cmap_set_line(&p->a, a, &p->a.addr, &p->b.addr);
	cmap_set_line(&p->b, b, &p->b.addr, &p->a.addr);
	pair_run(p);
}

void
cmap_check_web(struct pair *p)
{
	cmap_check_flow(p, cmap_web_a.local, cmap_web_a.remote);
}

void
cmap_dead_peer_first(struct pair *p)
{
	struct addr dead;

	assert_true(addr_parse(&dead, CMAP_DEAD));
	cmap_set_line(&p->a, &cmap_web_a, &p->a.addr, &dead);
	cmap_set_peer(&p->a, &cmap_web_a, 1, ADDR_STR(&p->b.addr));
	cmap_set_line(&p->b, &cmap_web_b, &p->b.addr, &p->a.addr);
}

bool
cmap_to_living_only(struct pair *p, const struct flight *f)
{
	(void)p;
	return strcmp(ADDR_STR(&f->path.local), CMAP_DEAD) != 0;
}
