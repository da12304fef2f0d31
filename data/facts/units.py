"""Units as people write them: surface form to canonical spelling, semantic dimension and factor.

Dimensions are meanings, not exponents: frequency, data rate and revolutions all have the exponent 1/time and are never compared;
neither are a percentage, a count and a number of bits, which general unit libraries all call dimensionless. Symbols are
looked up in their case first; the case is ignored only where that cannot change the prefix (never mW/MW, mA/MA, Mb/MB, ms/MS).
Factors: SI brochure (9th edition); NIST Handbook 44, appendix C for the customary units.
"""

from __future__ import annotations

from typing import NamedTuple

from data.facts.patterns import lazy


class Unit(NamedTuple):
    """A unit of one dimension; base = value × factor + offset."""

    symbol: str
    dimension: str
    factor: float
    offset: float = 0.0
    other_factor: float = 0.0
    """The other reading: KB as 1,000 bytes beside 1,024; 0 when there is none."""


_POWERS = {
    "T": (1e12, "tera"), "G": (1e9, "giga"), "M": (1e6, "mega"), "k": (1e3, "kilo"), "h": (1e2, "hecto"), "d": (1e-1, "deci"),
    "c": (1e-2, "centi"), "m": (1e-3, "milli"), "µ": (1e-6, "micro"), "n": (1e-9, "nano"), "p": (1e-12, "pico"), "P": (1e15, "peta"),
}  # fmt: skip

# symbol, dimension, factor, prefixes, names
_PREFIXED = (
    ("Hz", "frequency", 1.0, "TGMkmµ", "hertz"),
    ("V", "voltage", 1.0, "Mkmµn", "volt"),
    ("A", "current", 1.0, "kmµnp", "ampere amp"),
    ("W", "power", 1.0, "TGMkmµn", "watt"),
    ("Wh", "energy", 3600.0, "TGMkm", "watt-hour watt_hour"),
    ("J", "energy", 1.0, "GMkmµ", "joule"),
    ("eV", "energy", 1.602176634e-19, "TGMkm", "electronvolt"),
    ("cal", "energy", 4.184, "k", "calorie"),
    ("Ω", "resistance", 1.0, "GMkmµ", "ohm"),
    ("F", "capacitance", 1.0, "mµnp", "farad"),
    ("H", "inductance", 1.0, "mµn", "henry henries"),
    ("C", "electric charge", 1.0, "mµn", "coulomb"),
    ("Ah", "charge capacity", 1.0, "mk", "ampere-hour amp-hour ampere_hour amp_hour"),
    ("T", "flux density", 1.0, "mµ", "tesla"),
    ("m", "length", 1.0, "kcdmµn", "metre meter"),
    ("g", "mass", 1.0, "kmµn", "gram gramme"),
    ("s", "time", 1.0, "mµnp", "second"),
    ("L", "volume", 1e-3, "hdcmµn", "litre liter"),
    ("Pa", "pressure", 1.0, "GMkh", "pascal"),
    ("bar", "pressure", 1e5, "mk", "bar"),
    ("N", "force", 1.0, "Mkm", "newton"),
    ("mol", "amount", 1.0, "mµn", "mole"),
    ("eq", "equivalents", 1.0, "m", "equivalent"),
    ("Eq", "equivalents", 1.0, "m", ""),
    ("Bq", "radioactivity", 1.0, "TGMk", "becquerel"),
    ("Sv", "dose equivalent", 1.0, "mµn", "sievert"),
    ("Gy", "absorbed dose", 1.0, "mcµ", "gray"),
    ("lm", "luminous flux", 1.0, "k", "lumen"),
    ("lx", "illuminance", 1.0, "k", "lux"),
    ("cd", "luminous intensity", 1.0, "m", "candela"),
    ("bps", "data rate", 1.0, "TGMk", "bit_per_second"),
    ("bit/s", "data rate", 1.0, "TGMk", ""),
    ("b/s", "data rate", 1.0, "TGMk", ""),
    ("Bps", "data rate", 8.0, "TGMk", "byte_per_second"),
    ("Bd", "symbol rate", 1.0, "GMk", "baud"),
    ("FLOPS", "floating-point rate", 1.0, "PTGM", ""),
    ("OPS", "operation rate", 1.0, "TGM", ""),
    ("IPS", "instruction rate", 1.0, "M", ""),
    ("sps", "sample rate", 1.0, "GMk", ""),
    ("SPS", "sample rate", 1.0, "GMk", ""),
    ("S/s", "sample rate", 1.0, "GMk", "sample_per_second"),
    ("T/s", "transfer rate", 1.0, "GM", "transfer_per_second"),
    ("px", "pixels", 1.0, "M", "pixel"),
    ("W/h", "power/time", 1 / 3600, "k", ""),
    ("t", "mass", 1e6, "MG", "tonne metric_ton"),
    ("pc", "length", 3.0856775814913673e16, "Mk", "parsec"),
)  # fmt: skip

# symbol | dimension | factor | other surface forms
_PLAIN = """
min|time|60|minute minutes mins
h|time|3600|hour hours hr hrs
day|time|86400|days d
week|time|604800|weeks wk wks
fortnight|time|1209600|fortnights
month|time|2629746|months mo mos calendar_month calendar_months
year|time|31556952|years yr yrs y annum
decade|time|315569520|decades
century|time|3155695200|centuries
s|time|1|sec secs
µs|time|1e-6|usec
ms|time|1e-3|msec
clock cycle|clock cycles|1|clock_cycles clock_cycle cycle cycles
in|length|0.0254|inch inches
ft|length|0.3048|foot feet
yd|length|0.9144|yard yards
mi|length|1609.344|mile miles
nmi|length|1852|nautical_mile nautical_miles
ly|length|9.4607304725808e15|light-year light-years light_year light_years lightyear lightyears
au|length|149597870700|astronomical_unit astronomical_units
Å|length|1e-10|angstrom angstroms
µm|length|1e-6|micron microns
m²|area|1|m2 m^2 sq_m square_metre square_metres square_meter square_meters sqm
km²|area|1e6|km2 km^2 sq_km square_kilometre square_kilometres square_kilometer square_kilometers
cm²|area|1e-4|cm2 cm^2 sq_cm square_centimetre square_centimetres square_centimeter square_centimeters
mm²|area|1e-6|mm2 mm^2 sq_mm square_millimetre square_millimetres square_millimeter square_millimeters
ft²|area|0.09290304|ft2 sq_ft square_foot square_feet
mi²|area|2589988.110336|mi2 sq_mi square_mile square_miles
ha|area|10000|hectare hectares
acre|area|4046.8564224|acres
m³|volume|1|m3 m^3 cubic_metre cubic_metres cubic_meter cubic_meters
km³|volume|1e9|km3 cubic_kilometre cubic_kilometres cubic_kilometer cubic_kilometers
cm³|volume|1e-6|cm3 cc cubic_centimetre cubic_centimetres cubic_centimeter cubic_centimeters
mm³|volume|1e-9|mm3 cubic_millimetre cubic_millimetres cubic_millimeter cubic_millimeters
gal|volume|0.003785411784|gallon gallons US_gallon US_gallons
imp gal|volume|0.00454609|imperial_gallon imperial_gallons
fl oz|volume|2.95735295625e-5|fluid_ounce fluid_ounces fl_oz
pt|volume|0.000473176473|pint pints
qt|volume|0.000946352946|quart quarts
tsp|volume|5e-6|teaspoon teaspoons
tbsp|volume|1.5e-5|tablespoon tablespoons
bbl|volume|0.158987294928|barrel barrels
lb|mass|453.59237|lbs pound pounds
oz|mass|28.349523125|ounce ounces
st|mass|6350.29318|stone
ton|mass|907184.74|tons short_ton short_tons US_ton US_tons
long ton|mass|1016046.9088|long_tons
ct|mass|0.2|carat carats
mcg|mass|1e-6|
mmHg|pressure|133.322387415|mm_Hg millimetres_of_mercury millimeters_of_mercury
inHg|pressure|3386.389|
cmH2O|pressure|98.0665|cm_H2O
psi|pressure|6894.757293168|PSI
atm|pressure|101325|atmosphere atmospheres
Torr|pressure|133.322368421|torr
hPa|pressure|100|
mph|length/time|0.44704|miles_per_hour mile_per_hour
km/h|length/time|0.2777777777777778|kph kmh kmph km/hr
kn|length/time|0.5144444444444445|kt kts knot knots
rpm|revolutions/time|0.016666666666666666|RPM r/min revolutions_per_minute
bpm|beats/time|0.016666666666666666|beats_per_minute
fps|frames/time|1|frames_per_second
BTU|energy|1055.05585262|Btu btu
kcal|energy|4184|Cal
hp|power|745.6998715822702|horsepower
%|fraction|0.01|percent per_cent pct
‰|fraction|0.001|per_mille
pp|fraction|0.01|percentage_point percentage_points
bp|fraction|0.0001|basis_point basis_points
ppm|parts per million|1e-6|parts_per_million
ppb|parts per million|1e-9|parts_per_billion
dB|level|1|decibel decibels
dBm|power level|1|
dBi|antenna gain|1|
dBA|level|1|dB(A)
°|angle|1|degree degrees deg
arcmin|angle|0.016666666666666666|arcminute arcminutes
rad|angle|57.29577951308232|radian radians
dpi|resolution|1|DPI dots_per_inch
ppi|resolution|1|PPI pixels_per_inch
nit|luminance|1|nits cd/m² cd/m2
IU|international units|1|international_unit international_units iu
unit|units|1|units U
bit|information|1|bits b
B|information|8|byte bytes
KiB|information|8192|kibibyte kibibytes Ki
MiB|information|8388608|mebibyte mebibytes Mi
GiB|information|8589934592|gibibyte gibibytes Gi
TiB|information|8796093022208|tebibyte tebibytes Ti
Kibit|information|1024|kibibit kibibits
Mibit|information|1048576|mebibit mebibits
MiB/s|data rate|8388608|
GiB/s|data rate|8589934592|
times|factor|1|x × fold -fold X
""".strip().splitlines()

SYMBOLS: dict[str, Unit] = {}
"""Surface form, as written, to its unit; words of a phrase are joined with "_"."""
FOLDED: dict[str, Unit] = {}
"""The same in lower case, where case cannot change the meaning."""


def _fill() -> None:
    for symbol, dimension, factor, prefixes, names in _PREFIXED:
        words = [(n, n if n.endswith(("z", "s", "x")) else n + "s") for n in names.split()]
        for p in ("", *prefixes):
            power, prefix = _POWERS[p] if p else (1.0, "")
            unit = Unit(p + symbol, dimension, factor * power)
            SYMBOLS[p + symbol] = unit
            if p == "µ":
                SYMBOLS["u" + symbol] = SYMBOLS["μ" + symbol] = unit
            for singular, plural in words:
                FOLDED[prefix + singular] = FOLDED[prefix + plural.replace("_per_seconds", "s_per_second")] = unit
    for line in _PLAIN:
        symbol, dimension, factor, forms = line.split("|")
        unit = Unit(symbol, dimension, float(factor))
        for form in (symbol, *forms.split()):
            SYMBOLS[form] = unit
            if len(form) > 3 or form in {"mph", "kph", "rpm", "bpm", "fps", "dpi", "ppi", "psi", "ppm", "yr", "yrs", "hr", "hrs", "min", "sec", "lbs", "day"}:  # fmt: skip
                FOLDED[form.lower()] = unit
    for rank, (letter, name) in enumerate(
        (("K", "kilo"), ("M", "mega"), ("G", "giga"), ("T", "tera"), ("P", "peta")), 1
    ):
        size = Unit(letter + "B", "information", 8.0 * 1024**rank, 0.0, 8.0 * 1000**rank)
        bits = Unit(letter + "bit", "information", 1024.0**rank, 0.0, 1000.0**rank)
        rate = Unit(letter + "B/s", "data rate", 8.0 * 1000**rank)
        for form in (letter + "B", letter.lower() + "B", letter + "Byte", letter + "bytes", letter + "Bytes"):
            SYMBOLS[form] = size
        for form in (letter + "b", letter + "bit", letter.lower() + "bit", letter + "bits"):
            SYMBOLS[form] = bits
        SYMBOLS[letter + "B/s"] = SYMBOLS[letter.lower() + "B/s"] = SYMBOLS[letter + "Bps"] = rate
        FOLDED[letter.lower() + "b"] = FOLDED[name + "byte"] = FOLDED[name + "bytes"] = size
        FOLDED[name + "bit"] = FOLDED[name + "bits"] = bits
        bit_rate = Unit(letter + "bit/s", "data rate", 1000.0**rank)
        for form in (
            letter + "bps",
            letter + "bit/s",
            letter + "bits/s",
            letter + "b/s",
            letter.lower() + "bps",
            letter + "bitps",
        ):
            SYMBOLS[form] = bit_rate
        FOLDED[letter.lower() + "bit/s"] = FOLDED[letter.lower() + "bps"] = bit_rate
    celsius = Unit("°C", "temperature", 1.0)
    fahrenheit = Unit("°F", "temperature", 5 / 9, -160 / 9)
    kelvin = Unit("K", "temperature", 1.0, -273.15)
    for forms, unit in (
        ("°C ℃ º_C ºC °_C degC C °c degrees_C deg_C degree_Celsius degrees_Celsius degrees_celsius Celsius degrees_centigrade degree_celsius", celsius),
        ("°F ℉ ºF °_F degF °f degrees_F deg_F degrees_Fahrenheit degree_Fahrenheit degrees_fahrenheit Fahrenheit", fahrenheit),
        ("K kelvin kelvins Kelvin", kelvin),
    ):  # fmt: skip
        for form in forms.split():
            SYMBOLS[form] = unit
    for form, target in (("khz", "kHz"), ("mhz", "MHz"), ("ghz", "GHz"), ("hz", "Hz"), ("kv", "kV"), ("mv", "mV"), ("mah", "mAh"), ("kwh", "kWh"),
                         ("kohm", "kΩ"), ("mohm", "MΩ"), ("kohms", "kΩ"), ("ohms", "Ω"), ("uf", "µF"), ("nf", "nF"), ("pf", "pF"), ("kg", "kg"), ("kgs", "kg"), ("km", "km"), ("kms", "km"),
                         ("mm", "mm"), ("cm", "cm"), ("cms", "cm"), ("ml", "mL"), ("mls", "mL"), ("dl", "dL"), ("mbar", "mbar"), ("kpa", "kPa"), ("ksps", "ksps"), ("msps", "Msps"), ("mmhg", "mmHg"),
                         ("tops", "TOPS"), ("gflops", "GFLOPS"), ("tflops", "TFLOPS"), ("gt/s", "GT/s"), ("mt/s", "MT/s"), ("mp", "Mpx"), ("mmol", "mmol")):  # fmt: skip
        FOLDED[form] = SYMBOLS[target]
    SYMBOLS["K\N{OHM SIGN}"] = SYMBOLS["KΩ"] = SYMBOLS["k\N{OHM SIGN}"] = SYMBOLS["kΩ"]
    SYMBOLS["\N{OHM SIGN}"], SYMBOLS["MP"], SYMBOLS["KHz"] = SYMBOLS["Ω"], SYMBOLS["Mpx"], SYMBOLS["kHz"]
    SYMBOLS["ml"], SYMBOLS["dl"], SYMBOLS["l"], SYMBOLS["µl"] = (SYMBOLS[s] for s in ("mL", "dL", "L", "µL"))


_fill()

_ATOM = lazy(
    r"(?:[°º℃℉%‰Å]|[A-Za-zµμΩ\N{OHM SIGN}]+(?:/s\b|/h\b|/hr\b|/min\b)?(?:[²³]|\^?[23](?![\w]))?)(?:[CFcf](?![\w]))?"
)
_PHRASE = lazy(r"[A-Za-z]+(?:[ -](?:of )?[A-Za-z]+){1,3}")
_PER = lazy(
    r"\s?/\s?(?P<n>\d+\s?)?|\s+per\s+(?P<m>\d+\s?)?|(?:\s+|-)(?:a|an|each|every)\s+(?=(?:second|minute|hour|day|week|month|year)\b)|\s+p\.?(?=a\.?\b)"
)
_NUMBERED = frozenset(
    {
        "unit",
        "U",
        "d",
        "y",
        "in",
        "x",
        "X",
        "b",
        "T",
        "N",
        "t",
        "st",
        "pt",
        "ct",
        "H",
        "C",
        "au",
        "mo",
        "eq",
        "bar",
        "pc",
    }
)
"""Symbols that are also ordinary words or letters: taken only where nothing else fits (see `parse_unit`)."""


def _phrase_starts() -> frozenset[str]:
    forms = (f for f in (*SYMBOLS, *FOLDED) if "_" in f or "-" in f)
    return frozenset(f.replace("-", "_").split("_")[0].lower() for f in forms)


_PHRASE_STARTS = _phrase_starts()


def _atom(text: str, position: int) -> tuple[Unit, int] | None:
    m = _ATOM.match(text, position)
    if not m:
        return None
    form = m.group()
    if form.lower() in _PHRASE_STARTS and (phrase := _PHRASE.match(text, position)):
        words = phrase.group().replace("-", " ").split(" ")
        for n in range(len(words), 1, -1):
            joined = "_".join(words[:n])
            unit = SYMBOLS.get(joined) or FOLDED.get(joined.lower())
            if unit:
                return unit, position + len(joined)
    unit = SYMBOLS.get(form) or FOLDED.get(form.lower())
    if unit:
        return unit, position + len(form)
    for candidate in (form.split("/")[0], form.rstrip("²³23^")):
        if candidate != form and (unit := SYMBOLS.get(candidate) or FOLDED.get(candidate.lower())):
            return unit, position + len(candidate)
    if form[0] in "°º%‰":
        return SYMBOLS["°" if form[0] == "º" else form[0]], position + 1
    return None


def parse_unit(text: str, position: int) -> tuple[Unit, int] | None:
    """The unit that starts at a position, compound ones included ("mg/kg", "beats per minute", "mmol/L"), and where it ends."""
    found = _atom(text, position)
    if not found:
        return None
    unit, end = found
    follows = text[end : end + 1]
    if follows.isalnum() or (follows in "'’" and follows and text[end + 1 : end + 2].isalpha()):
        return None
    while m := _PER.match(text, end):
        below = _atom(text, m.end()) or (
            (SYMBOLS["year"], m.end() + 2) if m.group().endswith("p.") or m.group().endswith("p") else None
        )
        if not below or text[below[1] : below[1] + 1].isalnum():
            break
        if (m.group("n") or m.group("m")) and below[0].dimension not in ("volume", "mass", "time", "area"):
            break
        share = float(m.group("n") or m.group("m") or 1)
        dimension, factor = f"{unit.dimension}/{below[0].dimension}", unit.factor / (below[0].factor * share)
        if dimension == "information/time":
            dimension, factor = "data rate", (unit.other_factor or unit.factor) / below[0].factor
        elif dimension == "times/time":
            dimension = "recurrence"
        elif dimension == "clock cycles/time":
            dimension = "frequency"
        symbol = f"{unit.symbol}/{m.group('n') or m.group('m') or ''}{below[0].symbol}"
        unit, end = Unit(symbol, dimension, factor), below[1]
    return unit, end
