/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/ios_modes.h"

#include <ctype.h>
#include <stddef.h>
#include <string.h>
#include <strings.h>

/* How such lines begin; `*` is any word, `#` a number.  The first that fits decides. */
static const struct {
	const char *words;
	bool opens;
} beginnings[] = {
	{"aaa group server", true},
	{"address-family", true},
	{"archive", true},
	{"class-map", true},
	{"control-plane", true},
	{"controller", true},
	{"crypto ca", true},
	{"crypto dynamic-map * #", true},
	{"crypto gdoi", true},
	{"crypto gkm", true},
	{"crypto ikev2", true},
	{"crypto isakmp client", true},
	{"crypto isakmp peer", true},
	{"crypto isakmp policy", true},
	{"crypto isakmp profile", true},
	{"crypto ipsec profile", true},
	{"crypto ipsec transform-set", true},
	{"crypto keyring", true},
	{"crypto map * #", true},
	{"crypto pki certificate", true},
	{"crypto pki server", true},
	{"crypto pki trustpoint", true},
	{"dial-peer voice", true},
	{"event manager applet", true},
	{"gatekeeper", true},
	{"flow exporter", true},
	{"flow monitor", true},
	{"flow record", true},
	{"interface", true},
	{"ip access-list", true},
	{"ip dhcp pool", true},
	{"ip sla #", true},
	{"ip vrf forwarding", false},
	{"ip vrf *", true},
	{"ipv6 access-list", true},
	{"ipv6 router", true},
	{"key chain", true},
	{"line", true},
	{"mac access-list", true},
	{"map-class", true},
	{"object-group", true},
	{"parameter-map", true},
	{"policy-map", true},
	{"radius server", true},
	{"redundancy", true},
	{"route-map", true},
	{"router", true},
	{"tacacs server", true},
	{"track #", true},
	{"vlan #", true},
	{"vpdn-group", true},
	{"vrf definition", true},
	{"zone security", true},
	{"zone-pair", true},
};

/* Abbreviated as people do, but not so far that it could be another word. */
static bool
is_word(const char *typed, size_t typed_len, const char *word, size_t word_len)
{
	if (word_len == 1 && *word == '*')
		return true;
	if (word_len == 1 && *word == '#')
		return isdigit((unsigned char)*typed);
	return typed_len <= word_len && (typed_len == word_len || typed_len >= 3) &&
	    strncasecmp(typed, word, typed_len) == 0;
}

static bool
begins_with(const char *line, const char *words)
{
	while (*words != '\0') {
		size_t word = strcspn(words, " "), typed;

		line += strspn(line, " \t");
		typed = strcspn(line, " \t\r\n");
		if (typed == 0 || !is_word(line, typed, words, word))
			return false;
		line += typed;
		words += word + (words[word] == ' ');
	}
	return true;
}

bool
ios_opens_mode(const char *line)
{
	size_t i;

	for (i = 0; i < sizeof(beginnings) / sizeof(beginnings[0]); i++)
		if (begins_with(line, beginnings[i].words))
			return beginnings[i].opens;
	return false;
}

/* What an interface is called there, of all that it may have. */
static const char *const interfaces[] = {
	"analysis-module", "appgigabitethernet", "async", "atm", "auto-template", "bdi", "bri", "bvi",
	"bundle-ether", "cable", "cable-modem", "cellular", "cem", "dialer", "dot11radio",
	"embedded-service-engine", "ethernet", "ethernet-internal", "fastethernet", "fddi",
	"fiftygige", "filter", "filtergroup", "fivegigabitethernet", "fortygigabitethernet",
	"fortygige", "fourhundredgige", "gigabitethernet", "group-async", "hssi", "hundredgige",
	"ism", "l2vpn-xconnect", "lex", "lisp", "loopback", "mfr", "mgmteth", "multilink", "nve",
	"null", "overlay", "port-channel", "pos", "pseudowire", "range", "sdr", "serial",
	"service-engine", "sm", "sslvpn-vif", "tengigabitethernet", "tokenring", "tunnel",
	"tunnel-te", "twentyfivegige", "twogigabitethernet", "twohundredgige", "ucse",
	"vasileft", "vasiright", "vif", "virtual-access", "virtual-dot11radio", "virtual-ppp",
	"virtual-template", "virtual-tokenring", "virtualportgroup", "vlan", "vmi", "voabypassin",
	"voabypassout", "wlan-ap", "wlan-gigabitethernet",
};

bool
ios_mistypes_interface(const char *line)
{
	size_t len, i;

	if (!begins_with(line, "interface *"))
		return false;
	line += strspn(line, " \t");
	line += strcspn(line, " \t");
	line += strspn(line, " \t");
	len = strcspn(line, "0123456789 \t\r\n");
	for (i = 0; i < sizeof(interfaces) / sizeof(interfaces[0]); i++)
		if (len > 0 && len <= strlen(interfaces[i]) &&
		    strncasecmp(line, interfaces[i], len) == 0)
			return false;
	return true;
}
