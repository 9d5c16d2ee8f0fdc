/* SPDX-License-Identifier: GPL-3.0-or-later */
/* crypto call admission ...: how many IKE SAs may be, of both versions together. */
#include "cli/cmds_crypto.h"

static const struct cmd ike_limits[] = {
	{ "in-negotiation-sa", "Max in-negotiation IKE SAs allowed",
	    ARG_NUM(10, 99999, "Maximum number of in-negotiation IKE SAs"),
	    FIELD(conf, admission.in_negotiation), .bang = true },
	{ "sa", "Max IKE SAs allowed", ARG_NUM(1, 99999, "Maximum number of IKE SAs"),
	    FIELD(conf, admission.ike_sas), .bang = true },
	CMD_END
};

static const struct cmd limits[] = {
	{ "ike", "Configure IKE CAC limits", .sub = ike_limits },
	REFUSED("ipsec", "pairs of ESP SAs are limited by the IKE SAs that they need; use `ike sa`"),
	CMD_END
};

static const struct cmd admission[] = {
	{ "limit", "Configure Call Admission Control limit", .sub = limits },
	REFUSED("load", "the load of the machine is not measured; use `limit ike`"),
	CMD_END
};

const struct cmd cmds_call_admission[] = {
	{ "admission", "Configure Crypto Call Admission Control", .sub = admission },
	CMD_END
};
