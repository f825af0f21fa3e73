// The command line against a server of the test, as ada.

import { runCommand } from '../../src/cli/main.ts'

export function commandAt(address: string, cwd: string) {
  return async (...args: readonly string[]) => {
    let [out, note] = ['', '']
    const code = await runCommand([...args, '--server', address], {
      terminal: {
        out: (text) => {
          out += text
        },
        note: (text) => {
          note += text
        },
        progress: () => {},
        isColoured: false,
        width: 100,
      },
      cwd,
      env: { PATH: process.env.PATH, USER: 'ada' },
      signal: new AbortController().signal,
    })
    return { code, out, note }
  }
}
