/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Small languages inside commands: keys, cron entries, what follows a bar, file names;
 * and certificates as they are pasted.
 *
 * The first byte chooses which.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "cert.h"
#include "cli/pipe.h"
#include "cron.h"
#include "flash.h"
#include "key_text.h"
#include "type6.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A key that is read is written as one that is the same. */
static void
read_key(enum key_form form, const char *s)
{
	struct key_text k, again;
	struct text out = {0};
	const char *at;

	if (key_text_read(&k, form, s, strlen(s)) != NULL)
		return;
	key_text_write(&out, &k);
	at = text_str(&out) + (form == KEY_TYPE_7 || strncmp(text_str(&out), "0 ", 2) == 0 ? 2 :
	    form == KEY_HEX ? 4 : 0);
	if (key_text_read(&again, form, at, strlen(at)) != NULL || !key_text_eq(&k, &again))
		abort();
	text_free(&out);
}

/* What is opened is the same when it was sealed again. */
static void
read_type_6(const char *s)
{
	struct slice master = slice_of("fuzzing", 7);
	struct secret key, again;
	char sealed[TYPE6_TEXT_MAX];

	if (!type6_open(master, slice_of(s, strlen(s)), &key))
		return;
	if (!type6_seal(master, &key, sealed) ||
	    !type6_open(master, slice_of(sealed, strlen(sealed)), &again) ||
	    again.len != key.len || memcmp(again.b, key.b, key.len) != 0)
		abort();
}

static void
read_cron(const char *s)
{
	struct tm t = {.tm_mday = 31, .tm_mon = 11, .tm_hour = 23, .tm_min = 59, .tm_wday = 6};
	struct cron c;

	if (cron_parse(&c, s))
		(void)cron_fits(&c, &t);
}

static void
read_pipe(char *s)
{
	struct text out = {0};
	struct pipe p = {0};
	const char *why;
	unsigned int at;

	if (pipe_parse(&p, pipe_rows, s, &at, &why) != LINE_OK)
		return;
	pipe_run(&p, "interface Tunnel0\n ip address 10.0.0.1 255.255.255.0\n!\nend\n", &out);
	pipe_free(&p);
	text_free(&out);
}

/* No name leads out of the folder. */
static void
read_file_name(const char *s)
{
	static const char folder[] = "/run/x/flash/";
	char path[64];

	if (flash_path("/run/x", s, path, sizeof(path)) != NULL)
		return;
	if (strncmp(path, folder, sizeof(folder) - 1) != 0 ||
	    strchr(path + sizeof(folder) - 1, '/') != NULL || path[sizeof(folder) - 1] == '.')
		abort();
}

/* What is a certificate still is one after it was text, and then does not change any more. */
static void
read_certs(const char *s)
{
	uint8_t once[CERT_DER_MAX], twice[CERT_DER_MAX];
	struct text pem = {0};
	unsigned int n;
	size_t len;

	for (n = 0; n < 4 && (len = cert_from_text(s, n, once)) > 0; n++) {
		cert_to_pem(&pem, slice_of(once, len));
		if (cert_from_text(text_str(&pem), n, twice) != len || memcmp(once, twice, len) != 0)
			abort();
	}
	text_free(&pem);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *s;

	if (size == 0)
		return 0;
	s = malloc(size);
	memcpy(s, data + 1, size - 1);
	s[size - 1] = '\0';
	switch (data[0] % 8) {
	case 0:
	case 1:
	case 2:
		read_key((enum key_form)(data[0] % 8), s);
		break;
	case 3:
		read_cron(s);
		break;
	case 4:
		read_pipe(s);
		break;
	case 5:
		read_file_name(s);
		break;
	case 7:
		read_type_6(s);
		break;
	default:
		read_certs(s);
	}
	free(s);
	return 0;
}
