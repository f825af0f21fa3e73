// How a plan's figures are made, in sentences for its readers.

import { LEAST_DAYS, TIMES_HISTORY } from './capacity-measure.ts'
import { HIT_RATIO_THAT_FITS } from './capacity-needs.ts'

export const METHOD: readonly string[] = [
  'A peak is the 95th percentile of the busiest hours of the last 28 days (means of an hour, a day’s busiest each), times how far the 95th percentile of the minutes of the busiest hour of the last two days stands above the mean of that hour.',
  'Peaks are projected by daily means over up to 400 days, times the peak by the mean of today; what is stored (sizes, sequences) goes on from what it is now by what the forecast of daily means adds. With less than 21 days hours stand for days.',
  'Models compete on the series’ own past (docs/guides/capacity.md); error and coverage of that back-test stand beside each measure, with the error of a straight line.',
  `Nothing is projected from less than ${LEAST_DAYS} days, and no further than ${TIMES_HISTORY} times as far ahead as the history is long.`,
  'More users multiply queries, transactions and connections at work at once, and the growth of sizes and sequences from now on. What is stored already stays as it is. Idle connections follow pools, not users; time a query takes is taken to stay the same.',
  'Connections needed: those at work at the peak (Little’s law: arrivals a second times seconds each is held) and twice their square root (square-root staffing, Halfin and Whitt 1981), so that 3 to 9 % wait.',
  `Memory for the cache: where at least ${HIT_RATIO_THAT_FITS * 100} % of pages are found in shared_buffers, what is used of the data is no more than they hold, and grows as the data does. Else only all of the data is sure to be enough. What more users read at once nobody knows before they come: all of the data is the upper bound.`,
]
