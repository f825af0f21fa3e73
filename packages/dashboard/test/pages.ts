// Every page of the dashboard: where it is, which question it answers, which test does its main task, and how it is seen with all open.

import type { Page } from 'playwright-core'
import type { Route } from '../src/route.ts'

export interface KnownPage {
  readonly path: string
  /** The question that a reader comes with. */
  readonly question: string
  /** What the reader does, and then sees: the title of its test, and the file in which it stands, from packages/ on. */
  readonly task: { readonly file: string; readonly title: string }
  /** Stands on the page once it is drawn. */
  readonly shows: string
  /** Sheets and menus, looked at one after the other; Escape closes each. */
  readonly opens?: Readonly<Record<string, (page: Page) => Promise<void>>>
}

const FINDING = '/findings/unused-index%3Aindex%2Fmessaging%2Fpublic%2Fmessages_body_idx'
const inDashboard = (name: string) => `dashboard/test/${name}.browser.test.ts`
const task = (file: string, title: string) => ({ file: inDashboard(file), title })
const press = (name: string | RegExp) => async (page: Page) => {
  await page.getByRole('button', { name }).first().click()
  await page.locator('dialog[open]').waitFor()
}
const openRow = async (page: Page) => {
  await page.keyboard.press('j')
  await page.keyboard.press('Enter')
  await page.locator('dialog[open]').waitFor()
}

/** By page: the compiler holds that none is missing. */
export const PAGES: Readonly<Record<Route['page'], KnownPage>> = {
  overview: {
    path: '/',
    question: 'Is it all right, and what needs me first?',
    task: task(
      'tasks',
      'overview: the finding that costs most is one Enter away, and the way back keeps the range',
    ),
    shows: 'Slowest statements',
    opens: {
      help: async (page) => {
        await page.keyboard.press('?')
        await page.locator('dialog[open]').waitFor()
      },
      search: async (page) => {
        await page.keyboard.press('Control+k')
        await page.getByRole('combobox', { name: 'Search' }).fill('message')
        await page.locator('[role=option]').first().waitFor()
      },
    },
  },
  findings: {
    path: '/findings',
    question: 'What is wrong, the worst first?',
    task: task('dashboard', 'goes to pages by g and a letter, to rows by j and k, and opens by Enter'),
    shows: 'Session 4711 has held 7 others up',
  },
  finding: {
    path: FINDING,
    question: 'What is it, why does it matter here, and what do I do?',
    task: task('dashboard', 'posts reason, day and name, and shows the finding as the server then tells it'),
    shows: 'drop index concurrently if exists',
    opens: { mute: press('Mute…') },
  },
  alerts: {
    path: '/alerts',
    question: 'Who was told, and who has it in hand?',
    task: task('alerts', 'an alert is taken in hand for a while, with a name that is remembered'),
    shows: 'Silences',
    opens: { silence: press(/^Silence/) },
  },
  'on-call': {
    path: '/on-call',
    question: 'Who is called now, and who next?',
    task: task('on-call', 'somebody takes over, and takes it back (G3)'),
    shows: 'Hand-offs',
    opens: { 'take over': press(/take over/i), 'hand over': press(/hand over/i) },
  },
  incidents: {
    path: '/incidents',
    question: 'What hurts now, and what is left to do of what is over?',
    task: task('incidents', 'what hurts comes first, then what is left to do; with how quick the team is'),
    shows: 'Nobody can pay',
  },
  incident: {
    path: '/incidents/INC-7',
    question: 'What happened when, and who does what about it?',
    task: task('incidents', 'one incident: times, alerts, timeline; a note is written down with who (G4)'),
    shows: 'pool raised to 40',
    opens: { note: press('Note…') },
  },
  optimizations: {
    path: '/optimizations',
    question: 'What was made faster, and by how much?',
    task: task('tasks', 'optimizations: one that was measured is opened, and says before and after'),
    shows: 'Index by_month is bloated',
  },
  optimization: {
    path: '/optimizations/OPT-3',
    question: 'Who decided it, what was done, and did it help?',
    task: task('incidents', 'an optimization is told with its steps, before and after, and who decided (G6)'),
    shows: 'create index concurrently by_day',
  },
  availability: {
    path: '/availability',
    question: 'Does anybody get in, and how often not?',
    task: task('availability', 'what is down stands first, with why and since when (N5)'),
    shows: 'Outages',
  },
  applications: {
    path: '/applications',
    question: 'Which application makes the load?',
    task: task(
      'application',
      'leads to the application that was chosen, by g a and Enter, and keeps the range',
    ),
    shows: 'messaging',
  },
  application: {
    path: '/applications/messaging',
    question: 'Which route is slow, and by which statement?',
    task: task(
      'application',
      'leads from a route to the statements that it sends, and from one of them to pg_stat_statements and back',
    ),
    shows: 'Routes',
  },
  'slow-queries': {
    path: '/slow-queries',
    question: 'What took long, from which line of code?',
    task: task(
      'application',
      'are narrowed by application, route and statement in the address, and asked of the server so',
    ),
    shows: 'slow queries',
    opens: { query: openRow },
  },
  logs: {
    path: '/logs',
    question: "What does PostgreSQL's log say, and what of it matters?",
    task: task(
      'logs',
      'opens a class as its messages by j and Enter, and a message with its statement, figures and page',
    ),
    shows: 'Deadlock',
  },
  activity: {
    path: '/activity',
    question: 'What do sessions do and wait for, and who blocks whom?',
    task: task('activity', 'is narrowed by a value and stacked by another dimension, both in the address'),
    shows: 'Blocked now',
  },
  statements: {
    path: '/statements',
    question: 'Which statements take the time?',
    task: task('tasks', 'statements: by mean time, one is filtered for and opened, all without the mouse'),
    shows: 'update members',
  },
  statement: {
    path: '/statements/-5561034',
    question: 'Why is this statement slow, who sends it, and what helps?',
    task: task('statement', 'says what it waits for, what that means, and behind whom it stood'),
    shows: 'Found on it',
  },
  tables: {
    path: '/tables',
    question: 'Which tables are large, grow or need cleaning?',
    task: task('dashboard', 'sort by a click on the head, and tell assistive technology'),
    shows: 'message_recip',
    opens: { table: openRow },
  },
  indexes: {
    path: '/indexes',
    question: 'Which indexes are used, and which only cost?',
    task: task('tasks', 'indexes: those of one table by size, and the largest with its definition'),
    shows: '200 indexes',
    opens: { index: openRow },
  },
  advice: {
    path: '/advice',
    question: 'Which indexes should be built, and what would they bring?',
    task: task('advice', 'makes a script of the chosen ones, as SQL, undo and Prisma migration (X4)'),
    shows: 'message_recipients',
  },
  'advised-index': {
    path: '/advice/message_recipients_member_id_read_at_idx',
    question: 'Which statements would this index serve, and by how much?',
    task: task('advice', 'shows each statement before and after, and leads to its page'),
    shows: 'What it serves',
  },
  maintenance: {
    path: '/maintenance',
    question: 'What waits for a decision, and what was done?',
    task: task('maintenance', 'a decision wants a reason, and names who decides (M3)'),
    shows: 'Index by_day on message',
  },
  job: {
    path: '/maintenance/9',
    question: 'What did this job do, and can it be taken back?',
    task: task('maintenance', 'a job has a page of its own, with what was done and the way back (M3)'),
    shows: 'Dropped by_day_ccnew',
    opens: { undo: press('Undo…') },
  },
  changes: {
    path: '/changes',
    question: 'Which changes come, and which wait for the board?',
    task: task('changes', 'tells what waits, and what became of rehearsals and launches (G1, G2, G5)'),
    shows: 'An index for the list of members',
  },
  change: {
    path: '/changes/CHG-12',
    question: 'What is to change, at which risk, and who agrees?',
    task: task('changes', 'a vote is given from the page of a change, and g h leads to the list (G1)'),
    shows: 'What was said and done',
  },
  load: {
    path: '/load',
    question: 'Did the last run get slower?',
    task: {
      file: 'pgsteward/test/end-to-end/load.browser.test.ts',
      title: 'marks the change in the line of its scenario, and filters runs by / ',
    },
    shows: 'Baselines',
  },
  'load-run': {
    path: '/load/run-6',
    question: 'Is this run good, and where did the time go?',
    task: {
      file: 'pgsteward/test/end-to-end/load.browser.test.ts',
      title:
        'compares a run with its baseline by itself, with another by choice, which stands in the address (V5, V6)',
    },
    shows: 'Where it was measured',
  },
  capacity: {
    path: '/capacity',
    question: 'What runs out first, and when?',
    task: task('capacity', 'another number of users is asked for, and kept in the address'),
    shows: 'The first limit is',
  },
  reports: {
    path: '/reports',
    question: 'Which reports are there, and when does the next come?',
    task: task('reports', 'one is made now, and led to; none says when the first comes'),
    shows: 'Release',
  },
  report: {
    path: '/reports/weekly/2026-W47',
    question: 'How was the week?',
    task: task('reports', 'from the list to a report and from its number to the evidence (R3)'),
    shows: 'A quiet week.',
  },
  checks: {
    path: '/checks',
    question: 'What is judged, and what could not be?',
    task: task('tasks', 'checks: those that could not judge stand first, with why'),
    shows: '2 could not judge',
  },
  access: {
    path: '/access',
    question: 'Who may do what, and who did?',
    task: task(
      'dashboard',
      'an admin makes a token that is shown once, revokes one, and reads the audit log',
    ),
    shows: 'Audit log',
    opens: { token: press('Make a token…') },
  },
  'not-found': {
    path: '/nowhere',
    question: 'Where am I, and how do I go on?',
    task: task('dashboard', 'says so where there is no page'),
    shows: 'To the overview',
  },
}

export type PageName = Exclude<Route['page'], 'not-found'>

export const PAGE_NAMES = Object.keys(PAGES).filter((name) => name !== 'not-found') as readonly PageName[]
