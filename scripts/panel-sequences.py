#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
#
# panel-sequences.py KERNEL table|check - what the panel drivers here and those of the kernel's
# source send before a first picture, command by command, wait by wait, and how they turn: where
# the two differ, each with its reason, as a table of docs/panels.md, or checked. A difference
# without a reason is wrong, and so is a reason without a difference.

import difflib
import pathlib
import re
import sys

import panels

MARKS = ("<!-- made by scripts/panel-sequences.py -->\n", "<!-- end of sequences -->\n")

# What the library sends by itself, in the order that it wants: SOFT_RESET, SET_PIXEL_FORMAT,
# SET_ADDRESS_MODE, and SET_DISPLAY_ON, which comes after the first picture here.
OURS_ANYWAY = {0x01, 0x29, 0x36, 0x3a}

RESET = "the library waits as long after a reset as the datasheet has it"
LIGHT = "after the display is on nothing has to wait"

# Driver: {what differs: why}. "-" is what C alone does, "+" what is done here alone.
WANTED = {
    "ili9163": {"-msleep 100": LIGHT},
    "ili9225": {
        "+msleep 120": "C waits as long in its reset",
        "-20 00 00": "each window begins with it",
        "-21 00 00": "each window begins with it",
    },
    "ili9341": {
        "-28": "it is off after a reset",
        "-msleep 100": "after sleep-out the datasheet wants 120 ms; " + LIGHT,
        "+msleep 120": "see above",
    },
    "hx8357d": {
        "-b3 02 40 00 2a 2a 0d 78": "0xb3 is SETRGB, these are the parameters of SETCYC",
        "+b4 02 40 00 2a 2a 0d 78": "see above",
    },
    "mi0283qt": {"-28": "it is off after a reset", "-msleep 100": LIGHT},
    "ili9486": {
        "-b0": "it has a parameter, without which it is no command",
        "+b0 00": "see above",
        "-e2 0f 32 2e 0b 0d 05 47 75 37 06 10 03 24 20 00": "it has 16 parameters",
        "+e2 0f 32 2e 0b 0d 05 47 75 37 06 10 03 24 20 00 00": "see above",
        "-msleep 100": LIGHT,
    },
    "st7586": {
        "-turned 00 80 c0 40": "90 and 270 are no picture in C; here counter-clockwise, as the binding has it",
        "+turned 00 40 c0 80": "see above",
    },
    "st7735r": {"-msleep 150": RESET, "-msleep 100": LIGHT, "-msleep 20": LIGHT},
}


def numbers(text):
    """The constants of a C file or header: macros, and enumerators with a value."""
    found = {}
    for name, value in re.findall(r"#define\s+(\w+)\s+(0x\w+|\d+|BIT\(\d+\))\s", text):
        bit = re.match(r"BIT\((\d+)\)", value)
        found[name] = 1 << int(bit[1]) if bit else int(value, 0)
    for name, value in re.findall(r"\b(MIPI_DCS_\w+)\s*=\s*(0x\w+)", text):
        found[name] = int(value, 0)
    return found


def value(expression, known):
    """A number, or constants or-ed together; None for what is known at run time alone."""
    parts = [part.strip() for part in expression.split("|")]
    try:
        result = 0
        for part in parts:
            result |= known[part] if part in known else int(part, 0)
        return result
    except ValueError:
        return None


def line(opcode, parameters):
    return " ".join(f"{byte:02x}" for byte in [opcode, *parameters])


def registers(first, values):
    return [line(first + i, [v >> 8, v & 0xff]) for i, v in enumerate(values)]


# --- the C drivers ------------------------------------------------------------------------


def c_known(path):
    header = path.parents[4] / "include/video/mipi_display.h"
    return {**numbers(header.read_text()), **numbers(path.read_text())}


def c_enable(path):
    text = panels.strip(path.read_text())
    return re.search(r"static void \w+_enable\(struct drm_crtc.*?\n\}\n", text, re.S)[0]


def c_steps(path):
    known, text = c_known(path), c_enable(path)
    calls = r"mipi_dbi_command\(dbi,(.*?)\);|ili9225_command\(dbi,(.*?)\);|msleep\((\d+)\)"
    steps = []
    for dcs, register, ms in re.findall(calls, text, re.S):
        if ms:
            steps.append(f"msleep {ms}")
            continue
        opcode, *parameters = [value(part, known) for part in (dcs or register).split(",")]
        if register:
            steps += registers(opcode, parameters) if parameters != [None] else []
        elif opcode not in OURS_ANYWAY:
            steps.append(line(opcode, parameters))
    return steps


def c_turns(path, rgb):
    known, text = c_known(path), c_enable(path)
    body = re.search(r"switch \(dbidev->rotation\) \{(.*?)\n\t\}", text, re.S)[1]
    cases = {case: value(mode, known) for case, mode in
             re.findall(r"(default|case \d+):\s*\w+ = ([^;]*);", body)}
    for condition, more in re.findall(r"(if \([^)]*\)\s*)?addr_mode \|= (\w+);", text):
        if not condition or rgb:
            cases = {case: mode | known[more] for case, mode in cases.items()}
    return [cases[case] for case in ("default", "case 90", "case 180", "case 270")]


# --- the drivers here ---------------------------------------------------------------------


def our_known(path):
    known = {}
    for source in (panels.HERE / "src/mipi_dbi/dcs.rs", panels.HERE / "src/mipi_dbi/entry_mode.rs",
                   path):
        for name, shifted, number in re.findall(
                r"const (\w+): u8 = (?:1 << (\d+)|(0x\w+));", source.read_text()):
            known[name] = 1 << int(shifted) if shifted else int(number, 0)
    return {**known, **{"dcs::" + name: number for name, number in known.items()}}


def our_steps(path, model):
    known = our_known(path)
    calls = r"cmd\(([\w:]+), &\[(.*?)\]\)|set\((\w+), &\[(.*?)\]\)|msleep\((\d+)\)"
    steps = []
    text = model["init"] + (model["on"] if "set(" in model["on"] else "")
    for command, parameters, first, values, ms in re.findall(calls, text, re.S):
        given = [int(part, 0) for part in re.findall(r"0x\w+", parameters or values)]
        if ms:
            steps.append(f"msleep {ms}")
        elif command:
            steps.append(line(known[command], given))
        else:
            steps += registers(known[first], given)
    return steps


def our_turns(path, model):
    known = our_known(path)
    return [value(mode, known) for mode in model["address_mode"].strip("[]").split(",")]


# --- both ---------------------------------------------------------------------------------


def differences(theirs, ours):
    return [text for text in difflib.ndiff(theirs, ours) if text[0] in "+-"]


def compare(driver, source, here):
    """What differs, as WANTED has it."""
    tables = panels.models(panels.strip(here.read_text()))
    found = []
    for name, model in tables.items():
        if name == "Model::MIPI_DBI":
            continue
        steps = differences(c_steps(source), our_steps(here, model))
        found += [text[0] + text[2:] for text in steps]
        rgb = ".rgb" in source.read_text() and "BGR" in model["address_mode"]
        theirs, ours = c_turns(source, rgb), our_turns(here, model)
        found += [f"{sign}turned {' '.join(f'{mode:02x}' for mode in modes)}"
                  for sign, modes in (("-", theirs), ("+", ours)) if theirs != ours]
    return list(dict.fromkeys(found))


def main():
    if len(sys.argv) != 3 or sys.argv[2] not in ("table", "check"):
        sys.exit("usage: panel-sequences.py KERNEL table|check")
    drm = pathlib.Path(sys.argv[1]) / "source/drivers/gpu/drm"
    rows, wrong = [], []
    for name in panels.C_DRIVERS:
        source, driver = drm / name, pathlib.Path(name).stem
        here = panels.HERE / f"src/panels/{driver}.rs"
        # The generic driver has no sequence of its own.
        if "firmware" in source.read_text():
            continue
        wanted = dict(WANTED.get(driver, {}))
        for what in compare(driver, source, here):
            why = wanted.pop(what, None)
            if why is None:
                wrong.append(f"{driver}: {what}: not as in C, without a reason")
            else:
                rows.append((driver, "C" if what[0] == "-" else "here", what[1:], why))
        wrong += [f"{driver}: {what}: as in C, but with a reason not to be" for what in wanted]
    lines = ["| driver | alone | what | why |", "|---|---|---|---|"]
    lines += [f"| `{driver}` | {alone} | `{what}` | {why} |" for driver, alone, what, why in rows]
    table = MARKS[0] + "\n" + "\n".join(lines) + "\n\n" + MARKS[1]
    if sys.argv[2] == "table":
        text = panels.DOC.read_text()
        start, end = text.index(MARKS[0]), text.index(MARKS[1]) + len(MARKS[1])
        panels.DOC.write_text(text[:start] + table + text[end:])
        return
    if table not in panels.DOC.read_text():
        wrong.append("docs/panels.md is not what the code says: panel-sequences.py KERNEL table")
    for text in wrong:
        print("#", text)
    print("not ok" if wrong else "ok", "1 panels: what is sent is what C sends, or there is a reason")
    sys.exit(1 if wrong else 0)


main()
