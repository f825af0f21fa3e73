// Each scenario with its last run, its p95 from run to run and where that changed.

import type { LoadScenarioWire } from 'pgsteward/wire'
import type { ReactNode } from 'react'
import { formatMs, orNothing, plural } from '../format.ts'
import { Link } from '../link.tsx'
import { Moment } from '../moment.tsx'
import { changeText } from './load-words.ts'
import { Sparkline } from './sparkline.tsx'
import { StandingBadge } from './standing.tsx'

export function ScenarioList(props: { readonly scenarios: readonly LoadScenarioWire[] }): ReactNode {
  return (
    <section aria-label="Scenarios">
      <h2>Scenarios</h2>
      <ul className="scenario-list">
        {props.scenarios.map((scenario) => (
          <li key={scenario.id}>
            <Link to={{ page: 'load-run', id: scenario.latest.id }} row>
              <span className="scenario-name">
                <b>{scenario.title}</b>
                <span className="muted">
                  {plural(scenario.runs, 'run')}, the last <Moment at={scenario.latest.startedAt} />
                </span>
              </span>
              <span className="scenario-verdict">
                <StandingBadge standing={scenario.latest.verdict.standing} />
                <span>{scenario.latest.verdict.text}</span>
              </span>
              <Sparkline history={scenario.history} />
              <span className="scenario-p95">
                <b>{orNothing(scenario.latest.p95Ms, formatMs)}</b>
                <span className="muted">{lastChange(scenario) ?? 'p95'}</span>
              </span>
            </Link>
          </li>
        ))}
      </ul>
    </section>
  )
}

function lastChange({ history }: LoadScenarioWire): string | null {
  const change = history.changes.at(-1)
  if (change === undefined) return null
  const runsSince = history.points.slice(change.index).filter(({ isComparable }) => isComparable).length
  return `p95, ${changeText(change.ratio)} ${runsSince === 1 ? 'in the last run' : `for ${runsSince} runs`}`
}
