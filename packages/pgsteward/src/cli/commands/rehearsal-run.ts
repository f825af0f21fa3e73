// pgsteward rehearsal run: goes through a rehearsal in a terminal, runs its commands, times each step and records it.

import { runCommandLine } from '../../app/govern/run-command.ts'
import { EXIT, type ExitCode } from '../../model/error.ts'
import {
  type RehearsalDetailWire,
  type RehearsedStepWire,
  rehearsalDetailWire,
} from '../../model/rehearsal-wire.ts'
import { askServer } from '../ask-server.ts'
import { type CommandContext, defineCommand } from '../command.ts'
import { paint } from '../paint.ts'
import { ACTOR_OPTIONS, actorOf, recordName, recordServer } from '../record-command.ts'
import { plain } from '../render-check.ts'
import { rehearsalLines } from '../render-rehearsal.ts'
import { START_OPTIONS, startOf } from './rehearsal.ts'

export const rehearsalRun = defineCommand({
  name: 'rehearsal run',
  usage: 'rehearsal run [TEMPLATE] [--release VERSION] [--yes] [--go-on REHEARSAL]',
  summary: 'go through a rehearsal step by step, with a clock',
  description:
    'Each step is shown and timed: Enter when it is done, "f why" when it failed, "s why" to leave it out, "q" to leave and go on later. ' +
    'A step with a command runs it once you press Enter, or at once with --yes; it fails when the command does. What commands print is shown and not ' +
    'recorded. A step that fails leads to the rollback. Exit code 1: it did not pass.',
  examples: ['pgsteward rehearsal run rehearsal.md --release 7.2', 'pgsteward rehearsal run --go-on REH-2'],
  options: {
    ...START_OPTIONS,
    yes: { type: 'boolean', help: 'run commands without asking' },
    'go-on': { type: 'string', example: 'REHEARSAL', help: 'one that was left' },
    ...ACTOR_OPTIONS,
  },
  async run([file], options, context) {
    const server = await recordServer(context, options)
    const actor = actorOf(context, options)
    const ask = (path: string, body?: object) =>
      askServer(server, path, rehearsalDetailWire, body === undefined ? undefined : { ...body, actor })
    const begun = options['go-on']
    const rehearsal =
      begun === undefined
        ? await ask('rehearsals', await startOf(file, options, context))
        : await ask(`rehearsals/${recordName(begun, 'REH-2')}`)
    const runner = new Runner(context, options.yes === true, (request, body) =>
      ask(`rehearsals/${rehearsal.name}/${request}`, body),
    )
    const ended = await runner.run(rehearsal)
    const { terminal } = context
    terminal.out(
      options.json === true
        ? `${JSON.stringify(ended, null, 2)}\n`
        : rehearsalLines(ended, paint(terminal.isColoured)),
    )
    return exitCodeOf(ended)
  },
})

function exitCodeOf({ verdict }: RehearsalDetailWire): ExitCode {
  return verdict === 'passed' ? EXIT.clean : EXIT.gate
}

type Answer = { readonly word: 'done' | 'quit' } | { readonly word: 'fail' | 'skip'; readonly note: string }
type Tell = (request: string, body: object) => Promise<RehearsalDetailWire>

class Runner {
  readonly #context: CommandContext
  readonly #isYes: boolean
  readonly #tell: Tell
  readonly #lines: AsyncIterator<string> | null
  /** Ctrl-C while it waits for an answer. */
  readonly #stopped: Promise<undefined>

  constructor(context: CommandContext, isYes: boolean, tell: Tell) {
    this.#context = context
    this.#isYes = isYes
    this.#tell = tell
    this.#lines = context.lines?.() ?? null
    this.#stopped = new Promise((resolve) => {
      if (context.signal.aborted) resolve(undefined)
      context.signal.addEventListener('abort', () => resolve(undefined), { once: true })
    })
  }

  async run(first: RehearsalDetailWire): Promise<RehearsalDetailWire> {
    const { note } = this.#context.terminal
    let rehearsal = first
    let wasRollingBack = rehearsal.state === 'rolling back'
    while (rehearsal.state !== 'finished') {
      if (rehearsal.state === 'rolling back' && !wasRollingBack)
        note(`\nRolling back: ${plain(rehearsal.rollbackBecause ?? '')}\n`)
      wasRollingBack = rehearsal.state === 'rolling back'
      const step = rehearsal.steps[(rehearsal.next ?? 0) - 1]
      if (step === undefined) return this.#tell('finish', {})
      const after = await this.#step(step)
      if (after === null) {
        note(`\nLeft. Go on with: pgsteward rehearsal run --go-on ${rehearsal.name}\n`)
        return rehearsal
      }
      rehearsal = after
    }
    return rehearsal
  }

  /** Null: it was left. */
  async #step(step: RehearsedStepWire): Promise<RehearsalDetailWire | null> {
    const { number, title, owner, text, run, state } = step
    const { note } = this.#context.terminal
    note(`\n${step.section} ${number}. ${plain(title)}${owner === null ? '' : ` (${plain(owner)})`}\n`)
    if (text !== '')
      note(
        `${text
          .split('\n')
          .map((each) => `   ${plain(each)}\n`)
          .join('')}`,
      )
    if (run !== null) return this.#command(step, run)
    if (state === 'to do') await this.#tell('begin', { step: number })
    return this.#record(
      number,
      await this.#ask('Enter: done   f why: failed   s why: left out   q: leave > '),
    )
  }

  async #command({ number, state }: RehearsedStepWire, run: string): Promise<RehearsalDetailWire | null> {
    const { terminal, cwd, env, signal } = this.#context
    terminal.note(`   $ ${plain(run)}\n`)
    if (!this.#isYes) {
      const answer = await this.#ask('Enter: run it   f why: failed   s why: left out   q: leave > ')
      if (answer.word !== 'done') {
        if (answer.word === 'fail' && state === 'to do') await this.#tell('begin', { step: number })
        return this.#record(number, answer)
      }
    }
    if (state === 'to do') await this.#tell('begin', { step: number })
    const failure = await runCommandLine(run, { cwd, env, signal, onOutput: terminal.note })
    if (signal.aborted) return null
    return failure === null
      ? this.#tell('done', { step: number, note: '' })
      : this.#tell('fail', { step: number, note: failure })
  }

  async #record(step: number, answer: Answer): Promise<RehearsalDetailWire | null> {
    if (answer.word === 'quit') return null
    return this.#tell(answer.word, { step, note: 'note' in answer ? answer.note : '' })
  }

  async #ask(prompt: string): Promise<Answer> {
    for (;;) {
      this.#context.terminal.note(prompt)
      const next = await Promise.race([this.#lines?.next(), this.#stopped])
      // nobody can answer, or nobody will any more
      if (next === undefined || next.done === true) return { word: 'quit' }
      const [, letter = '', why = ''] = /^\s*([fsq])?\b\s*(.*)$/i.exec(next.value) ?? []
      if (letter === '' && why === '') return { word: 'done' }
      if (letter.toLowerCase() === 'q') return { word: 'quit' }
      const word = ({ f: 'fail', s: 'skip' } as const)[letter.toLowerCase() as 'f' | 's']
      if (word !== undefined && why !== '') return { word, note: why }
      this.#context.terminal.note('Enter, or f, s or q; after f and s why: f the backup is two days old\n')
    }
  }
}
