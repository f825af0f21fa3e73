// Availability: what is reached from outside, for how much of the time, and what is left of error budgets.

import type { AvailabilityWire, ProbeWire } from 'pgsteward/wire'
import type { ReactNode } from 'react'
import { OutageList } from '../availability/outage-list.tsx'
import { ProbeCard } from '../availability/probe-card.tsx'
import { probeDaysSpan } from '../availability/probe-days.tsx'
import { ChartTime } from '../chart/chart-time.tsx'
import { WhatHappened } from '../chart/what-happened.tsx'
import { useNow } from '../data/use-now.ts'
import { useResource } from '../data/use-resource.ts'
import { useTarget } from '../frame/targets.ts'
import { Loaded } from '../states.tsx'
import '../styles/availability.css'

const EVERY_MS = 10_000
const DAY_MS = 86_400_000

/** What is down stands first; what nobody asks goes last. */
const ORDER: Readonly<Record<ProbeWire['state'], number>> = { down: 0, up: 1, counted: 2, unknown: 3 }

export function AvailabilityPage(): ReactNode {
  const target = useTarget()
  const today = Math.floor(useNow().getTime() / DAY_MS)
  const availability = useResource<AvailabilityWire>({
    path: '/api/v1/availability',
    params: { target: target.id },
    everyMs: EVERY_MS,
  })
  return (
    <>
      <title>{`Availability · ${target.id} · pgsteward`}</title>
      <h1>Availability</h1>
      <Loaded from={availability} rows={8}>
        {({ probes, outages }) => (
          <>
            {probes.length === 0 ? (
              <p className="empty">
                Nothing is probed, and no application reports requests. A database that may sleep is left
                alone; addresses are named under <code>probes</code> of the configuration:
                docs/guides/availability.md has an example.
              </p>
            ) : (
              <ChartTime span={probeDaysSpan(today)}>
                {probes
                  .toSorted((a, b) => ORDER[a.state] - ORDER[b.state])
                  .map((probe) => (
                    <ProbeCard key={`${probe.kind} ${probe.name}`} probe={probe} />
                  ))}
                <WhatHappened />
              </ChartTime>
            )}
            {outages.length === 0 ? null : (
              <section aria-label="Outages" className="probe-outages">
                <h2>Outages</h2>
                <OutageList outages={outages} />
              </section>
            )}
          </>
        )}
      </Loaded>
    </>
  )
}
