// SPDX-License-Identifier: GPL-2.0

//! Defects of the kernel's own that a fault sweep meets: the only reports that
//! it may bring about, and all that it may lose.
//!
//! One entry, one defect. A sweep that is complete tells of entries that it should have
//! met and has not: they are to be removed, or their defect has got another form.

use crate::report::Report;

/// A defect of the kernel's own.
pub struct Defect {
    /// What it is called in reports.
    pub name: &'static str,
    /// The sweep that meets it.
    pub sweep: &'static str,
    /// How a report is known to be of it.
    pub signs: &'static [Sign],
    /// Where it is, below the kernel's source.
    pub file: &'static str,
    /// What is wrong there, and why it is none of ours.
    pub why: &'static str,
}

/// One of the ways in which a defect shows.
pub struct Sign {
    /// The report's first line (that of a loss begins with "leak: ") has one of these in it,
    pub says: &'static [&'static str],
    /// all of these functions are in its traces,
    pub functions: &'static [&'static str],
    /// and each of these is in one of its lines.
    pub words: &'static [&'static str],
}

/// All that are known.
pub const DEFECTS: &[Defect] = &[
    Defect {
        name: "drm_gem_huge_mnt_create-fc",
        sweep: "sweep-bind",
        signs: &[Sign {
            says: &["leak: "],
            functions: &[],
            words: &[" by kms ", " < drm_gem_huge_mnt_create+0x"],
        }],
        file: "drivers/gpu/drm/drm_gem.c",
        why: "drm_gem_huge_mnt_create() returns without put_fs_context() when \
              vfs_parse_fs_string() fails",
    },
    Defect {
        name: "drm_minor_alloc-err-ptr",
        sweep: "sweep-bind",
        signs: &[Sign {
            says: &[
                "KASAN: null-ptr-deref in kobject_put",
                "BUG: kernel NULL pointer dereference",
            ],
            functions: &["put_device", "drm_minor_alloc_release"],
            words: &[],
        }],
        file: "drivers/gpu/drm/drm_drv.c",
        why: "drm_minor_alloc() keeps the error pointer of drm_sysfs_minor_alloc() in \
              minor->kdev, and its release action puts that",
    },
    Defect {
        name: "drm_crtc_init-crc",
        sweep: "sweep-bind",
        signs: &[Sign {
            says: &[
                "KASAN: slab-use-after-free in drm_mode_config_cleanup",
                "BUG: kernel NULL pointer dereference",
            ],
            functions: &[
                "drm_mode_config_cleanup",
                "drm_mode_config_init_release",
                "really_probe",
            ],
            words: &[],
        }],
        file: "drivers/gpu/drm/drm_crtc.c",
        why: "__drm_crtc_init_with_planes() leaves the CRTC in the device's list when \
              drm_crtc_crc_init() fails, and its memory is freed before that list is gone through",
    },
    Defect {
        name: "drm_dev_register-registered",
        sweep: "sweep-bind",
        signs: &[Sign {
            says: &["WARNING: drivers/gpu/drm/drm_mode_object.c"],
            functions: &[
                "drm_mode_object_unregister",
                "drm_managed_release",
                "really_probe",
            ],
            words: &[],
        }],
        file: "drivers/gpu/drm/drm_drv.c",
        why: "drm_dev_register() that fails leaves dev->registered set, of which the \
              mode objects warn when they are freed",
    },
    Defect {
        name: "drm_client_modeset_probe-iter",
        sweep: "sweep-bind-fbdev",
        signs: &[Sign {
            says: &["WARNING: lock held when returning to user space!"],
            functions: &["drm_client_modeset_probe"],
            // It is the only lock that is held.
            words: &["locks held by kms/", ": 1, ", "(drm_connector_list_iter)"],
        }],
        file: "drivers/gpu/drm/drm_client_modeset.c",
        why: "drm_client_modeset_probe() leaves its loop over the connectors without \
              drm_connector_list_iter_end() when krealloc() fails",
    },
    Defect {
        name: "register_framebuffer-buffer",
        sweep: "sweep-bind-fbdev",
        signs: &[
            Sign {
                says: &["leak: "],
                functions: &[],
                words: &[
                    " by kms ",
                    " < drm_fbdev_shmem_driver_fbdev_probe+0x",
                    " < __drm_fb_helper_initial_config_and_unlock+0x",
                    " < drm_client_register+0x",
                ],
            },
            // When the device is freed.
            Sign {
                says: &["WARNING: drivers/gpu/drm/drm_mm.c"],
                functions: &[
                    "drm_mm_takedown",
                    "drm_gem_init_release",
                    "drm_managed_release",
                ],
                words: &[],
            },
        ],
        file: "drivers/gpu/drm/drm_fb_helper.c",
        why: "__drm_fb_helper_initial_config_and_unlock() returns what register_framebuffer() does \
              and keeps what fbdev_probe() has made; drm_fb_helper_fini() frees only the fb_info",
    },
    Defect {
        name: "fbcon_fb_registered-error",
        sweep: "sweep-bind-fbdev",
        signs: &[Sign {
            says: &["WARNING: drivers/video/fbdev/core/fb_info.c"],
            functions: &[
                "framebuffer_release",
                "drm_fb_helper_fini",
                "drm_fbdev_client_hotplug",
            ],
            words: &[],
        }],
        file: "drivers/video/fbdev/core/fbmem.c",
        why: "do_register_framebuffer() that fails as fbcon_fb_registered() does leaves the \
              framebuffer registered, and its caller cannot release it",
    },
    Defect {
        name: "bit_putcs-maxcnt",
        sweep: "sweep-bind-fbdev",
        signs: &[Sign {
            says: &["INFO: task "],
            functions: &[],
            // What it waits for has a client of ours that binds, and is there. That one runs, so
            // that its trace is not sure of itself.
            words: &[
                " by task kms:",
                " bit_putcs+0x",
                " fbcon_fb_registered+0x",
                " register_framebuffer+0x",
                " bind_store+0x",
            ],
        }],
        file: "drivers/video/fbdev/core/bitblit.c",
        why: "do_register_framebuffer() goes on without a pixmap when kmalloc() fails; then \
              bit_putcs() puts 0 characters at a time, for ever, under console_lock",
    },
];

/// The defect that a report is of.
pub fn known(report: &Report<'_>) -> Option<&'static Defect> {
    let is_sign = |sign: &Sign| {
        let named = |function: &&str| report.names(function);
        let says = |words: &&str| report.headline.contains(*words);
        let has = |words: &&str| report.lines.iter().any(|line| line.contains(*words));
        sign.says.iter().any(says) && sign.functions.iter().all(named) && sign.words.iter().all(has)
    };
    DEFECTS
        .iter()
        .find(|defect| defect.signs.iter().any(is_sign))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::reports;

    const KNOWN: &str = "\
[    1.0] ==================================================================
[    1.0] BUG: KASAN: null-ptr-deref in kobject_put+0x20/0x1a0
[    1.0]  kobject_put+0x20/0x1a0
[    1.0]  put_device+0x17/0x20
[    1.0]  drm_minor_alloc_release+0x37/0x80 [drm]
[    1.0] ==================================================================";

    const HELD: &str = "\
[    1.0] ================================================
[    1.0] WARNING: lock held when returning to user space!
[    1.0] ------------------------------------------------
[    1.0] kms/7 is leaving the kernel with locks still held!
[    1.0] locks held by kms/7: 1, last CPU#0:
[    1.0]  #0: ffffffff82000000 (drm_connector_list_iter){.+.+}-{0:0}, at: drm_client_modeset_probe+0x1/0x2";

    const HUNG: &str = "\
[    1.0] INFO: task kworker/0:0:204 blocked for more than 30 seconds.
[    1.0]  drm_client_dev_hotplug+0x1/0x2 [drm]
[    1.0] INFO: task kworker/0:0:204 is blocked on a mutex likely owned by task kms:115.
[    1.0]  ? bit_putcs+0x1/0x2
[    1.0]  ? fbcon_fb_registered+0x1/0x2
[    1.0]  ? register_framebuffer+0x1/0x2
[    1.0]  ? bind_store+0x1/0x2";

    const FREED: &str = "\
[    1.0] ==================================================================
[    1.0] BUG: KASAN: slab-use-after-free in drm_mode_config_cleanup+0x1f0/0x410 [drm]
[    1.0]  drm_mode_config_cleanup+0x1f0/0x410 [drm]
[    1.0]  drm_mode_config_init_release+0x12/0x20 [drm]
[    1.0]  really_probe+0x517/0x710
[    1.0] ==================================================================";

    const LOST: &str = "\
leak: 0xffff888001234567 (size 256): by kms 115: < __kmalloc_cache_noprof+0x1/0x2 \
< fs_context_for_mount+0x1/0x2 < drm_gem_huge_mnt_create+0x1/0x2 < really_probe+0x1/0x2";

    const BUFFER: &str = "\
leak: 0xff110000069f9f40 (size 64): by kms 114: < drm_client_buffer_create+0x1/0x2 \
< drm_fbdev_shmem_driver_fbdev_probe+0x1/0x2 < __drm_fb_helper_initial_config_and_unlock+0x1/0x2 \
< drm_fbdev_client_hotplug+0x1/0x2 < drm_client_register+0x1/0x2";

    const NOT_CLEAN: &str = "\
[    1.0] ------------[ cut here ]------------
[    1.0] WARNING: drivers/gpu/drm/drm_mm.c:966 at drm_mm_takedown+0x34/0x40 [drm], CPU#0: kms/114
[    1.0] RIP: 0010:drm_mm_takedown+0x34/0x40 [drm]
[    1.0]  drm_vma_offset_manager_destroy+0x16/0x20 [drm]
[    1.0]  drm_gem_init_release+0x29/0x30 [drm]
[    1.0]  drm_managed_release+0x17a/0x200 [drm]
[    1.0] ---[ end trace 0000000000000000 ]---";

    fn is_known(log: &str) -> bool {
        let found = reports(log.lines());
        assert_eq!(found.len(), 1);
        known(&found[0]).is_some()
    }

    #[test]
    fn a_report_is_known_by_its_words_and_its_functions() {
        assert!(is_known(KNOWN));
        assert!(!is_known(
            &KNOWN.replace("null-ptr-deref", "use-after-free")
        ));
        assert!(!is_known(&KNOWN.replace("drm_minor_alloc_release", "f")));
        assert!(is_known(NOT_CLEAN));
        assert!(!is_known(&NOT_CLEAN.replace("drm_gem_init_release", "f")));
        assert!(is_known(FREED));
        assert!(!is_known(&FREED.replace("really_probe", "unbind_store")));
    }

    #[test]
    fn a_loss_is_known_by_who_made_it() {
        let is_known = |line: &str| known(&Report::of_loss(line)).is_some();
        assert!(is_known(LOST));
        assert!(!is_known(&LOST.replace("drm_gem_huge_mnt_create", "f")));
        assert!(!is_known(&LOST.replace("leak: ", "")));
        assert!(is_known(BUFFER));
        assert!(!is_known(&BUFFER.replace("drm_client_register", "f")));
        assert!(!is_known(&BUFFER.replace("fbdev_probe", "f")));
    }

    #[test]
    fn a_second_lock_is_not_known() {
        assert!(is_known(HELD));
        let two = HELD.replace("kms/7: 1", "kms/7: 2")
            + "\n[    1.0]  #1: ffff888001234567 (&presence){+.+.}-{4:4}, at: f+0x1/0x2";
        assert!(!is_known(&two));
        assert!(!is_known(&HELD.replace("drm_connector_list_iter", "other")));
    }

    #[test]
    fn a_task_that_waits_for_another_is_not_known() {
        assert!(is_known(HUNG));
        assert!(!is_known(&HUNG.replace("task kms:", "task bash:")));
        assert!(!is_known(&HUNG.replace("bit_putcs", "f")));
    }
}
