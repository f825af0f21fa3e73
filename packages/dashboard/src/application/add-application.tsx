// How an application comes to be seen here: three lines with our package, two variables with a stock OpenTelemetry SDK.

import type { ReactNode } from 'react'
import { SqlBlock } from '../text/sql-text.tsx'

export function AddApplication(): ReactNode {
  const { origin } = window.location
  return (
    <div className="add-application">
      <h2>With @pgsteward/instrument</h2>
      <p>
        After <code>npm install @pgsteward/instrument</code>, before anything connects:
      </p>
      <SqlBlock isPlain label="Copy" sql={packageLines(origin)} />
      <p>
        Then a line each where they are made: <code>app.use(expressMiddleware())</code> or{' '}
        <code>app.register(fastifyPlugin)</code> for routes, <code>comments: [prismaComments()]</code> in the
        Prisma client for its models.
      </p>
      <h2>With an OpenTelemetry SDK that is there already</h2>
      <p>Its requests, statements and slow queries appear without our package:</p>
      <SqlBlock isPlain label="Copy" sql={sdkLines(origin)} />
      <p className="muted">
        Both need the ingest token in the environment as <code>PGSTEWARD_TOKEN</code>. It is in the file{' '}
        <code>ingest-token</code> beside the store; pgsteward prints its place at the start.
      </p>
    </div>
  )
}

function packageLines(origin: string): string {
  return `import pg from 'pg'
import { startInstrument } from '@pgsteward/instrument'
import { instrumentPg } from '@pgsteward/instrument/pg'

startInstrument({ service: 'my-app', endpoint: '${origin}' })
instrumentPg(pg)`
}

function sdkLines(origin: string): string {
  return `export OTEL_EXPORTER_OTLP_ENDPOINT=${origin}
export OTEL_EXPORTER_OTLP_HEADERS="authorization=Bearer%20$PGSTEWARD_TOKEN"`
}
