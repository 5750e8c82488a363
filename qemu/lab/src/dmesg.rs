// SPDX-License-Identifier: GPL-2.0

//! What a kernel log must not hold.

/// Words that a healthy kernel does not say.
const BAD: [&str; 30] = [
    "WARNING:",
    "BUG:",
    "kernel BUG at",
    "Oops",
    "Kernel panic",
    "rust_kernel: panicked",
    "general protection fault",
    "Unable to handle kernel",
    "stack-protector",
    "list_add corruption",
    "list_del corruption",
    "refcount_t:",
    "KASAN:",
    "KCSAN:",
    "UBSAN:",
    "suspected memory leaks",
    "unreferenced object",
    "ODEBUG:",
    "scheduling while atomic",
    "sleeping function called from invalid context",
    "DEBUG_LOCKS",
    "possible circular locking",
    "possible recursive locking",
    "inconsistent lock state",
    "non-static key",
    "suspicious RCU usage",
    "suspicious rcu_",
    "leaked",
    "Objects remaining",
    "does not have a release() function",
];

/// The lines that speak of a defect in the kernel, each kind once.
pub fn judge<'a>(log: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    let mut seen = Vec::new();
    let mut found = Vec::new();
    for line in log {
        match defect(line) {
            Some(kind) if !seen.contains(&kind) => {
                seen.push(kind);
                found.push(line);
            }
            _ => {}
        }
    }
    found
}

/// Whether a line speaks of a defect.
pub fn is_bad(line: &str) -> bool {
    defect(line).is_some()
}

/// Whether a line speaks of a task that does not go on.
pub fn is_hung(line: &str) -> bool {
    all(line, &["INFO: task", "blocked for more than"])
}

/// The number in a line that says that so many objects are lost.
pub fn lost_objects(line: &str) -> Option<usize> {
    let (_, rest) = line.split_once("kmemleak: ")?;
    let (number, _) = rest.split_once(" new suspected memory leaks")?;
    number.parse().ok()
}

fn all(line: &str, words: &[&str]) -> bool {
    words.iter().all(|word| line.contains(word))
}

/// What kind of defect a line speaks of.
fn defect(line: &str) -> Option<&'static str> {
    if let Some(word) = BAD.into_iter().find(|word| line.contains(word)) {
        return Some(word);
    }
    if is_hung(line) {
        Some("hung task")
    } else if all(line, &["rcu", "stall"]) {
        Some("stall")
    } else if line.contains("panicked at") {
        Some("a panic of Rust code")
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_healthy_log_passes() {
        let log = [
            "[    1.0] gpio_virtio: loading out-of-tree module taints kernel.",
            "[    2.0] [drm] Initialized ili9341 1.0.0 for spi0.0 on minor 0",
            "[    2.1] Console: switching to colour frame buffer device 40x30",
            "[    3.0] spi_master spi0: failed to transfer one message from queue",
        ];
        assert!(judge(log).is_empty());
    }

    #[test]
    fn a_kernel_that_watches_itself_is_understood() {
        for line in [
            "BUG: KASAN: slab-use-after-free in f+0x1/0x2 [tinydrm]",
            "WARNING: possible circular locking dependency detected",
            "INFO: possible recursive locking detected",
            "WARNING: suspicious RCU usage",
            "include/linux/rcupdate.h:100 suspicious rcu_dereference_check() usage!",
            "ODEBUG: free active (active state 0) object: (ptr) object type: work_struct",
            "UBSAN: array-index-out-of-bounds in a.c:1:2",
            "DEBUG_LOCKS_WARN_ON(lock->magic != lock)",
            "kmemleak: 3 new suspected memory leaks (see /sys/kernel/debug/kmemleak)",
            "BUG: sleeping function called from invalid context at a.c:1",
            "unreferenced object 0xffff888003c1a000 (size 64):",
            "INFO: trying to register non-static key.",
        ] {
            let log = [format!("[    1.0] {line}")];
            assert_eq!(judge(log.iter().map(String::as_str)).len(), 1, "{line}");
        }
        assert!(judge(["kmemleak: Kernel memory leak detector initialized"]).is_empty());
    }

    #[test]
    fn the_lost_are_counted() {
        let line =
            "[    1.0] kmemleak: 3 new suspected memory leaks (see /sys/kernel/debug/kmemleak)";
        assert_eq!(lost_objects(line), Some(3));
        assert_eq!(
            lost_objects("kmemleak: Kernel memory leak detector initialized"),
            None
        );
    }

    #[test]
    fn defects_are_seen_once_each() {
        let log = [
            "[    1.0] ------------[ cut here ]------------",
            "[    1.0] WARNING: CPU: 1 PID: 7 at lib/refcount.c:28",
            "[    1.1] refcount_t: underflow; use-after-free.",
            "[    1.2] WARNING: CPU: 1 PID: 7 at lib/refcount.c:28",
            "[    9.0] INFO: task kworker/0:1:9 blocked for more than 30 seconds.",
            "[   10.0] BUG: unable to handle page fault for address: 0",
            "[   11.0] rust_kernel: panicked at a.rs",
        ];
        let found = judge(log);
        assert_eq!(found, [log[1], log[2], log[4], log[5], log[6]]);
    }
}
