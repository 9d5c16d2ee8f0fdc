/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Figures that one forwarder gives by itself (solo.h), as "NAME VALUE" lines:
 *
 *	null_ratio	small packets of many flows, against a cipher that does nothing
 *	sas_4000_ratio, sas_20000_ratio		SAs used at random, against one
 *	hops_10000_ratio			next hops of an mGRE tunnel, against ten
 *	seal_1408_ratio, seal_64_ratio		AES-128-GCM, against OpenSSL renewing only the IV
 *	workers_ratio	eight flows to two peers: two workers, against one
 *	workers_cpu_ratio	the processor time of a packet of theirs, two workers against one
 *	hairpin_ratio	spoke to spoke packets a second, against crossing the device
 *	syscalls	calls of the kernel for a packet of bulk traffic
 *	forward_cycles, seal_cycles, open_cycles	of a packet of bulk traffic, outside of
 *			the kernel, out and in: what is not the cipher's; the cipher's
 *
 * A packet crosses the forwarder twice here, out and in.  Each measurement is a
 * process and a namespace of its own; what is compared is measured in turn,
 * ROUNDS times, and the median counts.
 *
 * usage: bench_work [ROUNDS [NAME]]
 *
 * With a name (null, sas_20000, stages ...) only that figure; with 0 rounds only what is
 * measured, and that once: for a profiler.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "esp_crypto.h"
#include "esp_ops.h"
#include "log.h"
#include "solo.h"

#define ROUNDS_MAX 15
#define PACKETS 8192
#define SUPERS 120
#define WARM_SUPERS 64
#define WORKER_SUPERS 800
#define SEGMENTS 40
#define MANY 20000

static unsigned int rounds = 5;

/* --- a cipher that does nothing --- */

static bool null_cipher;
bool __real_esp_crypt_seal(struct esp_crypt *c, const struct esp_parts *p);
bool __real_esp_crypt_open(struct esp_crypt *c, const struct esp_parts *p);
bool __wrap_esp_crypt_seal(struct esp_crypt *c, const struct esp_parts *p);
bool __wrap_esp_crypt_open(struct esp_crypt *c, const struct esp_parts *p);

bool
__wrap_esp_crypt_seal(struct esp_crypt *c, const struct esp_parts *p)
{
	return null_cipher || __real_esp_crypt_seal(c, p);
}

bool
__wrap_esp_crypt_open(struct esp_crypt *c, const struct esp_parts *p)
{
	return null_cipher || __real_esp_crypt_open(c, p);
}

/* --- measuring --- */

/* Profilers see by the thread's name what is the forwarder's and what only feeds it. */
static void
call_it_forwarder(bool yes)
{
	prctl(PR_SET_NAME, yes ? "culvert-espd" : "bench_work");
}

static int
by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static double
median(double *v, unsigned int n)
{
	qsort(v, n, sizeof(*v), by_value);
	return v[n / 2];
}

/* What `measure` returns, in a process of its own. */
static double
apart(double (*measure)(unsigned int arg), unsigned int arg)
{
	double value = 0;
	int pair[2], status;
	pid_t pid;

	if (pipe(pair) < 0 || (pid = fork()) < 0)
		exit(1);
	if (pid == 0) {
		value = measure(arg);
		_exit(write(pair[1], &value, sizeof(value)) == sizeof(value) ? 0 : 1);
	}
	close(pair[1]);
	if (read(pair[0], &value, sizeof(value)) != sizeof(value))
		value = 0;
	close(pair[0]);
	waitpid(pid, &status, 0);
	if (WIFSIGNALED(status))
		fprintf(stderr, "bench_work: killed by signal %d\n", WTERMSIG(status));
	if (value == 0)
		exit(1);	/* or else the child said why */
	return value;
}

/* The median of many over one, taken in turn. */
static void
compare(const char *name, double (*measure)(unsigned int arg), unsigned int many, unsigned int one)
{
	double ratio[ROUNDS_MAX], a[ROUNDS_MAX], b[ROUNDS_MAX];
	unsigned int i;

	for (i = 0; i < rounds; i++) {
		a[i] = apart(measure, many);
		b[i] = apart(measure, one);
		ratio[i] = a[i] / b[i];
	}
	printf("%s_ratio %.3f\n%s_value %.1f\n%s_base %.1f\n", name, median(ratio, rounds), name,
	    median(a, rounds), name, median(b, rounds));
	fflush(stdout);
}

static struct solo s;

/* ns for each packet that goes to one of `count` destinations at random. */
static double
scattered(unsigned int count, size_t payload)
{
	static unsigned int to[PACKETS];
	double best = 1e18, ns;
	unsigned int i, pass, passes = rounds == 0 ? 60 : 4;

	srandom(1);
	for (pass = 0; pass < passes; pass++) {	/* the first brings the memory near */
		for (i = 0; i < PACKETS; i++)
			to[i] = (unsigned int)random() % count;
		solo_fill(&s, to, PACKETS, payload, 997);
		call_it_forwarder(true);
		ns = solo_run(&s, PACKETS) / PACKETS;
		call_it_forwarder(false);
		if (pass > 0 && ns < best)
			best = ns;
	}
	return best;
}

static double
with_sas(unsigned int sas)
{
	struct solo_plan plan = {.kind = TUNNEL_MGRE, .peers = sas};

	if (sas == 1)
		plan.one_peer_hops = MANY;
	solo_open(&s, &plan);
	return scattered(MANY < sas || sas == 1 ? MANY : sas, 1300);
}

static double
with_hops(unsigned int hops)
{
	struct solo_plan plan = {.kind = TUNNEL_MGRE, .peers = 1, .one_peer_hops = hops};

	solo_open(&s, &plan);
	return scattered(hops, 100);
}

/* Packets a second. */
static double
with_cipher(unsigned int real)
{
	struct solo_plan plan = {.kind = TUNNEL_VTI, .peers = 1};

	null_cipher = !real;
	solo_open(&s, &plan);
	return 1e9 / scattered(1, 100);
}

static double
cpu_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static void
fill_flows(unsigned int supers)
{
	unsigned int i;

	for (i = 0; i < supers; i++)
		solo_fill_super(&s, i % 2, SEGMENTS, 1300, (uint16_t)(5000 + i % 8));
}

/* Nanoseconds that the workers take for so many of them, which lie ready; *cpu: of a processor. */
static double
pass_flows(unsigned int supers, double *cpu)
{
	uint64_t before = solo_work(&s).tun_written_segments;
	double ns;

	fill_flows(supers);
	*cpu = cpu_ns();
	call_it_forwarder(true);	/* the threads have the name of who makes them */
	solo_start(&s);
	call_it_forwarder(false);
	ns = solo_wait(&s, before + (uint64_t)supers * SEGMENTS);
	*cpu = cpu_ns() - *cpu;
	solo_stop(&s);
	return ns;
}

/*
 * The same for eight flows to two peers of which some packets have passed before: the
 * workers have touched their memory, and the device knows which queue serves a flow.
 */
static double
run_workers(unsigned int workers, double *cpu)
{
	struct solo_plan plan = {.kind = TUNNEL_MGRE, .peers = 2, .workers = workers};
	unsigned int pass, passes = rounds == 0 ? 20 : 1;
	double ns = 0;

	solo_open(&s, &plan);
	pass_flows(WARM_SUPERS, cpu);
	for (pass = 0; pass < passes; pass++)
		ns = pass_flows(WORKER_SUPERS, cpu);
	return ns;
}

/* Packets a second. */
static double
with_workers(unsigned int workers)
{
	double cpu;

	return 1e9 * WORKER_SUPERS * SEGMENTS / run_workers(workers, &cpu);
}

/* What does not depend on whether a second processor was free. */
static double
cpu_with_workers(unsigned int workers)
{
	double cpu;

	run_workers(workers, &cpu);
	return cpu / (WORKER_SUPERS * SEGMENTS);
}

/* Packets a second that come from a peer and go to one. */
static double
with_hairpin(unsigned int hairpin)
{
	enum { FLOWS = 256, HOPS = 64 };
	struct solo_plan plan = {.kind = TUNNEL_MGRE, .peers = 1, .routes = true,
	    .hairpin = hairpin};
	double best = 0, rate;
	int pass;

	solo_open(&s, &plan);
	for (pass = 0; pass < 4; pass++) {
		solo_fill_hops(&s, FLOWS, 100, HOPS + 1);
		call_it_forwarder(true);
		rate = 1e9 * FLOWS * HOPS / solo_run_sent(&s, FLOWS * HOPS);
		call_it_forwarder(false);
		if (rate > best)
			best = rate;
	}
	return best;
}

/* Calls of the kernel for a packet of a super-packet, as the forwarder counts them itself. */
static double
calls(unsigned int supers)
{
	struct solo_plan plan = {.kind = TUNNEL_VTI, .peers = 1};
	struct work w;
	unsigned int i;

	solo_open(&s, &plan);
	for (i = 0; i < supers; i++)
		solo_fill_super(&s, 0, SEGMENTS, 1300, 5000);
	solo_run(&s, (uint64_t)supers * SEGMENTS);
	w = solo_work(&s);
	return (double)(w.waits + w.wakes + w.tun_reads + w.tun_writes + w.wire_receives +
	    w.wire_sends) / (2.0 * supers * SEGMENTS);
}

/* The least that a pass took: what else the machine does only adds to it. */
static void
stages(void)
{
	struct solo_plan plan = {.kind = TUNNEL_VTI, .peers = 1};
	double forward = 1e18, seal = 1e18, open = 1e18, packets = SUPERS * SEGMENTS;
	struct work before, after;
	unsigned int pass, i;

	solo_open(&s, &plan);
	log_debug_mask |= 1ull << LOG_DEBUG_PROFILE;
	for (pass = 0; pass < 10 * rounds; pass++) {
		for (i = 0; i < SUPERS; i++)
			solo_fill_super(&s, 0, SEGMENTS, 1300, 5000);
		before = solo_work(&s);
		solo_run(&s, SUPERS * SEGMENTS);
		after = solo_work(&s);
#define LEAST(stage) do {							\
		double n = (double)(after.cycles_##stage - before.cycles_##stage) / packets;	\
		if (n < stage)							\
			stage = n;						\
	} while (0)
		LEAST(forward);
		LEAST(seal);
		LEAST(open);
#undef LEAST
	}
	printf("forward_cycles %.0f\nseal_cycles %.0f\nopen_cycles %.0f\n", forward, seal, open);
}

/* --- the cipher alone --- */

static size_t seal_len;

static double
seal_ns(unsigned int best)
{
	enum { BUFFERS = 256, TURNS = 200, ROOM = 1536 };
	static uint8_t memory[BUFFERS][ROOM] __attribute__((aligned(64)));
	static const uint8_t key[20] = "bench";
	struct esp_transform t = {CIPHER_AES_GCM, 128, INTEG_NONE};
	const struct esp_ops *ops = best ? esp_ops_best(&t) : esp_ops_openssl(&t);
	struct esp_crypt *c = esp_crypt_new(ops, true, &t, false, slice_of(key, sizeof(key)),
	    slice_of(NULL, 0));
	struct esp_parts p = {.text_len = seal_len, .seq = 1};
	double start = 0;
	int turn, i;

	call_it_forwarder(true);
	for (turn = -1; turn < TURNS; turn++) {
		if (turn == 0)
			start = bench_now_ns();
		for (i = 0; i < BUFFERS; i++, p.seq++) {
			p.header = memory[i];
			p.iv = p.header + 8;
			p.text = p.iv + 8;
			p.plain = p.text;
			p.icv = p.text + seal_len;
			if (!__real_esp_crypt_seal(c, &p))
				exit(1);
		}
	}
	return (bench_now_ns() - start) / (TURNS * BUFFERS);
}

static double
seal_1408(unsigned int best)
{
	seal_len = 1408;
	return seal_ns(best);
}

static double
seal_64(unsigned int best)
{
	seal_len = 64;
	return seal_ns(best);
}

static const struct figure {
	const char *name;
	double (*measure)(unsigned int arg);
	unsigned int many, one;
} figures[] = {
	{"seal_1408", seal_1408, 0, 1},
	{"seal_64", seal_64, 0, 1},
	{"null", with_cipher, 1, 0},
	{"sas_4000", with_sas, 4000, 1},
	{"sas_20000", with_sas, 20000, 1},
	{"hops_10000", with_hops, 10000, 10},
	{"workers", with_workers, 2, 1},
	{"workers_cpu", cpu_with_workers, 2, 1},
	{"hairpin", with_hairpin, 1, 0},
};

static void
print(const struct figure *f)
{
	if (rounds == 0)
		f->measure(f->many);
	else
		compare(f->name, f->measure, f->many, f->one);
}

int
main(int argc, char **argv)
{
	const char *only = argc > 2 ? argv[2] : NULL;
	size_t i;

	if (argc > 1)
		rounds = (unsigned int)atoi(argv[1]);
	if ((rounds == 0 && only == NULL) || rounds > ROUNDS_MAX || geteuid() != 0) {
		fprintf(stderr, "usage, as root: bench_work [ROUNDS up to %d [NAME]]\n", ROUNDS_MAX);
		return 2;
	}
	for (i = 0; i < sizeof(figures) / sizeof(figures[0]); i++)
		if (only == NULL || strcmp(only, figures[i].name) == 0)
			print(&figures[i]);
	if (only == NULL)
		printf("syscalls %.3f\n", apart(calls, SUPERS));
	if (rounds > 0 && (only == NULL || strcmp(only, "stages") == 0))
		stages();
	return 0;
}
