/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A batch of frames from one of a crypto map's TAPs: what out_cmap.c and in_cmap.c begin with. */
#ifndef CULVERT_CMAP_READ_H
#define CULVERT_CMAP_READ_H

#include "frame.h"
#include "worker.h"

/* Takes a frame whose front is f->front, with `len` bytes behind it in w->tun_buf. */
typedef enum drop cmap_frame(struct worker *w, struct crypto_map *m, struct frame *f, size_t len);

/* A frame without its front, and what `take` refuses, is dropped and counted: as `runt`, as it says. */
void cmap_read(struct worker *w, struct crypto_map *m, int fd, cmap_frame *take, enum drop runt);

#endif
