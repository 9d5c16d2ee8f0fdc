# SPDX-License-Identifier: GPL-3.0-or-later
noinst_LIBRARIES += cli/libshow.a
cli_libshow_a_CPPFLAGS = $(AM_CPPFLAGS) $(CRYPTO_CFLAGS)
cli_libshow_a_SOURCES = \
	cli/show.h \
	cli/reload_plan.c \
	cli/show_acl.c \
	cli/show_admission.c \
	cli/show_arp.c \
	cli/show_cmap.c \
	cli/show_cmap_tunnel.c \
	cli/show_crypto.c cli/show_crypto.h \
	cli/show_ikev2.h cli/show_crypto_ikev2.c \
	cli/show_crypto_ikev2_errors.c \
	cli/show_crypto_ikev2_sa.c \
	cli/show_crypto_engine.c \
	cli/show_crypto_ipsec.c \
	cli/show_crypto_ipsec_conf.c \
	cli/show_crypto_isakmp.c \
	cli/show_crypto_isakmp_key.c \
	cli/show_crypto_isakmp_profile.c \
	cli/show_crypto_session.c \
	cli/show_crypto_sockets.c \
	cli/show_dmvpn.c \
	cli/show_drops.c \
	cli/show_eem.c \
	cli/show_interface.c cli/show_interface.h \
	cli/show_invalid_spi.c \
	cli/show_ip_interface.c \
	cli/show_ipv6.c \
	cli/show_nhrp.c \
	cli/show_nhs.c \
	cli/show_pki.c \
	cli/show_route.c \
	cli/show_source.c \
	cli/show_system.c \
	cli/show_tech.c \
	cli/show_users.c \
	cli/show_util.c cli/show_util.h

if HAVE_CMOCKA
check_PROGRAMS += tests/golden/test_show
tests_golden_test_show_SOURCES = tests/golden/show_feed.c tests/golden/show_feed.h \
	tests/golden/show_scene.c tests/golden/test_show.c tests/unit/ca_hex.h
tests_golden_test_show_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS) $(CRYPTO_CFLAGS) \
	-DGOLDEN_DIR='"$(abs_top_srcdir)/tests/golden/show"' \
	-DSAMPLES_DIR='"$(abs_top_srcdir)/../shared/ios-samples"'
tests_golden_test_show_LDADD = cli/libshow.a cli/libcli.a lib/libculvert.a $(CMOCKA_LIBS) $(PCRE2_LIBS) $(CRYPTO_LIBS)
check_PROGRAMS += tests/unit/test_show_source
tests_unit_test_show_source_SOURCES = tests/unit/test_show_source.c
tests_unit_test_show_source_LDADD = cli/libshow.a cli/libcli.a lib/libculvert.a $(CMOCKA_LIBS) $(PCRE2_LIBS) $(CRYPTO_LIBS)
TESTS += tests/golden/test_show tests/unit/test_show_source
endif

EXTRA_DIST += \
	tests/golden/show/clock.txt \
	tests/golden/show/event_manager_environment.txt \
	tests/golden/show/event_manager_statistics.txt \
	tests/golden/show/dmvpn_peer_network.txt \
	tests/golden/show/ip_route_longer.txt \
	tests/golden/show/ip_route_longer_class.txt \
	tests/golden/show/crypto_ipsec_profile.txt \
	tests/golden/show/crypto_ipsec_profile_tag.txt \
	tests/golden/show/crypto_ipsec_transform_set.txt \
	tests/golden/show/crypto_ipsec_lifetime.txt \
	tests/golden/show/ip_route_bgp.txt \
	tests/golden/show/ip_route_connected.txt \
	tests/golden/show/ip_route_eigrp.txt \
	tests/golden/show/ip_route_ospf.txt \
	tests/golden/show/ip_route_rip.txt \
	tests/golden/show/ip_route_subnet.txt \
	tests/golden/show/ip_route_no_subnet.txt \
	tests/golden/show/dmvpn_peer_tunnel.txt \
	tests/golden/show/dmvpn_static.txt \
	tests/golden/show/ip_nhrp_dynamic.txt \
	tests/golden/show/ip_route_default.txt \
	tests/golden/show/ip_route_nhrp.txt \
	tests/golden/show/ip_route_of.txt \
	tests/golden/show/ip_route_of_connected.txt \
	tests/golden/show/ip_route_of_nhrp.txt \
	tests/golden/show/ip_route_of_none.txt \
	tests/golden/show/ip_route_static.txt \
	tests/golden/show/access_lists.txt \
	tests/golden/show/arp.txt \
	tests/golden/show/crypto_dynamic_map.txt \
	tests/golden/show/crypto_map.txt \
	tests/golden/show/map_access_list.txt \
	tests/golden/show/map_access_lists.txt \
	tests/golden/show/map_crypto_dynamic_map.txt \
	tests/golden/show/map_crypto_ipsec_sa.txt \
	tests/golden/show/map_crypto_map.txt \
	tests/golden/show/map_crypto_map_interface.txt \
	tests/golden/show/map_crypto_map_tag.txt \
	tests/golden/show/local_crypto_session.txt \
	tests/golden/show/second_crypto_session.txt \
	tests/golden/show/crypto_sockets.txt \
	tests/golden/show/tunnel_crypto_sockets.txt \
	tests/golden/show/tunnel_crypto_map.txt \
	tests/golden/show/tunnel_crypto_map_tag.txt \
	tests/golden/show/map_crypto_session.txt \
	tests/golden/show/map_crypto_session_brief.txt \
	tests/golden/show/map_crypto_session_detail.txt \
	tests/golden/show/crypto_call_admission.txt \
	tests/golden/show/crypto_engine_brief.txt \
	tests/golden/show/crypto_engine_connections.txt \
	tests/golden/show/crypto_engine_statistic.txt \
	tests/golden/show/ipsec_flows.txt \
	tests/golden/show/crypto_eli.txt \
	tests/golden/show/crypto_eli_all.txt \
	tests/golden/show/crypto_ikev2_count.txt \
	tests/golden/show/crypto_ipsec_sa_count.txt \
	tests/golden/show/crypto_isakmp_sa_count.txt \
	tests/golden/show/crypto_ikev2_diagnose_error.txt \
	tests/golden/show/crypto_ikev2_errors_off.txt \
	tests/golden/show/crypto_ikev2_policy.txt \
	tests/golden/show/crypto_ikev2_profile.txt \
	tests/golden/show/crypto_ikev2_proposal.txt \
	tests/golden/show/crypto_ikev2_proposal_named.txt \
	tests/golden/show/crypto_ikev2_sa.txt \
	tests/golden/show/crypto_ikev2_sa_detail.txt \
	tests/golden/show/crypto_ikev2_sa_local.txt \
	tests/golden/show/crypto_ikev2_sa_peer.txt \
	tests/golden/show/crypto_ikev2_session.txt \
	tests/golden/show/crypto_ikev2_session_detail.txt \
	tests/golden/show/crypto_ikev2_stats.txt \
	tests/golden/show/empty_crypto_ikev2_sa.txt \
	tests/golden/show/crypto_ipsec_sa.txt \
	tests/golden/show/crypto_ipsec_sa_detail.txt \
	tests/golden/show/crypto_ipsec_sa_peer.txt \
	tests/golden/show/crypto_isakmp_key.txt \
	tests/golden/show/event_manager_history.txt \
	tests/golden/show/event_manager_policies.txt \
	tests/golden/show/crypto_isakmp_invalid_spi.txt \
	tests/golden/show/crypto_isakmp_invalid_spi_peer.txt \
	tests/golden/show/crypto_isakmp_peers.txt \
	tests/golden/show/crypto_isakmp_default_policies.txt \
	tests/golden/show/crypto_isakmp_default_policy.txt \
	tests/golden/show/crypto_isakmp_policies_default.txt \
	tests/golden/show/crypto_isakmp_policy.txt \
	tests/golden/show/crypto_isakmp_profile.txt \
	tests/golden/show/crypto_isakmp_sa.txt \
	tests/golden/show/crypto_isakmp_sa_detail.txt \
	tests/golden/show/crypto_session.txt \
	tests/golden/show/crypto_session_brief.txt \
	tests/golden/show/crypto_session_detail.txt \
	tests/golden/show/crypto_session_peer.txt \
	tests/golden/show/crypto_key_mypubkey.txt \
	tests/golden/show/crypto_key_mypubkey_ec.txt \
	tests/golden/show/crypto_key_mypubkey_rsa.txt \
	tests/golden/show/crypto_pki_certificates.txt \
	tests/golden/show/crypto_pki_certificates_verbose.txt \
	tests/golden/show/crypto_pki_crls.txt \
	tests/golden/show/crypto_pki_trustpoints.txt \
	tests/golden/show/crypto_pki_trustpoints_status.txt \
	tests/golden/show/dmvpn.txt \
	tests/golden/show/dmvpn_detail.txt \
	tests/golden/show/dmvpn_tunnel2.txt \
	tests/golden/show/drops.txt \
	tests/golden/show/drops_all.txt \
	tests/golden/show/empty_crypto_ipsec_sa.txt \
	tests/golden/show/empty_crypto_isakmp_invalid_spi.txt \
	tests/golden/show/empty_crypto_isakmp_sa.txt \
	tests/golden/show/empty_dmvpn.txt \
	tests/golden/show/empty_drops.txt \
	tests/golden/show/empty_ipsec_drops.txt \
	tests/golden/show/empty_ip_nhrp_nhs_detail.txt \
	tests/golden/show/empty_ip_route.txt \
	tests/golden/show/empty_startup_config.txt \
	tests/golden/show/interfaces.txt \
	tests/golden/show/interfaces_description.txt \
	tests/golden/show/interfaces_tunnel2.txt \
	tests/golden/show/ip_interface.txt \
	tests/golden/show/ip_interface_brief.txt \
	tests/golden/show/ip_nhrp.txt \
	tests/golden/show/ip_nhrp_brief.txt \
	tests/golden/show/ip_nhrp_detail.txt \
	tests/golden/show/ip_nhrp_nhs.txt \
	tests/golden/show/ip_nhrp_nhs_detail.txt \
	tests/golden/show/ip_nhrp_nhs_redundancy.txt \
	tests/golden/show/ip_nhrp_traffic.txt \
	tests/golden/show/ip_route.txt \
	tests/golden/show/ipsec_drops.txt \
	tests/golden/show/ipv6_interface.txt \
	tests/golden/show/ipv6_interface_brief.txt \
	tests/golden/show/ipv6_route.txt \
	tests/golden/show/ipsec_drops_all.txt \
	tests/golden/show/logging.txt \
	tests/golden/show/processes.txt \
	tests/golden/show/running_config.txt \
	tests/golden/show/startup_config.txt \
	tests/golden/show/startup_config_errors.txt \
	tests/golden/show/v6_crypto_ipsec_sa.txt \
	tests/golden/show/v6_crypto_isakmp_key.txt \
	tests/golden/show/v6_crypto_isakmp_sa.txt \
	tests/golden/show/v6_crypto_isakmp_sa_detail.txt \
	tests/golden/show/v6_crypto_session.txt \
	tests/golden/show/v6_interfaces.txt \
	tests/golden/show/tech_support.txt \
	tests/golden/show/tech_support_ipsec.txt \
	tests/golden/show/users.txt \
	tests/golden/show/version.txt
