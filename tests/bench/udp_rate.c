/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How many datagrams a second come through: offers more and more of them from
 * one namespace to another, and prints the most that arrived in a second.
 *
 * usage: udp_rate NS1 CPU1 NS2 CPU2 ADDRESS PAYLOAD FLOWS RUN
 *
 * RUN datagrams leave in one call (UDP_SEGMENT), so that it is not the sender
 * that is measured.  A rate is held for STEP_NS and the next is half as much
 * again, until what arrives has stopped growing.
 */
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/udp.h>
#include <pthread.h>
#include <sched.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define PORT 5201
#define FLOWS_MAX 256
#define STEP_NS 250e6
#define FIRST_RATE 20e3
#define GROWTH 1.5
#define RATE_MAX 50e6

static struct {
	const char *ns, *cpu;
} from, to;
static struct in_addr address;
static size_t payload;
static int flows, run_len;
static int sink = -1, source[FLOWS_MAX];
static unsigned long received;
static bool stop;

static void
fail(const char *what)
{
	perror(what);
	exit(1);
}

static double
now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static void
enter(const char *ns, const char *cpu)
{
	char path[128];
	cpu_set_t set;
	int fd;

	snprintf(path, sizeof(path), "/run/netns/%s", ns);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || setns(fd, CLONE_NEWNET) < 0)
		fail(path);
	close(fd);
	CPU_ZERO(&set);
	CPU_SET(atoi(cpu), &set);
	sched_setaffinity(0, sizeof(set), &set);
}

static void *
receive(void *arg)
{
	struct sockaddr_in any = {.sin_family = AF_INET, .sin_port = htons(PORT)};
	static uint8_t bytes[65536];
	int on = 1, room = 32 << 20;
	struct timeval patience = {.tv_usec = 50000};
	ssize_t n;

	(void)arg;
	enter(to.ns, to.cpu);
	sink = socket(AF_INET, SOCK_DGRAM, 0);
	if (sink < 0 || bind(sink, (struct sockaddr *)&any, sizeof(any)) < 0)
		fail("sink");
	setsockopt(sink, IPPROTO_UDP, UDP_GRO, &on, sizeof(on));
	setsockopt(sink, SOL_SOCKET, SO_RCVBUFFORCE, &room, sizeof(room));
	setsockopt(sink, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	while (!__atomic_load_n(&stop, __ATOMIC_RELAXED)) {
		n = recv(sink, bytes, sizeof(bytes), 0);
		if (n > 0)	/* all are of one size */
			__atomic_fetch_add(&received, (unsigned long)n / payload, __ATOMIC_RELAXED);
	}
	return NULL;
}

static void
open_sources(void)
{
	struct sockaddr_in dst = {.sin_family = AF_INET, .sin_port = htons(PORT), .sin_addr = address};
	int i, segment = (int)payload, room = 4 << 20;

	for (i = 0; i < flows; i++) {
		source[i] = socket(AF_INET, SOCK_DGRAM, 0);
		if (source[i] < 0 || connect(source[i], (struct sockaddr *)&dst, sizeof(dst)) < 0)
			fail("source");
		setsockopt(source[i], SOL_SOCKET, SO_SNDBUFFORCE, &room, sizeof(room));
		if (run_len > 1)
			setsockopt(source[i], IPPROTO_UDP, UDP_SEGMENT, &segment, sizeof(segment));
	}
}

/* What arrived a second while so many a second were sent. */
static double
offer(double rate)
{
	static uint8_t bytes[65536];
	unsigned long before = __atomic_load_n(&received, __ATOMIC_RELAXED), sent = 0;
	double start = now_ns(), now = start;
	struct timespec nap = {.tv_nsec = 20000};

	while ((now = now_ns()) - start < STEP_NS) {
		if ((double)sent > rate * (now - start) / 1e9) {
			nanosleep(&nap, NULL);
			continue;
		}
		if (send(source[sent / (unsigned long)run_len % (unsigned long)flows], bytes,
		    payload * (size_t)run_len, 0) < 0)
			continue;
		sent += (unsigned long)run_len;
	}
	return (double)(__atomic_load_n(&received, __ATOMIC_RELAXED) - before) / (now - start) * 1e9;
}

int
main(int argc, char **argv)
{
	double best = 0, rate = FIRST_RATE, got;
	pthread_t thread;
	int worse = 0;

	if (argc != 9 || inet_pton(AF_INET, argv[5], &address) != 1) {
		fprintf(stderr, "usage: udp_rate NS1 CPU1 NS2 CPU2 ADDRESS PAYLOAD FLOWS RUN\n");
		return 2;
	}
	from.ns = argv[1];
	from.cpu = argv[2];
	to.ns = argv[3];
	to.cpu = argv[4];
	payload = (size_t)atoi(argv[6]);
	flows = atoi(argv[7]);
	run_len = atoi(argv[8]);
	if (payload == 0 || flows < 1 || flows > FLOWS_MAX || run_len < 1 ||
	    payload * (size_t)run_len > 65000)
		return 2;
	if (pthread_create(&thread, NULL, receive, NULL) != 0)
		fail("thread");
	enter(from.ns, from.cpu);
	open_sources();
	offer(1000);	/* ways and neighbours are known then */
	for (; worse < 3 && rate < RATE_MAX; rate *= GROWTH) {
		got = offer(rate);
		worse = got > best * 1.02 ? 0 : worse + 1;
		best = got > best ? got : best;
	}
	__atomic_store_n(&stop, true, __ATOMIC_RELAXED);
	pthread_join(thread, NULL);
	printf("%.0f\n", best);
	return 0;
}
