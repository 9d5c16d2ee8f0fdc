/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What culvertd was told on its command line; monitor and control share it. */
#ifndef CULVERT_OPTIONS_H
#define CULVERT_OPTIONS_H

#include <stdbool.h>

#define PATH_LEN 256

struct options {
	bool foreground;		/* -f */
	bool control;			/* --control: the process the monitor starts */
	bool yaml_given;		/* then the file must be there */
	char workers[12];		/* of culvert.yaml; empty: espd's own choice */
	char startup[PATH_LEN];		/* -c */
	char yaml[PATH_LEN];		/* -y */
	char rundir[PATH_LEN];		/* -r */
	char libexec[PATH_LEN];		/* where the daemons are */
	const char *self;		/* our own executable */
};

#endif
