/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * show tech-support [ipsec]: one show after the other, for somebody else to read.  So
 * keys, passwords and their hashes are left out of the configuration, as IOS does.
 */
#include <stdio.h>
#include <string.h>

#include "cli/cmd.h"
#include "cli/config_session.h"
#include "secret.h"
#include "show_util.h"

struct section {
	const char *command;
	show_renderer *show;
	bool ipsec;		/* of the shorter list, too */
};

static show_renderer show_hidden_config;

static const struct section sections[] = {
	{"show version", show_version, true},
	{"show clock", show_clock, true},
	{"show running-config", show_hidden_config, true},
	{"show startup-config errors", show_startup_config_errors, false},
	{"show processes", show_processes, true},
	{"show users", show_users, false},
	{"show ip interface brief", show_ip_interface_brief, true},
	{"show interfaces", show_interfaces, true},
	{"show ip arp", show_arp, false},
	{"show ip route", show_ip_route, true},
	{"show ipv6 interface", show_ipv6_interface, false},
	{"show ipv6 route", show_ipv6_route, false},
	{"show access-lists", show_access_lists, true},
	{"show dmvpn detail", show_dmvpn_detail, false},
	{"show ip nhrp detail", show_ip_nhrp_detail, false},
	{"show ip nhrp nhs detail", show_ip_nhrp_nhs_detail, false},
	{"show ip nhrp traffic", show_ip_nhrp_traffic, false},
	{"show crypto isakmp policy", show_crypto_isakmp_policy, true},
	{"show crypto isakmp profile", show_crypto_isakmp_profile, true},
	{"show crypto isakmp peers", show_crypto_isakmp_peers, true},
	{"show crypto isakmp sa detail", show_crypto_isakmp_sa_detail, true},
	{"show crypto isakmp invalid-spi", show_crypto_isakmp_invalid_spi, true},
	{"show crypto ikev2 proposal", show_crypto_ikev2_proposal, true},
	{"show crypto ikev2 policy", show_crypto_ikev2_policy, true},
	{"show crypto ikev2 profile", show_crypto_ikev2_profile, true},
	{"show crypto ikev2 sa detailed", show_crypto_ikev2_sa_detail, true},
	{"show crypto ikev2 stats", show_crypto_ikev2_stats, true},
	{"show crypto ikev2 diagnose error", show_crypto_ikev2_diagnose_error, true},
	{"show crypto ipsec transform-set", show_crypto_ipsec_transform_set, true},
	{"show crypto ipsec profile", show_crypto_ipsec_profile, true},
	{"show crypto map", show_crypto_map, true},
	{"show crypto session detail", show_crypto_session_detail, true},
	{"show crypto ipsec sa detail", show_crypto_ipsec_sa_detail, true},
	{"show crypto call admission statistics", show_crypto_call_admission, true},
	{"show crypto engine brief", show_crypto_engine_brief, true},
	{"show crypto engine connections active", show_crypto_engine_connections, true},
	{"show crypto engine accelerator statistic", show_crypto_engine_statistic, true},
	{"show crypto pki trustpoints status", show_crypto_pki_trustpoints_status, true},
	{"show crypto pki certificates verbose", show_crypto_pki_certificates_verbose, true},
	{"show crypto pki crls", show_crypto_pki_crls, true},
	{"show drops", show_drops, true},
	{"show event manager policy registered", show_event_manager_policies, false},
	{"show event manager history events", show_event_manager_history, false},
	{"show logging", show_logging, true},
};

/* The lines are walked as if they were typed, so that each is looked at in its mode. */
static const char *
show_hidden_config(struct show_source *src, const struct show_args *a, struct text *out)
{
	struct text running = {0};
	const char *why = show_text_of(src, SHOW_RUNNING, &running), *at = text_str(&running);
	struct conf *scratch = conf_new();
	struct config_session *s = config_session_new(scratch);
	char line[CMD_LINE_MAX];
	struct config_result r;

	(void)a;
	while (why == NULL && *at != '\0') {
		size_t len = strcspn(at, "\n");

		snprintf(line, sizeof(line), "%.*s", (int)len, at);
		at += len + (at[len] == '\n');
		if (config_session_pasting(s))
			text_add(out, "%s\n", line);
		else
			config_session_hide_keys(s, line, out);
		config_session_line(s, line, &r);
	}
	wipe(line, sizeof(line));
	config_session_free(s);
	conf_free(scratch);
	text_free(&running);
	return why;
}

static void
add_sections(struct show_source *src, bool ipsec, struct text *out)
{
	const struct show_args all = {0};
	size_t i;

	for (i = 0; i < sizeof(sections) / sizeof(sections[0]); i++) {
		const char *why;

		if (ipsec && !sections[i].ipsec)
			continue;
		text_add(out, "\n------------------ %s ------------------\n\n", sections[i].command);
		why = sections[i].show(src, &all, out);
		if (why != NULL)
			text_add(out, "%s\n", why);
	}
}

const char *
show_tech_support(struct show_source *src, const struct show_args *a, struct text *out)
{
	(void)a;
	add_sections(src, false, out);
	return NULL;
}

const char *
show_tech_support_ipsec(struct show_source *src, const struct show_args *a, struct text *out)
{
	(void)a;
	add_sections(src, true, out);
	return NULL;
}
