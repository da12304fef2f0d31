"""Words that are each other's opposite, as one predicate with a sign: "prohibited" is "allow" with a minus.

A negation flips the sign, so that "not allowed" and "prohibited" say the same and "not prohibited" the opposite.
"""

from __future__ import annotations

_LINES = """
allow allowed allows permit permits permitted permissible legal lawful legally lawfully may-do | prohibit prohibited prohibits forbid forbids forbidden ban banned bans illegal unlawful disallow disallowed disallows outlawed illegally unlawfully barred precluded
require required requires mandatory compulsory obligatory must needed needs necessary need obliged obligated essential shall | optional voluntary unnecessary unneeded optionally exempt discretionary waived
enable enabled enables on-default activated activates | disable disabled disables deactivated deactivates
increase increases increased increasing rise rises rose risen rising raise raises raised grow grows grew grown growing climb climbed climbs up-trend higher gained gains gain surged expanded expands elevates elevated accelerates speeds stimulates boosts | decrease decreases decreased decreasing fall falls fell fallen falling lower lowers lowered lowering drop drops dropped decline declines declined reduce reduces reduced reducing shrink shrinks shrank cut cuts lessens diminishes slows declining contracted
mutable modifiable changeable writable | immutable unmodifiable unchangeable read-only
include includes included including contain contains contained inclusive | exclude excludes excluded excluding omit omits omitted exclusive
support supports supported | unsupported
succeed succeeds succeeded success passes passed | fail fails failed failure
accept accepts accepted approve approved approves grants granted upheld upholds | reject rejects rejected deny denied denies refuses refused overturned overturns dismissed struck
safe safely harmless | unsafe dangerous harmful hazardous contraindicated
reversible | irreversible
volatile | non-volatile nonvolatile
available | unavailable
compatible | incompatible
stable | unstable
valid | invalid void
taxable taxed | tax-free untaxed tax-exempt nontaxable
deductible | nondeductible non-deductible
thread-safe threadsafe | thread-unsafe
synchronous synchronously | asynchronous asynchronously
case-sensitive | case-insensitive
ordered sorted | unordered unsorted
signed | unsigned
blocking | non-blocking nonblocking
encrypted encrypts | unencrypted plaintext cleartext
backward-compatible backwards-compatible | backward-incompatible
inherit inherits inherited | overrides overridden
stateful | stateless
larger bigger greater more-than exceeds longer taller older wider heavier deeper | smaller less fewer shorter younger narrower lighter shallower
faster quicker quickly | slower slowly
cheaper | costlier dearer pricier
before earlier precedes preceding prior | after later follows following
above over-level | below beneath
first | last
maximum max most highest largest longest upper greatest | minimum min least lowest smallest shortest bottom
import imports imported | export exports exported
landlocked | coastal
positive | negative
contagious infectious | non-contagious noncontagious noninfectious non-infectious
hereditary inherited-trait genetic congenital | acquired
acute | chronic
benign | malignant cancerous
systolic | diastolic
agonist activates-receptor | antagonist
constrict constricts constriction vasoconstriction constricting | dilate dilates dilation vasodilation dilating
inhibit inhibits inhibited blocks suppresses | promote promotes promoted activates-enzyme stimulate
soluble fat-soluble | insoluble
prescription prescription-only | over-the-counter otc nonprescription
refundable | nonrefundable non-refundable
public | private
renewable | nonrenewable non-renewable
internal internally built-in on-board onboard integrated | external externally off-board
binding enforceable | non-binding nonbinding unenforceable
retroactive retroactively retrospective | prospective prospectively
secured | unsecured
short-term | long-term
domestic | foreign international
upstream | downstream
freshwater | saltwater saline
active | inactive dormant extinct
connected | disconnected isolated
static | dynamic
same equal identical | different unequal distinct
true | false
win wins won | lose loses lost
gain-side profit profits profitable | loss losses unprofitable
strict | lenient
preserves preserved keeps kept retains retained | discards discarded deletes deleted removes removed loses-data erased erases
ascending | descending
overflows | saturates
open opened | closed shut
explicit explicitly | implicit implicitly
local | global
manual manually | automatic automatically
temporary temporarily | permanent permanently
direct directly | indirect indirectly
odd | even-number
primary | secondary
""".strip().splitlines()

OPPOSITES: dict[str, tuple[str, int]] = {}
"""Lower-case word to its predicate and its sign (+1 or -1)."""
for _line in _LINES:
    _plus, _minus = (half.split() for half in _line.split(" | "))
    for _word in _plus:
        OPPOSITES.setdefault(_word, (_plus[0], 1))
    for _word in _minus:
        OPPOSITES.setdefault(_word, (_plus[0], -1))

NEGATIONS = frozenset(
    ["not", "no", "never", "none", "neither", "nor", "cannot", "can't", "without", "lacks", "lack", "lacking", "don't", "doesn't", "didn't", "isn't", "aren't", "wasn't", "weren't", "won't", "wouldn't", "shouldn't", "couldn't", "hasn't", "haven't", "hadn't", "mustn't", "needn't", "nothing", "nobody", "nowhere", "absent", "unable", "missing", "hardly", "barely", "devoid", "dont", "doesnt", "isnt", "cant", "n't"]
)
