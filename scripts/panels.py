#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
#
# panels.py KERNEL table|check - what the panel drivers here and those of the kernel's source
# can do, read from their tables: as the tables of docs/panels.md, or checked:
#
#   - every compatible and every SPI id of a C driver is one of a driver here;
#   - what differs in a row of both tables is known, and docs/panels.md says why;
#   - every compatible has the SPI id that the SPI core makes of it, or it is not autoloaded;
#   - docs/panels.md has these tables.

import pathlib
import re
import sys

HERE = pathlib.Path(__file__).resolve().parent.parent
DOC = HERE / "docs" / "panels.md"
MARKS = ("<!-- made by scripts/panels.py -->\n", "<!-- end -->\n")
C_DRIVERS = [
    "tiny/ili9163.c", "tiny/ili9225.c", "tiny/ili9341.c", "tiny/ili9486.c", "tiny/hx8357d.c",
    "tiny/mi0283qt.c", "tiny/panel-mipi-dbi.c", "sitronix/st7735r.c", "sitronix/st7586.c",
]
TITLES = ["driver", "compatible", "SPI id", "pixels", "reset line", "D/C line", "pixels sent as",
          "commands", "asked", "left lit", "supplies", "turned"]

# What may differ from C, and in which drivers: see "What differs from C, on purpose".
WANTED = {
    "supplies": {"hx8357d", "ili9163", "ili9225", "ili9341", "ili9486", "mi0283qt", "st7586",
                 "st7735r"},
    "turned": {"panel-mipi-dbi"},
}


def strip(text):
    return re.sub(r"//[^\n]*|/\*.*?\*/", "", text, flags=re.S)


def both(yes, no=""):
    return lambda truth: yes if truth else no


# --- the drivers here ---------------------------------------------------------------------


def models(text):
    """The tables of a file, by name: the fields that are given."""
    found = {"Model::MIPI_DBI": base()}
    for name, body in re.findall(r"const (\w+): Model = Model \{(.*?)\n\};", text, re.S):
        fields = dict(re.findall(r"^    (\w+): (.*?),\n(?=    \w+[:,]|    \.\.|$)", body + "\n",
                                 re.S | re.M))
        parent = re.search(r"\.\.([\w:]+)", body)[1]
        found[name] = {**found[parent], **fields}
    return found


def base():
    text = strip((HERE / "src/mipi_dbi/model.rs").read_text())
    body = re.search(r"MIPI_DBI: Model = Model \{(.*?)\n    \};", text, re.S)[1]
    return dict(re.findall(r"^        (\w+): (.*?),\n(?=        \w+:|$)", body + "\n", re.S | re.M))


def ours(path):
    """The rows of a file, one for each compatible, or for an SPI id that has none."""
    text = strip(path.read_text())
    tables = models(text)
    call = re.search(r"module_panel_driver! \{(.*)\}", text, re.S)[1]
    default = re.search(r"model: ([\w:]+)", call)[1]

    def names(kind):
        listed = re.search(kind + r": \[(.*?)\]", call, re.S)[1]
        return [(name, own or default)
                for name, own in re.findall(r'c"([^"]+)"(?: => (\w+))?', listed)]

    ids = dict(names("spi"))
    rows = []
    for compatible, model in names("of"):
        alias = compatible.split(",", 1)[-1]
        rows.append((path.stem, compatible, alias if alias in ids else "", tables[model]))
    aliases = {row[2] for row in rows}
    rows += [(path.stem, "", name, tables[model]) for name, model in ids.items()
             if name not in aliases]
    return [our_row(*row) for row in rows]


def our_row(driver, compatible, spi, model):
    device = model["source"] == "Source::Device"
    size = re.match(r"Mode::fixed\((\d+), (\d+)\)", model["mode"])
    reset = {"Reset::None": "none", "Reset::Optional": "optional", "Reset::Required": "required"}
    sent = {"WireFormat::Rgb565": "RGB565", "WireFormat::Bgr666": "BGR666",
            "WireFormat::Grey332": "grey"}
    return [
        driver,
        compatible,
        spi,
        "panel-timing" if device else "x".join(size.groups()),
        reset[model["reset"]],
        " ".join(reversed(re.search(r'::(\w+)\(c"(\w+)"', model["dc"]).groups())).lower(),
        "RGB565, BGR666" if device else sent[model["wire_format"]],
        "16 bits" if model["words"] == "Words::Bits16" else "8 bits",
        "write-only" if device else both("", "yes")(model["write_only"] == "true"),
        both("yes")(model["keeps_lit"] == "true" and model["write_only"] != "true"),
        " ".join(re.findall(r'c"(\w+)"', model["supplies"])),
        "yes",
    ]


# --- the C drivers ------------------------------------------------------------------------


def c_rows(path):
    text = strip(path.read_text())
    compatibles = re.findall(r'\.compatible = "([^"]+)"', text)
    ids = re.findall(r'\{ "([^"]+)", [^}]*\}', re.search(
        r"spi_device_id \w+\[\] = \{(.*?)\n\};", text, re.S)[1])
    sizes = re.findall(r"DRM_SIMPLE_MODE\((\d+), (\d+)", text)
    gpio = {}
    for optional, name in re.findall(r'devm_gpiod_get(_optional)?\(dev, "(\w+)"', text):
        needed = "optional" if optional else "required"
        if name == "reset":
            gpio["reset"] = needed
        else:
            gpio["dc"] = f"{name} {needed}"
    reads = "read_commands = NULL" not in text or "write-only" in text
    # One that sends its commands itself reads none.
    reads = reads and "dbi->command =" not in text
    # In the order of the compatibles, where a driver has a config for each.
    configs = re.findall(r"_cfg = \{(.*?)\n\};", text, re.S)
    asked = [".write_only" not in config for config in configs] or [reads]
    mine = [
        gpio.get("reset", "none"),
        gpio.get("dc", "none"),
        "grey" if "gray332" in text else "RGB565, BGR666" if "b6x2g6x2r6x2" in text else "RGB565",
        "16 bits" if "cpu_to_be16(*cmd)" in text else "8 bits",
        "write-only" if '"write-only"' in text else both("yes"),
        both("yes")("conditional_reset" in text and reads),
        " ".join(re.findall(r'devm_regulator_get\(dev, "(\w+)"', text)),
        both("yes")('"rotation"' in text),
    ]
    rows = []
    for i, compatible in enumerate(compatibles):
        size = sizes[min(i, len(sizes) - 1)] if sizes else None
        alias = compatible.split(",", 1)[-1]
        rows.append([path.stem, compatible, alias if alias in ids else "",
                     "x".join(size) if size else "panel-timing",
                     *told(mine, asked[min(i, len(asked) - 1)])])
    aliases = {row[2] for row in rows}
    rows += [[path.stem, "", name, "x".join(sizes[0]) if sizes else "panel-timing",
              *told(mine, asked[0])]
             for name in ids if name not in aliases]
    return rows


def told(cells, asked):
    """The cells, with those that depend on whether this panel is asked."""
    return [cell(asked) if callable(cell) else cell for cell in cells]


# --- both ---------------------------------------------------------------------------------


def table(rows):
    lines = ["| " + " | ".join(TITLES) + " |", "|" + "---|" * len(TITLES)]
    lines += ["| " + " | ".join(f"`{cell}`" if i < 3 and cell else cell
                                for i, cell in enumerate(row)) + " |" for row in rows]
    return "\n".join(lines) + "\n"


def unwanted(our_rows, their_rows):
    """What differs between two rows of a compatible, or of an id without one, and should not."""
    mine = {row[1] or row[2]: row for row in our_rows}
    found, seen = [], set()
    for row in their_rows:
        here = mine.get(row[1] or row[2])
        if not here:
            continue
        for title, theirs, ours in list(zip(TITLES, row, here))[3:]:
            if theirs == ours:
                continue
            seen.add((title, row[0]))
            if row[0] not in WANTED.get(title, ()):
                found.append(f"{row[0]}: {row[1]}: {title}: '{ours}', not '{theirs}' as in C")
    found += [f"{driver}: {title}: as in C, but not wanted to be"
              for title, drivers in WANTED.items() for driver in drivers
              if (title, driver) not in seen]
    return found


def main():
    if len(sys.argv) != 3 or sys.argv[2] not in ("table", "check"):
        sys.exit("usage: panels.py KERNEL table|check")
    drm = pathlib.Path(sys.argv[1]) / "source/drivers/gpu/drm"
    our_rows = [row for path in sorted((HERE / "src/panels").glob("*.rs")) for row in ours(path)]
    their_rows = [row for name in C_DRIVERS for row in c_rows(drm / name)]
    tables = MARKS[0] + "\n" + table(our_rows) + "\nThe kernel's own:\n\n" + table(their_rows) \
        + "\n" + MARKS[1]
    if sys.argv[2] == "table":
        text = DOC.read_text()
        start, end = text.index(MARKS[0]), text.index(MARKS[1]) + len(MARKS[1])
        DOC.write_text(text[:start] + tables + text[end:])
        return

    drivers = {row[0] for row in our_rows}
    wrong, missing = [], []
    for column, kind in ((1, "compatible"), (2, "SPI id")):
        have = {row[column] for row in our_rows}
        for row in their_rows:
            if row[column] and row[column] not in have:
                missing.append(f"{row[0]}.c: {kind} {row[column]}: no driver here has it")
    # A driver that is not written yet is not wrong, but it is said.
    for line in missing:
        if line.split(".c:")[0].replace("-", "_") in drivers:
            wrong.append(line)
        else:
            print("# not yet:", line)
    wrong += [f"{row[0]}: {row[1]} has no SPI id {row[1].split(',', 1)[-1]}"
              for row in our_rows if row[1] and not row[2]]
    wrong += unwanted(our_rows, their_rows)
    if tables not in DOC.read_text():
        wrong.append("docs/panels.md is not what the code says: scripts/panels.py KERNEL table")
    for line in wrong:
        print("#", line)
    print("not ok" if wrong else "ok", "1 panels: as in C, or it is known; ids for all; the doc's tables")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
