/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ESP with SPIs that nobody has, as fast as one socket takes it.
 *
 * usage: spi_send INTERFACE MAC DESTINATION COUNT SOURCES SECONDS
 *
 * COUNT packets to DESTINATION, whose link address is MAC, from SOURCES addresses in
 * 10.0.0.0/8, spread over SECONDS.  Prints how many went out in how long.
 */
#include <arpa/inet.h>
#include <linux/if_packet.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

enum { IP_AT = 14, ESP_AT = 34, LEN = 98, BATCH = 64, PROTO_ESP = 50 };

static double
now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void
sleep_until(double at)
{
	struct timespec t = {.tv_sec = (time_t)at};

	t.tv_nsec = (long)((at - (double)t.tv_sec) * 1e9);
	while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &t, NULL) != 0)
		;
}

static uint32_t
random_next(uint32_t *state)	/* xorshift32 */
{
	*state ^= *state << 13;
	*state ^= *state >> 17;
	*state ^= *state << 5;
	return *state;
}

static void
put_be32(uint8_t *p, uint32_t v)
{
	v = htonl(v);
	memcpy(p, &v, sizeof(v));
}

static void
checksum(uint8_t *ip)
{
	uint32_t sum = 0;
	unsigned int i;

	ip[10] = ip[11] = 0;
	for (i = 0; i < 20; i += 2)
		sum += (uint32_t)ip[i] << 8 | ip[i + 1];
	sum = (sum & 0xffff) + (sum >> 16);
	sum = ~(sum + (sum >> 16)) & 0xffff;
	ip[10] = (uint8_t)(sum >> 8);
	ip[11] = (uint8_t)sum;
}

static void
frame_init(uint8_t f[LEN], const char *mac, const char *destination)
{
	unsigned int m[6], i;

	memset(f, 0, LEN);
	if (sscanf(mac, "%x:%x:%x:%x:%x:%x", &m[0], &m[1], &m[2], &m[3], &m[4], &m[5]) != 6 ||
	    inet_pton(AF_INET, destination, f + IP_AT + 16) != 1) {
		fprintf(stderr, "spi_send: %s or %s is no address\n", mac, destination);
		exit(2);
	}
	for (i = 0; i < 6; i++)
		f[i] = (uint8_t)m[i];
	memcpy(f + 6, "\x02\0\0\0\0\x99\x08\0\x45\0\0", 11);
	f[IP_AT + 3] = LEN - IP_AT;
	f[IP_AT + 8] = 64;
	f[IP_AT + 9] = PROTO_ESP;
}

int
main(int argc, char **argv)
{
	struct sockaddr_ll to = {.sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_IP)};
	unsigned long count, sources, i, sent = 0;
	uint32_t state = 2463534242u;
	double began, seconds;
	uint8_t f[LEN];
	int s;

	if (argc != 7) {
		fprintf(stderr, "usage: spi_send INTERFACE MAC DESTINATION COUNT SOURCES SECONDS\n");
		return 2;
	}
	frame_init(f, argv[2], argv[3]);
	count = strtoul(argv[4], NULL, 10);
	sources = strtoul(argv[5], NULL, 10);
	seconds = strtod(argv[6], NULL);
	s = socket(AF_PACKET, SOCK_RAW, 0);
	to.sll_ifindex = (int)if_nametoindex(argv[1]);
	if (s < 0 || sources == 0 || bind(s, (struct sockaddr *)&to, sizeof(to)) != 0) {
		perror("spi_send");
		return 1;
	}
	began = now();
	for (i = 0; i < count; i++) {
		if (i % BATCH == 0)
			sleep_until(began + seconds * (double)i / (double)count);
		put_be32(f + IP_AT + 12, 0x0a000001u + (uint32_t)(i % sources));
		checksum(f + IP_AT);
		put_be32(f + ESP_AT, 256 + random_next(&state) % (UINT32_MAX - 256));
		put_be32(f + ESP_AT + 4, (uint32_t)i + 1);
		if (send(s, f, sizeof(f), 0) == (ssize_t)sizeof(f))
			sent++;
	}
	printf("%lu packets from %lu sources in %.1f s\n", sent, sources, now() - began);
	return sent == count ? 0 : 1;
}
