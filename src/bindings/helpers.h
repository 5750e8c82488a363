/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Inline functions and macros of the kernel, as functions that Rust can call.
 * Each does what the function does that its name ends with, but for the last of highmem.h.
 */

#ifndef _TINYDRM_HELPERS_H
#define _TINYDRM_HELPERS_H

#include <linux/types.h>

struct backlight_device;
struct drm_atomic_commit;
struct drm_crtc;
struct drm_crtc_state;
struct drm_device;
struct drm_framebuffer;
struct drm_plane;
struct drm_plane_state;
struct drm_shadow_plane_state;
struct iosys_map;
struct spi_device;
struct spi_transfer;

/* linux/backlight.h */
int tinydrm_backlight_enable(struct backlight_device *bd);
int tinydrm_backlight_disable(struct backlight_device *bd);
int tinydrm_backlight_get_brightness(const struct backlight_device *bd);
void *tinydrm_bl_get_data(struct backlight_device *bd);

/* linux/highmem.h */
void tinydrm_flush_kernel_vmap_range(void *vaddr, int size);
void *tinydrm_vmalloc_to_linear(const void *addr);

/* linux/mm.h */
void *tinydrm_page_address(const struct page *page);

/* linux/iosys-map.h */
void tinydrm_iosys_map_memcpy_from(void *dst, const struct iosys_map *src, size_t offset,
				   size_t len);

/* linux/spi/spi.h */
int tinydrm_spi_sync_transfer(struct spi_device *spi, struct spi_transfer *xfers,
			      unsigned int num);
int tinydrm_spi_sync_transfer_locked(struct spi_device *spi, struct spi_transfer *xfers,
				     unsigned int num);
bool tinydrm_spi_is_bpw_supported(struct spi_device *spi, u32 bpw);
size_t tinydrm_spi_max_message_size(struct spi_device *spi);
size_t tinydrm_spi_max_transfer_size(struct spi_device *spi);

/* drm/drm_atomic.h, drm/drm_gem_atomic_helper.h */
void tinydrm_drm_atomic_commit_put(struct drm_atomic_commit *state);
struct drm_plane_state *
tinydrm_drm_atomic_get_new_plane_state(const struct drm_atomic_commit *state,
				       struct drm_plane *plane);
struct drm_plane_state *
tinydrm_drm_atomic_get_old_plane_state(const struct drm_atomic_commit *state,
				       struct drm_plane *plane);
struct drm_crtc_state *
tinydrm_drm_atomic_get_new_crtc_state(const struct drm_atomic_commit *state,
				      struct drm_crtc *crtc);
struct drm_shadow_plane_state *
tinydrm_to_drm_shadow_plane_state(struct drm_plane_state *state);

/* drm/drm_mode_config.h: what drm_mode_config_reset() does not return */
int tinydrm_drm_mode_config_reset_error(struct drm_device *dev);

#endif /* _TINYDRM_HELPERS_H */
