/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What control says: configuration, record by record, and clear commands.
 *
 * Between BEGIN and END a record that comes again unchanged changes nothing,
 * and nothing is torn down before END has told what is really gone.
 */
#include "clear.h"
#include "events.h"
#include "iked.h"

static void
protection_gone(const struct conf_protection *p, void *arg)
{
	struct iked *k = arg;

	engine_protection_gone(&k->engine, p->name);
}

static void
protect_del(struct iked *k, const struct ipc_protection *p)
{
	engine_protection_gone(&k->engine, p->protection);
	conf_del_protection(&k->engine.conf, p->protection);
}

/* False when it is no configuration. */
static bool
configure(struct iked *k, const struct ipc_msg *m)
{
	struct ike_conf *conf = &k->engine.conf;

	switch (m->type) {
	case IPC_MSG_IKE_GLOBAL:
		conf_set_global(conf, &m->body->ike_global);
		return true;
	case IPC_MSG_IKE_POLICY:
		conf_set_policy(conf, &m->body->ike_policy);
		return true;
	case IPC_MSG_IKE_POLICY_DEL:
		conf_del_policy(conf, m->body->ike_policy.priority);
		return true;
	case IPC_MSG_IKE_KEY:
		conf_set_psk(conf, &m->body->ike_key);
		return true;
	case IPC_MSG_IKE_KEY_DEL:
		conf_del_psk(conf, &m->body->ike_key);
		return true;
	case IPC_MSG_ADMISSION:
		k->engine.admission.limit = m->body->admission;
		return true;
	case IPC_MSG_PROFILE_SET:
		conf_set_profile(conf, &m->body->ipsec_profile);
		return true;
	case IPC_MSG_PROFILE_DEL:
		conf_del_profile(conf, m->body->ipsec_profile.name);
		return true;
	case IPC_MSG_PROTECT_SET:
		engine_protection_set(&k->engine, &m->body->protection);
		return true;
	case IPC_MSG_PROTECT_DEL:
		protect_del(k, &m->body->protection);
		return true;
	case IPC_MSG_PROTECT_PEER_SET:
		conf_set_protect_peer(conf, &m->body->protect_peer);
		return true;
	case IPC_MSG_PROTECT_PEER_DEL:
		conf_del_protect_peer(conf, &m->body->protect_peer);
		return true;
	default:
		return conf1_message(&conf->v1, m->type, m->body) ||
		    conf2_message(&conf->v2, m->type, m->body) ||
		    pki_message(&conf->pki, m->type, m->body);
	}
}

void
ctl_message(struct iked *k, struct ipc_conn *c, struct ipc_msg *m)
{
	switch (m->type) {
	case IPC_MSG_BEGIN:
		k->config_open = true;
		conf_begin(&k->engine.conf);
		break;
	case IPC_MSG_END:
		k->config_open = false;
		conf_sweep(&k->engine.conf, protection_gone, k);
		engine_config_done(&k->engine);
		cmap_link_sync(k, c);
		break;
	case IPC_MSG_NIC_SET:
		conf_set_nic(&k->engine.conf, &m->body->nic);
		break;
	case IPC_MSG_CLEAR:
		ipc_done(c, m, NULL, engine_clear(&k->engine, &m->body->clear));
		break;
	default:
		if (configure(k, m) && !k->config_open)
			engine_config_done(&k->engine);
		break;
	}
}
