# SPDX-License-Identifier: GPL-2.0
#
#   make              the modules, for the stock Debian kernel (nothing needs to be installed)
#   make KDIR=DIR     the modules, for a kernel tree of your own that has Rust metadata
#   make ARCH=arm64   the modules for that; the same with run, test, soak and shell
#   make install      installs them for the kernel that they are built for, below
#                     $(DESTDIR)$(INSTALL_MOD_PATH); make uninstall removes them
#   make deb          a Debian package that builds them by dkms: out/tinydrm-dkms_*.deb
#   make run          from nothing to a picture on the panel, unbind, unplug: out/run/
#   make test         all tests; T=NAME runs one of the guest's, or "host" those of the host
#   make test-package installs by make and by the package into a clean Debian, loads there,
#                     removes again
#   make test-debug   the guest's tests on a kernel that watches itself (KASAN, lockdep, kmemleak,
#                     ...), all of them or T="NAME..."
#   make soak         detaches at random moments under random load, for MINUTES=10; SEED=S does
#                     again what was done with that seed
#   make soak-debug   the same on the kernel of test-debug
#   make bench        what drawing costs, beside the kernel's own C driver: out/bench/;
#                     all cases, or T="CASE..." of those that are counted
#   make compare      what becomes of both drivers when their device goes
#   make upstream     defects of the kernel that were met, one by one (docs/upstream.md)
#   make shell        a guest with the modules loaded and the panel plugged
#   make check        formatting, lints, documentation
#   make doc          the documentation of the modules: out/doc/tinydrm/index.html
#   make rust-analyzer  rust-project.json for editors
#   make update       look for a newer kernel of the series, and build for it from now on
#   make clean        remove what was built here; the caches in ~/.cache/tinydrm stay

.DEFAULT_GOAL := modules
.NOTPARALLEL:
MAKEFLAGS += --no-print-directory

ROOT := scripts/root.sh run
CARGO := $(ROOT) cargo
WORKSPACE := --manifest-path qemu/Cargo.toml --locked

# Resolved when it is first needed: it may have to be made.
KERNEL = $(eval KERNEL := $(shell ARCH=$(ARCH) scripts/kernel.sh path))$(or $(KERNEL),$(error no kernel to build for))

ifdef KDIR
KBUILD = $(MAKE) -C $(KDIR)
RELEASE = $(shell cat $(KDIR)/include/config/kernel.release)
else
KBUILD = $(ROOT) make -C $(KERNEL)/build
RELEASE = $(shell cat $(KERNEL)/release)
endif
OUT = $(CURDIR)/out/$(RELEASE)
GUEST = guest
LAB = $(ROOT) cargo run -q $(WORKSPACE) -p tinydrm-lab -- $(LAB_ARCH) --kernel $(KERNEL) \
	$(LAB_MODULES) --modules $(OUT)/$(GUEST) --guest $(CURDIR)/qemu/guest \
	--out $(CURDIR)/out$(LAB_OUT) $(LAB_OPTIONS)
LAB_MODULES = --modules $(OUT)/modules --modules $(OUT)/example --modules $(OUT)/samples

ifeq ($(ARCH),arm64)
GUEST_ROOT = $(eval GUEST_ROOT := $(shell ARCH=arm64 scripts/guest-root.sh path))$(or $(GUEST_ROOT),$(error no root for the guest))
LAB_ARCH = --arch arm64 --root $(GUEST_ROOT)
LAB_OUT = /arm64
CLIENTS = $(ROOT) env CARGO_TARGET_AARCH64_UNKNOWN_LINUX_GNU_LINKER=aarch64-linux-gnu-gcc \
	cargo build $(WORKSPACE) -p tinydrm-kms --target aarch64-unknown-linux-gnu
endif

.PHONY: modules
modules:
ifdef KDIR
	@scripts/kdir.sh $(KDIR)
endif
	@mkdir -p $(OUT)/modules
	@+$(KBUILD) -s M=$(CURDIR) MO=$(OUT)/modules modules 2>&1 | grep -v '^Skipping BTF'; exit $${PIPESTATUS[0]}
	@echo "Built for Linux $(RELEASE):"; ls $(OUT)/modules/*.ko

# From a copy, which shows that it needs nothing of this tree but the library.
.PHONY: example
example: modules
	@mkdir -p $(OUT)/example && cp -u examples/out-of-tree-panel/* $(OUT)/example
	@scripts/progress.sh "Building a panel driver out of tree" \
		$(ROOT) make -C $(OUT)/example KDIR=$(KERNEL)/build TINYDRM=$(OUT)/modules

# As it is done for a driver in a tree of its own.
.PHONY: samples
samples: modules
	@mkdir -p $(OUT)/samples
	@+$(KBUILD) -s M=$(CURDIR)/examples/disconnect MO=$(OUT)/samples TINYDRM=$(OUT)/modules \
		KBUILD_EXTRA_SYMBOLS=$(OUT)/modules/Module.symvers modules 2>&1 | \
		grep -v '^Skipping BTF'; exit $${PIPESTATUS[0]}

# The kernel's own modules_install signs (with the key of the kernel's build, if that has
# it) and compresses as the kernel's configuration says.
INSTALLED = $(OUT)/installed
BUILD_TREE = $(or $(KDIR),$(KERNEL)/build)
SIGNING_KEY = $(shell sed -n 's/^CONFIG_MODULE_SIG_KEY=//p' $(BUILD_TREE)/include/config/auto.conf)
HAVE_KEY = $(filter pkcs11:%,$(SIGNING_KEY))$(if $(SIGNING_KEY),$(wildcard $(SIGNING_KEY) $(BUILD_TREE)/$(SIGNING_KEY)))
.PHONY: install uninstall
install: modules
	@rm -rf $(INSTALLED)
	@+$(KBUILD) -s M=$(CURDIR) MO=$(OUT)/modules INSTALL_MOD_PATH=$(INSTALLED) \
		INSTALL_MOD_DIR=updates/tinydrm $(if $(HAVE_KEY),,CONFIG_MODULE_SIG_ALL=) \
		modules_install 2>&1 | grep -v 'Skipping depmod'; exit $${PIPESTATUS[0]}
	@scripts/install.sh install $(RELEASE) $(INSTALLED)
uninstall:
	@scripts/install.sh uninstall $(RELEASE)

.PHONY: deb
deb:
	@$(ROOT) scripts/deb.sh $(CURDIR)/out

.PHONY: guest
guest: example samples
	@scripts/progress.sh "Building the guest's virtio drivers" \
		$(ROOT) qemu/guest/modules/build.sh $(KERNEL) $(OUT)/guest
	@scripts/progress.sh "Building the panel, the lab and the clients" \
		$(CARGO) build $(WORKSPACE)
ifdef CLIENTS
	@scripts/progress.sh "Building the clients for $(ARCH)" $(CLIENTS)
endif

.PHONY: run
run: guest
	@$(LAB) run

.PHONY: shell
shell: guest
	@[ -t 0 ] || { echo "error: make shell needs a terminal"; exit 1; }
	@$(LAB) shell

.PHONY: test
test:
	@scripts/test.sh $(T)

# A machine of 32 bits, whose standard library of Rust is a package of another architecture:
# it is built instead.
ARM = $(ROOT) env RUSTC_BOOTSTRAP=1 \
	CARGO_TARGET_ARMV7_UNKNOWN_LINUX_GNUEABIHF_LINKER=arm-linux-gnueabihf-gcc \
	CARGO_TARGET_ARMV7_UNKNOWN_LINUX_GNUEABIHF_RUNNER="qemu-arm -L /usr/arm-linux-gnueabihf"

# Fewer cases than elsewhere, as both are slow. Of the sanitizers address and leak say something of
# one thread's arithmetic; the runtime is gcc's, as Debian has none of rustc's.
FEW = $(ROOT) env PROPTEST_CASES=64
MEMCHECK = $(FEW) CARGO_TARGET_X86_64_UNKNOWN_LINUX_GNU_RUNNER="valgrind -q --error-exitcode=1 --leak-check=full"
SANITIZED = $(FEW) RUSTC_BOOTSTRAP=1 RUSTFLAGS="-Zsanitizer=address -Zexternal-clangrt \
	-Zpre-link-arg=-Wl,--no-as-needed -Zpre-link-arg=-lasan"

# What scripts/test.sh calls.
.PHONY: test-host test-guest
test-host: modules
	@scripts/test-compile-fail.sh $(OUT)/modules
	@$(ROOT) scripts/panels.py $(KERNEL) check
	@$(ROOT) scripts/panel-sequences.py $(KERNEL) check
	@scripts/test-aliases.sh $(OUT)/modules
	@$(ROOT) scripts/test-overlays.sh $(KERNEL) $(OUT)/modules
	@scripts/test-install.sh $(KERNEL)
	@$(CARGO) test $(WORKSPACE) --no-fail-fast
	@$(ARM) cargo test $(WORKSPACE) --no-fail-fast -p tinydrm-pure -Zbuild-std \
		--target armv7-unknown-linux-gnueabihf
	@$(MEMCHECK) cargo test $(WORKSPACE) --no-fail-fast -p tinydrm-pure
	@$(SANITIZED) cargo test $(WORKSPACE) --no-fail-fast -p tinydrm-pure \
		--target x86_64-unknown-linux-gnu
test-guest: guest
	@$(LAB) test $(T)

# Installs into a clean Debian what there is to install; the second is what it calls, for a
# guest that boots from INSTALLED_ROOT.
.PHONY: test-package test-installed
test-package:
	@scripts/test-package.sh
test-installed: LAB_MODULES =
test-installed: LAB_ARCH = --root $(INSTALLED_ROOT)
test-installed: LAB_OUT = /installed
test-installed:
	@$(LAB) test autoload

# The same on another kernel (made the first time, in half an hour), which is slow.
DEBUG_KERNEL = $(eval DEBUG_KERNEL := $(shell scripts/debug-kernel.sh path))$(or $(DEBUG_KERNEL),$(error no debug kernel))
.PHONY: test-debug soak-debug
test-debug soak-debug: KERNEL = $(DEBUG_KERNEL)
test-debug soak-debug: LAB_OUT = /debug
test-debug soak-debug: LAB_OPTIONS = --patience 4 --append "log_buf_len=16M kasan_multi_shot"
test-debug: guest
	@$(LAB) test $(T)

# Detaches at random moments, for MINUTES.
.PHONY: soak
MINUTES ?= 10
soak soak-debug: guest
	@$(LAB) soak --minutes $(MINUTES) $(SEED:%=--seed %)

# Both drivers in one guest, so the C ones are among its modules.
.PHONY: baseline bench compare
baseline: modules
	@scripts/progress.sh "Building the kernel's own panel drivers" \
		$(ROOT) qemu/guest/baseline/build.sh $(KERNEL) $(OUT)/baseline
bench compare: LAB_OPTIONS += --modules $(OUT)/baseline
bench compare: REPORT = $(CARGO) run -q $(WORKSPACE) -p tinydrm-report -- out/$@/measured.jsonl
bench: guest baseline
	@$(LAB) bench $(T)
	@$(REPORT) $(if $(T),,--page docs/performance.md) bench --out out/bench
compare: guest baseline
	@$(LAB) compare
	@$(REPORT) --page docs/lifetime.md compare

# Defects of the kernel, on its own virtio drivers as they are: T="NAME..." or all.
.PHONY: upstream
upstream: GUEST = unmodified
upstream: LAB_OPTIONS += --modules $(OUT)/baseline
upstream: guest baseline
	@scripts/progress.sh "Building the virtio drivers unmodified" \
		env UNMODIFIED=y $(ROOT) qemu/guest/modules/build.sh $(KERNEL) $(OUT)/unmodified
	@$(LAB) upstream $(T)

.PHONY: check
check:
	@scripts/check.sh

.PHONY: doc
doc: modules
	@+$(KBUILD) -s M=$(CURDIR) MO=$(OUT)/modules TINYDRM_DOC=y modules

.PHONY: rust-analyzer
rust-analyzer: modules
	@$(ROOT) scripts/rust-project.py $(KERNEL) $(OUT)/modules >rust-project.json
	@echo "Wrote rust-project.json"

.PHONY: update
update:
	@scripts/kernel.sh update

.PHONY: clean
clean:
	rm -rf out rust-project.json

SHELL := /bin/bash
