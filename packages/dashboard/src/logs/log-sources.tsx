// Where the log comes from and how that goes, how to have it read, and which settings leave something out.

import type { LogsWire } from 'pgsteward/wire'
import type { ReactNode } from 'react'
import { formatBytes, formatCount, plural } from '../format.ts'
import { useTarget } from '../frame/targets.ts'
import { Icon } from '../icon.tsx'
import { Moment } from '../moment.tsx'
import { SqlBlock } from '../text/sql-text.tsx'
import { configurationLines } from './log-words.ts'

/** Nothing is read yet: what to set, and where to send. */
export function AddLog(props: { readonly logs: LogsWire }): ReactNode {
  const { logs } = props
  const target = useTarget()
  const { origin } = window.location
  return (
    <div className="add-application">
      <h2>From files that pgsteward can read</h2>
      <p>In pgsteward.config.ts; a path or a pattern, followed through rotation and restarts:</p>
      <SqlBlock isPlain label="Copy" sql={configurationLines(target.id, logs.suggestedFile)} />
      {logs.pushPath === null ? null : (
        <>
          <h2>From elsewhere</h2>
          <p>
            Platforms and forwarders (Heroku, Render, Fly, Vector, Fluent Bit) send lines or JSON here, with
            the ingest token as bearer, as password or as <code>?token=</code>:
          </p>
          <SqlBlock isPlain label="Copy" sql={pushLines(origin, logs.pushPath)} />
        </>
      )}
      <LogSettings logs={logs} isOpen />
    </div>
  )
}

function pushLines(origin: string, path: string): string {
  return `curl --data-binary @postgresql.log \\
  -H "Authorization: Bearer $PGSTEWARD_TOKEN" \\
  ${origin}${path}`
}

/** What the log does not tell because of its settings. */
export function LogSettings(props: { readonly logs: LogsWire; readonly isOpen?: true }): ReactNode {
  const { settings } = props.logs
  if (settings.length === 0) return null
  const script = [...settings.map(({ sql }) => `${sql};`), 'select pg_reload_conf();'].join('\n')
  return (
    <details className="log-settings" open={props.isOpen}>
      <summary>
        The log could tell more: {plural(settings.length, 'setting leaves', 'settings leave')} something out
      </summary>
      <ul>
        {settings.map(({ name, value, lost }) => (
          <li key={name}>
            <code>{name}</code>{' '}
            {value === null ? (
              'is not there'
            ) : value === '' ? (
              'is empty'
            ) : (
              <>
                is <code>{value}</code>
              </>
            )}
            : without it the log does not tell {lost}.
          </li>
        ))}
      </ul>
      <SqlBlock sql={script} label="Copy" />
      <p className="muted">As superuser; on managed platforms in their parameter groups or settings.</p>
    </details>
  )
}

export function LogSources(props: { readonly logs: LogsWire }): ReactNode {
  const { sources } = props.logs
  const faults = sources.filter(({ because }) => because !== null)
  return (
    <>
      {faults.map(({ source, because }) => (
        <p key={source} className="note">
          <Icon name="warning" /> Nothing comes from {source}: {because}
        </p>
      ))}
      <details className="log-settings">
        <summary>
          {plural(sources.filter(({ lines }) => lines > 0).length, 'source')}, last line{' '}
          <LastLine logs={props.logs} />
        </summary>
        <ul>
          {sources.map(({ source, lines, bytes, unknown, unreadable, lastAt, because }) => (
            <li key={source}>
              <code>{source}</code>: {plural(lines, 'line')}, {formatBytes(bytes)}, last{' '}
              <Moment at={lastAt} />
              {unknown === 0 ? '' : `; ${formatCount(unknown)} in no class`}
              {unreadable === 0 ? '' : `; ${formatCount(unreadable)} unreadable`}
              {because === null ? '' : `; ${because}`}
            </li>
          ))}
        </ul>
      </details>
    </>
  )
}

function LastLine(props: { readonly logs: LogsWire }): ReactNode {
  const latest = props.logs.sources.reduce<string | null>(
    (found, { lastAt }) => (lastAt !== null && (found === null || lastAt > found) ? lastAt : found),
    null,
  )
  return <Moment at={latest} />
}
