/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any text as a configuration: nothing breaks, and what is written is accepted again. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "cli/config_help.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
ask_help(struct conf *c, const char *text)
{
	struct config_session *s = config_session_new(c);
	struct cmd_choices choices;
	char line[200];
	size_t len = strcspn(text, "\n");

	if (len < sizeof(line)) {
		memcpy(line, text, len);
		line[len] = '\0';
		config_session_choices(s, line, &choices);
	}
	config_session_free(s);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct conf *c = conf_new(), *again = conf_new();
	struct config_error *errors = NULL, *none = NULL;
	struct text once = {0}, twice = {0};
	char *text = malloc(size + 1);

	memcpy(text, data, size);
	text[size] = '\0';
	config_text_apply(c, text, &errors);
	ask_help(c, text);
	conf_write(&once, c);
	if (config_text_apply(again, text_str(&once), &none) != 0)
		abort();
	conf_write(&twice, again);
	if (strcmp(text_str(&once), text_str(&twice)) != 0)
		abort();
	config_errors_free(errors);
	text_free(&once);
	text_free(&twice);
	conf_free(c);
	conf_free(again);
	free(text);
	return 0;
}
