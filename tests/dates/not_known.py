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
# it was noticed: by that word a time is of it, by others it is asked about
noticed yesterday 9pm                 | noticed 2026-04-13 21:00
noticed 20 minutes ago                | noticed 2026-04-14 21:10
noticed today, time not known         | noticed day 2026-04-14
noticed yesterday, not sure when      | noticed day 2026-04-13
noticed yesturday                     | offer noticed yesterday
noticed tomorrow                      | still to come
noticed 8                             | which noticed 2026-04-14 08:00, noticed 2026-04-14 20:00
Noticed Tue 14 Apr 2026, 08:00; when it happened is not known | noticed 2026-04-14 08:00
Noticed Mon 13 Apr 2026, time not known; when it happened is not known | noticed day 2026-04-13
noticed a bruise                      | noticed?
found him on the floor this morning   | noticed?
this morning I found him on the floor | noticed?
we only noticed it at 8:15            | noticed?
discovered by the daughter last night | noticed?
found her this morning, dont know when | noticed?
""".strip()
