// How the first load run is made, where there is none.

import type { ReactNode } from 'react'
import { SqlBlock } from '../text/sql-text.tsx'

export function FirstRun(): ReactNode {
  const command = `pgsteward load run smoke --target http://127.0.0.1:3000 --report ${window.location.origin}`
  return (
    <div className="empty first-run">
      <p>
        No load run has been reported. The first one appears here while it goes on, with percentiles over
        time, what the database said meanwhile and what took the time:
      </p>
      <SqlBlock sql={command} label="Copy" isPlain />
      <p>
        It needs the ingest token in <code>PGSTEWARD_INGEST_TOKEN</code>; pgsteward says at its start where
        that is kept. <code>pgsteward load scenarios</code> lists the scenarios; load is put on addresses
        alone that <code>load.targets</code> names, this machine by default.
      </p>
    </div>
  )
}
