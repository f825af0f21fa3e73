// How an application is started and what it loads first: from a script of package.json and the text of its entry file.

export interface StartCommand {
  /** -r and --require. */
  readonly required: readonly string[]
  /** --import, --loader and --experimental-loader. */
  readonly imported: readonly string[]
  /** The file that is run; null where the script runs something else. */
  readonly entry: string | null
}

/** Programs that run a file as node does. */
const RUNNERS = new Set(['node', 'nodemon', 'tsx', 'ts-node', 'ts-node-dev'])
const REQUIRE = new Set(['-r', '--require'])
const IMPORT = new Set(['--import', '--loader', '--experimental-loader'])
/** Flags of node that take a value of their own. */
const VALUED = new Set([
  '-C',
  '--conditions',
  '--env-file',
  '--env-file-if-exists',
  '--title',
  '--watch-path',
  '--exec',
])
const ENTRY = /\.(?:[cm]?[jt]s)$|^\.{0,2}\/|^[\w-]+(?:\/[\w.-]+)*$/

/** `nodeOptions`: of the environment; those set in the script itself count too. */
export function readStartCommand(script: string, nodeOptions = ''): StartCommand {
  const required: string[] = []
  const imported: string[] = []
  let entry: string | null = null
  const look = (words: readonly string[], takesEntry: boolean) => {
    for (let at = 0; at < words.length; at++) {
      const [flag, inline] = split(words[at]!)
      if (REQUIRE.has(flag) || IMPORT.has(flag)) {
        const value = inline ?? words[++at]
        if (value !== undefined) (REQUIRE.has(flag) ? required : imported).push(value)
      } else if (VALUED.has(flag) && inline === undefined) at++
      else if (takesEntry && !flag.startsWith('-')) {
        if (flag !== 'watch' && ENTRY.test(flag)) entry = flag
        if (entry !== null) return
      }
    }
  }
  look(wordsOf(nodeOptions), false)
  // the last command that node runs is the application: `tsc && node dist/server.js`
  for (const part of script.split(/&&|\|\||;/)) {
    const words = wordsOf(part)
    const start = words.findIndex((word) => RUNNERS.has(word))
    for (const word of words.slice(0, start === -1 ? undefined : start))
      if (word.startsWith('NODE_OPTIONS=')) look(wordsOf(word.slice('NODE_OPTIONS='.length)), false)
    if (start !== -1) look(words.slice(start + 1), true)
  }
  return { required, imported, entry }
}

/** The first module that is loaded; null: none. `import type` loads nothing. */
export function firstImport(source: string): string | null {
  const code = source
    .replace(/^#!.*/, '')
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .replace(/^\s*\/\/.*$/gm, '')
  const found =
    /^\s*import\s+(?!type\b)(?:[^'";]*?\bfrom\s*)?['"]([^'"]+)['"]|\brequire\s*\(\s*['"]([^'"]+)['"]\s*\)|^\s*export\s+(?!type\b)[^'";=]*?\bfrom\s*['"]([^'"]+)['"]/m.exec(
      code,
    )
  return found === null ? null : (found[1] ?? found[2] ?? found[3] ?? null)
}

/** Words as a shell takes them; quotes keep blanks and are dropped. */
function wordsOf(text: string): readonly string[] {
  return [...text.matchAll(/(?:[^\s"']+|"[^"]*"|'[^']*')+/g)].map(([word]) => word.replace(/["']/g, ''))
}

function split(word: string): readonly [flag: string, value: string | undefined] {
  const at = word.indexOf('=')
  return word.startsWith('-') && at !== -1 ? [word.slice(0, at), word.slice(at + 1)] : [word, undefined]
}
