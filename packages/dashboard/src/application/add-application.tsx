// How an application comes to be seen here: three lines with our package, two variables with a stock OpenTelemetry SDK.

import type { ReactNode } from 'react'
import { SqlBlock } from '../text/sql-text.tsx'

export function AddApplication(): ReactNode {
  const { origin } = window.location
  return (
    <div className="add-application">
      <h2>With @pgsteward/instrument</h2>
      <p>
        Three lines in a file of its own, <code>instrument.ts</code>, loaded before anything else:{' '}
        <code>node --import ./instrument.ts app.ts</code>
      </p>
      <SqlBlock isPlain label="Copy" sql={packageLines(origin)} />
      <p className="muted">
        It tells statements with model, place in the source, route and trace, N+1, pools and slow queries.
      </p>
      <h2>With an OpenTelemetry SDK that is there already</h2>
      <p>Point its exporter here; requests, statements and slow queries appear without our package.</p>
      <SqlBlock isPlain label="Copy" sql={sdkLines(origin)} />
      <p className="muted">
        The ingest token is printed at the start of pgsteward, and stands in the file{' '}
        <code>ingest-token</code> of its store's folder.
      </p>
    </div>
  )
}

function packageLines(origin: string): string {
  return `// npm install @pgsteward/instrument
import { startInstrument } from '@pgsteward/instrument'
startInstrument({ service: 'my-app', endpoint: '${origin}', token: process.env.PGSTEWARD_TOKEN })`
}

function sdkLines(origin: string): string {
  return `OTEL_EXPORTER_OTLP_ENDPOINT=${origin}
OTEL_EXPORTER_OTLP_HEADERS=authorization=Bearer%20$PGSTEWARD_TOKEN`
}
