/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <string.h>

#include "cli/cmd.h"

static bool
is_default(const struct cmd *row, const void *obj)
{
	const char *field = (const char *)obj + row->offset;
	size_t i;

	for (i = 0; i < row->size; i++)
		if (field[i] != 0)
			return false;
	return true;
}

static void
write_field(struct text *out, const char *line, const struct cmd *row, const void *obj)
{
	text_add(out, "%s", line);
	if (row->arg != NULL) {
		text_add(out, " ");
		row->arg->print(out, (const char *)obj + row->offset, row->size);
	}
	text_add(out, "\n");
}

void
cmd_write_rows(struct text *out, const struct cmd *rows, const char *before, const void *obj)
{
	char line[128];
	const struct cmd *row;
	const char *blank;
	size_t had;

	for (row = rows; !cmd_is_end(row); row++) {
		if (row->noted || row->refuse != NULL || (row->when != NULL && !row->when(obj)))
			continue;
		had = out->len;
		/* Behind nothing but indentation no other blank is due. */
		blank = before[strspn(before, " ")] == '\0' ? "" : " ";
		snprintf(line, sizeof(line), "%s%s%s", before, blank,
		    row->word != NULL ? row->word : "");
		if (row->write != NULL)
			row->write(out, line, obj);
		else if (row->size != 0 && !is_default(row, obj))
			write_field(out, line, row, obj);
		else if (row->size == 0 && row->sub != NULL && row->word != NULL && row->run == NULL)
			cmd_write_rows(out, row->sub, line, obj);
		if (row->bang && out->len != had)
			text_add(out, "!\n");
	}
}
