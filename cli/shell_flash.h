/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Commands of the shell about the files of flash:, for those who are privileged. */
#ifndef CULVERT_SHELL_FLASH_H
#define CULVERT_SHELL_FLASH_H

#include "cli/shell.h"

extern const struct cmd shell_a_file[], shell_dir_of[];
cmd_run shell_delete_run, shell_dir_run, shell_more_run, shell_show_flash_run;

#define SHELL_FLASH_ROWS								\
	{ "delete", "Delete a file", .verbs = CMD_SET, .sub = shell_a_file,		\
	    .run = shell_delete_run },							\
	{ "dir", "List files on a filesystem", .verbs = CMD_SET, .sub = shell_dir_of,	\
	    .end = true, .run = shell_dir_run },					\
	{ "more", "Display the contents of a file", .verbs = CMD_SET, .sub = shell_a_file,	\
	    .run = shell_more_run }

#endif
