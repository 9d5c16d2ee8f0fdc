/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "boot.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utlist.h>

#include "config_session.h"
#include "control.h"
#include "file.h"
#include "flash.h"
#include "log.h"
#include "master_key.h"

#define STARTUP_BYTES_MAX (4 * 1024 * 1024)

/* --- the startup-config --- */

const char *
boot_read_startup(const struct control *c, struct text *out)
{
	static char why[PATH_LEN + 80];
	int fd = open(c->o->startup, O_RDONLY | O_CLOEXEC);
	char buf[16384];
	ssize_t n;

	if (fd < 0 && errno == ENOENT)
		return NULL;
	if (fd < 0) {
		snprintf(why, sizeof(why), "%s: %s", c->o->startup, strerror(errno));
		return why;
	}
	while ((n = read(fd, buf, sizeof(buf))) > 0 && out->len <= STARTUP_BYTES_MAX)
		text_put(out, buf, (size_t)n);
	explicit_bzero(buf, sizeof(buf));
	close(fd);
	if (n == 0 && (out->len == 0 || memchr(out->s, '\0', out->len) == NULL))
		return NULL;
	snprintf(why, sizeof(why), "%s: %s", c->o->startup, n < 0 ? strerror(errno) :
	    n > 0 ? "larger than 4 MiB" : "not a text file");
	return why;
}

static const char *
replace(const char *path, const char *text, size_t len)
{
	static char why[PATH_LEN + 80];

	if (file_replace(path, 0600, text, len))
		return NULL;
	snprintf(why, sizeof(why), "cannot write %s: %s", path, strerror(errno));
	return why;
}

const char *
boot_write(struct control *c)
{
	struct text out = {0};
	const char *why;

	conf_write(&out, c->conf);
	why = replace(c->o->startup, text_str(&out), out.len);
	text_free(&out);
	if (why != NULL)
		return why;
	conf_free(c->saved);
	c->saved = conf_copy(c->conf);
	config_errors_free(c->startup_errors);
	c->startup_errors = NULL;
	boot_keep(c);
	return NULL;
}

const char *
boot_write_to(const struct control *c, const char *url, size_t *bytes)
{
	char path[PATH_LEN];
	const char *why = flash_path(c->o->rundir, url, path, sizeof(path));
	struct text out = {0};

	if (why != NULL)
		return why;
	conf_write(&out, c->conf);
	*bytes = out.len;
	why = replace(path, text_str(&out), out.len);
	text_free(&out);
	return why;
}

/* A file that is there stays, empty: whose it is and what may read it is not ours to change. */
const char *
boot_erase(struct control *c)
{
	const char *why = access(c->o->startup, F_OK) < 0 ? NULL : replace(c->o->startup, "", 0);

	if (why != NULL)
		return why;
	conf_free(c->saved);
	c->saved = conf_new();
	config_errors_free(c->startup_errors);
	c->startup_errors = NULL;
	boot_keep(c);
	return NULL;
}

bool
boot_is_unsaved(const struct control *c)
{
	struct text runs = {0}, saved = {0};
	bool same;

	conf_write(&runs, c->conf);
	conf_write(&saved, c->saved);
	same = strcmp(text_str(&runs), text_str(&saved)) == 0;
	text_free(&runs);
	text_free(&saved);
	return !same;
}

void
boot_show_errors(const struct control *c, struct text *out)
{
	const struct config_error *e;

	for (e = c->startup_errors; e != NULL; e = e->next)
		text_add(out, "%u: %s\n", e->line, e->why);
}

/* --- flash: --- */

/* Beside the startup-config, so that a reboot leaves it; the run directory has a link to it. */
void
boot_flash(const struct control *c)
{
	char folder[PATH_LEN + 8], link[PATH_LEN + 8], real[PATH_MAX], *slash;

	snprintf(link, sizeof(link), "%s/flash", c->o->rundir);
	snprintf(folder, sizeof(folder), "%s", c->o->startup);
	slash = strrchr(folder, '/');
	snprintf(slash == NULL ? folder : slash, 8, slash == NULL ? "flash" : "/flash");
	if (mkdir(folder, 0700) < 0 && errno != EEXIST)
		log_warn("no folder for flash: files: %s: %s", folder, strerror(errno));
	if (strcmp(folder, link) == 0)
		return;
	unlink(link);
	if (realpath(folder, real) == NULL || symlink(real, link) < 0)
		log_warn("no folder for flash: files: %s: %s", link, strerror(errno));
}

/* --- the memory of the control before --- */

void
boot_keep(struct control *c)
{
	struct text conf = {0}, owned = {0}, errors = {0}, reload = {0};

	conf_write(&conf, c->conf);
	owned_write(&c->owned, &owned);
	boot_show_errors(c, &errors);
	reload_write(&c->reload, &reload);
	running_save(&c->running, (const char *const[RUNNING_PARTS]){
	    text_str(&conf), text_str(&owned), text_str(&errors), text_str(&reload)});
	text_free(&conf);
	text_free(&owned);
	text_free(&errors);
	text_free(&reload);
}

static struct config_error *
read_errors(const char *text)
{
	struct config_error *first = NULL, **at = &first;
	size_t n;

	for (; *text != '\0'; text += n + (text[n] == '\n')) {
		struct config_error *e = calloc(1, sizeof(*e));
		char *why;

		n = strcspn(text, "\n");
		if (e == NULL)
			break;
		e->line = (unsigned int)strtoul(text, &why, 10);
		if (strncmp(why, ": ", 2) == 0)
			snprintf(e->why, sizeof(e->why), "%.*s", (int)(n - (size_t)(why + 2 - text)), why + 2);
		*at = e;
		at = &e->next;
	}
	return first;
}

/* --- NICs --- */

/* Software devices are not NICs; veth is what a namespace has for one. */
static bool
is_nic(const struct kernel_link *l)
{
	static const char *const not[] = {"bridge", "dummy", "tun", "ifb", "gre", "gretap", "vti", "sit",
		"ipip", "xfrm", "wireguard", "vrf", "vcan"};
	size_t i;

	for (i = 0; i < sizeof(not) / sizeof(not[0]); i++)
		if (strcmp(l->kind, not[i]) == 0)
			return false;
	return l->ethernet && !(l->flags & IFF_LOOPBACK);
}

static const char *
check_nics_there(const struct control *c)
{
	static char why[PATH_LEN + 120];
	size_t i;

	for (i = 0; i < c->nics.count; i++) {
		const struct nic *nic = &c->nics.nic[i];

		if (kernel_link(&c->kernel, nic->ifname) != NULL)
			continue;
		snprintf(why, sizeof(why), "%s:%u: there is no network interface %s here", c->o->yaml,
		    nic->line, nic->ifname);
		return why;
	}
	return NULL;
}

/* A control before us numbered them; a NIC that came or went since must not shift the others. */
static bool
remember_nics(struct control *c)
{
	const struct owned_line *l;
	char ios[32], dev[16];

	for (l = c->owned.lines; l != NULL; l = l->hh.next) {
		struct nic *nic = &c->nics.nic[c->nics.count];

		if (c->nics.count < NICS_MAX && sscanf(l->line, "nic %31s %15s", ios, dev) == 2 &&
		    iface_parse(&nic->id, ios)) {
			memcpy(nic->ifname, dev, sizeof(nic->ifname));
			c->nics.count++;
		}
	}
	return c->nics.count > 0;
}

static void
number_nics(struct control *c)
{
	char names[NICS_MAX][16], ios[IFACE_NAME_MAX];
	size_t count = 0, i;

	for (i = 0; i < c->kernel.links && count < NICS_MAX; i++)
		if (is_nic(&c->kernel.link[i]))
			memcpy(names[count++], c->kernel.link[i].name, 16);
	nics_by_name(&c->nics, (const char(*)[16])names, count);
	for (i = 0; i < c->nics.count; i++)
		owned_add(&c->owned, "nic %s %s", iface_name(&c->nics.nic[i].id, ios),
		    c->nics.nic[i].ifname);
}

static const char *
find_nics(struct control *c)
{
	static char why[256];

	if (c->o->yaml_given || access(c->o->yaml, F_OK) == 0) {
		if (!nics_read(&c->nics, c->o->yaml, why))
			return why;
		/* After a restart a NIC that is gone is a link that is down. */
		if (c->nics.count > 0)
			return c->warm ? NULL : check_nics_there(c);
	}
	if (!c->warm || !remember_nics(c))
		number_nics(c);
	return NULL;
}

bool
boot_names_no_nic(const struct control *c, const char *line, char why[256])
{
	char word[16], rest[40];
	struct iface_id id;

	if (sscanf(line, " %15s %39[^\n\r]", word, rest) != 2 || strlen(word) < 3 ||
	    strncasecmp(word, "interface", strlen(word)) != 0)
		return false;
	rest[strcspn(rest, "\r")] = '\0';
	while (rest[0] != '\0' && rest[strlen(rest) - 1] == ' ')
		rest[strlen(rest) - 1] = '\0';
	if (!iface_parse(&id, rest) || id.type != IFACE_GIGABIT || nics_find(&c->nics, &id) != NULL)
		return false;
	snprintf(why, 256, "there is no NIC for %s: culvert.yaml says which is which", rest);
	return true;
}

/* --- both --- */

/* As on IOS, an interface that is there is in the configuration. */
static struct conf *
conf_with_nics(const struct control *c)
{
	struct conf *conf = conf_new();
	size_t i;

	master_key_read(&c->keys, conf);
	for (i = 0; i < c->nics.count; i++)
		conf_iface_get(conf, &c->nics.nic[i].id);
	return conf;
}

static void
forget_nic_less(const struct control *c, struct conf *conf)
{
	struct conf_iface *i, *next;

	DL_FOREACH_SAFE(conf->ifaces, i, next)
		if (i->id.type == IFACE_GIGABIT && nics_find(&c->nics, &i->id) == NULL)
			conf_iface_del(conf, i);
}

/* Interfaces of the text that have no NIC: an error each, and out of the model again. */
static void
remove_nic_less(struct control *c, const char *text)
{
	unsigned int line = 1;
	struct config_error **at = &c->startup_errors;

	while (*at != NULL)
		at = &(*at)->next;
	for (; *text != '\0'; text += strcspn(text, "\n"), text += *text == '\n', line++) {
		struct config_error *e = calloc(1, sizeof(*e));

		if (e == NULL || !boot_names_no_nic(c, text, e->why)) {
			free(e);
			continue;
		}
		e->line = line;
		*at = e;
		at = &e->next;
	}
	forget_nic_less(c, c->conf);
}

static void
apply_startup(struct control *c, const char *text)
{
	const struct config_error *e;

	conf_free(c->conf);
	c->conf = conf_with_nics(c);
	config_text_apply(c->conf, text, &c->startup_errors);
	remove_nic_less(c, text);
	for (e = c->startup_errors; e != NULL; e = e->next)
		log_event(LOG_SEV_ERR, "SYS", "CONFIG_REFUSED", "startup-config line %u: %s", e->line,
		    e->why);
	c->saved = conf_copy(c->conf);
}

static void
apply_kept(struct control *c, const char *const part[RUNNING_PARTS])
{
	struct config_error *errors = NULL;
	struct text startup = {0};

	conf_free(c->conf);
	c->conf = conf_with_nics(c);
	if (config_text_apply(c->conf, part[RUNNING_CONFIG], &errors) > 0)
		log_err("line %u of the kept running-config was refused: %s", errors->line, errors->why);
	config_errors_free(errors);
	errors = NULL;
	c->startup_errors = read_errors(part[RUNNING_ERRORS]);
	c->saved = conf_with_nics(c);
	if (boot_read_startup(c, &startup) == NULL)
		config_text_apply(c->saved, text_str(&startup), &errors);
	forget_nic_less(c, c->saved);
	config_errors_free(errors);
	text_free(&startup);
}

const char *
boot_config(struct control *c)
{
	const char *part[RUNNING_PARTS], *why;
	struct text startup = {0};

	c->warm = running_load(&c->running, part);
	if (c->warm)
		owned_read(&c->owned, part[RUNNING_OWNED]);
	why = find_nics(c);
	if (why != NULL)
		return why;
	if (c->warm) {
		apply_kept(c, part);
		reload_read(c, part[RUNNING_RELOAD]);
		return NULL;
	}
	why = boot_read_startup(c, &startup);
	if (why == NULL && startup.len == 0)
		log_warn("there is no configuration in %s: it is empty", c->o->startup);
	if (why == NULL)
		apply_startup(c, text_str(&startup));
	text_free(&startup);
	return why;
}
