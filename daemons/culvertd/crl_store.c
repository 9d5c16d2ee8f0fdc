/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "crl_store.h"

#include <errno.h>
#include <fcntl.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <utlist.h>

#include "http_get.h"
#include "log.h"

enum { RETRY_S = 60, DAY_S = 86400, CHECK_S = 15 };

static struct stored_crl *
find(const struct crl_store *s, const char *trustpoint)
{
	struct stored_crl *c;

	DL_FOREACH(s->crls, c)
		if (strcmp(c->trustpoint, trustpoint) == 0)
			return c;
	return NULL;
}

const struct stored_crl *
crl_store_find(const struct crl_store *s, const char *trustpoint)
{
	return find(s, trustpoint);
}

/* --- a list that came --- */

static int64_t
seconds_of(const ASN1_TIME *t)
{
	ASN1_TIME *epoch = ASN1_TIME_set(NULL, 0);
	int days = 0, seconds = 0;

	if (t == NULL || epoch == NULL || !ASN1_TIME_diff(&days, &seconds, epoch, t))
		days = seconds = 0;
	ASN1_TIME_free(epoch);
	return (int64_t)days * DAY_S + seconds;
}

static X509_CRL *
parse(struct slice body)
{
	const unsigned char *at = body.p;
	X509_CRL *crl = d2i_X509_CRL(NULL, &at, (long)body.len);
	BIO *mem;

	if (crl == NULL && body.len > 10 && memcmp(body.p, "-----BEGIN", 10) == 0) {
		mem = BIO_new_mem_buf(body.p, (int)body.len);
		crl = mem == NULL ? NULL : PEM_read_bio_X509_CRL(mem, NULL, NULL, NULL);
		BIO_free(mem);
	}
	ERR_clear_error();
	return crl;
}

static const char *
keep(struct stored_crl *c, struct slice body)
{
	X509_CRL *crl = parse(body);
	unsigned char *der = NULL;
	int len = crl == NULL ? 0 : i2d_X509_CRL(crl, &der);

	if (len <= 0 || len > (int)CRL_BYTES_MAX) {
		OPENSSL_free(der);
		X509_CRL_free(crl);
		return len <= 0 ? "what was read is no CRL" : "the CRL is larger than 256 KiB";
	}
	OPENSSL_free(c->der);
	c->der = der;
	c->len = (size_t)len;
	c->id = ++c->store->last_id;
	cert_name_text(X509_CRL_get_issuer(crl), c->issuer);
	c->last_update_s = seconds_of(X509_CRL_get0_lastUpdate(crl));
	c->next_update_s = seconds_of(X509_CRL_get0_nextUpdate(crl));
	c->fetched_s = (int64_t)time(NULL);
	X509_CRL_free(crl);
	return NULL;
}

/* Ends a try: why is NULL when the list is there. */
static void
done(struct stored_crl *c, const char *why)
{
	int64_t wait_s = RETRY_S, left;

	if (why == NULL) {
		left = c->next_update_s - c->fetched_s;
		wait_s = c->next_update_s == 0 || left > DAY_S ? DAY_S : left < RETRY_S ? RETRY_S : left;
	} else if (strcmp(why, c->why) != 0) {
		log_event(LOG_SEV_ERR, "PKI", "CRL_FETCH_FAIL", "CRL for trustpoint %s from %s: %s",
		    c->trustpoint, c->url, why);
	}
	snprintf(c->why, sizeof(c->why), "%s", why == NULL ? "" : why);
	c->due = mono_add(loop_now(c->store->loop), mono_s(wait_s));
	if (why == NULL)
		c->store->changed(c->store->arg);
}

/* --- fetching --- */

static void
stop(struct stored_crl *c)
{
	if (c->fd < 0)
		return;
	watch_stop(&c->watch);
	close(c->fd);			/* the child's next write ends it, if its time does not */
	kill(c->pid, SIGKILL);
	waitpid(c->pid, NULL, 0);
	c->fd = -1;
	text_free(&c->got);
}

static void
readable(struct watch *w, unsigned int events)
{
	struct stored_crl *c = container_of(w, struct stored_crl, watch);
	char buf[4096];
	const char *why = NULL;
	struct slice body;
	ssize_t n;

	(void)events;
	n = read(c->fd, buf, sizeof(buf));
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n > 0 && c->got.len <= CRL_BYTES_MAX + 4096) {
		text_put(&c->got, buf, (size_t)n);
		return;
	}
	body = n > 0 ? (struct slice){NULL, 0} : http_body(slice_of(c->got.s, c->got.len), &why);
	if (n > 0)
		why = "the CRL is larger than 256 KiB";
	if (why == NULL)
		why = keep(c, body);
	stop(c);
	done(c, why);
}

static const char *
read_file(struct stored_crl *c)
{
	int fd = open(c->url + strlen("file:"), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	uint8_t *all;
	ssize_t n;
	const char *why;

	if (fd < 0)
		return strerror(errno);
	all = malloc(CRL_BYTES_MAX + 1);
	n = all == NULL ? -1 : read(fd, all, CRL_BYTES_MAX + 1);
	why = n < 0 ? "the file cannot be read" : n > (ssize_t)CRL_BYTES_MAX ?
	    "the CRL is larger than 256 KiB" : keep(c, slice_of(all, (size_t)n));
	free(all);
	close(fd);
	return why;
}

static void
fetch(struct stored_crl *c)
{
	const char *why;

	if (strncasecmp(c->url, "file:", 5) == 0) {
		done(c, read_file(c));
		return;
	}
	c->fd = http_get(c->url, CRL_BYTES_MAX, &c->pid, &why);
	if (c->fd < 0) {
		done(c, why);
		return;
	}
	c->watch.run = readable;
	watch_start(&c->watch, c->store->loop, c->fd, LOOP_READ);
}

static void
check(struct timer *t)
{
	struct crl_store *s = container_of(t, struct crl_store, timer);
	struct stored_crl *c;

	DL_FOREACH(s->crls, c)
		if (c->fd < 0 && !mono_before(loop_now(s->loop), c->due))
			fetch(c);
	timer_in(t, s->loop, mono_s(CHECK_S));
}

/* --- which --- */

static void
remove_crl(struct crl_store *s, struct stored_crl *c)
{
	stop(c);
	DL_DELETE(s->crls, c);
	OPENSSL_free(c->der);
	free(c);
}

/* Where t's list is; empty: nobody says. */
static bool
url_of(const struct conf_trustpoint *t, char url[CERT_URL_STRLEN])
{
	const struct conf_cert *own = conf_cert_own(t);
	struct cert_info info;

	snprintf(url, CERT_URL_STRLEN, "%s", t->crl_url);
	if (url[0] != '\0' || own == NULL || cert_read(slice_of(own->der, own->len), &info) != NULL)
		return false;
	snprintf(url, CERT_URL_STRLEN, "%s", info.crl_url);
	return true;
}

static void
want(struct crl_store *s, const struct conf_trustpoint *t)
{
	struct stored_crl *c = find(s, t->name);
	char url[CERT_URL_STRLEN];
	bool published = url_of(t, url), wanted = t->revocation != REVOCATION_NONE && url[0] != '\0';

	if (c != NULL && (!wanted || strcmp(c->url, url) != 0)) {
		remove_crl(s, c);
		c = NULL;
	}
	if (!wanted || c != NULL)
		return;
	c = calloc(1, sizeof(*c));
	if (c == NULL)
		log_fatal("out of memory for a CRL");
	snprintf(c->trustpoint, sizeof(c->trustpoint), "%s", t->name);
	memcpy(c->url, url, sizeof(c->url));
	c->published = published;
	c->store = s;
	c->fd = -1;
	c->due = loop_now(s->loop);
	DL_APPEND(s->crls, c);
	timer_in(&s->timer, s->loop, mono_us(0));
}

void
crl_store_update(struct crl_store *s, const struct conf_pki *p)
{
	const struct conf_trustpoint *t;
	struct stored_crl *c, *next;

	DL_FOREACH_SAFE(s->crls, c, next)
		if (conf_trustpoint_find(p, c->trustpoint) == NULL)
			remove_crl(s, c);
	DL_FOREACH(p->trustpoints, t)
		want(s, t);
}

const char *
crl_store_request(struct crl_store *s, const char *trustpoint)
{
	struct stored_crl *c = find(s, trustpoint);

	if (c == NULL)
		return "no CRL is wanted: it has `revocation-check none`, or neither `crl query` nor a "
		    "certificate that names a distribution point";
	stop(c);
	c->due = loop_now(s->loop);
	timer_in(&s->timer, s->loop, mono_us(0));
	return NULL;
}

void
crl_store_open(struct crl_store *s, struct loop *l, void (*changed)(void *), void *arg)
{
	s->loop = l;
	s->changed = changed;
	s->arg = arg;
	s->timer.run = check;
}

void
crl_store_close(struct crl_store *s)
{
	timer_stop(&s->timer);
	while (s->crls != NULL)
		remove_crl(s, s->crls);
}
