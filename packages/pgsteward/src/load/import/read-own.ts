// Our own files passed through: a run, several, or the runs of a baseline.

import { BASELINE_FORMAT, baselineSchema } from '../../model/baseline.ts'
import { StewardError } from '../../model/error.ts'
import { type LoadRun, loadRunSchema, RUN_FORMAT } from '../../model/load-run.ts'
import { wholeRuns } from '../compact-runs.ts'

export function readOwn(path: string, document: unknown): readonly LoadRun[] {
  const list = Array.isArray(document) ? document : [document]
  return list.flatMap((each: unknown, at) => {
    const where = list.length === 1 ? path : `${path}, run ${at + 1}`
    const format = (each as { format?: unknown } | null)?.format
    if (format === BASELINE_FORMAT) return wholeRuns(checked(baselineSchema.safeParse(each), where).runs)
    if (format === RUN_FORMAT) return [checked(loadRunSchema.safeParse(each), where)]
    throw new StewardError('run-file', `${where} has the format ${JSON.stringify(format)}`, {
      detail: `This pgsteward reads ${RUN_FORMAT} and ${BASELINE_FORMAT}.`,
      hint: 'Was it written by a newer pgsteward? Then update this one.',
    })
  })
}

function checked<T>(
  parsed:
    | { success: true; data: T }
    | { success: false; error: { issues: readonly { path: PropertyKey[]; message: string }[] } },
  where: string,
): T {
  if (parsed.success) return parsed.data
  const { issues } = parsed.error
  throw new StewardError('run-file', `${where} cannot be used`, {
    detail: issues
      .slice(0, 3)
      .map(({ path, message }) => `${path.map(String).join('.')}: ${message}`)
      .join('; '),
    hint: 'It was changed by hand, or by another program.',
  })
}
