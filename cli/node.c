/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/node.h"

#include <glob.h>
#include <stdio.h>
#include <string.h>

/* path is BASE/LAB/NODE: is it called NODE, or LAB-NODE? */
static bool
is_called(const char *path, size_t base_len, const char *name)
{
	const char *lab = path + base_len + 1, *node = strchr(lab, '/');
	size_t lab_len;

	if (node == NULL)
		return false;
	lab_len = (size_t)(node++ - lab);
	if (strcmp(node, name) == 0)
		return true;
	return strncmp(name, lab, lab_len) == 0 && name[lab_len] == '-' &&
	    strcmp(name + lab_len + 1, node) == 0;
}

/* Path without what was globbed for behind the node. */
static void
cut_socket(char *path)
{
	char *slash = strrchr(path, '/');

	if (slash != NULL)
		*slash = '\0';
}

bool
node_rundir(const char *base, const char *name, char *rundir, size_t room, char why[256])
{
	char pattern[256];
	unsigned int found = 0;
	size_t i;
	glob_t g;

	snprintf(pattern, sizeof(pattern), "%s/*/*/control.sock", base);
	if (glob(pattern, 0, NULL, &g) != 0)
		g.gl_pathc = 0;
	for (i = 0; i < g.gl_pathc; i++) {
		cut_socket(g.gl_pathv[i]);
		if (!is_called(g.gl_pathv[i], strlen(base), name))
			continue;
		if (found++ == 0)
			snprintf(rundir, room, "%s", g.gl_pathv[i]);
	}
	if (found > 1)
		snprintf(why, 256, "%s is in more than one lab; name it LAB-NODE", name);
	if (found == 0)
		snprintf(why, 256, "no running router %s in %s; `culvert-lab status LAB.yaml` says what runs", name,
		    base);
	globfree(&g);
	return found == 1;
}
