// SPDX-License-Identifier: GPL-2.0
/*
 * The board file of the panel lab.
 *
 * On a board it is firmware that says which GPIO lines a panel is wired to and
 * how it is mounted. The guest has no such firmware on amd64, and its panel
 * comes and goes at run time. So this module watches the SPI bus, and describes
 * each device below a virtio SPI controller, or the tally's, before a driver gets
 * to see it: a GPIO lookup table (lines by their names), and a software node with
 * the properties that a device tree would hold. The parameters are read
 * whenever a device is added, so a test script can describe a wrong board too.
 *
 * It can also do when the system wakes what the driver of a bridge may do: take the
 * devices from their drivers before these are resumed.
 */

#include <linux/device.h>
#include <linux/gpio/machine.h>
#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/pm.h>
#include <linux/property.h>
#include <linux/regulator/driver.h>
#include <linux/regulator/machine.h>
#include <linux/slab.h>
#include <linux/spi/spi.h>
#include <linux/string.h>
#include <linux/virtio.h>

static bool dc = true;
module_param(dc, bool, 0644);
MODULE_PARM_DESC(dc, "Wire the D/C line");

static bool reset = true;
module_param(reset, bool, 0644);
MODULE_PARM_DESC(reset, "Wire the reset line");

static bool led = true;
module_param(led, bool, 0644);
MODULE_PARM_DESC(led, "Wire the backlight line");

static char te[16];
module_param_string(te, te, sizeof(te), 0644);
MODULE_PARM_DESC(te, "The line that is wired as TE, empty leaves it out");

static int rotation = -1;
module_param(rotation, int, 0644);
MODULE_PARM_DESC(rotation, "The property \"rotation\" in degrees, -1 leaves it out");

static char compatible[48];
module_param_string(compatible, compatible, sizeof(compatible), 0644);
MODULE_PARM_DESC(compatible, "The property \"compatible\", empty leaves it out");

static char format[24];
module_param_string(format, format, sizeof(format), 0644);
MODULE_PARM_DESC(format, "The property \"format\", empty leaves it out");

static bool write_only;
module_param(write_only, bool, 0644);
MODULE_PARM_DESC(write_only, "The property \"write-only\"");

/* What a device tree has in its node "panel-timing". */
static const char * const timing_names[] = {
	"hactive", "vactive", "hback-porch", "vback-porch", "hfront-porch",
	"vfront-porch", "hsync-len", "vsync-len",
};

static int timing[ARRAY_SIZE(timing_names)];
static int timing_count;
module_param_array(timing, int, &timing_count, 0644);
MODULE_PARM_DESC(timing, "The node \"panel-timing\": hactive, vactive, back and front porches, syncs; 0 leaves it out");

static int supplies;
module_param(supplies, int, 0644);
MODULE_PARM_DESC(supplies, "The supplies \"power\" and \"io\": 0 none, 1 there, 2 cannot be switched on");

static bool unbind_on_resume;
module_param(unbind_on_resume, bool, 0644);
MODULE_PARM_DESC(unbind_on_resume, "Unbind the devices when the system wakes");

/* How a line of the panel is named, and how the driver asks for it. */
static const struct line {
	const char *name;
	const char *con_id;
	const bool *wired;
} lines[] = {
	{ "dc", "dc", &dc },
	{ "dc", "rs", &dc },	/* Ilitek's name */
	{ "dc", "a0", &dc },	/* Sitronix's */
	{ "reset", "reset", &reset },
	{ "backlight", "led", &led },
};

static const char * const supply_names[] = { "power", "io" };

struct supply {
	struct regulator_desc desc;
	struct regulator_consumer_supply consumer;
	struct regulator_init_data data;
	struct regulator_dev *rdev;
	bool on;
};

static int supply_enable(struct regulator_dev *rdev)
{
	struct supply *supply = rdev_get_drvdata(rdev);

	if (supplies == 2)
		return -EIO;
	supply->on = true;
	return 0;
}

static int supply_disable(struct regulator_dev *rdev)
{
	struct supply *supply = rdev_get_drvdata(rdev);

	supply->on = false;
	return 0;
}

static int supply_is_enabled(struct regulator_dev *rdev)
{
	struct supply *supply = rdev_get_drvdata(rdev);

	return supply->on;
}

static const struct regulator_ops supply_ops = {
	.enable = supply_enable,
	.disable = supply_disable,
	.is_enabled = supply_is_enabled,
};

/* What is known about one SPI device, from its addition to its removal. */
struct board {
	struct list_head list;
	struct device *dev;
	struct gpiod_lookup_table *gpios;
	/* Of the lines, with the chip select where that is not 0. */
	char names[ARRAY_SIZE(lines)][16];
	char te[sizeof(te)];
	char compatible[sizeof(compatible)];
	char format[sizeof(format)];
	struct software_node node;
	struct property_entry properties[5];
	/* Registered if they have an rdev. */
	struct supply supplies[ARRAY_SIZE(supply_names)];
	/* Registered if it has a parent. */
	struct software_node timing;
	struct property_entry timings[ARRAY_SIZE(timing) + 1];
};

static struct platform_device *board_device;
static LIST_HEAD(boards);
static DEFINE_MUTEX(boards_lock);

static bool is_panel(struct device *dev)
{
	struct device *controller = dev->parent;

	return controller && controller->parent &&
	       (is_virtio_device(controller->parent) ||
		!strcmp(dev_name(controller->parent), "tinydrm_tally"));
}

/* A line that was written to sysfs, without its end. */
static const char *line_of(char *line, const char *written, size_t size)
{
	strscpy(line, written, size);
	line[strcspn(line, "\n")] = '\0';
	return line;
}

static struct gpiod_lookup_table *wire(struct board *board, struct device *dev)
{
	unsigned int cs = spi_get_chipselect(to_spi_device(dev), 0);
	struct gpiod_lookup_table *table;
	struct gpiod_lookup *entry;

	/* TE comes behind the lines, and an empty entry at the end. */
	table = kzalloc(struct_size(table, table, ARRAY_SIZE(lines) + 2), GFP_KERNEL);
	if (!table)
		return NULL;

	table->dev_id = kstrdup(dev_name(dev), GFP_KERNEL);
	if (!table->dev_id) {
		kfree(table);
		return NULL;
	}

	entry = table->table;
	for (int i = 0; i < ARRAY_SIZE(lines); i++) {
		if (!*lines[i].wired)
			continue;
		if (cs)
			scnprintf(board->names[i], sizeof(board->names[i]), "%s%u",
				  lines[i].name, cs);
		else
			strscpy(board->names[i], lines[i].name);
		*entry++ = GPIO_LOOKUP(board->names[i], U16_MAX,
				       lines[i].con_id, GPIO_ACTIVE_HIGH);
	}
	if (*line_of(board->te, te, sizeof(te)))
		*entry = GPIO_LOOKUP(board->te, U16_MAX, "te", GPIO_ACTIVE_HIGH);

	gpiod_add_lookup_table(table);
	return table;
}

static void unwire(struct gpiod_lookup_table *table)
{
	gpiod_remove_lookup_table(table);
	kfree(table->dev_id);
	kfree(table);
}

static void remove_supplies(struct board *board)
{
	for (int i = 0; i < ARRAY_SIZE(supply_names); i++)
		if (board->supplies[i].rdev)
			regulator_unregister(board->supplies[i].rdev);
}

static int add_supplies(struct board *board, struct device *dev)
{
	for (int i = 0; supplies && i < ARRAY_SIZE(supply_names); i++) {
		struct supply *supply = &board->supplies[i];
		struct regulator_config config = {
			.dev = &board_device->dev,
			.init_data = &supply->data,
			.driver_data = supply,
		};
		struct regulator_dev *rdev;

		supply->desc.name = supply_names[i];
		supply->desc.type = REGULATOR_VOLTAGE;
		supply->desc.owner = THIS_MODULE;
		supply->desc.ops = &supply_ops;
		supply->consumer.dev_name = dev_name(dev);
		supply->consumer.supply = supply_names[i];
		supply->data.constraints.valid_ops_mask = REGULATOR_CHANGE_STATUS;
		supply->data.num_consumer_supplies = 1;
		supply->data.consumer_supplies = &supply->consumer;
		rdev = regulator_register(&board_device->dev, &supply->desc, &config);
		if (IS_ERR(rdev)) {
			remove_supplies(board);
			return PTR_ERR(rdev);
		}
		supply->rdev = rdev;
	}
	return 0;
}

static void add_properties(struct board *board)
{
	struct property_entry *entry = board->properties;

	if (rotation >= 0)
		*entry++ = PROPERTY_ENTRY_U32("rotation", rotation);
	if (*line_of(board->compatible, compatible, sizeof(compatible)))
		*entry++ = PROPERTY_ENTRY_STRING("compatible", board->compatible);
	if (*line_of(board->format, format, sizeof(format)))
		*entry++ = PROPERTY_ENTRY_STRING("format", board->format);
	if (write_only)
		*entry++ = PROPERTY_ENTRY_BOOL("write-only");
	board->node.properties = board->properties;
}

static int add_timing(struct board *board)
{
	if (!timing_count || !timing[0])
		return 0;

	for (int i = 0; i < timing_count; i++)
		board->timings[i] = PROPERTY_ENTRY_U32(timing_names[i], timing[i]);
	board->timing.name = "panel-timing";
	board->timing.properties = board->timings;
	board->timing.parent = &board->node;
	return software_node_register(&board->timing);
}

static void remove_timing(struct board *board)
{
	if (board->timing.parent)
		software_node_unregister(&board->timing);
}

static int describe(struct device *dev)
{
	struct board *board;
	int ret;

	board = kzalloc_obj(*board);
	if (!board)
		return -ENOMEM;

	/*
	 * A device made by way of new_device takes a driver of its own name
	 * alone. A panel is to be matched by the id tables of drivers, as the
	 * device of a real board is. (spidev has no entry for "spidev".)
	 */
	if (strcmp(to_spi_device(dev)->modalias, "spidev")) {
		ret = device_set_driver_override(dev, "");
		if (ret)
			goto free;
	}

	/* spi_unregister_device() takes the node away again. */
	add_properties(board);
	ret = device_add_software_node(dev, &board->node);
	if (ret)
		goto free;

	ret = add_timing(board);
	if (ret)
		goto remove_node;

	ret = add_supplies(board, dev);
	if (ret)
		goto remove_timing;

	ret = -ENOMEM;
	board->gpios = wire(board, dev);
	if (!board->gpios)
		goto remove_supplies;

	board->dev = dev;
	/* A guard's scope would reach to the labels below, and goto into it. */
	scoped_guard(mutex, &boards_lock)
		list_add(&board->list, &boards);
	return 0;

remove_supplies:
	remove_supplies(board);
remove_timing:
	remove_timing(board);
remove_node:
	device_remove_software_node(dev);
free:
	kfree(board);
	return ret;
}

static void forget(struct device *dev)
{
	struct board *board, *next;

	guard(mutex)(&boards_lock);
	list_for_each_entry_safe(board, next, &boards, list) {
		if (board->dev != dev)
			continue;
		list_del(&board->list);
		unwire(board->gpios);
		remove_supplies(board);
		remove_timing(board);
		kfree(board);
	}
}

static int spi_event(struct notifier_block *nb, unsigned long event, void *data)
{
	struct device *dev = data;
	int ret;

	switch (event) {
	case BUS_NOTIFY_ADD_DEVICE:
		if (!is_panel(dev))
			break;
		ret = describe(dev);
		if (ret)
			dev_err(dev, "cannot be described: %d\n", ret);
		break;
	case BUS_NOTIFY_REMOVED_DEVICE:
		forget(dev);
		break;
	}

	return NOTIFY_DONE;
}

static struct notifier_block spi_notifier = {
	.notifier_call = spi_event,
};

static int unbind(struct device *dev, void *unused)
{
	if (is_panel(dev))
		device_release_driver(dev);
	return 0;
}

/* Before that of any panel: devices are resumed in the order of their making. */
static int board_resume(struct device *dev)
{
	/* No lock is held: the bus tells spi_event(), which takes one. */
	return unbind_on_resume ? bus_for_each_dev(&spi_bus_type, NULL, NULL, unbind) : 0;
}

static DEFINE_SIMPLE_DEV_PM_OPS(board_pm_ops, NULL, board_resume);

static struct platform_driver board_driver = {
	.driver = {
		.name = KBUILD_MODNAME,
		.pm = pm_sleep_ptr(&board_pm_ops),
	},
};

static int __init board_init(void)
{
	int ret;

	ret = platform_driver_register(&board_driver);
	if (ret)
		return ret;

	board_device = platform_device_register_simple(KBUILD_MODNAME, PLATFORM_DEVID_NONE,
						       NULL, 0);
	if (IS_ERR(board_device)) {
		ret = PTR_ERR(board_device);
		goto unregister_driver;
	}

	ret = bus_register_notifier(&spi_bus_type, &spi_notifier);
	if (ret)
		goto unregister_device;
	return 0;

unregister_device:
	platform_device_unregister(board_device);
unregister_driver:
	platform_driver_unregister(&board_driver);
	return ret;
}
module_init(board_init);

static void __exit board_exit(void)
{
	struct board *board, *next;

	bus_unregister_notifier(&spi_bus_type, &spi_notifier);
	platform_device_unregister(board_device);
	platform_driver_unregister(&board_driver);
	/* Devices may be there still: their nodes point into what is freed here. */
	list_for_each_entry_safe(board, next, &boards, list) {
		remove_timing(board);
		device_remove_software_node(board->dev);
		unwire(board->gpios);
		remove_supplies(board);
		kfree(board);
	}
}
module_exit(board_exit);

MODULE_DESCRIPTION("Board file of the tinydrm panel lab");
MODULE_LICENSE("GPL");
