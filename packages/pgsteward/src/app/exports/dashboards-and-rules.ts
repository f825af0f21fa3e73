// What other systems import of us: Grafana's dashboards as files, and Prometheus' alerting rules.

import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { grafanaDashboards } from '../../export/grafana/dashboards.ts'

export { prometheusRules } from '../../export/prometheus-rules.ts'

/** Replaces those that are there, as importing them does. The files' paths. */
export async function writeGrafanaDashboards(
  dir: string,
  publicUrl: string | null,
): Promise<readonly string[]> {
  await mkdir(dir, { recursive: true })
  const dashboards = [...grafanaDashboards(publicUrl)]
  for (const [name, dashboard] of dashboards)
    await writeFile(join(dir, name), `${JSON.stringify(dashboard, null, 2)}\n`)
  return dashboards.map(([name]) => join(dir, name))
}
