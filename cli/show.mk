# SPDX-License-Identifier: GPL-3.0-or-later
noinst_LIBRARIES += cli/libshow.a
cli_libshow_a_CPPFLAGS = $(AM_CPPFLAGS) $(CRYPTO_CFLAGS)
cli_libshow_a_SOURCES = \
	cli/show.h \
	cli/show_crypto.c cli/show_crypto.h \
	cli/show_crypto_ipsec.c \
	cli/show_crypto_isakmp.c \
	cli/show_crypto_session.c \
	cli/show_dmvpn.c \
	cli/show_drops.c \
	cli/show_interface.c \
	cli/show_nhrp.c \
	cli/show_route.c \
	cli/show_source.c \
	cli/show_system.c \
	cli/show_util.c cli/show_util.h
