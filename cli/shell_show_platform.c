/* SPDX-License-Identifier: GPL-3.0-or-later */
/* show platform ...: IOS-XE's words for the forwarder. */
#include "cli/shell_show.h"

static bool
run_drops_clear(struct cmd_call *c)
{
	shell_of(c)->then = "clear drops";
	return shell_show(c, show_drops);
}

static bool
run_ipsec_drops_clear(struct cmd_call *c)
{
	shell_of(c)->then = "clear drops";
	return shell_show(c, show_ipsec_drops);
}

static const struct cmd drop_options[] = {
	{ "all", "Show all drops, also those that did not happen", .run = show_run_drops_all },
	{ "clear", "Show and clear the drop counters", .run = run_drops_clear,
	    .when = shell_is_privileged },
	CMD_END
};

static const struct cmd qfp_statistics[] = {
	{ "drop", "Drop statistics", .sub = drop_options, .end = true, .run = show_run_drops },
	CMD_END
};

static const struct cmd ipsec_drop_options[] = {
	{ "all", "Show all drops, also those that did not happen", .run = show_run_ipsec_drops_all },
	{ "clear", "Show and clear the drop counters", .run = run_ipsec_drops_clear,
	    .when = shell_is_privileged },
	CMD_END
};

static const struct cmd qfp_datapath[] = {
	{ "drops", "IPsec drop counters", .sub = ipsec_drop_options, .end = true,
	    .run = show_run_ipsec_drops },
	CMD_END
};

static const struct cmd qfp_ipsec[] = {
	{ "datapath", "IPsec datapath", .sub = qfp_datapath },
	CMD_END
};

static const struct cmd qfp_feature[] = {
	{ "ipsec", "IPsec", .sub = qfp_ipsec },
	CMD_END
};

static const struct cmd qfp_active[] = {
	{ "feature", "Features of the forwarder", .sub = qfp_feature },
	{ "statistics", "Statistics of the forwarder", .sub = qfp_statistics },
	CMD_END
};

static const struct cmd platform_qfp[] = {
	{ "active", "The active forwarder", .sub = qfp_active },
	CMD_END
};

static const struct cmd platform_hardware[] = {
	{ "qfp", "The packet forwarder", .sub = platform_qfp },
	CMD_END
};

static const struct cmd software_ipsec[] = {
	{ "flow", "SAs, by what does their work", .run = show_run_ipsec_flows },
	{ "statistics", "The forwarder's batches", .run = show_run_crypto_engine_statistic },
	CMD_END
};

static const struct cmd platform_software[] = {
	{ "ipsec", "IPsec", .sub = software_ipsec },
	CMD_END
};

const struct cmd shell_show_platform[] = {
	{ "hardware", "Hardware", .sub = platform_hardware },
	{ "software", "Software", .sub = platform_software },
	CMD_END
};
