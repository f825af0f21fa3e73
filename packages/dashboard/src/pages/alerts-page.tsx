// Alerts: what is firing and who was told, what could not be told, what is silenced.

import type { AlertsWire, AlertWire } from 'pgsteward/wire'
import { type ReactNode, useState } from 'react'
import { AlertList } from '../alerts/alert-list.tsx'
import { ChannelList } from '../alerts/channel-list.tsx'
import { DeliveryList } from '../alerts/delivery-list.tsx'
import { InHandSheet } from '../alerts/in-hand-sheet.tsx'
import { SilenceList } from '../alerts/silence-list.tsx'
import { SilenceSheet } from '../alerts/silence-sheet.tsx'
import { useResource } from '../data/use-resource.ts'
import { useTarget } from '../frame/targets.ts'
import { Loaded } from '../states.tsx'
import '../styles/alerts.css'

const EVERY_MS = 10_000
/** Of what is over. */
const MOST_OVER = 30

export function AlertsPage(): ReactNode {
  const target = useTarget()
  const alerts = useResource<AlertsWire>({
    path: '/api/v1/alerts',
    params: { target: target.id },
    everyMs: EVERY_MS,
  })
  const [taken, setTaken] = useState<AlertWire | null>(null)
  const [isSilencing, setSilencing] = useState(false)
  const close = () => {
    setTaken(null)
    setSilencing(false)
  }
  const done = () => {
    close()
    alerts.refresh()
  }
  return (
    <>
      <title>{`Alerts · ${target.id} · pgsteward`}</title>
      <div className="page-head">
        <h1>Alerts</h1>
        <button type="button" onClick={() => setSilencing(true)}>
          Silence…
        </button>
      </div>
      <Loaded from={alerts} rows={8}>
        {(data) => (
          <>
            <Firing data={data} onTake={setTaken} />
            <Section title="Silences" shown={data.silences.length > 0}>
              <SilenceList silences={data.silences} onDone={alerts.refresh} />
            </Section>
            <Section title="Channels" shown>
              <ChannelList channels={data.channels} onDone={alerts.refresh} />
            </Section>
            <Section title="Sent" shown={data.deliveries.length > 0}>
              <DeliveryList deliveries={data.deliveries} />
            </Section>
            <Over alerts={data.alerts} />
          </>
        )}
      </Loaded>
      {taken === null ? null : <InHandSheet alert={taken} onDone={done} onClose={close} />}
      {isSilencing ? <SilenceSheet targetId={target.id} onDone={done} onClose={close} /> : null}
    </>
  )
}

function Firing(props: {
  readonly data: AlertsWire
  readonly onTake: (alert: AlertWire) => void
}): ReactNode {
  const { alerts, channels } = props.data
  const firing = alerts.filter(({ state }) => state !== 'resolved')
  if (firing.length > 0) return <AlertList alerts={firing} onTake={props.onTake} />
  return (
    <p className="empty">
      {channels.length === 0
        ? 'Nobody is told of findings: no channel is configured.'
        : 'Nothing is firing. What opens, grows worse or is over is told to the channels of its routes.'}
    </p>
  )
}

function Over(props: { readonly alerts: readonly AlertWire[] }): ReactNode {
  const over = props.alerts.filter(({ state }) => state === 'resolved').slice(0, MOST_OVER)
  return (
    <Section title="Over" shown={over.length > 0}>
      <AlertList alerts={over} onTake={null} />
    </Section>
  )
}

function Section(props: {
  readonly title: string
  readonly shown: boolean
  readonly children: ReactNode
}): ReactNode {
  if (!props.shown) return null
  return (
    <section aria-label={props.title} className="alert-section">
      <h2>{props.title}</h2>
      {props.children}
    </section>
  )
}
