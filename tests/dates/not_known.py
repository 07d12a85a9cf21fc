"""How carers type that they don't know when, or only noticed it.

Written before the grammar that reads them; all as seen from Tue 14 Apr 2026, 21:30 in London.
``noticed?`` asks when it was noticed; ``day`` has no hour; the rest is as in ``as_typed``.
"""

PHRASES = """
# nothing is known
not known                             | noticed?
Not known.                            | noticed?
dont know                             | noticed?
don't know                            | noticed?
don’t know                            | noticed?
i dont know                           | noticed?
do not know when                      | noticed?
not sure                              | noticed?
not sure what time                    | noticed?
no idea                               | noticed?
no idea when                          | noticed?
dunno                                 | noticed?
idk                                   | noticed?
n/k                                   | noticed?
unknown                               | noticed?
time unknown                          | noticed?
can't remember                        | noticed?
cant say exactly                      | noticed?
nobody knows                          | noticed?
nobody saw it                         | noticed?
i wasn't there                        | noticed?
before I came in                      | noticed?
didnt see it happen                   | noticed?
unwitnessed                           | noticed?
day not known                         | noticed?
date and time unknown                 | noticed?
not known which day                   | noticed?
n/a                                   | noticed?
-                                     | noticed?
?                                     | noticed?
??                                    | noticed?
# the day is
yesterday, time not known             | day 2026-04-13
yesterday dont know what time         | day 2026-04-13
not sure when, yesterday              | day 2026-04-13
yesterday not sure when               | day 2026-04-13
time unknown, 3 april                 | day 2026-04-03
3/4/26 time unknown                   | day 2026-04-03
this morning, no idea what time       | day 2026-04-14
tuesday time not known                | which day 2026-04-14, day 2026-04-07
last night, can't say when            | which day 2026-04-13, day 2026-04-14, day 2026-04-13
yesterday, hour not known             | day 2026-04-13
Mon 13 Apr 2026, time not known       | day 2026-04-13
8pm not sure                          | about 2026-04-14 20:00
yesterday 9pm, not sure               | about 2026-04-13 21:00
yesturday, time not known             | offer yesterday
not sure, maybe yesterday             | offer Mon 13 Apr 2026, time not known
not sure it was yesterday             | Not understood
can't say if it was yesterday         | Not understood
not sure, think it was yesterday      | offer Mon 13 Apr 2026, time not known
dont know, could be yesterday         | offer Mon 13 Apr 2026, time not known
not sure of the day, 8pm              | Not understood
day not known, 8pm                    | Not understood
tomorrow, time not known              | still to come
friday week, dont know when           | still to come
# it was noticed
found him on the floor this morning   | noticed hour 2026-04-14 morning
found her at 7am                      | noticed 2026-04-14 07:00
I found him on the floor at about 7am | noticed about 2026-04-14 07:00
we found it yesterday                 | noticed hour 2026-04-13
noticed yesterday 9pm                 | noticed 2026-04-13 21:00
noticed it at 8:15 this morning       | noticed 2026-04-14 08:15
noticed 20 minutes ago                | noticed 2026-04-14 21:10
only noticed at lunchtime             | noticed hour 2026-04-14 lunchtime
this morning I found him on the floor | noticed hour 2026-04-14 morning
yesterday at 9pm she was found on the floor | noticed 2026-04-13 21:00
discovered by the daughter last night | noticed hour 2026-04-13 night
found 2 tablets under the chair this morning | offer noticed this morning
found him at 8 on the floor yesterday | offer noticed yesterday
found him sunday 7.30 am, fell sometime in the night | offer noticed sunday 7.30 am
found him at 7.30am, sunday           | noticed 2026-04-12 07:30
yesterday I found him at 9pm          | offer noticed yesterday at 9pm
noticed today, time not known         | noticed day 2026-04-14
noticed yesterday, not sure when      | noticed day 2026-04-13
found her in the morning yesterday, dont know when | noticed hour 2026-04-13 morning
Noticed Tue 14 Apr 2026, 08:00; when it happened is not known | noticed 2026-04-14 08:00
Noticed Mon 13 Apr 2026, time not known; when it happened is not known | noticed day 2026-04-13
noticed 8                             | which noticed 2026-04-14 08:00, noticed 2026-04-14 20:00
found it tomorrow                     | still to come
found him on the floor                | noticed?
found him in room 5                   | noticed?
found him in bed this morning         | noticed hour 2026-04-14 morning
found him next to his chair at 8am    | noticed 2026-04-14 08:00
found her a few hours ago             | How many
noticed a bruise                      | noticed?
""".strip()
