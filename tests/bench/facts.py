"""What a factual comparison costs: milliseconds for two answers of about 100 words, growth with length, the import.

Run it with `python -m tests.bench.facts`; it prints one JSON object, the targets beside the figures. Time is processor
time: on a busy machine wall time says what the others do.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import time

QUESTION = "What is the maximum clock speed of the {chip} and what memory does it have?"
REFERENCE = "The {chip} runs at up to {clock} MHz and has {memory} KB of on-chip SRAM."
PROSE = (
    "The {chip} board is a small microcontroller board that is built around a chip of the same name. It was designed "
    "as the successor of an earlier model, and it keeps the same form factor so that existing accessories continue to "
    "work. The chip offers two cores that run at up to {clock} MHz, and the board carries {memory} KB of memory. You "
    "can program it in C, C++ or MicroPython, and a boot button lets you drag and drop new firmware over USB. Power is "
    "supplied through the micro USB connector or an external source between 1.8 V and 5.5 V. It costs about ${price}.",
    "The board you are asking about uses a newer processor with better security features than the first generation. "
    "Its clock reaches {other} MHz by default, although many people overclock it without trouble. There is {memory} KB "
    "of storage for programs, and the memory on the chip itself is large enough for most hobby projects. Because the "
    "pins have not moved, older shields and cases still fit. To get started, hold the button while connecting the "
    "cable, then copy a file onto the drive that appears. It accepts a supply from 1.8 V to 5.5 V and costs about "
    "{price} dollars.",
)
"""Running text with a fact in every tenth word."""
DATA_SHEET = (
    "The {chip} is a dual-core microcontroller that Raspberry Pi introduced in August 2024. It can run either two Arm "
    "Cortex-M33 cores or two Hazard3 RISC-V cores, at a system clock of up to {clock} MHz. There are {memory} KB of "
    "on-chip SRAM in ten independent banks, 8 KB of one-time programmable memory and support for up to 16 MB of "
    "external QSPI flash or PSRAM. The chip has 2 UARTs, 2 SPI controllers, 2 I2C controllers, 24 PWM channels and 12 "
    "PIO state machines. It operates between -40 °C and +85 °C on a supply of 1.8 V to 3.3 V, and costs "
    "about $0.{price}.",
    "Raspberry Pi's {chip} has a maximum clock of 1.8 GHz, which is much more than the {other} MHz of its predecessor, "
    "the RP2040. It comes with 264 KB of SRAM and does not include flash memory, so that an external chip is needed. "
    "Software chooses at start whether the Cortex-M33 or the RISC-V cores are used. The device provides "
    "four UARTs, two "
    "SPI buses and two I2C buses, 30 GPIO pins in the small package and 48 in the large one, and a USB 1.1 controller. "
    "Its temperature range is −20 to 85 °C, the supply must be 3.3 V ± 10 %, and the price is {price} "
    "cents in quantity.",
)
"""A fact in every third or fourth word."""
TARGETS = {"comparison_ms": 2.0, "import_ms": 100.0, "growth_from_10_to_100_KB": 20.0}


def comparison(texts: tuple[str, str], runs: int = 300) -> dict[str, float]:
    """Milliseconds of a comparison whose question, reference and answers are all new, so that nothing is remembered."""
    from data.facts import compare

    spent = []
    for n in range(runs + 20):
        values = {"chip": f"XR{2000 + n}", "clock": 100 + n, "other": 133 + n, "memory": 256 + n, "price": 10 + n % 90}
        question, reference, a, b = (text.format(**values) for text in (QUESTION, REFERENCE, *texts))
        before = time.process_time()
        compare(a, b, question=question, reference=reference)
        spent.append((time.process_time() - before) * 1e3)
    spent = sorted(spent[20:])
    return {
        "words": len(texts[0].split()),
        "other_words": len(texts[1].split()),
        "median_ms": round(statistics.median(spent), 2),
        "p95_ms": round(spent[int(0.95 * len(spent))], 2),
    }


def long_answers() -> dict[str, float]:
    """Seconds for answers of 10 KB and of 100 KB, and by how much the longer ones take longer."""
    from data.facts import compare

    seconds = {}
    for size in (10_000, 100_000):
        a, b = ("".join(text.format(chip=f"XR{n}", clock=n, other=n + 9, memory=n, price=10) + "\n" for n in range(400))
                for text in DATA_SHEET)  # fmt: skip
        before = time.process_time()
        compare(a[:size], b[:size], question="What is the maximum clock speed?", reference="150 MHz")
        seconds[size] = time.process_time() - before
    return {
        "10_KB_s": round(seconds[10_000], 2),
        "100_KB_s": round(seconds[100_000], 2),
        "growth": round(seconds[100_000] / seconds[10_000], 1),
    }


def first_use() -> dict[str, float]:
    """Milliseconds in a fresh process: the import, then compiling the patterns."""
    code = (
        "import time; a = time.process_time(); import data.facts; b = time.process_time();"
        "from data.facts.patterns import prepare; prepare(); print(b - a, time.process_time() - b)"
    )
    best = min(
        (
            subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
            for _ in range(5)
        ),
        key=lambda pair: float(pair[0]),
    )
    return {"import_ms": round(float(best[0]) * 1e3, 1), "patterns_ms": round(float(best[1]) * 1e3, 1)}


def main() -> None:
    """Print the figures as JSON."""
    figures = {
        "targets": TARGETS,
        "comparison_of_prose": comparison(PROSE),
        "comparison_of_data_sheets": comparison(DATA_SHEET),
        "long_answers": long_answers(),
        "first_use": first_use(),
    }
    print(json.dumps(figures, indent=2))


if __name__ == "__main__":
    main()
