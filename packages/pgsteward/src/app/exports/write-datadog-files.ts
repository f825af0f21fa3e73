// Datadog's monitors, dashboards and tag configurations as files.

import { join } from 'node:path'
import { type DatadogFile, datadogFiles } from '../../export/datadog/datadog-files.ts'
import { writeWholeFile } from '../load/write-whole-file.ts'
import { type DatadogConfig, datadogSettings } from './datadog-config.ts'

export function datadogFilesOf(config: DatadogConfig | undefined): readonly DatadogFile[] {
  return datadogFiles(datadogSettings(config))
}

/** Replaces those that are there. The files' paths. */
export async function writeDatadogFiles(
  dir: string,
  files: readonly DatadogFile[],
): Promise<readonly string[]> {
  const texts = files.map(
    ({ name, body }) => [join(dir, name), `${JSON.stringify(body, null, 2)}\n`] as const,
  )
  for (const [path, text] of texts) await writeWholeFile(path, text)
  return texts.map(([path]) => path)
}
