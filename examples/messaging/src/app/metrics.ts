// What the application measures by hand: the parts of PerformanceMetrics that it uses.

import type { PerformanceMetrics } from '@pgsteward/instrument'

export type Metrics = Pick<
  PerformanceMetrics,
  'timeAsync' | 'recordDelivery' | 'recordBilling' | 'count' | 'level'
>
