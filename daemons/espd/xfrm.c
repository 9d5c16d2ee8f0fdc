/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "xfrm.h"

#include <stdint.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>
#include <linux/netlink.h>
#include <linux/xfrm.h>

static bool
any(int fd, uint16_t what)
{
	struct {
		struct nlmsghdr nh;
		uint8_t body[64];	/* zeros select all */
	} q = {.nh = {.nlmsg_len = NLMSG_LENGTH(0), .nlmsg_type = what,
		.nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP}};
	uint8_t buf[8192] __attribute__((aligned(8)));
	const struct nlmsghdr *nh = (const struct nlmsghdr *)buf;
	bool found = false;
	ssize_t n;

	if (send(fd, &q, q.nh.nlmsg_len, 0) < 0)
		return false;
	for (;;) {
		n = recv(fd, buf, sizeof(buf), 0);
		if (n < (ssize_t)sizeof(*nh) || nh->nlmsg_type == NLMSG_ERROR ||
		    nh->nlmsg_type == NLMSG_DONE)
			return found;
		found = true;
	}
}

bool
xfrm_in_use(void)
{
	struct timeval second = {.tv_sec = 1};
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_XFRM);
	bool used;

	if (fd < 0)
		return false;
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &second, sizeof(second));
	used = any(fd, XFRM_MSG_GETSA) || any(fd, XFRM_MSG_GETPOLICY);
	close(fd);
	return used;
}
