// Names and texts that somebody may give to hurt a tool that shows them.

const ESC = '\u001b'

/** As names of PostgreSQL, each below 64 bytes. */
export const HOSTILE_NAMES: readonly string[] = [
  "'; drop table ledger; --",
  '"; drop table ledger; --',
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  `${ESC}[2J${ESC}]0;owned\u0007red`,
  '\u009b31mC1',
  '\u202efdp.exe\u2066',
  "=cmd|'/c calc'!A0",
  '@SUM(1+1)',
  '+1+1',
  '-2+3',
  '{{7*7}} $' + '{7*7} %s %n',
  'line\nfeed: error: all lost',
  'tab\tback\\slash',
  '`| a | b |`',
  ']]> &amp; &lt;b&gt;',
  'javascript:alert(1)//',
  '表'.repeat(21),
  '👩‍👩‍👧‍👦'.repeat(2),
  '../../etc/passwd',
  '__proto__',
  'constructor',
]

/** Anything that moves a cursor, changes a colour, or turns the direction of what follows. Line feeds and tabs apart. */
export const CONTROLS =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/

/** Markup that a browser would run. */
export const LIVE_MARKUP = /<script>alert|<img src=x|href="javascript:/i
