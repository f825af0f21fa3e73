// Where a run was measured: what decides whether another one can be compared with it.

import type { ShownRunWire } from 'pgsteward/wire'
import type { ReactNode } from 'react'
import { formatBytes, formatDateTime, formatMs, formatRatio, plural } from '../format.ts'
import { Facts } from '../table/facts.tsx'
import { engineWords, scaleWords } from './load-words.ts'

export function Surroundings(props: { readonly run: ShownRunWire }): ReactNode {
  const { run } = props
  const { environment: at, generator, git, scenario } = run
  return (
    <Facts
      facts={{
        Run: <code>{run.id}</code>,
        Started: formatDateTime(new Date(run.startedAt)),
        Measured: `${formatMs(run.durationMs)}${run.warmUpMs === 0 ? '' : `, after ${formatMs(run.warmUpMs)} of warm-up`}`,
        Scenario: `${scenario.id}, ${scenario.model} model${scaleWords(scenario) === null ? '' : `, ${scaleWords(scenario)}`}`,
        Definition: <code>{scenario.hash.slice(0, 16)}</code>,
        Engine: engineWords(run),
        Generator:
          generator === null
            ? null
            : `${plural(generator.threads, 'thread')}, ${formatRatio(generator.cpuRatio)} of a core, late by ${formatMs(generator.lagP99Ms)} (p99)`,
        Target: run.target,
        Application:
          at.application === null ? null : `${at.application.name} ${at.application.version ?? ''}`.trim(),
        Commit:
          git === null
            ? null
            : `${git.sha.slice(0, 12)}${git.branch === null ? '' : ` of ${git.branch}`}${git.isClean ? '' : ', with changes'}`,
        Host: `${at.cpu}, ${plural(at.cores, 'core')}, ${formatBytes(at.memoryBytes)}, ${at.platform} ${at.kernel}`,
        'Class of host': <code>{at.hostClass}</code>,
        'Host busy': at.hostBusyRatio === null ? null : formatRatio(at.hostBusyRatio),
        Runner: at.runner,
        Node: at.node,
        PostgreSQL:
          at.postgres === null
            ? null
            : `${Math.floor(at.postgres.versionNum / 10_000)}, ${formatBytes(at.postgres.dataBytes)} of data`,
      }}
    />
  )
}
