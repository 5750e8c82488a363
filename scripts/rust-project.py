#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
#
# rust-project.py KERNEL OBJ - prints a rust-project.json for rust-analyzer: the
# kernel's own crates, as the kernel's generator lists them, and ours on top.
# KERNEL is the directory of scripts/kernel.sh, OBJ where the modules were built.
# Runs inside the build root; paths into it are made ones of the machine outside.

import glob
import json
import os
import pathlib
import subprocess
import sys

kernel, obj = map(pathlib.Path, sys.argv[1:])
top = pathlib.Path(__file__).resolve().parent.parent
root = os.environ["TINYDRM_ROOT"]

subprocess.run(
    ["make", "-s", "-C", kernel / "build", f"O={kernel / 'build'}", "rust-analyzer"],
    stdout=sys.stderr,
    check=True,
)
text = (kernel / "build/rust-project.json").read_text()
project = json.loads(text.replace('"/usr/', f'"{root}/usr/'))
project["sysroot"] = root + project["sysroot"]
crates = project["crates"]
for crate in crates:
    crate["is_workspace_member"] = False  # to be known, not to be worked on


def index(name):
    return next(i for i, crate in enumerate(crates) if crate["display_name"] == name)


KERNEL_CRATES = ["core", "kernel", "pin_init", "ffi"]
like = crates[index("kernel")]


def add(name, source, deps):
    crates.append(
        {
            "display_name": name,
            "root_module": str(source),
            "is_workspace_member": True,
            "is_proc_macro": False,
            "edition": "2021",
            "cfg": like["cfg"],
            "deps": [{"crate": index(dep), "name": dep} for dep in deps],
            "env": {
                **like["env"],
                "TINYDRM_OBJ": str(obj),
                "RUST_MODFILE": str(obj / name),
            },
            "source": {"include_dirs": [str(top / "src"), str(obj)], "exclude_dirs": []},
        }
    )


add("tinydrm", top / "src/tinydrm.rs", KERNEL_CRATES)
for panel in sorted(glob.glob(str(top / "src/panels/*.rs"))):
    name = f"tinydrm_{pathlib.Path(panel).stem}"
    add(name, panel, [*KERNEL_CRATES, "tinydrm"])

json.dump(project, sys.stdout, indent=1)
print()
