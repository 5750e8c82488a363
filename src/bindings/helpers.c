// SPDX-License-Identifier: GPL-2.0

#include <linux/backlight.h>
#include <linux/iosys-map.h>
#include <linux/spi/spi.h>

#include <drm/drm_atomic.h>
#include <drm/drm_gem_atomic_helper.h>

#include "helpers.h"

int tinydrm_backlight_enable(struct backlight_device *bd)
{
	return backlight_enable(bd);
}

int tinydrm_backlight_disable(struct backlight_device *bd)
{
	return backlight_disable(bd);
}

void tinydrm_iosys_map_memcpy_from(void *dst, const struct iosys_map *src, size_t offset,
				   size_t len)
{
	iosys_map_memcpy_from(dst, src, offset, len);
}

int tinydrm_spi_sync_transfer(struct spi_device *spi, struct spi_transfer *xfers,
			      unsigned int num)
{
	return spi_sync_transfer(spi, xfers, num);
}

bool tinydrm_spi_is_bpw_supported(struct spi_device *spi, u32 bpw)
{
	return spi_is_bpw_supported(spi, bpw);
}

size_t tinydrm_spi_max_transfer_size(struct spi_device *spi)
{
	return spi_max_transfer_size(spi);
}

struct drm_plane_state *
tinydrm_drm_atomic_get_new_plane_state(const struct drm_atomic_commit *state,
				       struct drm_plane *plane)
{
	return drm_atomic_get_new_plane_state(state, plane);
}

struct drm_plane_state *
tinydrm_drm_atomic_get_old_plane_state(const struct drm_atomic_commit *state,
				       struct drm_plane *plane)
{
	return drm_atomic_get_old_plane_state(state, plane);
}

struct drm_crtc_state *
tinydrm_drm_atomic_get_new_crtc_state(const struct drm_atomic_commit *state,
				      struct drm_crtc *crtc)
{
	return drm_atomic_get_new_crtc_state(state, crtc);
}

struct drm_shadow_plane_state *
tinydrm_to_drm_shadow_plane_state(struct drm_plane_state *state)
{
	return to_drm_shadow_plane_state(state);
}
