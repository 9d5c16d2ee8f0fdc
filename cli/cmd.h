/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The command language: a command is declared once, as a row of a static table.
 *
 * From the rows come the parser (abbreviations, `no`, `default`), `?`, TAB and
 * the lines of show running-config.  A row is a keyword, a keyword with a value
 * behind it, or (word NULL) a value alone; `sub` is the table of what may
 * follow.  A setting names its field:
 *
 *	{ "mtu", "Set IP Maximum Transmission Unit", ARG_NUM(68, 10000, "MTU in bytes"),
 *	    FIELD(conf_iface, ip_mtu) },
 *
 * and a sentence gathers tagged values on its way and has a pair of functions,
 * `run` and `write`, next to each other in one file.  The last row with a field
 * or a `run` that was passed carries the line out.
 *
 * Layers: cmd.c walks a line over the rows, cmd_help.c says what could stand
 * where the walk stopped, cmd_write.c walks the rows over an object.  None of
 * them knows a command; cmds_*.c and exec.c hold the tables.
 */
#ifndef CULVERT_CMD_H
#define CULVERT_CMD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "addr.h"
#include "buf.h"
#include "conf.h"
#include "ipc_values.h"
#include "names.h"
#include "cli/paste.h"

#define CMD_LINE_MAX 1024	/* a longer line is refused */
#define CMD_WORDS_MAX 48
#define CMD_VALUES_MAX 16
#define CMD_WHY_MAX 256

/* A line cut into words.  `raw` is the line as typed, for carets and LINE values. */
struct cmd_words {
	char raw[CMD_LINE_MAX];
	char cut[CMD_LINE_MAX];		/* the same with NULs behind the words */
	const char *word[CMD_WORDS_MAX];
	unsigned int at[CMD_WORDS_MAX];	/* column */
	unsigned int count;
	bool blank_end;			/* the last word is finished: a blank follows */
};

/* False when the line is too long or has too many words. */
bool cmd_words(struct cmd_words *w, const char *line);
void cmd_words_wipe(struct cmd_words *w);

enum cmd_verb { CMD_SET = 1, CMD_NO = 2, CMD_DEFAULT = 4 };

/* What a value is to its sentence.  In configuration SLOT_KEY is a secret. */
enum cmd_slot {
	SLOT_NONE,
	SLOT_ADDR, SLOT_MASK, SLOT_NEXT, SLOT_IFACE, SLOT_NAME, SLOT_KEY, SLOT_NUMBER, SLOT_MORE,
	SLOT_LEVEL, SLOT_KIND, SLOT_FLAG, SLOT_CIPHER, SLOT_BITS, SLOT_INTEG, SLOT_TEXT,
};

struct cmd_value {
	const char *text;	/* the word, or the rest of the line; in the walk's words */
	uint32_t number;	/* also .give of a keyword */
	struct addr addr;
	struct iface_id iface;
	uint8_t slot;
};

struct cmd;
struct cmd_mode;

/* A type of value: reads it, keeps it in a field, prints the field. */
struct cmd_arg {
	const char *shape;	/* as `?` shows it; NULL: <MIN-MAX> */
	/* Words used; 0: it is no such value. */
	unsigned int (*parse)(const struct cmd *row, const struct cmd_words *w, unsigned int at,
	    struct cmd_value *v);
	void (*store)(void *field, size_t size, const struct cmd_value *v);
	void (*print)(struct text *out, const void *field, size_t size);
	const char *const (*choices)[2];	/* words and help, instead of a shape */
	const char *wanted;		/* what would have been one; NULL: the shape says it */
	/* Of a value of two words: what stands behind that first one, or NULL. */
	const char *(*second)(const char *word);
};

extern const struct cmd_arg cmd_arg_number, cmd_arg_word, cmd_arg_line, cmd_arg_addr, cmd_arg_mask,
    cmd_arg_iface, cmd_arg_tunnel_if, cmd_arg_string;
extern const struct cmd_arg cmd_arg_addr6, cmd_arg_addr_any;
extern const struct cmd_arg cmd_arg_prefix6;	/* the length is in .number */

/* The text of a string value: what stands between its quotes; \" is a quote.  False: too long. */
bool cmd_string(const struct cmd_value *v, char *to, size_t room);

/* What a sub-mode is about, so that it is found again when others changed the model. */
struct cmd_key {
	struct iface_id iface;
	uint32_t number;
	char name[CONF_NAME_MAX];
	char inner[CONF_NAME_MAX];	/* of a mode that was entered from that one */
};

/* What `run` gets, and what it may answer. */
struct cmd_call {
	const struct cmd *row;
	enum cmd_verb verb;
	const struct cmd_value *values;
	unsigned int n_values;
	struct conf *conf;		/* NULL in EXEC */
	void *obj;			/* of the mode, or struct exec_command */
	const struct cmd_mode *enter;	/* answer: the mode to go to, and what it is about */
	struct cmd_key key;
	const struct cmd_paste *paste;	/* answer: what follows is text (paste.h) */
	const char *pasted;		/* of a cmd_paste: the text */
	struct cmd_effect *effect;	/* answer: what is to be done, and is no setting */
	char why[CMD_WHY_MAX];		/* answer: refused because, or a note when done */
};

typedef bool cmd_run(struct cmd_call *c);	/* false: refused, nothing changed, why says so */
typedef void cmd_write(struct text *out, const char *before, const void *obj);

struct cmd {
	const char *word;		/* NULL: a value alone */
	const char *help;
	const struct cmd_arg *arg;
	const char *value_help;		/* of the value behind the word */
	uint32_t min, max;
	uint16_t offset, size;		/* FIELD: where it is kept; size 0: nowhere */
	const struct cmd *sub;
	cmd_run *run;
	cmd_write *write;
	bool (*when)(const void *obj);	/* the row exists only then */
	const char *refuse;		/* known, not done: what to do instead */
	uint32_t give;			/* .number of a keyword that has a slot */
	uint8_t slot;
	uint8_t verbs;			/* bits of enum cmd_verb; 0: all */
	bool end;			/* a line may end here though more may follow */
	bool no_end;			/* with `no` or `default` it may */
	bool bang;			/* in the configuration a `!` stands behind it */
	bool noted;			/* is so already: accepted, and not kept */
	bool hidden;			/* not in `?` */
};

#define CMD_END { .word = NULL, .help = NULL }
#define ARG(type, text) .arg = &cmd_arg_##type, .value_help = (text)
#define ARG_NUM(lo, hi, text) .arg = &cmd_arg_number, .min = (lo), .max = (hi), .value_help = (text)
#define VALUE(type, text) .arg = &cmd_arg_##type, .help = (text)
#define VALUE_NUM(lo, hi, text) .arg = &cmd_arg_number, .min = (lo), .max = (hi), .help = (text)
#define FIELD(type, member)                                                                        \
	.offset = offsetof(struct type, member), .size = sizeof(((struct type *)0)->member)
#define REFUSED(w, why) { .word = (w), .help = "", .refuse = (why), .hidden = true }
#define NOTED(w) { .word = (w), .help = "", .noted = true, .hidden = true, .verbs = CMD_SET }
#define NOTED_NO(w) { .word = (w), .help = "", .noted = true, .hidden = true, .verbs = CMD_NO }

static inline bool
cmd_is_end(const struct cmd *c)
{
	return c->help == NULL;
}

struct cmd_mode {
	const char *prompt;			/* "config-if" */
	const struct cmd *rows;
	void *(*find)(struct conf *c, const struct cmd_key *key);	/* NULL: it is gone */
};

/* --- walking a line --- */

struct cmd_walk {
	const struct cmd_words *words;
	const void *obj;
	enum cmd_verb verb;
	unsigned int next;		/* word */
	const struct cmd *rows;		/* what may follow; NULL: nothing */
	const struct cmd *pending;	/* its word was read, its value was not */
	const struct cmd *last;		/* NULL at the beginning */
	const struct cmd *runner;
	bool noted;
	enum ipc_line_status status;
	const char *why;		/* LINE_REFUSED; of LINE_INVALID what was wanted, or NULL */
	struct cmd_value values[CMD_VALUES_MAX];
	unsigned int n_values;
	struct cmd_effect *effect;	/* for `run`; NULL where no command has one */
};

void cmd_walk_start(struct cmd_walk *k, const struct cmd *rows, const void *obj, enum cmd_verb verb,
    const struct cmd_words *w, unsigned int first);
/* Takes words up to `until`; false when one does not fit (status says how). */
bool cmd_walk_to(struct cmd_walk *k, unsigned int until);
bool cmd_walk_may_end(const struct cmd_walk *k);
/* The whole line: status is set, and `next` is the offending word unless it is LINE_OK. */
void cmd_walk_line(struct cmd_walk *k);
/* The first letter that does not fit: within a word when that begins as a keyword does. */
unsigned int cmd_walk_caret(const struct cmd_walk *k);
/* Carries out what was walked.  conf may be NULL. */
bool cmd_walk_run(struct cmd_walk *k, struct conf *conf, void *obj, struct cmd_call *c);

/* For `run`: the value of that slot, or NULL. */
const struct cmd_value *cmd_value(const struct cmd_call *c, enum cmd_slot slot);
/* Why not, printf style; false, to be returned. */
bool cmd_refuse(struct cmd_call *c, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* --- help (cmd_help.c) --- */

/* What could stand next: one entry a word, sorted, values last. */
struct cmd_choice {
	char word[40];
	const char *help;
	bool value;		/* a shape, not to be completed */
};
#define CMD_CHOICES_MAX 96
struct cmd_choices {
	struct cmd_choice at[CMD_CHOICES_MAX];
	unsigned int count;
};

/* Adds what may come where k stands and begins with `prefix`; <cr> with an empty prefix. */
void cmd_choices_add(struct cmd_choices *c, const struct cmd_walk *k, const char *prefix);
/* The same behind the first `whole` words, which are walked; false when they do not fit. */
bool cmd_choices_behind(struct cmd_choices *c, struct cmd_walk *k, unsigned int whole,
    const char *prefix);
void cmd_choices_sort(struct cmd_choices *c);
void cmd_choices_words(struct text *out, const struct cmd_choices *c);	/* "sh?" */
void cmd_choices_table(struct text *out, const struct cmd_choices *c);	/* "sh ?" */
bool cmd_prefix(const char *prefix, const char *word);		/* any case */

/* --- writing (cmd_write.c) --- */

/* Every line that obj differs by from the defaults; `before` is the line so far. */
void cmd_write_rows(struct text *out, const struct cmd *rows, const char *before, const void *obj);

#endif
