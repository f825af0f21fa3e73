// On-call: who it is now, the next shifts, overrides, hand-offs, how soon alerts are acknowledged.

import type { HandOffWire, OnCallWire, OverrideWire, TimeToAcknowledgeWire } from 'pgsteward/wire'
import { type ReactNode, useState } from 'react'
import { useResource } from '../data/use-resource.ts'
import { formatMs, NOTHING, orNothing } from '../format.ts'
import { HandOffList } from '../on-call/hand-off-list.tsx'
import { AcknowledgeSheet, HandOffSheet } from '../on-call/hand-off-sheet.tsx'
import { NowCards } from '../on-call/now-cards.tsx'
import { becauseWords, peopleWords, turnWords, withinWords } from '../on-call/on-call-words.ts'
import { OverrideList } from '../on-call/override-list.tsx'
import { OverrideSheet, WithdrawSheet } from '../on-call/override-sheet.tsx'
import { ShiftStrip } from '../on-call/shift-strip.tsx'
import { Loaded } from '../states.tsx'
import '../styles/alerts.css'
import '../styles/on-call.css'

const EVERY_MS = 20_000
/** Rotations by the day are long lists. */
const MOST_SHIFTS = 12

type Opened =
  | { readonly sheet: 'override' | 'hand-off' }
  | { readonly sheet: 'withdraw'; readonly override: OverrideWire }
  | { readonly sheet: 'acknowledge'; readonly handOff: HandOffWire }

export function OnCallPage(): ReactNode {
  const onCall = useResource<OnCallWire>({ path: '/api/v1/on-call', everyMs: EVERY_MS })
  const [opened, setOpened] = useState<Opened | null>(null)
  const isConfigured = onCall.data?.now.isConfigured === true
  const close = () => setOpened(null)
  const done = () => {
    close()
    onCall.refresh()
  }
  return (
    <>
      <title>On-call · pgsteward</title>
      <div className="page-head">
        <h1>On-call</h1>
        {isConfigured ? (
          <div className="alert-do">
            <button type="button" onClick={() => setOpened({ sheet: 'override' })}>
              Take over…
            </button>
            <button type="button" onClick={() => setOpened({ sheet: 'hand-off' })}>
              Hand over…
            </button>
          </div>
        ) : null}
      </div>
      <Loaded from={onCall} rows={8}>
        {(data) => (data.now.isConfigured ? <Whole data={data} onOpen={setOpened} /> : <NotConfigured />)}
      </Loaded>
      {opened?.sheet === 'override' ? (
        <OverrideSheet people={onCall.data?.people ?? []} onDone={done} onClose={close} />
      ) : null}
      {opened?.sheet === 'withdraw' ? (
        <WithdrawSheet override={opened.override} onDone={done} onClose={close} />
      ) : null}
      {opened?.sheet === 'hand-off' ? <HandOffSheet onDone={done} onClose={close} /> : null}
      {opened?.sheet === 'acknowledge' ? (
        <AcknowledgeSheet handOff={opened.handOff} onDone={done} onClose={close} />
      ) : null}
    </>
  )
}

function Whole(props: { readonly data: OnCallWire; readonly onOpen: (opened: Opened) => void }): ReactNode {
  const { data, onOpen } = props
  return (
    <>
      <NowCards now={data.now} />
      <Section title="Shifts">
        <ShiftStrip shifts={data.shifts} people={data.people} />
        <ul className="alert-rows">
          {data.shifts.slice(0, MOST_SHIFTS).map((shift) => (
            <li key={shift.from}>
              <span className="muted">{turnWords(shift.from)}</span>
              <span>
                {peopleWords(shift)}
                <span className="muted alert-became">
                  {[shift.rotation, becauseWords(shift)].filter((words) => words !== '').join('; ')}
                </span>
              </span>
            </li>
          ))}
        </ul>
        <p className="muted on-call-times">
          Times are yours{data.timeZone === null ? '' : `; hand-offs go by the clocks of ${data.timeZone}`}.{' '}
          <a href="/api/v1/on-call/calendar.ics">Calendar to subscribe to</a>
        </p>
      </Section>
      <Section title="Overrides">
        {data.overrides.length === 0 ? (
          <p className="muted">None. Whoever takes over for somebody for a while stands here.</p>
        ) : (
          <OverrideList
            overrides={data.overrides}
            onWithdraw={(override) => onOpen({ sheet: 'withdraw', override })}
          />
        )}
      </Section>
      <Section title="Hand-offs">
        {data.handOffs.length === 0 ? (
          <p className="muted">None yet. A hand-off tells the next what is open and what happened.</p>
        ) : (
          <HandOffList
            handOffs={data.handOffs}
            onRead={(handOff) => onOpen({ sheet: 'acknowledge', handOff })}
          />
        )}
      </Section>
      {data.timeToAcknowledge === null ? null : <Acknowledged time={data.timeToAcknowledge} />}
    </>
  )
}

function Acknowledged(props: { readonly time: TimeToAcknowledgeWire }): ReactNode {
  const { time } = props
  const { days, aimMs, counted, withinAim, unanswered, medianMs } = time
  return (
    <Section title="Time to acknowledge">
      <dl className="on-call-cards">
        <div>
          <dt className="muted">Within {formatMs(aimMs)}</dt>
          <dd>
            <b>{withinWords(time)}</b>
            <span className="muted">
              {counted === 0
                ? `no critical alert in ${days} days`
                : `${withinAim} of ${counted} in ${days} days`}
            </span>
          </dd>
        </div>
        <div>
          <dt className="muted">Median</dt>
          <dd>
            <b>{orNothing(medianMs, formatMs)}</b>
            <span className="muted">of those that were acknowledged</span>
          </dd>
        </div>
        <div>
          <dt className="muted">Never acknowledged</dt>
          <dd>
            <b>{counted === 0 ? NOTHING : unanswered}</b>
            <span className="muted">and there for longer than {formatMs(aimMs)}</span>
          </dd>
        </div>
      </dl>
    </Section>
  )
}

function NotConfigured(): ReactNode {
  return (
    <p className="empty">
      Nobody is on call: no schedule is configured, so the routes of alerts alone say who is told. Name people
      under <code>team</code> and a rotation under <code>onCall</code> in pgsteward.config.ts;
      docs/guides/on-call.md has an example.
    </p>
  )
}

function Section(props: { readonly title: string; readonly children: ReactNode }): ReactNode {
  return (
    <section aria-label={props.title} className="alert-section">
      <h2>{props.title}</h2>
      {props.children}
    </section>
  )
}
