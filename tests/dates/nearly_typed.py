"""What carers type of a time with a word, a mark or a zero too many, or too few.

Written before the grammar that reads them, as ``as_typed`` is, and as seen from the same moment.
"""

PHRASES = """
# the hour is asked
sometime in the afternoon             | hour 2026-04-14 afternoon
some time this morning                | hour 2026-04-14 morning
sometime yesterday                    | hour 2026-04-13
yesterday sometime                    | hour 2026-04-13
at some point yesterday               | hour 2026-04-13
at some time during the night         | hour 2026-04-13 night
sometime last night                   | hour 2026-04-13 night
sometime around 8pm                   | about 2026-04-14 20:00
sometime on Sunday                    | hour 2026-04-12
tea time                              | hour 2026-04-14 teatime
this morning at handover              | hour 2026-04-14 morning
at handover this morning              | hour 2026-04-14 morning
yesterday after handover              | hour 2026-04-13
at shift change last night            | hour 2026-04-13 night
handover 7am                          | 2026-04-14 07:00
at handover                           | When was that?
handover                              | When was that?
# a night and its morning
last night around 2 in the morning    | which about 2026-04-14 02:00, about 2026-04-13 02:00
last night at 3 in the morning        | which 2026-04-14 03:00, 2026-04-13 03:00
2 in the morning last night           | which 2026-04-14 02:00, 2026-04-13 02:00
last night half past 2 in the morning | which 2026-04-14 02:30, 2026-04-13 02:30
early hours of last night             | hour 2026-04-13 night
last night, early hours               | hour 2026-04-13 night
last night 2am in the morning         | which 2026-04-14 02:00, 2026-04-13 02:00
last night 11 in the morning          | does not go with night
# a word, a mark or a zero too many or too few
hour ago                              | 2026-04-14 20:30
about hour ago                        | about 2026-04-14 20:30
hour or so ago                        | about 2026-04-14 20:30
minute ago                            | 2026-04-14 21:29
fortnight ago                         | hour 2026-03-31
fortnight ago 9pm                     | 2026-03-31 21:00
week ago                              | hour 2026-04-07
yesterday - 8 pm                      | 2026-04-13 20:00
yesterday-8pm                         | 2026-04-13 20:00
8pm - yesterday                       | 2026-04-13 20:00
monday - 9am                          | 2026-04-13 09:00
13/4/26 - 8pm                         | 2026-04-13 20:00
3 april 2026 - 8pm                    | 2026-04-03 20:00
this morning - about 9                | about 2026-04-14 09:00
christmas eve - 9pm                   | 2025-12-24 21:00
noon - 2pm                            | offer about Tue 14 Apr 2026, 12:00
12:00 noon                            | 2026-04-14 12:00
12.00 midday yesterday                | 2026-04-13 12:00
12pm noon                             | 2026-04-14 12:00
12:00 midnight                        | 2026-04-14 00:00
00:00 midnight                        | 2026-04-14 00:00
3 April 2026 pm                       | hour 2026-04-03 pm
3 April 2026 am                       | hour 2026-04-03 am
April 3 2026 pm                       | hour 2026-04-03 pm
3rd April 2026, pm                    | hour 2026-04-03 pm
3/4/26 pm                             | hour 2026-04-03 pm
3.4.2026 pm                           | hour 2026-04-03 pm
2026-04-03 pm                         | hour 2026-04-03 pm
3 April 2026 8 pm                     | 2026-04-03 20:00
# still to come, or another century
friday next week                      | still to come
a week on friday                      | still to come
this coming friday                    | still to come
next week friday                      | still to come
1/1/99                                | read as 1 Jan 2099, which is still to come
1/1/99 9pm                            | Write the year in full: 1/1/1999
1 jan 99                              | read as 1 Jan 2099
1/1/08                                | that is 1 Jan 2008
""".strip()
