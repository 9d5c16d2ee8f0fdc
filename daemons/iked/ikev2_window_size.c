/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ikev2_window_size.h"

#include "kept.h"
#include "log.h"
#include "payload2.h"

static bool
is_said(const struct ikev2_sa *sa)
{
	return sa->engine->conf.v2.global.window <= sa->window.local ||
	    sa->window.local == IKEV2_WINDOW_MAX;
}

void
window_size_put(struct ikev2_sa *sa, struct ikev2_build *b)
{
	uint8_t size[4] = {0};

	if (is_said(sa))
		return;
	window_grow(&sa->window.local, sa->engine->conf.v2.global.window);
	size[3] = sa->window.local;
	notify2_write(b, 0, N2_SET_WINDOW_SIZE, (struct slice){NULL, 0}, slice_of(size, sizeof(size)));
	ikev2_debug(sa, "told the peer that it may make %u requests at once", sa->window.local);
}

void
window_size_take(struct ikev2_sa *sa, const struct ikev2_msg *m)
{
	struct notify2 n;
	struct rbuf r;
	uint32_t size;

	if (!notify2_find(m, N2_SET_WINDOW_SIZE, 0, &n))
		return;
	rbuf_init(&r, n.data.p, n.data.len);
	size = rbuf_be32(&r);
	if (!rbuf_done(&r) || !window_grow(&sa->window.remote, size))
		return;
	ikev2_debug(sa, "the peer takes %u requests at once, %u of which are made", size,
	    sa->window.remote);
	kept_save_sa2(sa);
}

void
window_size_later(struct ikev2_sa *sa)
{
	if (ikev2_sa_is_up(sa) && !is_said(sa))
		ikev2_task_add(sa, TASK_WINDOW, 0);
}

/* Another request or answer may have said it meanwhile. */
bool
ikev2_begin_window(struct ikev2_ask *a)
{
	struct ikev2_build b;

	if (is_said(a->sa))
		return false;
	ikev2_build_begin(&b);
	window_size_put(a->sa, &b);
	return ikev2_request(a, EXCHANGE2_INFO, &b);
}

void
window_size_configured(struct ike_engine *e)
{
	struct ikev2_sa *sa, *tmp;

	if (e->conf.v2.global.window == e->window_said)
		return;
	e->window_said = e->conf.v2.global.window;
	HASH_ITER (hh, e->sas2, sa, tmp)
		window_size_later(sa);
}
