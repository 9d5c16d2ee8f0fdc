/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the renderers of IKEv2 share: IOS's names for algorithms. */
#ifndef CULVERT_SHOW_IKEV2_H
#define CULVERT_SHOW_IKEV2_H

#include "conf_ikev2.h"
#include "show_util.h"

const char *ikev2_cipher_name(uint8_t cipher);	/* "AES-CBC", without the key's length */
const char *ikev2_integ_name(uint8_t integ);	/* "SHA96"; "None" with an AEAD */
const char *ikev2_prf_name(uint8_t prf);	/* "SHA1" */

#endif
