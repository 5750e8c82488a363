/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What bindgen reads: the subsystems that the kernel crate does not bind, or
 * of which it knows no more than the name of a struct.
 */

#include <linux/backlight.h>
#include <linux/dma-resv.h>
#include <linux/gpio/consumer.h>
#include <linux/notifier.h>
#include <linux/spi/spi.h>
#include <video/mipi_display.h>

#include <drm/clients/drm_client_setup.h>
#include <drm/drm_atomic.h>
#include <drm/drm_atomic_helper.h>
#include <drm/drm_connector.h>
#include <drm/drm_crtc.h>
#include <drm/drm_damage_helper.h>
#include <drm/drm_drv.h>
#include <drm/drm_encoder.h>
#include <drm/drm_fbdev_shmem.h>
#include <drm/drm_fourcc.h>
#include <drm/drm_framebuffer.h>
#include <drm/drm_gem_atomic_helper.h>
#include <drm/drm_gem_framebuffer_helper.h>
#include <drm/drm_gem_shmem_helper.h>
#include <drm/drm_ioctl.h>
#include <drm/drm_managed.h>
#include <drm/drm_modes.h>
#include <drm/drm_modeset_helper_vtables.h>
#include <drm/drm_plane.h>
#include <drm/drm_probe_helper.h>

#include "helpers.h"

/* Macros that bindgen cannot evaluate. */
static const u32 TINYDRM_CONST_DRM_FORMAT_RGB888 = DRM_FORMAT_RGB888;
static const u32 TINYDRM_CONST_DRM_FORMAT_XRGB8888 = DRM_FORMAT_XRGB8888;
static const u32 TINYDRM_CONST_DRM_FORMAT_RGB565 = DRM_FORMAT_RGB565;
static const u32 TINYDRM_CONST_SPI_NO_RX = SPI_NO_RX;
static const u16 TINYDRM_CONST_SPI_CONTROLLER_NO_RX = SPI_CONTROLLER_NO_RX;
static const u64 TINYDRM_CONST_DRM_FORMAT_MOD_LINEAR = DRM_FORMAT_MOD_LINEAR;
static const u64 TINYDRM_CONST_DRM_FORMAT_MOD_INVALID = DRM_FORMAT_MOD_INVALID;
