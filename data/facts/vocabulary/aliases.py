"""Names that mean the same: each line is one thing, its first form the canonical one."""

from __future__ import annotations

_LINES = """
united kingdom|uk|u.k.|great britain|britain
united states|us|u.s.|usa|u.s.a.|united states of america|america|the us|the usa
european union|eu|the eu
united nations|un
soviet union|ussr|u.s.s.r.
united arab emirates|uae
czech republic|czechia
netherlands|holland|the netherlands
myanmar|burma
ivory coast|côte d'ivoire|cote d'ivoire
eswatini|swaziland
turkey|türkiye|turkiye
democratic republic of the congo|drc|dr congo|democratic republic of congo|congo-kinshasa
north macedonia|macedonia
cape verde|cabo verde
east timor|timor-leste
sri lanka|ceylon
iran|persia
thailand|siam
kyiv|kiev
mumbai|bombay
beijing|peking
kolkata|calcutta
chennai|madras
ho chi minh city|saigon
istanbul|constantinople
yangon|rangoon
astana|nur-sultan
saint petersburg|st. petersburg|st petersburg
washington, d.c.|washington dc|washington d.c|washington d.c.|washington
new york city|nyc|new york
the hague|hague|den haag
mount everest|everest|mt everest|mt. everest|sagarmatha|chomolungma|qomolangma
denali|mount mckinley|mt mckinley
uluru|ayers rock
amazon river|amazon
nile river|nile|river nile
danube river|danube|river danube
mount kilimanjaro|kilimanjaro
lake victoria|victoria nyanza
lake superior|superior
mount elbrus|elbrus
aconcagua|mount aconcagua
acetaminophen|paracetamol|apap|tylenol
epinephrine|adrenaline|adrenalin
norepinephrine|noradrenaline
albuterol|salbutamol|ventolin
furosemide|frusemide|lasix
meperidine|pethidine
glyburide|glibenclamide
isoproterenol|isoprenaline
lidocaine|lignocaine
rifampin|rifampicin
cyclosporine|ciclosporin
aspirin|acetylsalicylic acid|asa
warfarin|coumadin
ibuprofen|advil|nurofen|motrin
naloxone|narcan
diazepam|valium
alprazolam|xanax
sertraline|zoloft
fluoxetine|prozac
atorvastatin|lipitor
simvastatin|zocor
omeprazole|prilosec
metformin|glucophage
levothyroxine|l-thyroxine|synthroid
sildenafil|viagra
clopidogrel|plavix
apixaban|eliquis
rivaroxaban|xarelto
phytomenadione|phytonadione|vitamin k1|vitamin k
ascorbic acid|vitamin c|ascorbate
cholecalciferol|vitamin d3
thiamine|vitamin b1|thiamin
riboflavin|vitamin b2
niacin|vitamin b3|nicotinic acid
pyridoxine|vitamin b6
folic acid|vitamin b9|folate
cobalamin|vitamin b12|cyanocobalamin
retinol|vitamin a
tocopherol|vitamin e
myocardial infarction|heart attack|mi
stroke|cerebrovascular accident|cva
hypertension|high blood pressure
hypotension|low blood pressure
varicella|chickenpox|chicken pox
pertussis|whooping cough
rubella|german measles
tuberculosis|tb
magnetic resonance imaging|mri
computed tomography|ct
electrocardiogram|ecg|ekg
hypoglycemia|hypoglycaemia|low blood sugar
hyperglycemia|hyperglycaemia|high blood sugar
javascript|js|ecmascript
typescript|ts
c++|cpp
c#|c sharp|csharp
go|golang
postgresql|postgres
kubernetes|k8s
mit license|mit|mit licence|expat
apache license 2.0|apache-2.0|apache 2.0|apache 2|apache license|apache licence 2.0|apache license, version 2.0|apache|apache2
gpl-3.0|gplv3|gpl v3|gpl 3|gpl-3.0-only|gnu gpl v3|gpl version 3
gpl-2.0|gplv2|gpl v2|gpl 2|gnu gpl v2|gpl version 2
bsd-3-clause|3-clause bsd|bsd 3-clause|new bsd
bsd-2-clause|2-clause bsd|bsd 2-clause|simplified bsd
mozilla public license 2.0|mpl-2.0|mpl 2.0|mpl
lgpl|lesser gpl|gnu lgpl
agpl-3.0|agplv3|agpl
macos|mac os|os x|mac os x
wi-fi|wifi|wlan
pcie|pci express
i2c|i²c|iic|two-wire interface
secure sockets layer|ssl
transmission control protocol|tcp
user datagram protocol|udp
depth-first search|dfs
breadth-first search|bfs
securities and exchange commission|sec
federal reserve|fed|the fed|federal reserve system
european central bank|ecb
bank of england|boe
international monetary fund|imf
world trade organization|wto|world trade organisation
world health organization|who|world health organisation
general data protection regulation|gdpr
internal revenue service|irs
supreme court of the united states|scotus|us supreme court
european court of justice|ecj|court of justice of the european union|cjeu
north atlantic treaty organization|nato
value added tax|vat|value-added tax
gross domestic product|gdp
consumer price index|cpi
australian dollar|aud
swiss franc|chf|franc|swiss francs|francs
pound sterling|gbp|pound|british pound|sterling|pounds sterling
euro|eur|euros
us dollar|usd|dollar|american dollar|u.s. dollar
japanese yen|jpy|yen
electrically erasable programmable read-only memory|eeprom
micro-usb|micro usb|microusb
usb-c|usb c|type-c|usb type-c|usb type c
usb-a|usb a|type-a|usb type-a
raspberry pi 4|pi 4|raspberry pi 4 model b|pi 4b
raspberry pi 5|pi 5
compute module 4|cm4
compute module 5|cm5
compute module 3|cm3
arm|arm ltd|arm holdings|arm limited
tsmc|taiwan semiconductor|taiwan semiconductor manufacturing company
stmicroelectronics|st microelectronics|st
texas instruments|ti
nvidia|nvidia corporation
analog-to-digital converter|adc|analogue-to-digital converter
digital-to-analog converter|dac
pulse-width modulation|pwm|pulse width modulation
random-access memory|ram
static ram|sram
dynamic ram|dram
first in, first out|fifo|first-in first-out|first in first out|first-in, first-out
last in, first out|lifo|last-in first-out|last in first out|last-in, first-out
"""

ALIASES: dict[str, str] = {}
for _line in _LINES.strip().splitlines():
    _forms = _line.split("|")
    for _form in _forms:
        ALIASES[_form] = _forms[0]


def canonical(form: str) -> str:
    """The canonical form of a lower-case name; the name itself when it has no other."""
    form = form.removeprefix("the ")
    return ALIASES.get(form, form)
