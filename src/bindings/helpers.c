// SPDX-License-Identifier: GPL-2.0

#include <linux/backlight.h>
#include <linux/export.h>
#include <linux/highmem.h>
#include <linux/iosys-map.h>
#include <linux/mm.h>
#include <linux/spi/spi.h>
#include <linux/vmalloc.h>

#include <drm/drm_atomic.h>
#include <drm/drm_connector.h>
#include <drm/drm_crtc.h>
#include <drm/drm_gem_atomic_helper.h>
#include <drm/drm_plane.h>

#include "helpers.h"

int tinydrm_backlight_enable(struct backlight_device *bd)
{
	return backlight_enable(bd);
}
EXPORT_SYMBOL_GPL(tinydrm_backlight_enable);

int tinydrm_backlight_disable(struct backlight_device *bd)
{
	return backlight_disable(bd);
}
EXPORT_SYMBOL_GPL(tinydrm_backlight_disable);

int tinydrm_backlight_get_brightness(const struct backlight_device *bd)
{
	return backlight_get_brightness(bd);
}
EXPORT_SYMBOL_GPL(tinydrm_backlight_get_brightness);

void *tinydrm_bl_get_data(struct backlight_device *bd)
{
	return bl_get_data(bd);
}
EXPORT_SYMBOL_GPL(tinydrm_bl_get_data);

void tinydrm_flush_kernel_vmap_range(void *vaddr, int size)
{
	flush_kernel_vmap_range(vaddr, size);
}
EXPORT_SYMBOL_GPL(tinydrm_flush_kernel_vmap_range);

/* The address in the linear mapping of what is at addr; NULL if it has none. */
void *tinydrm_vmalloc_to_linear(const void *addr)
{
	void *page;

	if (!is_vmalloc_addr(addr))
		return NULL;
	page = page_address(vmalloc_to_page(addr));
	return page ? page + offset_in_page(addr) : NULL;
}
EXPORT_SYMBOL_GPL(tinydrm_vmalloc_to_linear);

void *tinydrm_page_address(const struct page *page)
{
	return page_address(page);
}
EXPORT_SYMBOL_GPL(tinydrm_page_address);

void tinydrm_iosys_map_memcpy_from(void *dst, const struct iosys_map *src, size_t offset,
				   size_t len)
{
	iosys_map_memcpy_from(dst, src, offset, len);
}
EXPORT_SYMBOL_GPL(tinydrm_iosys_map_memcpy_from);

int tinydrm_spi_sync_transfer(struct spi_device *spi, struct spi_transfer *xfers,
			      unsigned int num)
{
	return spi_sync_transfer(spi, xfers, num);
}
EXPORT_SYMBOL_GPL(tinydrm_spi_sync_transfer);

int tinydrm_spi_sync_transfer_locked(struct spi_device *spi, struct spi_transfer *xfers,
				     unsigned int num)
{
	struct spi_message msg;

	spi_message_init_with_transfers(&msg, xfers, num);
	return spi_sync_locked(spi, &msg);
}
EXPORT_SYMBOL_GPL(tinydrm_spi_sync_transfer_locked);

bool tinydrm_spi_is_bpw_supported(struct spi_device *spi, u32 bpw)
{
	return spi_is_bpw_supported(spi, bpw);
}
EXPORT_SYMBOL_GPL(tinydrm_spi_is_bpw_supported);

size_t tinydrm_spi_max_message_size(struct spi_device *spi)
{
	return spi_max_message_size(spi);
}
EXPORT_SYMBOL_GPL(tinydrm_spi_max_message_size);

size_t tinydrm_spi_max_transfer_size(struct spi_device *spi)
{
	return spi_max_transfer_size(spi);
}
EXPORT_SYMBOL_GPL(tinydrm_spi_max_transfer_size);

void tinydrm_drm_atomic_commit_put(struct drm_atomic_commit *state)
{
	drm_atomic_commit_put(state);
}
EXPORT_SYMBOL_GPL(tinydrm_drm_atomic_commit_put);

struct drm_plane_state *
tinydrm_drm_atomic_get_new_plane_state(const struct drm_atomic_commit *state,
				       struct drm_plane *plane)
{
	return drm_atomic_get_new_plane_state(state, plane);
}
EXPORT_SYMBOL_GPL(tinydrm_drm_atomic_get_new_plane_state);

struct drm_plane_state *
tinydrm_drm_atomic_get_old_plane_state(const struct drm_atomic_commit *state,
				       struct drm_plane *plane)
{
	return drm_atomic_get_old_plane_state(state, plane);
}
EXPORT_SYMBOL_GPL(tinydrm_drm_atomic_get_old_plane_state);

struct drm_crtc_state *
tinydrm_drm_atomic_get_new_crtc_state(const struct drm_atomic_commit *state,
				      struct drm_crtc *crtc)
{
	return drm_atomic_get_new_crtc_state(state, crtc);
}
EXPORT_SYMBOL_GPL(tinydrm_drm_atomic_get_new_crtc_state);

struct drm_shadow_plane_state *
tinydrm_to_drm_shadow_plane_state(struct drm_plane_state *state)
{
	return to_drm_shadow_plane_state(state);
}
EXPORT_SYMBOL_GPL(tinydrm_to_drm_shadow_plane_state);

int tinydrm_drm_mode_config_reset_error(struct drm_device *dev)
{
	struct drm_plane *plane;
	struct drm_crtc *crtc;
	struct drm_connector *connector;
	struct drm_connector_list_iter conn_iter;
	int ret = 0;

	drm_for_each_plane(plane, dev)
		if (!plane->state)
			ret = -ENOMEM;

	drm_for_each_crtc(crtc, dev)
		if (!crtc->state)
			ret = -ENOMEM;

	drm_connector_list_iter_begin(dev, &conn_iter);
	drm_for_each_connector_iter(connector, &conn_iter)
		if (!connector->state)
			ret = -ENOMEM;
	drm_connector_list_iter_end(&conn_iter);

	return ret;
}
EXPORT_SYMBOL_GPL(tinydrm_drm_mode_config_reset_error);
