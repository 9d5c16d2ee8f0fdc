/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "settled2.h"

void
settled2(struct pair *p)
{
	assert_true(pair_works(p));
	assert_int_equal(pair_sas(&p->a), 1);
	assert_int_equal(pair_sas(&p->b), 1);
	assert_int_equal(HASH_COUNT(p->a.e.sas2), 1);
	assert_int_equal(HASH_COUNT(p->b.e.sas2), 1);
	assert_int_equal(pair_children(&p->a), 1);
	assert_int_equal(pair_children(&p->b), 1);
	assert_int_equal(p->lacking, 0);
	assert_ptr_equal(pair_current(&p->a)->ike, pair_ikev2_sa(&p->a));
	assert_ptr_equal(pair_current(&p->b)->ike, pair_ikev2_sa(&p->b));
	assert_memory_equal(pair_ikev2_sa(&p->a)->spi_i, pair_ikev2_sa(&p->b)->spi_i, IKE_SPI_LEN);
}

void
settled2_up(struct pair *p)
{
	pair_init2(p, "sesame", "sesame");
	pair_up(p);
	pair_pass(p, 3000);
	settled2(p);
}
