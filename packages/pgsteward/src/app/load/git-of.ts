// Which commit a run is of, and whether the working tree is that commit.

import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import type { LoadRun } from '../../model/load-run.ts'

const run = promisify(execFile)

/** Null outside of a repository, or without git. In CI a detached HEAD gets its branch's name from the environment. */
export async function gitOf(
  cwd: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<LoadRun['git']> {
  try {
    const git = async (...args: readonly string[]) =>
      (
        await run('git', ['--no-optional-locks', ...args], { cwd, timeout: 10_000, maxBuffer: 16_000_000 })
      ).stdout.trim()
    const sha = await git('rev-parse', 'HEAD')
    const branch = await git('rev-parse', '--abbrev-ref', 'HEAD')
    const changes = await git('status', '--porcelain', '--untracked-files=no')
    return {
      sha,
      branch:
        branch === 'HEAD'
          ? env.GITHUB_HEAD_REF || env.GITHUB_REF_NAME || env.CI_COMMIT_REF_NAME || null
          : branch,
      isClean: changes === '',
    }
  } catch {
    return null
  }
}
