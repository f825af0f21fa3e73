// pgsteward records: governance records of all kinds out to Markdown files for git, and in from them.

import { resolve } from 'node:path'
import { z } from 'zod'
import { readRecordFiles, writeRecordFiles } from '../../app/govern/record-files.ts'
import { recordOfWire } from '../../app/govern/records-desk.ts'
import { EXIT, StewardError } from '../../model/error.ts'
import { recordName } from '../../model/governance.ts'
import { importedWire, type RecordWire, recordWire } from '../../model/record-wire.ts'
import { askServer } from '../ask-server.ts'
import { defineCommand } from '../command.ts'
import { momentOf, recordServer, SERVER_OPTIONS } from '../record-command.ts'
import { plain } from '../render-check.ts'

/** Many small requests take long, one that is too large is refused. */
const RECORDS_AT_ONCE = 50

export const recordsExport = defineCommand({
  name: 'records export',
  usage: 'records export DIR [--since TIME]',
  summary: 'write all governance records as Markdown files, to commit',
  description:
    'A folder a kind, a file a record: readable from the top, and below each entry the whole of it as JSON, so that nothing is lost. Files that ' +
    'are as they should be are left alone.',
  examples: ['pgsteward records export governance', 'pgsteward records export governance --since 2026-11-01'],
  options: {
    since: { type: 'string', example: 'TIME', help: 'only records with an entry since then' },
    ...SERVER_OPTIONS,
  },
  async run([dir], options, context) {
    const folder = folderOf(dir, context.cwd)
    const server = await recordServer(context, options)
    const since =
      options.since === undefined ? '' : `?since=${encodeURIComponent(momentOf(options.since, 'since'))}`
    const records = await askServer(server, `records${since}`, z.array(recordWire))
    const files = await writeRecordFiles(folder, records.map(recordOfWire))
    const { written, unchanged, removed } = files
    context.terminal.out(
      options.json === true
        ? `${JSON.stringify(files, null, 2)}\n`
        : [
            ...written.map((file) => `written: ${file}`),
            ...removed.map((file) => `removed: ${file}`),
            `${written.length} written, ${unchanged} unchanged, ${removed.length} under an old name removed`,
            '',
          ].join('\n'),
    )
    return EXIT.clean
  },
})

export const recordsImport = defineCommand({
  name: 'records import',
  usage: 'records import DIR',
  summary: 'read records back that were exported',
  description:
    'Entries that are there already are left, those that are missing are added, with their numbers, authors and times. A file that is damaged, or a ' +
    'record that differs from the one of its number, is named, and the rest goes on; the exit code is 1 then.',
  examples: ['pgsteward records import governance'],
  options: SERVER_OPTIONS,
  async run([dir], options, context) {
    const { records, refused } = await readRecordFiles(folderOf(dir, context.cwd))
    const server = await recordServer(context, options)
    let added = 0
    const problems = [...refused]
    for (let from = 0; from < records.length; from += RECORDS_AT_ONCE) {
      const some = records.slice(from, from + RECORDS_AT_ONCE)
      const answer = await askServer(server, 'records/import', importedWire, {
        records: some.map(
          ({ record }): RecordWire => ({
            ...record,
            entries: record.entries.map((entry) => ({ ...entry, at: entry.at.toISOString() })),
          }),
        ),
      })
      added += answer.added
      for (const { name, because } of answer.refused) {
        const file = some.find(({ record }) => recordName(record) === name)?.file ?? name
        problems.push({ file, because })
      }
    }
    context.terminal.out(
      options.json === true
        ? `${JSON.stringify({ read: records.length, added, refused: problems }, null, 2)}\n`
        : [
            ...problems.map(({ file, because }) => `left out: ${plain(file)}: ${plain(because)}`),
            `${records.length} records read, ${added} entries added, ${problems.length} files left out`,
            '',
          ].join('\n'),
    )
    return problems.length === 0 ? EXIT.clean : EXIT.gate
  },
})

function folderOf(dir: string | undefined, cwd: string): string {
  if (dir !== undefined && dir !== '') return resolve(cwd, dir)
  throw new StewardError('usage', 'which folder?', { hint: 'pgsteward records export governance' })
}
