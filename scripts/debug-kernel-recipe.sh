#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# debug-kernel-recipe.sh DIR KERNEL - makes in DIR a kernel that watches itself
# (KASAN, lockdep, kmemleak, ...; see debug-kernel.config), from the source of
# the stock kernel in KERNEL, laid out like that: vmlinuz, modules/, source,
# build/, release. Runs inside the build root. Interrupted, make goes on where
# it was.

set -euo pipefail
. "$(dirname "$0")/lib.sh"
dir=$1
kernel=$2

# Kconfig drops without a word what it cannot give: these are looked for.
on=(
	KASAN_GENERIC KASAN_VMALLOC SLUB_DEBUG_ON DEBUG_KMEMLEAK DEBUG_VM UBSAN_BOUNDS UBSAN_SHIFT
	PROVE_LOCKING LOCKDEP DEBUG_LOCK_ALLOC DEBUG_ATOMIC_SLEEP PROVE_RCU
	DEBUG_OBJECTS DEBUG_OBJECTS_FREE DEBUG_OBJECTS_TIMERS DEBUG_OBJECTS_WORK
	DEBUG_KOBJECT_RELEASE DEBUG_DEVRES DEBUG_LIST DEBUG_NOTIFIERS DMA_API_DEBUG DETECT_HUNG_TASK
	FAULT_INJECTION FAULT_INJECTION_DEBUG_FS FAULT_INJECTION_STACKTRACE_FILTER FAILSLAB FAIL_FUNCTION
	FRAME_POINTER STACKTRACE KALLSYMS RUST RUST_DEBUG_ASSERTIONS RUST_OVERFLOW_CHECKS
	CC_IS_CLANG TRANSPARENT_HUGEPAGE MODULE_UNLOAD SPI_DYNAMIC SPI_SPIDEV GPIOLIB_IRQCHIP BACKLIGHT_CLASS_DEVICE
	DRM DRM_KMS_HELPER DRM_CLIENT_LIB DRM_GEM_SHMEM_HELPER DRM_FBDEV_EMULATION DRM_VGEM
	FRAMEBUFFER_CONSOLE FB_DEVICE KPROBE_EVENTS HOTPLUG_PCI_ACPI
	OVERLAY_FS 9P_FS NET_9P_VIRTIO DEVTMPFS CGROUPS VIRTIO_CONSOLE SERIAL_8250_CONSOLE
)
off=(KFENCE SLUB_TINY MODVERSIONS SPI_VIRTIO)

mkdir -p "$dir/build"
cd "$dir"
ln -sfn "$kernel/source" source
build() { nice -n 5 make -C "$kernel/source" O="$dir/build" LLVM=1 -j"$(nproc)" "$@"; }

configure() {
	build tinyconfig
	cat "$TOP/scripts/debug-kernel.config" >>build/.config
	build olddefconfig
	local option bad=()
	for option in "${on[@]}"; do
		grep -q "^CONFIG_$option=[ym]$" build/.config || bad+=("$option=y")
	done
	for option in "${off[@]}"; do
		! grep -q "^CONFIG_$option=" build/.config || bad+=("$option=n")
	done
	[ ${#bad[@]} -eq 0 ] || die "the debug kernel's configuration did not get ${bad[*]}"
}

install() {
	cp build/arch/x86/boot/bzImage vmlinuz
	rm -rf modules
	build INSTALL_MOD_PATH="$dir/modules" modules_install
	rm -f modules/lib/modules/*/{build,source}
	cp build/include/config/kernel.release release
	# Modules are compiled by the compiler that the kernel was.
	grep -q '^export LLVM' build/Makefile || sed -i '1a export LLVM := 1' build/Makefile
}

# The file ends the step: a .config that failed the look is made again.
[ -e .done-config ] || { step "Configuring the debug kernel" configure; touch .done-config; }
step "Building the debug kernel (half an hour on two cores)" build bzImage modules
step "Installing it beside its source" install
touch .complete
