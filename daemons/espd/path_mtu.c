/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "path_mtu.h"

#include "ipc_msgs.h"
#include "shared.h"

#define LEAST_V4 68		/* RFC 791: no router may be asked for less */
#define LEAST_V6 1280		/* RFC 8200 5 */

static void
publish(struct path_mtu *w)
{
	uint16_t mtu = w->link;

	if (w->learned != 0 && (mtu == 0 || w->learned < mtu))
		mtu = w->learned;
	stat_set(&w->mtu, mtu);
}

void
path_mtu_set_link(struct path_mtu *w, uint16_t link)
{
	w->link = link;
	w->looked_up = true;
	publish(w);
}

bool
path_mtu_learn(struct path_mtu *w, uint16_t said, const struct path_trust *trust, mono_t now)
{
	uint16_t mtu = said < trust->least ? trust->least : said;

	if (w->mtu != 0 && (mtu > w->mtu || (mtu == w->mtu && (said == mtu || w->narrow))))
		return false;
	w->learned = mtu;
	w->until_us = trust->age_min == 0 ? 0 : now.us + trust->age_min * mono_s(60).us;
	stat_set(&w->narrow, said < trust->least);
	publish(w);
	return true;
}

void
path_mtu_forget(struct path_mtu *w)
{
	w->link = w->learned = 0;
	w->looked_up = false;
	stat_set(&w->narrow, false);
	publish(w);
}

void
path_mtu_age(struct path_mtu *w, mono_t now)
{
	if (w->learned == 0 || w->until_us == 0 || now.us < w->until_us)
		return;
	w->learned = 0;
	stat_set(&w->narrow, false);
	publish(w);
}

enum path_fit
path_fit(const struct path_rule *r, const struct path_mtu *w, const struct inner *in, size_t room,
    bool *df)
{
	bool never = !r->learns || r->df == IPC_DF_CLEAR || stat_get(&w->narrow);
	bool set = !never && (r->df == IPC_DF_SET || in->df);

	*df = set;
	if (in->len <= room)
		return PATH_WHOLE;
	/* Who sends less than anybody may be asked to is helped by what comes after this. */
	*df = false;
	if (room < LEAST_V4 || (in->version == 6 && (never || in->len <= LEAST_V6)) ||
	    (in->df && !r->learns) || (r->cut_after && !set))
		return PATH_WHOLE;
	*df = set;
	return in->df && !never ? PATH_TELL : PATH_CUT;
}
