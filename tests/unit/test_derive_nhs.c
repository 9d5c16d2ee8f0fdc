/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Next hop servers and their clusters as nhrpd gets them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "config_session.h"
#include "derive.h"

/* What nhrpd is told of servers by a tunnel with these lines, in order. */
static void
check(const char *lines, const char *expected)
{
	static const struct nics nics = {0};
	struct config_error *errors = NULL;
	struct conf *c = conf_new();
	struct text told = {0}, notes = {0};
	struct wishes w = {0};
	const struct wish *x;
	char config[1024];

	snprintf(config, sizeof(config), "interface Tunnel0\n ip address 10.0.0.9 255.255.255.0\n"
	    " tunnel mode gre multipoint\n ip nhrp network-id 1\n%s", lines);
	if (config_text_apply(c, config, &errors) != 0)
		fail_msg("line %u: %s", errors->line, errors->why);
	derive(c, &nics, &w, &notes);
	for (x = w.all; x != NULL; x = x->hh.next) {
		const struct ipc_nhs_cluster *k = x->body;
		const struct ipc_nhrp_if *i = x->body;
		const struct ipc_nhs *s = x->body;

		if (x->set == IPC_MSG_NHRP_IF_SET)
			text_add(&told, "fallback %u\n", i->nhs_fallback_s);
		else if (x->set == IPC_MSG_NHS_CLUSTER_SET)
			text_add(&told, "cluster %u max %u\n", k->cluster, k->max_connections);
		else if (x->set == IPC_MSG_NHS_SET)
			text_add(&told, "%s at %s%s %u %u\n", ADDR_STR(&s->nhs), ADDR_STR(&s->nbma),
			    s->multicast ? " multicast" : "", s->priority, s->cluster);
	}
	assert_string_equal(text_str(&told), expected);
	text_free(&told);
	text_free(&notes);
	wishes_free(&w);
	conf_free(c);
}

static void
servers_without_clusters(void **state)
{
	(void)state;
	check(" ip nhrp nhs 10.0.0.1 nbma 192.0.2.1 multicast\n ip nhrp nhs 10.0.0.2 nbma 192.0.2.2\n",
	    "fallback 0\n10.0.0.1 at 192.0.2.1 multicast 0 0\n10.0.0.2 at 192.0.2.2 0 0\n");
}

/* nhrpd hears of the limit before it hears of whom it is to ask. */
static void
limits_come_before_servers(void **state)
{
	(void)state;
	check(" ip nhrp nhs 10.0.0.1 nbma 192.0.2.1 priority 7 cluster 10\n"
	    " ip nhrp nhs cluster 10 max-connections 2\n ip nhrp nhs cluster 0 max-connections 0\n"
	    " ip nhrp nhs fallback 45\n",
	    "fallback 45\ncluster 0 max 0\ncluster 10 max 2\n10.0.0.1 at 192.0.2.1 7 10\n");
}

/* As it was written before `nbma` was there to be written. */
static void
where_a_server_is_may_be_in_a_map(void **state)
{
	(void)state;
	check(" ip nhrp map 10.0.0.1 192.0.2.1\n ip nhrp map 10.0.0.0 255.255.255.0 192.0.2.9\n"
	    " ip nhrp nhs 10.0.0.1\n ip nhrp nhs 10.0.0.2\n",
	    "fallback 0\n10.0.0.1 at 192.0.2.1 0 0\n10.0.0.2 at unset 0 0\n");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(servers_without_clusters),
		cmocka_unit_test(where_a_server_is_may_be_in_a_map),
		cmocka_unit_test(limits_come_before_servers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
