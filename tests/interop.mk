# SPDX-License-Identifier: GPL-3.0-or-later
EXTRA_DIST += doc/interop.md \
	tests/interop/labs/libipsec.yaml \
	tests/interop/labs/libipsec/router.cfg \
	tests/interop/labs/nat.yaml \
	tests/interop/labs/nat/inner.cfg \
	tests/interop/labs/nat/outer.cfg \
	tests/interop/labs/uml.yaml \
	tests/interop/labs/uml/router.cfg \
	tests/interop/ikev2_libipsec.sh \
	tests/interop/ikev2_cert.sh \
	tests/interop/lib.sh \
	tests/interop/libipsec.sh \
	tests/interop/libipsec_life.sh \
	tests/interop/libipsec_v6.sh \
	tests/interop/nat.sh \
	tests/interop/uml/README.md \
	tests/interop/uml/boot \
	tests/interop/uml/build-kernel \
	tests/interop/uml/exec \
	tests/interop/uml/guest/devices.sh \
	tests/interop/uml/guest/lib.sh \
	tests/interop/uml/guest/strongswan.sh \
	tests/interop/uml/lib/common-host.sh \
	tests/interop/uml/lib/init \
	tests/interop/uml/lib/kernel.config \
	tests/interop/uml/lib/peer-host.sh \
	tests/interop/uml/lib/probe.py \
	tests/interop/uml/lib/stage2 \
	tests/interop/uml/lib/xstate.c \
	tests/interop/uml/peer-strongswan-gre \
	tests/interop/uml/peer-strongswan-vti \
	tests/interop/uml/setup \
	tests/interop/uml/stop \
	tests/interop/uml_gre.sh \
	tests/interop/uml_vti.sh \
	tests/interop/vti.sh \
	tests/interop/vti2.sh
