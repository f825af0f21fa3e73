// A line below a node in EXPLAIN's text format: `Buffers: shared hit=3 read=1`, as the fields that the JSON format has for it.

type Target = Record<string, unknown>

const LISTS = new Set([
  'Output',
  'Sort Key',
  'Presorted Key',
  'Group Key',
  'Conflict Arbiter Indexes',
  'Sampling Parameters',
])
const NUMBERS =
  /^(?:Rows Removed by [A-Z].*|Heap Fetches|Workers (?:Planned|Launched)|Index Searches|Tuples Inserted|Conflicting Tuples|Subplans Removed|Merge Tuples.*)$/
/** What the text calls otherwise than JSON does, in lines of several figures: `Hits: 9  Misses: 1`. */
const FIGURES: Readonly<Record<string, string>> = {
  Buckets: 'Hash Buckets',
  'Memory Usage': 'Peak Memory Usage',
  Hits: 'Cache Hits',
  Misses: 'Cache Misses',
  Evictions: 'Cache Evictions',
  Overflows: 'Cache Overflows',
}
const BLOCKS: Readonly<Record<string, string>> = {
  hit: 'Hit Blocks',
  read: 'Read Blocks',
  dirtied: 'Dirtied Blocks',
  written: 'Written Blocks',
}

export function readTextProperty(node: object, line: string): void {
  const target = node as Target
  const colon = line.indexOf(':')
  const name = line.slice(0, colon)
  const value = line.slice(colon + 1).trim()
  const worker = /^Worker (\d+)$/.exec(name)
  if (worker !== null) readWorker(target, Number(worker[1]), value)
  // JSON nests the keys of grouping sets in a way that the text does not tell.
  else if (name === 'Hash Key') return
  else if (LISTS.has(name)) target[name] = listOf(value)
  else if (NUMBERS.test(name)) target[name] = Number(value)
  else if (name === 'Buffers') readBuffers(target, value)
  else if (name === 'I/O Timings') readTimings(target, value)
  else if (name === 'WAL') readWal(target, value)
  else if (name === 'Sort Method') readSort(target, value)
  else if (name === 'Full-sort Groups' || name === 'Pre-sorted Groups') target[name] = groupsOf(value)
  else if (name === 'Heap Blocks') {
    target['Exact Heap Blocks'] = Number(/exact=(\d+)/.exec(value)?.[1] ?? 0)
    target['Lossy Heap Blocks'] = Number(/lossy=(\d+)/.exec(value)?.[1] ?? 0)
  } else if (/^(?:Buckets|Batches|Planned Partitions|Hits|Storage)$/.test(name)) readFigures(target, line)
  else if (name === 'Disabled' || name === 'Single Copy' || name === 'Inner Unique')
    target[name] = value === 'true'
  else target[name] = value
}

/** Two spaces stand between: `Buckets: 1024 (originally 512)  Batches: 2  Memory Usage: 9kB`. */
function readFigures(target: Target, line: string): void {
  for (const part of line.split('  ')) {
    const [, name, number, unit, original] = /^(.+?): (\d+)(kB)?(?: \(originally (\d+)\))?$/.exec(part) ?? []
    if (name === undefined) {
      const text = /^(.+?): (.+)$/.exec(part)
      if (text !== null) target[text[1]!] = text[2]
      continue
    }
    const isOfHash = target['Node Type'] === 'Hash'
    const field =
      name === 'Batches' ? (isOfHash ? 'Hash Batches' : 'HashAgg Batches') : (FIGURES[name] ?? name)
    target[field] = Number(number)
    if (isOfHash && unit === undefined) target[`Original ${field}`] = Number(original ?? number)
  }
}

function readBuffers(target: Target, value: string): void {
  for (const kind of ['Shared', 'Local'])
    for (const blocks of Object.values(BLOCKS)) target[`${kind} ${blocks}`] = 0
  for (const blocks of ['Read Blocks', 'Written Blocks']) target[`Temp ${blocks}`] = 0
  for (const [, kind, figures] of value.matchAll(/(shared|local|temp)((?: \w+=\d+)+)/g))
    for (const [, name, blocks] of figures!.matchAll(/(\w+)=(\d+)/g))
      target[`${capital(kind!)} ${BLOCKS[name!] ?? name}`] = Number(blocks)
}

/** `shared read=0.1 write=0.2, temp read=0.3` from 17 on, `read=0.1` before 15. */
function readTimings(target: Target, value: string): void {
  for (const part of value.split(', ')) {
    const kind = /^(shared|local|shared\/local|temp) /.exec(part)?.[1]
    const before = kind === undefined || kind === 'shared/local' ? '' : `${capital(kind)} `
    for (const [, name, ms] of part.matchAll(/(read|write)=([\d.]+)/g))
      target[`${before}I/O ${capital(name!)} Time`] = Number(ms)
  }
}

function readWal(target: Target, value: string): void {
  const names = {
    records: 'WAL Records',
    fpi: 'WAL FPI',
    bytes: 'WAL Bytes',
    'buffers full': 'WAL Buffers Full',
  }
  for (const [text, field] of Object.entries(names))
    target[field] = Number(new RegExp(`${text}=(\\d+)`).exec(value)?.[1] ?? 0)
}

/** `external merge  Disk: 2048kB` */
function readSort(target: Target, value: string): void {
  const [, method, type, space] = /^(.+?) {2}(Memory|Disk): (\d+)kB$/.exec(value) ?? []
  target['Sort Method'] = method ?? value
  if (type === undefined) return
  target['Sort Space Used'] = Number(space)
  target['Sort Space Type'] = type
}

/** Of an incremental sort: `32  Sort Methods: quicksort, top-N heapsort  Average Memory: 26kB  Peak Memory: 26kB`. */
function groupsOf(value: string): object {
  const groups: Target = { 'Group Count': Number(/^\d+/.exec(value)?.[0] ?? 0) }
  const methods = /Sort Methods?: (.+?)(?: {2}|$)/.exec(value)?.[1]
  groups['Sort Methods Used'] = methods?.split(', ') ?? []
  for (const type of ['Memory', 'Disk']) {
    const used = new RegExp(`Average ${type}: (\\d+)kB {2}Peak ${type}: (\\d+)kB`).exec(value)
    if (used !== null)
      groups[`Sort Space ${type}`] = {
        'Average Sort Space Used': Number(used[1]),
        'Peak Sort Space Used': Number(used[2]),
      }
  }
  return groups
}

function readWorker(target: Target, number: number, value: string): void {
  const workers = (target.Workers as Target[] | undefined) ?? []
  target.Workers = workers
  let worker = workers.find((each) => each['Worker Number'] === number)
  if (worker === undefined) {
    worker = { 'Worker Number': number }
    workers.push(worker)
  }
  const actual = /^actual (?:time=([\d.]+)\.\.([\d.]+) )?rows=([\d.]+) loops=(\d+)$/.exec(value)
  if (actual === null) {
    if (value.includes(':')) readTextProperty(worker, value)
    return
  }
  if (actual[1] !== undefined) {
    worker['Actual Startup Time'] = Number(actual[1])
    worker['Actual Total Time'] = Number(actual[2])
  }
  worker['Actual Rows'] = Number(actual[3])
  worker['Actual Loops'] = Number(actual[4])
}

/** Split at commas outside of brackets and quotes. */
function listOf(value: string): string[] {
  const items: string[] = []
  let depth = 0
  let quote = ''
  let start = 0
  for (let at = 0; at < value.length; at++) {
    const char = value[at]!
    if (quote !== '') {
      if (char === quote) quote = ''
    } else if (char === "'" || char === '"') quote = char
    else if ('([{'.includes(char)) depth++
    else if (')]}'.includes(char)) depth--
    else if (char === ',' && depth === 0 && value[at + 1] === ' ') {
      items.push(value.slice(start, at))
      start = at + 2
    }
  }
  items.push(value.slice(start))
  return items
}

const capital = (text: string): string => text[0]!.toUpperCase() + text.slice(1)
