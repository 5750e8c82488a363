// SPDX-License-Identifier: GPL-2.0

//! What lockdep knows a lock by.
//!
//! C header: [`include/linux/lockdep.h`](srctree/include/linux/lockdep.h)

/// The name of a lock's class, for locks that are made by code which other modules compile, too: what
/// is generic, or ends up in something that is.
///
/// The class is a static (`static_lock_class!`), of which there is one; what `new_mutex!` and its like
/// take for a name is a constant, of which each module has a copy. Lockdep warns when one class has
/// two names.
macro_rules! class_name {
    ($name:literal) => {{
        static NAME: &::kernel::str::CStr = $name;
        NAME
    }};
}
pub(crate) use class_name;
