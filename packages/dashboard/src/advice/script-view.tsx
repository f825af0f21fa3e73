// What to run for advised indexes: as SQL, its undo, or as files of a Prisma project.

import type { AdviceScriptWire } from 'pgsteward/wire'
import { type ReactNode, useState } from 'react'
import { useResource } from '../data/use-resource.ts'
import { targetPath, useTarget } from '../frame/targets.ts'
import { Segments } from '../segments.tsx'
import { Loaded } from '../states.tsx'
import { sqlScript } from '../text/sql-script.ts'
import { SqlBlock } from '../text/sql-text.tsx'
import type { AdvisedIndex } from './advice-types.ts'

const FORMATS = [
  { id: 'sql', title: 'SQL' },
  { id: 'undo', title: 'Undo' },
  { id: 'prisma', title: 'Prisma migration' },
] as const

type Format = (typeof FORMATS)[number]['id']

const WORDS: Readonly<Record<Format, string>> = {
  sql: 'Built concurrently: reads and writes go on. Each statement stands alone, outside of a transaction; if one breaks off, drop the invalid index and run it again.',
  undo: 'Dropped concurrently: reads and writes go on.',
  prisma: 'One folder an index, since a concurrent build allows no other statement beside it in a migration.',
}

/** What an advice says stays as it is until the next search. */
const EVERY_MS = 3_600_000

export function ScriptView(props: { readonly indexes: readonly AdvisedIndex[] }): ReactNode {
  const { indexes } = props
  const [format, setFormat] = useState<Format>('sql')
  return (
    <div className="script-view">
      <Segments label="Format" segments={FORMATS} chosen={format} onChoose={setFormat} />
      {format === 'undo' ? (
        <SqlBlock sql={sqlScript(indexes.map(({ undo }) => undo))} label="Copy undo" />
      ) : (
        <Files key={format} format={format} indexes={indexes} />
      )}
      <p className="muted">{WORDS[format]}</p>
    </div>
  )
}

function Files(props: {
  readonly format: 'sql' | 'prisma'
  readonly indexes: readonly AdvisedIndex[]
}): ReactNode {
  const { format, indexes } = props
  const target = useTarget()
  const query = new URLSearchParams([['format', format], ...indexes.map(({ name }) => ['index', name])])
  const script = useResource<AdviceScriptWire>({
    path: `${targetPath(target, 'advice/script')}?${query}`,
    everyMs: EVERY_MS,
  })
  return (
    <Loaded from={script} rows={2}>
      {({ files }) =>
        files.map(({ path, text }) => (
          <section key={path} className="script-file" aria-label={path}>
            {format === 'sql' ? null : (
              <h3>
                <code>{path}</code>
              </h3>
            )}
            <SqlBlock sql={text.trimEnd()} label="Copy" isPlain={!path.endsWith('.sql')} />
          </section>
        ))
      }
    </Loaded>
  )
}
