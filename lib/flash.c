/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flash.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

static const char *const places[] = {"flash:", "bootflash:", "disk0:"};

/* Length of the place's name; 0: there is none. */
static size_t
place_len(const char *url)
{
	size_t i;

	for (i = 0; i < sizeof(places) / sizeof(places[0]); i++)
		if (strncmp(url, places[i], strlen(places[i])) == 0)
			return strlen(places[i]);
	return 0;
}

bool
flash_is_place(const char *url)
{
	return place_len(url) > 0;
}

const char *
flash_name(const char *url)
{
	const char *name = url + place_len(url);

	return name + (*name == '/');
}

const char *
flash_path(const char *rundir, const char *url, char *path, size_t room)
{
	const char *name = flash_name(url);
	size_t i;

	for (i = 0; name[i] != '\0'; i++)
		if (!isalnum((unsigned char)name[i]) && strchr("._-+@", name[i]) == NULL)
			break;
	if (i == 0 || name[i] != '\0' || name[0] == '.')
		return "a file is flash:NAME, with letters, digits and ._-+@ in its name";
	if ((size_t)snprintf(path, room, "%s/flash/%s", rundir, name) >= room)
		return "the file's name is too long";
	return NULL;
}
