"""How carers of several regions and first languages type when something happened.

Written before the grammar that reads them; all as seen from Tue 14 Apr 2026, 21:30 in London.
A moment is taken as it is; ``hour``, ``which`` and ``offer`` are asked back; the rest is refused,
with a sentence that has these words in it.
"""

PHRASES = """
# England, quickly
yest 8pm                              | 2026-04-13 20:00
yday about half past 8 pm             | about 2026-04-13 20:30
8.15 this morning                     | 2026-04-14 08:15
ten past nine this morning            | 2026-04-14 09:10
8 15 pm                               | 2026-04-14 20:15
eight fifteen pm                      | 2026-04-14 20:15
nine thirty am                        | 2026-04-14 09:30
eight-ish this morning                | about 2026-04-14 08:00
7 ish tonight                         | about 2026-04-14 19:00
just after 8pm                        | about 2026-04-14 20:00
just before 9 this morning            | about 2026-04-14 09:00
8pm or so                             | about 2026-04-14 20:00
8pm i think                           | about 2026-04-14 20:00
8pm?                                  | about 2026-04-14 20:00
bang on 8pm                           | 2026-04-14 20:00
it was about 2pm                      | about 2026-04-14 14:00
date 13/4/26 time 20:15               | 2026-04-13 20:15
13/04/26 @ 20.15                      | 2026-04-13 20:15
13-4-26 8.15pm                        | 2026-04-13 20:15
13th 8pm                              | 2026-04-13 20:00
Mon 13th 8pm                          | 2026-04-13 20:00
on the 13th at 8pm                    | 2026-04-13 20:00
Monday 13th April at 8:15pm           | 2026-04-13 20:15
23rd about 8pm                        | about 2026-03-23 20:00
31st 8pm                              | 2026-03-31 20:00
2130 hours                            | 2026-04-14 21:30
14:05hrs                              | 2026-04-14 14:05
a couple of hours ago                 | about 2026-04-14 19:30
couple of minutes ago                 | about 2026-04-14 21:28
an hour or so ago                     | about 2026-04-14 20:30
about 20 mins ago                     | about 2026-04-14 21:10
twenty-five minutes ago               | 2026-04-14 21:05
1.5 hours ago                         | 2026-04-14 20:00
1/2 hour ago                          | 2026-04-14 21:00
half hour ago                         | 2026-04-14 21:00
an hour ago                           | 2026-04-14 20:30
christmas day 3pm                     | 2025-12-25 15:00
boxing day at about 3pm               | about 2025-12-26 15:00
# the day is plain, the hour is not
today                                 | hour 2026-04-14
yesterday                             | hour 2026-04-13
this morning                          | hour 2026-04-14 morning
earlier today                         | hour 2026-04-14
first thing this morning              | hour 2026-04-14 morning
mid morning                           | hour 2026-04-14 morning
yesterday pm                          | hour 2026-04-13 pm
mon am                                | hour 2026-04-13 am
this aft                              | hour 2026-04-14 afternoon
yesterday late afternoon              | hour 2026-04-13 afternoon
yesterday evening                     | hour 2026-04-13 evening
yesterday teatime                     | hour 2026-04-13 teatime
yesterday at tea                      | hour 2026-04-13 teatime
lunchtime                             | hour 2026-04-14 lunchtime
at dinner time yesterday              | hour 2026-04-13 dinnertime
after lunch                           | hour 2026-04-14
before bed last night                 | hour 2026-04-13
bedtime yesterday                     | hour 2026-04-13 bedtime
breakfast                             | hour 2026-04-14 breakfast
last night                            | hour 2026-04-13 night
in the night                          | hour 2026-04-13 night
overnight                             | hour 2026-04-13 night
middle of the night                   | hour 2026-04-13 night
early hours of this morning           | hour 2026-04-14 early hours
late last night                       | hour 2026-04-13 night
the night before last                 | hour 2026-04-12 night
sunday night                          | hour 2026-04-12 night
friday                                | hour 2026-04-10
tuesday                               | which hour 2026-04-14, hour 2026-04-07
a fortnight ago today                 | hour 2026-03-31
sat eve                               | hour 2026-04-11 evening
last friday afternoon                 | hour 2026-04-10 afternoon
on the 3rd                            | hour 2026-04-03
3 April                               | hour 2026-04-03
3/4/26                                | hour 2026-04-03
2 days ago                            | hour 2026-04-12
a week ago today                      | hour 2026-04-07
# the day is plain and so is the hour
lunchtime 12.30                       | 2026-04-14 12:30
yesterday teatime about 5             | about 2026-04-13 17:00
dinner time at 1                      | 2026-04-14 13:00
yesterday pm at 3                     | 2026-04-13 15:00
2 in the night                        | 2026-04-14 02:00
10 at night                           | 2026-04-13 22:00
last night about 10ish                | about 2026-04-13 22:00
yesterday 20                          | 2026-04-13 20:00
20 today                              | 2026-04-14 20:00
# Scotland, Northern Ireland, Ireland, Wales
Saturday there about 3pm              | about 2026-04-11 15:00
saturday past at 2pm                  | 2026-04-11 14:00
monday gone 9am                       | 2026-04-13 09:00
yesterday forenoon                    | hour 2026-04-13 morning
the back of 8 this morning            | about 2026-04-14 08:00
back o 3 the day                      | which about 2026-04-14 03:00, about 2026-04-14 15:00
yestreen                              | hour 2026-04-13 evening
wee small hours of sunday             | hour 2026-04-12 early hours
now just                              | 2026-04-14 21:30
five and twenty past nine this morning | 2026-04-14 09:25
half ten this morning so it was       | offer half past ten this morning so it was
half seven this morning               | offer half past seven this morning
half 10 last night                    | offer half past 10 last night
# other first languages
today morning 9 am                    | 2026-04-14 09:00
yesterday night at 11                 | 2026-04-13 23:00
yesterday in the evening at 8         | 2026-04-13 20:00
at 7 in morning                       | 2026-04-14 07:00
today at morning 9 o'clock            | 2026-04-14 09:00
12 nn                                 | 2026-04-14 12:00
20 h                                  | 2026-04-14 20:00
20h15                                 | 2026-04-14 20:15
5 minutes back                        | 2026-04-14 21:25
2 days back 9pm                       | 2026-04-12 21:00
2026/04/03 21:15                      | 2026-04-03 21:15
3.4. 21:15                            | 2026-04-03 21:15
13 of april 8pm                       | 2026-04-13 20:00
last week monday 9am                  | 2026-04-06 09:00
last evening 7pm                      | 2026-04-13 19:00
3 days before today, 11 in the morning | 2026-04-11 11:00
13.4. at hour 19                      | 2026-04-13 19:00
ten to one in the morning             | which 2026-04-14 00:50, 2026-04-14 12:50
hour and half ago                     | 2026-04-14 20:00
before yesterday 9pm                  | offer day before yesterday 9pm
before 2 hours                        | offer 2 hours ago
since 2 hours                         | offer 2 hours ago
# am or pm, and other pairs
five to eight                         | which 2026-04-14 07:55, 2026-04-14 19:55
quarter past nine yesterday           | which 2026-04-13 09:15, 2026-04-13 21:15
about 8                               | which about 2026-04-14 08:00, about 2026-04-14 20:00
10 o'clock                            | which 2026-04-14 10:00, 2026-04-13 22:00
yesterday at 9                        | which 2026-04-13 09:00, 2026-04-13 21:00
last night 2am                        | which 2026-04-14 02:00, 2026-04-13 02:00
midnight last night                   | which 2026-04-14 00:00, 2026-04-13 00:00
tue 8                                 | which 2026-04-14 08:00, 2026-04-14 20:00
last monday 9am                       | which 2026-04-13 09:00, 2026-04-06 09:00
5 to 9pm                              | which 2026-04-14 20:55, about 2026-04-14 17:00
2015                                  | offer 20:15
yesterday 1930                        | offer yesterday 19:30
29.11                                 | hour 2025-11-29
10.04                                 | which 2026-04-14 10:04, hour 2026-04-10
mid-day                               | 2026-04-14 12:00
gone midnight                         | about 2026-04-14 00:00
twenty past midnight                  | 2026-04-14 00:20
twelve noon yesterday                 | 2026-04-13 12:00
1 hour 30 mins ago                    | 2026-04-14 20:00
10-30am                               | offer 10:30am
yesterday morning 12:30               | which 2026-04-13 00:30, 2026-04-13 12:30
# a range
between 8 and 9                       | which about 2026-04-14 08:00, about 2026-04-14 20:00
between 8 and 9pm                     | offer about Tue 14 Apr 2026, 20:00
yesterday between 2pm and 4pm         | offer about Mon 13 Apr 2026, 14:00
8-9pm                                 | offer about Tue 14 Apr 2026, 20:00
10am – 11am                           | offer about Tue 14 Apr 2026, 10:00
between 11 and 1pm yesterday          | offer about Mon 13 Apr 2026, 11:00
8 or 9pm                              | offer about Tue 14 Apr 2026, 20:00
10-15 minutes ago                     | offer about Tue 14 Apr 2026, 21:15
an hour or two ago                    | offer about Tue 14 Apr 2026, 19:30
from 8 till 9 last night              | offer about Mon 13 Apr 2026, 20:00
by 9 this morning                     | offer about 9 this morning
after 8pm                             | offer about 8pm
between 10 and noon                   | offer about Tue 14 Apr 2026, 10:00
yesterday from 9 till midnight        | offer about Mon 13 Apr 2026, 21:00
11-11pm                               | offer about Tue 14 Apr 2026, 11:00
14 to 16                              | offer about Tue 14 Apr 2026, 14:00
8:15 to 8:30                          | offer about Tue 14 Apr 2026, 08:15
20 to 9 this morning                  | 2026-04-14 08:40
25 to 12 this morning                 | 2026-04-14 11:35
8 to 9 this morning                   | which 2026-04-14 08:52, about 2026-04-14 08:00
12 to 12 pm                           | which 2026-04-14 11:48, about 2026-04-14 00:00
10 to 15:00                           | which about 2026-04-14 10:00, about 2026-04-13 22:00
# misspelt
yesturday 9pm                         | offer yesterday 9pm
wendsday 2pm                          | offer wednesday 2pm
yesterdy evning                       | offer yesterday evening
tusday 10am                           | offer tuesday 10am
3 apirl 9pm                           | offer 3 april 9pm
thirsday lunchtime                    | offer thursday lunchtime
8,15pm                                | offer 8:15pm
8;15pm                                | offer 8:15pm
thsi morning 0910                     | offer this morning 0910
4/13/26 7:45 PM                       | offer 13/4/26 7:45 pm
14:30pm                               | offer 14:30
13 pm                                 | offer 13:00
# still to come
tomorrow                              | still to come
tommorow 9am                          | still to come
next tuesday                          | still to come
in 20 minutes                         | still to come
friday week                           | still to come
today 11pm                            | still to come
later today                           | still to come
# refused
a few hours ago                       | How many
the other day                         | Which day
at the weekend                        | Which day
earlier this week                     | Which day
20h30 more or less                    | about 2026-04-14 20:30
half past eight ish                   | which about 2026-04-14 08:30, about 2026-04-14 20:30
halfpast eight pm                     | 2026-04-14 20:30
13.4                                  | For a day write 13/4
until 8pm                             | about 8pm
quarter past                          | Which hour
when he got up                        | Not understood
before the carer came                 | Not understood
tue 15                                | 15:00
last month                            | Which day
every morning this week               | Which day
a while back                          | Which day
all day                               | When did it begin
on and off since yesterday            | When did it begin
sometime                              | Not understood
3-4 9pm                               | Not understood
""".strip()
