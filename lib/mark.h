/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The mark (SO_MARK) on what iked and espd send: crypto maps' hooks let it pass. */
#ifndef CULVERT_MARK_H
#define CULVERT_MARK_H

#define WIRE_MARK 0x63756c76u	/* "culv" */

#endif
