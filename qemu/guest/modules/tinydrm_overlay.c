// SPDX-License-Identifier: GPL-2.0
/*
 * Device-tree overlays for the panel lab, applied and removed at run time.
 *
 * The kernel has overlays, but nothing by which userspace could apply one. Here the
 * name of a file written to the parameter "apply" does, and a number written to
 * "remove" takes away so many again, the last one first.
 */

#include <linux/fs.h>
#include <linux/kernel_read_file.h>
#include <linux/module.h>
#include <linux/of.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/vmalloc.h>

/* The kernel's ids of those that are applied. Parameters are set under a lock. */
static int applied[8];
static unsigned int count;

static int apply(const char *val, const struct kernel_param *kp)
{
	void *overlay = NULL;
	ssize_t size;
	char *path;
	int ret;

	if (count == ARRAY_SIZE(applied))
		return -ENOSPC;

	path = kstrdup(val, GFP_KERNEL);
	if (!path)
		return -ENOMEM;
	size = kernel_read_file_from_path(strim(path), 0, &overlay, SZ_1M, NULL,
					  READING_FIRMWARE);
	kfree(path);
	if (size < 0)
		return size;

	ret = of_overlay_fdt_apply(overlay, size, &applied[count], NULL);
	vfree(overlay);
	/* One that is applied in part has an id too, and must be removed. */
	if (ret && applied[count])
		of_overlay_remove(&applied[count]);
	if (!ret)
		count++;
	return ret;
}

static int remove(const char *val, const struct kernel_param *kp)
{
	unsigned int number;
	int ret;

	ret = kstrtouint(val, 0, &number);
	if (ret)
		return ret;

	while (number-- && count) {
		ret = of_overlay_remove(&applied[count - 1]);
		if (ret)
			return ret;
		count--;
	}
	return 0;
}

static const struct kernel_param_ops apply_ops = { .set = apply };
module_param_cb(apply, &apply_ops, NULL, 0200);
MODULE_PARM_DESC(apply, "File with an overlay to apply");

static const struct kernel_param_ops remove_ops = { .set = remove, .get = param_get_uint };
module_param_cb(remove, &remove_ops, &count, 0644);
MODULE_PARM_DESC(remove, "So many overlays to remove; reads as the number of those applied");

static int __init overlay_init(void)
{
	return 0;
}
module_init(overlay_init);

static void __exit overlay_exit(void)
{
	while (count && !of_overlay_remove(&applied[count - 1]))
		count--;
}
module_exit(overlay_exit);

MODULE_DESCRIPTION("Run-time device-tree overlays for the tinydrm panel lab");
MODULE_LICENSE("GPL");
