// One index that appeared: what was promised, what came of it, and each statement before and after.

import type { IndexEffectWire } from 'pgsteward/wire'
import type { ReactNode } from 'react'
import { formatCompact, formatMs, orNothing, plural } from '../format.ts'
import { Link } from '../link.tsx'
import { Moment } from '../moment.tsx'
import { Facts } from '../table/facts.tsx'
import { Sql } from '../text/sql-text.tsx'
import { oneLine } from '../text/sql-tokens.ts'
import type { StatementEffect } from './advice-types.ts'
import { ratioWords, sentence } from './advice-words.ts'
import { BeforeAfter } from './before-after.tsx'
import { VerdictBadge, verdictMeaning } from './verdict.tsx'

const LONGEST = 240

export function EffectView(props: { readonly effect: IndexEffectWire }): ReactNode {
  const { effect } = props
  const spanMs = Date.parse(effect.after.to) - Date.parse(effect.after.from)
  return (
    <>
      <p>
        <VerdictBadge verdict={effect.verdict} /> {verdictMeaning(effect.verdict)}
        {effect.because === null ? '' : ` ${sentence(effect.because)}`}
      </p>
      <Facts
        facts={{
          Appeared: <Moment at={effect.appearedAt} />,
          Compared: `${formatMs(spanMs)} before with as long after${effect.isComplete ? '' : '; it is measured on'}`,
          'Time measured': orNothing(effect.measuredRatio, ratioWords),
          'Cost predicted':
            effect.predictedCostRatio === null
              ? 'nothing: no advice asked for it'
              : ratioWords(effect.predictedCostRatio),
        }}
      />
      {effect.statements.length === 0 ? (
        <p className="muted">No statement of before and after is known that it could serve.</p>
      ) : (
        <ul className="plain-list" aria-label={plural(effect.statements.length, 'statement')}>
          {effect.statements.map((statement) => (
            <li key={statement.queryId}>
              <StatementEffectView of={statement} />
            </li>
          ))}
        </ul>
      )}
    </>
  )
}

function StatementEffectView(props: { readonly of: StatementEffect }): ReactNode {
  const { queryId, text, before, after, verdict, measuredRatio, predictedCostRatio } = props.of
  return (
    <>
      <p className="effect-statement">
        <Link to={{ page: 'statement', queryId }}>
          <code>
            <Sql sql={oneLine(text, LONGEST)} />
          </code>
        </Link>
      </p>
      <p className="effect-verdict">
        <VerdictBadge verdict={verdict} />
        <span className="muted">
          {measuredRatio === null ? '' : `time ${ratioWords(measuredRatio)}`}
          {predictedCostRatio === null
            ? ''
            : `${measuredRatio === null ? '' : ', '}predicted ${ratioWords(predictedCostRatio)}`}
        </span>
      </p>
      <dl className="effect-figures">
        <Pair name="Mean" before={before.meanMs} after={after.meanMs} format={formatMs} />
        <Pair
          name="Blocks a call"
          before={before.blocksPerCall}
          after={after.blocksPerCall}
          format={formatCompact}
        />
        <Pair
          name="Calls a minute"
          isNeutral
          before={before.callsPerMinute}
          after={after.callsPerMinute}
          format={formatCompact}
        />
        <Pair
          name="Time a minute"
          before={before.totalMsPerMinute}
          after={after.totalMsPerMinute}
          format={formatMs}
        />
      </dl>
    </>
  )
}

function Pair(props: {
  readonly name: string
  readonly before: number
  readonly after: number
  readonly format: (value: number) => string
  readonly isNeutral?: boolean
}): ReactNode {
  const { name, ...figures } = props
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        <BeforeAfter {...figures} />
      </dd>
    </div>
  )
}
