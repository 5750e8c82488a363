/* SPDX-License-Identifier: GPL-2.0 */
/* What bindgen reads: the two kinds of controllers that the module is. */

#include <linux/gpio/driver.h>
#include <linux/spi/spi.h>

/* Macros that bindgen cannot evaluate. */
static const u32 TINYDRM_CONST_SPI_MODE_X_MASK = SPI_MODE_X_MASK;
