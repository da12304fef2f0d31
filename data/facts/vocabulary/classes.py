"""Closed classes: words of which one excludes the others (an organ, a colour, a route of administration, a licence).

A class whose name has a capital holds proper names. Aliases of a member follow it after "=".
"""

from __future__ import annotations

_LINES = """
direction: north=northern=northwards=northward, south=southern=southwards=southward, east=eastern=eastwards=eastward, west=western=westwards=westward, northeast=north-east=northeastern=north-eastern, northwest=north-west=northwestern=north-western, southeast=south-east=southeastern=south-eastern, southwest=south-west=southwestern=south-western
hemisphere: northern hemisphere, southern hemisphere, eastern hemisphere, western hemisphere
side: left=left-hand=left side, right=right-hand=right side
turn: clockwise, counterclockwise=anticlockwise=counter-clockwise=anti-clockwise
colour: red, green, blue, yellow, black, white, orange, purple, brown, pink, grey=gray, amber, violet
weekday: monday, tuesday, wednesday, thursday, friday, saturday, sunday
season: spring, summer, autumn=fall season, winter
month name: january, february, april, june, july, august, september, october, november, december
organ: heart, liver=hepatic, kidney=kidneys=renal, lung=lungs=pulmonary, brain, stomach=gastric, pancreas=pancreatic, spleen, bladder, thyroid=thyroid gland, skin, small intestine, large intestine=colon, gallbladder, bone marrow, pituitary=pituitary gland=hypophysis, hypothalamus, adrenal gland=adrenal glands=adrenals, thymus, retina, cornea, cochlea, uterus, ovary=ovaries, prostate, oesophagus=esophagus, parathyroid=parathyroid glands
bone: femur, tibia, fibula, humerus, radius, ulna, patella, sternum, clavicle, scapula, pelvis, mandible, stapes, skull
heart chamber: left ventricle, right ventricle, left atrium, right atrium
heart valve: mitral valve=bicuspid valve, tricuspid valve, aortic valve, pulmonary valve=pulmonic valve
vessel: aorta, vena cava, pulmonary artery, pulmonary vein, jugular vein, carotid artery, coronary artery, artery=arteries=arterial, vein=veins=venous, capillary=capillaries
blood cell: red blood cells=red blood cell=erythrocyte=erythrocytes, white blood cells=white blood cell=leukocyte=leukocytes, platelets=platelet=thrombocytes
hormone: insulin, glucagon, cortisol, thyroxine, melatonin, oestrogen=estrogen, testosterone, progesterone, oxytocin, prolactin, aldosterone, leptin, ghrelin, growth hormone, parathyroid hormone=pth, calcitonin, vasopressin=antidiuretic hormone=adh, erythropoietin=epo
neurotransmitter: dopamine, serotonin, acetylcholine, gaba, glutamate, histamine
route: orally=oral=by mouth=po=per os=mouth, intravenously=intravenous=iv=i.v., intramuscularly=intramuscular=im=i.m., subcutaneously=subcutaneous=sc=subcut=under the skin, topically=topical, rectally=rectal, sublingually=sublingual=under the tongue, inhaled=inhalation=by inhalation, intranasally=intranasal=nasal spray, transdermal
pathogen: bacterium=bacterial=bacteria, virus=viral=viruses, fungus=fungal=fungi, parasite=parasitic=parasites, prion=prions
meal timing: with food=with meals=with a meal, on an empty stomach=empty stomach, before meals=before eating=before food, after meals=after eating=after food
time of day: in the morning=mornings=morning, in the evening=evening, at bedtime=bedtime=at night, in the afternoon=afternoon
drug: acetaminophen=paracetamol=tylenol, ibuprofen=advil=nurofen, aspirin=acetylsalicylic acid, naproxen, diclofenac, celecoxib, warfarin=coumadin, heparin, apixaban=eliquis, rivaroxaban=xarelto, dabigatran, clopidogrel=plavix, metformin, glipizide, gliclazide, sitagliptin, lisinopril, enalapril, ramipril, captopril, losartan, valsartan, amlodipine, nifedipine, verapamil, diltiazem, atenolol, metoprolol, bisoprolol, propranolol, digoxin, amiodarone, furosemide=frusemide, spironolactone, hydrochlorothiazide, atorvastatin=lipitor, simvastatin, rosuvastatin, pravastatin, amoxicillin, penicillin, flucloxacillin, doxycycline, tetracycline, azithromycin, erythromycin, clarithromycin, ciprofloxacin, levofloxacin, vancomycin, gentamicin, metronidazole, nitrofurantoin, trimethoprim, ceftriaxone, cefalexin=cephalexin, isoniazid, rifampicin=rifampin, ethambutol, fluconazole, aciclovir=acyclovir, oseltamivir=tamiflu, omeprazole, lansoprazole, pantoprazole, ranitidine, famotidine, sertraline, fluoxetine=prozac, citalopram, escitalopram, paroxetine, venlafaxine, amitriptyline, lithium, haloperidol, olanzapine, risperidone, quetiapine, clozapine, diazepam, lorazepam, alprazolam, midazolam, flumazenil, naloxone=narcan, naltrexone, methadone, morphine, codeine, fentanyl, oxycodone, tramadol, levothyroxine, carbimazole, propylthiouracil, prednisolone, prednisone, hydrocortisone, dexamethasone, salbutamol=albuterol, salmeterol, ipratropium, tiotropium, montelukast, epinephrine=adrenaline, norepinephrine=noradrenaline, dopamine infusion, atropine, adenosine, neostigmine, allopurinol, colchicine, methotrexate, hydroxychloroquine, sulfasalazine, adalimumab, infliximab, rituximab, trastuzumab, tamoxifen, cyclophosphamide, cisplatin, phenytoin, carbamazepine, valproate=valproic acid=sodium valproate, levetiracetam, lamotrigine, gabapentin, pregabalin, levodopa, donepezil, memantine, ondansetron, metoclopramide, loperamide, cetirizine, loratadine, diphenhydramine, chlorphenamine, sumatriptan, ketamine, propofol, lidocaine=lignocaine, bupivacaine, acetylcysteine=n-acetylcysteine, vitamin k, protamine, flecainide, alendronate, denosumab, empagliflozin, dapagliflozin, semaglutide, liraglutide
drug class: beta blocker=beta blockers=beta-blocker=beta-blockers=beta-adrenoceptor blocker, ace inhibitor=ace inhibitors=angiotensin-converting-enzyme inhibitor, calcium channel blocker=calcium channel blockers=calcium-channel blocker, diuretic=diuretics, statin=statins, anticoagulant=anticoagulants, antiplatelet=antiplatelets, antibiotic=antibiotics, antiviral=antivirals, antifungal=antifungals, opioid=opioids, benzodiazepine=benzodiazepines, ssri=ssris=selective serotonin reuptake inhibitor, nsaid=nsaids, corticosteroid=corticosteroids=steroid, proton pump inhibitor=proton pump inhibitors=ppi=ppis=proton-pump inhibitor, h2 blocker=h2 antagonist=h2 receptor antagonist, antihistamine=antihistamines, macrolide=macrolides, tetracycline antibiotic, cephalosporin=cephalosporins, fluoroquinolone=fluoroquinolones=quinolone, aminoglycoside=aminoglycosides, biguanide, sulfonylurea=sulfonylureas=sulphonylurea, angiotensin receptor blocker=arb=arbs=angiotensin ii receptor blocker, barbiturate=barbiturates, antidepressant, antipsychotic
vitamin: vitamin a=retinol, vitamin b1=thiamine=thiamin, vitamin b2=riboflavin, vitamin b3=niacin, vitamin b6=pyridoxine, vitamin b9=folic acid=folate, vitamin b12=cobalamin, vitamin c=ascorbic acid, vitamin d, vitamin e, vitamin k
nutrient: iron, calcium, potassium, sodium, magnesium, zinc, iodine, phosphorus=phosphate, copper, selenium, chloride
gas: oxygen, nitrogen, hydrogen, helium, carbon dioxide=co2, carbon monoxide, argon, methane, ozone, ammonia, chlorine
material: gold, silver, lead metal, aluminium=aluminum, silicon, gallium arsenide, gallium nitride, steel, titanium, tungsten, glass, plastic, wood, granite, limestone, basalt, sandstone, marble
memory: sram=static ram, dram=dynamic ram, flash=flash memory, eeprom, rom, psram, sdram, fram
storage form: emmc, microsd=micro sd=microsd card=micro sd card, nvme, hard disk=hdd=hard drive, ssd=solid state drive=solid-state drive
bus: spi, i2c=i²c, uart, can bus=can, usb, pcie=pci express, ethernet, i2s, hdmi, sata, qspi, sdio
active level: active low=active-low, active high=active-high
pull: pull-up=pullup=pulled up=pulled high, pull-down=pulldown=pulled down=pulled low
logic level: logic high=high level, logic low=low level
edge: rising edge, falling edge
endianness: little-endian=little endian, big-endian=big endian
bit order: most significant bit=msb=msb first=most significant bit first, least significant bit=lsb=lsb first=least significant bit first
duplex: half-duplex=half duplex, full-duplex=full duplex, simplex
core: Cortex-M0=cortex-m0+, cortex-m3, cortex-m4, cortex-m7, cortex-m33, cortex-a53, cortex-a72, cortex-a76, hazard3
architecture: risc-v=riscv, x86=x86-64, armv8, armv7, armv6, mips, powerpc
connector: micro-usb=micro usb=micro-b, usb-c=usb type-c=type-c, usb-a=type-a, barrel jack, mini-usb=mini usb, rj45, lightning
data structure: list=lists, tuple=tuples, dictionary=dict=dictionaries=dicts, set object, array=arrays, linked list=linked lists, stack=stacks, queue=queues, heap=heaps=binary heap, hash table=hash map=hashmap=hash tables, tree=trees, graph, priority queue, deque, trie, b-tree=b-trees=btree=b+ tree, iterator, generator, frozenset, string=strings=str, integer=integers=int, float=floats=floating-point number, boolean=booleans=bool, dataframe, vector, coroutine, promise
sort: quicksort=quick sort, mergesort=merge sort, heapsort=heap sort, timsort, bubble sort, insertion sort, selection sort, radix sort, introsort
search order: breadth-first=breadth-first search=bfs, depth-first=depth-first search=dfs
queue order: fifo=first in first out=first-in first-out=first in=first-in-first-out, lifo=last in first out=last-in first-out=last in=last-in-first-out
null value: null, undefined, nan, none value
exception: KeyError, valueerror, typeerror, indexerror, attributeerror, nameerror, zerodivisionerror, filenotfounderror, importerror, stopiteration, runtimeerror, overflowerror, nullpointerexception, segmentation fault
operating system: linux, windows, macos=mac os=os x, freebsd, android, ios
language: Python, java, javascript=js, typescript, c++=cpp, c#=c sharp, rust, golang, ruby, php, swift, kotlin, scala, haskell, perl, erlang, elixir, fortran, cobol, lisp, ocaml, julia, lua, bash, pascal, ada, clojure, dart, zig
database: PostgreSQL=postgres, mysql, sqlite, mongodb, redis, mariadb, oracle database, cassandra, dynamodb
web server: Nginx, apache http server=apache httpd, caddy, gunicorn
licence: MIT license=mit=mit licence=expat license, apache-2.0=apache license 2.0=apache 2.0=apache license=apache licence 2.0=apache licence=apache license version 2.0, gpl-3.0=gplv3=gpl v3=gnu gpl v3=gpl version 3=gpl 3=gplv3+, gpl-2.0=gplv2=gpl v2=gpl version 2=gpl 2=gnu gpl v2, lgpl=lgplv3=lgpl-2.1=lgplv2.1=lgpl-3.0, agpl=agplv3=agpl-3.0, bsd-3-clause=bsd=bsd license=3-clause bsd=bsd licence=3-clause bsd license, bsd-2-clause=2-clause bsd, mpl-2.0=mozilla public license=mozilla public license 2.0=mpl 2.0=mpl, unlicense, cc0, cc-by=cc by 4.0, isc license=isc
transport: tcp=transmission control protocol, udp=user datagram protocol, quic, sctp
http method: GET method, post request, put request, delete request, patch request
encoding: utf-8=utf8, utf-16=utf16, utf-32, ascii=us-ascii, latin-1=iso-8859-1, windows-1252, base64, hexadecimal encoding
hash: md5, sha-1=sha1, sha-256=sha256, sha-512=sha512, bcrypt, argon2=argon2id, scrypt, sha-3, blake2
cipher: aes=aes-256=aes-128, chacha20, 3des, des, rsa, ecdsa, ed25519, blowfish
data format: json, yaml, toml, xml, csv, ini, protobuf, markdown, parquet
isolation: read uncommitted, read committed, repeatable read, serializable=serialisable, snapshot isolation
merge kind: fast-forward, three-way merge, rebase, squash, cherry-pick
copy kind: shallow copy=shallow, deep copy=deep
passing: by value=pass by value, by reference=pass by reference
binding time: at compile time=compile time=compile-time, at run time=runtime=run time=run-time=at runtime
typing: dynamically typed=dynamic typing, statically typed=static typing
type strength: strongly typed, weakly typed
execution: compiled, interpreted
evaluation: lazily=lazy=lazy evaluation, eagerly=eager=eager evaluation
precedence order: left to right=left-to-right, right to left=right-to-left
sort order: ascending=ascending order=in ascending order, descending=descending order=in descending order
position: beginning=start=front=head, end=back=tail=rear
log level: debug level, info level, warning level, error level, critical level
court: supreme court, district court, high court, court of appeal=appeals court=court of appeals, magistrates court=magistrates' court, county court, crown court, constitutional court
law branch: civil law, criminal law, common law, constitutional law, administrative law
crime grade: felony, misdemeanor=misdemeanour, infraction
offence kind: civil=civil matter=civil offence, criminal=criminal offence
standard of proof: beyond reasonable doubt=beyond a reasonable doubt, balance of probabilities=preponderance of the evidence=preponderance of evidence, clear and convincing evidence=clear and convincing
lease party: landlord=lessor, tenant=lessee=renter
work party: employer, employee=worker
loan party: lender=creditor, borrower=debtor
trade party: buyer=purchaser, seller=vendor
suit party: plaintiff=claimant, defendant, prosecutor=prosecution
data party: data controller=controller, data processor=processor
liability: unlimited liability=unlimited=personally liable, limited liability=limited
pay basis: gross=before tax=pre-tax=pretax, net=after tax=after-tax=post-tax
interest kind: simple interest, compound interest
rate kind: fixed rate=fixed-rate=fixed, variable rate=variable-rate=variable=floating rate=floating
market order: bull market, bear market
tax progress: progressive, regressive, proportional=flat
accounting: asset=assets, liability item, equity, revenue, expense
accounting side: debit=debited=debits, credit=credited=credits
inventory: fifo method, lifo method, weighted average
security: bond=bonds, share=shares=stock=stocks, option contract, futures
option: call option=call, put option=put
house: house of commons=commons, house of lords=lords, house of representatives, senate
majority: simple majority, two-thirds majority, absolute majority, unanimity=unanimous=unanimously=unanimous vote, qualified majority=qualified majority voting
government: federal, state law, monarchy=constitutional monarchy, republic
continent: Africa=african, asia=asian, europe=european, north america=north american, south america=south american, antarctica, oceania, australasia
ocean: Atlantic=atlantic ocean, pacific=pacific ocean, indian ocean, arctic ocean, southern ocean
sea: Mediterranean=mediterranean sea, black sea, caspian sea, red sea, baltic=baltic sea, north sea, adriatic=adriatic sea, aegean sea, caribbean=caribbean sea, dead sea, arabian sea, bay of bengal, persian gulf, aral sea, sea of japan, gulf of mexico
river: Nile=river nile=nile river, amazon river, danube=river danube, rhine=river rhine, thames=river thames, seine, volga, mississippi=mississippi river, yangtze=yangtze river, yellow river, ganges, indus, mekong, congo river, niger river, zambezi, tigris, euphrates, rhône=rhone, loire, elbe, oder, vistula, tiber, po, tagus, ebro, dnieper=dnipro, murray river, orinoco, missouri=missouri river, colorado river, yukon, lena, ob, yenisei, brahmaputra
mountain range: Andes, alps, himalayas=himalaya, rocky mountains=rockies, urals=ural mountains, pyrenees, carpathians, caucasus, atlas mountains, appalachians=appalachian mountains, great dividing range
country: France=french republic, germany, italy, spain, portugal, belgium, netherlands=holland, luxembourg, switzerland, austria, poland, czech republic=czechia, slovakia, hungary, romania, bulgaria, greece, albania, serbia, croatia, slovenia, bosnia and herzegovina=bosnia, montenegro, north macedonia, kosovo, norway, sweden, finland, denmark, iceland, ireland, united kingdom=uk=great britain=britain=u.k, england, scotland, wales, northern ireland, estonia, latvia, lithuania, belarus, ukraine, moldova, russia=russian federation, turkey=türkiye, cyprus, malta, andorra, monaco, liechtenstein, san marino, vatican city=holy see, united states=usa=u.s=united states of america=u.s.a, canada, mexico, guatemala, belize, honduras, el salvador, nicaragua, costa rica, panama, cuba, jamaica, haiti, dominican republic, bahamas, trinidad and tobago, barbados, colombia, venezuela, ecuador, peru, bolivia, chile, argentina, uruguay, paraguay, brazil, guyana, suriname, french guiana, greenland, china=people's republic of china, japan, south korea, north korea, mongolia, taiwan, vietnam, laos, cambodia, thailand, myanmar=burma, malaysia, singapore, indonesia, philippines, brunei, east timor=timor-leste, papua new guinea, australia, new zealand, fiji, india, pakistan, bangladesh, sri lanka, nepal, bhutan, maldives, afghanistan, iran, iraq, syria, lebanon, israel, jordan, saudi arabia, yemen, oman, united arab emirates=uae, qatar, bahrain, kuwait, georgia, armenia, azerbaijan, kazakhstan, uzbekistan, turkmenistan, kyrgyzstan, tajikistan, egypt, libya, tunisia, algeria, morocco, western sahara, mauritania, mali, niger, chad, sudan, south sudan, ethiopia, eritrea, djibouti, somalia, kenya, uganda, tanzania, rwanda, burundi, democratic republic of the congo=drc=dr congo, republic of the congo, gabon, cameroon, nigeria, ghana, ivory coast=côte d'ivoire, togo, benin, burkina faso, senegal, gambia=the gambia, guinea, guinea-bissau, sierra leone, liberia, angola, zambia, zimbabwe, malawi, mozambique, madagascar, mauritius, seychelles, namibia, botswana, south africa, lesotho, eswatini=swaziland, cape verde=cabo verde
city: London, paris, berlin, madrid, rome, lisbon, vienna, bern=berne, zurich=zürich, geneva, brussels, amsterdam, the hague, rotterdam, copenhagen, stockholm, oslo, helsinki, reykjavik=reykjavík, dublin, edinburgh, glasgow, cardiff, belfast, manchester, birmingham, warsaw, krakow=kraków, prague, brno, bratislava, budapest, bucharest, sofia, athens, belgrade, zagreb, ljubljana, sarajevo, skopje, tirana, podgorica, tallinn, riga, vilnius, minsk, kyiv=kiev, moscow, saint petersburg=st petersburg=st. petersburg, ankara, istanbul, nicosia, valletta, washington=washington dc=washington d.c=washington, d.c, new york=new york city=nyc, los angeles, chicago, boston, san francisco, seattle, houston, miami, philadelphia, atlanta, sacramento, austin, denver, ottawa, toronto, montreal=montréal, vancouver, quebec city, calgary, mexico city, guadalajara, havana, kingston, panama city, bogotá=bogota, caracas, quito, guayaquil, lima, cusco, la paz, sucre, santiago, buenos aires, córdoba, montevideo, asunción=asuncion, brasília=brasilia, rio de janeiro=rio, são paulo=sao paulo, salvador, beijing=peking, shanghai, hong kong, guangzhou, shenzhen, tokyo, kyoto, osaka, seoul, busan, pyongyang, taipei, hanoi, ho chi minh city=saigon, vientiane, phnom penh, bangkok, naypyidaw=nay pyi taw, yangon=rangoon, kuala lumpur, putrajaya, jakarta, nusantara, bandung, manila, cebu, quezon city, canberra, sydney, melbourne, brisbane, perth, adelaide, wellington, auckland, christchurch, new delhi=delhi, mumbai=bombay, kolkata=calcutta, chennai=madras, bengaluru=bangalore, islamabad, karachi, lahore, dhaka, colombo, sri jayawardenepura kotte, kathmandu, thimphu, kabul, tehran, baghdad, basra, damascus, aleppo, beirut, jerusalem, tel aviv, amman, riyadh, jeddah, mecca, sanaa=sana'a, muscat, abu dhabi, dubai, doha, manama, tbilisi, yerevan, baku, astana=nur-sultan, almaty, tashkent, samarkand, bishkek, dushanbe, ashgabat, ulaanbaatar=ulan bator, cairo, alexandria, tripoli, tunis, algiers, rabat, casablanca, marrakesh=marrakech, dakar, bamako, niamey, n'djamena, khartoum, juba, addis ababa, asmara, mogadishu, nairobi, mombasa, kampala, entebbe, dodoma, dar es salaam, kigali, gitega, bujumbura, kinshasa, brazzaville, libreville, yaoundé=yaounde, douala, abuja, lagos, accra, kumasi, yamoussoukro, abidjan, ouagadougou, freetown, monrovia, luanda, lusaka, harare, lilongwe, blantyre, maputo, antananarivo, windhoek, gaborone, pretoria, cape town, johannesburg, bloemfontein, durban, suva
currency: euro=euros=eur, us dollar=us dollars=american dollar=usd, pound sterling=sterling=gbp=british pound, yen=japanese yen=jpy, yuan=renminbi=rmb=cny, rupee=rupees=indian rupee=inr, ruble=rouble, swiss franc=swiss francs=chf, krona=kronor=swedish krona, krone=kroner, peso=pesos, rand, won, real currency, zloty=złoty, forint, koruna, lira=turkish lira, baht, dong, ringgit, rupiah, dirham, shekel, dinar, riyal, lev, hryvnia, kwacha, naira, shilling=shillings
tongue: English language=english, french, german, spanish, portuguese, italian, dutch, russian, mandarin=mandarin chinese, cantonese, japanese, korean, hindi, arabic, turkish, greek, swedish, norwegian, danish, finnish, polish, czech, hungarian, romanian, swahili, hebrew, persian=farsi, amharic, quechua, guaraní=guarani, catalan, basque, irish, welsh, latin
time zone: UTC, cet=central european time, eet, est=eastern time=eastern standard time, pst=pacific time=pacific standard time, cst=central time, mst=mountain time, jst, msk
planet: Mercury, venus, mars, jupiter, saturn, uranus, neptune, pluto
climate: tropical, arid=desert climate, temperate, polar, mediterranean climate, continental climate, subtropical
tectonic: convergent, divergent=spreading, transform=transform fault=strike-slip
cloud: aws=amazon web services, azure=microsoft azure, gcp=google cloud
state of matter: solid=as a solid, liquid=as a liquid, gaseous=as a gas
acidity: acidic=acid, alkaline=basic, neutral ph
always: always=at all times=in every case, sometimes=occasionally=at times, rarely=seldom
"""

CLASS_OF: dict[str, tuple[str, str]] = {}
"""Lower-case form to its class and member."""
for _line in _LINES.strip().splitlines():
    _name, _, _members = _line.partition(": ")
    _proper = _members[0].isupper() and _name not in ("http method",)
    for _member in _members.lower().split(", "):
        _forms = _member.split("=")
        for _form in _forms:
            CLASS_OF.setdefault(_form, (_name.capitalize() if _proper else _name, _forms[0]))
LONGEST = 4
"""The most words that a form has."""
