"""What a factual comparison costs: milliseconds per comparison of two 100-word answers, and of the import.

Run it with `python -m tests.bench.facts`; it prints one JSON object. Processor time is printed beside wall time,
because on a busy machine only the first says what the code costs.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time

QUESTION = "What is the maximum clock speed of the RP2350 and what memory does it have?"
REFERENCE = "The RP2350 runs at up to 150 MHz and has 520 KB of on-chip SRAM."
ANSWER_A = (
    "The RP2350 is a dual-core microcontroller that Raspberry Pi introduced in August 2024. It can run either "
    "two Arm Cortex-M33 cores or two Hazard3 RISC-V cores, at a system clock of up to 150 MHz. There are 520 "
    "KB of on-chip SRAM in ten independent banks, 8 KB of one-time programmable memory and support for up to "
    "16 MB of external QSPI flash or PSRAM. The chip has 2 UARTs, 2 SPI controllers, 2 I2C controllers, 24 PWM"
    " channels and 12 PIO state machines. It operates between -40 °C and +85 °C on a supply of 1.8 V to 3.3 V,"
    " and costs about $0.80 (run {n})."
)
ANSWER_B = (
    "Raspberry Pi's RP2350 has a maximum clock of 1.8 GHz, which is much more than the 133 MHz of its "
    "predecessor, the RP2040. It comes with 264 KB of SRAM and does not include flash memory, so that an "
    "external chip is needed. Software chooses at start whether the Cortex-M33 or the RISC-V cores are used. "
    "The device provides four UARTs, two SPI buses and two I2C buses, 30 GPIO pins in the small package and 48"
    " in the large one, and a USB 1.1 controller. Its temperature range is −20 to 85 °C, the supply must be "
    "3.3 V ± 10 %, and the price is 80 cents in quantity (run {n})."
)


def comparison(*, referenced: bool, runs: int = 200) -> dict[str, float]:
    """Mean milliseconds of a comparison whose texts are new each time, so that nothing is remembered."""
    from data.facts import compare

    reference = REFERENCE if referenced else None
    compare(ANSWER_A, ANSWER_B, question=QUESTION, reference=reference)
    wall, cpu = time.perf_counter(), time.process_time()
    for n in range(runs):
        compare(ANSWER_A.format(n=n), ANSWER_B.format(n=n), question=QUESTION, reference=reference)
    return {
        "wall_ms": round((time.perf_counter() - wall) / runs * 1e3, 3),
        "cpu_ms": round((time.process_time() - cpu) / runs * 1e3, 3),
    }


def first_use() -> dict[str, float]:
    """Milliseconds of processor time in a fresh process: the import, then compiling the patterns."""
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
    return {"import_cpu_ms": round(float(best[0]) * 1e3, 1), "patterns_cpu_ms": round(float(best[1]) * 1e3, 1)}


def main() -> None:
    """Print the figures as JSON."""
    figures = {
        "words": [len(ANSWER_A.split()), len(ANSWER_B.split())],
        "comparison": comparison(referenced=False),
        "comparison_with_reference": comparison(referenced=True),
        "first_use": first_use(),
    }
    print(json.dumps(figures, indent=2))


if __name__ == "__main__":
    main()
