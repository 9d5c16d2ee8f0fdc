/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Two routers with the lines of a crypto map between them, so that much is asked at once; and
 * what was said meanwhile.
 */
#ifndef CULVERT_LINES_SCENE_H
#define CULVERT_LINES_SCENE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "cmap_scene.h"
#include "ikev2.h"

enum { WINDOW = 4, LINES = 8 };

extern const char *const lines_nets_a[LINES], *const lines_nets_b[LINES];

/* Both are configured with these windows, and the first line is up. */
void lines_init(struct pair *p, uint8_t window_a, uint8_t window_b);
struct ike_peer *lines_peer(struct pair_side *s, unsigned int i);	/* of line i; or NULL */
void lines_want(struct pair_side *s, unsigned int i);	/* a packet of line i; the wire stands still */
struct ikev2_sa *lines_sa(struct pair_side *s);	/* the one that there is */
/* So many lines are up, nothing is under way, and nothing was said in two ways. */
void lines_settled(struct pair *p, unsigned int lines);

/* Each message that left, once: another with its SPIs, direction and ID must be the same. */
struct lines_message {
	bool to_a, answer;
	uint8_t spis[2 * IKE_SPI_LEN];
	uint32_t msgid;
	unsigned int lost;		/* times */
	size_t len;
	uint8_t b[600];
};

extern unsigned int lines_messages;	/* that left since lines_forget() */
extern bool lines_changed;		/* one came again and was not the same */
extern unsigned int lines_repeated;	/* answers that came again */

struct lines_message *lines_note(struct pair *p, const struct flight *f);
unsigned int lines_requests_to(bool to_a);	/* how many requests to that side there were */
void lines_forget(void);

/* Filters that note what they see. */
bool lines_watch(struct pair *p, const struct flight *f);
bool lines_lose_answers(struct pair *p, const struct flight *f);

#endif
