import { expect, test } from 'vitest'
import { ciRunner } from './ci-runner.ts'
import { containerLimits } from './container-limits.ts'
import { hostClass } from './environment-of.ts'

const host = {
  cpu: 'AMD EPYC 7763',
  cores: 4,
  memoryBytes: 16 * 1024 ** 3,
  platform: 'linux x64',
  kernel: '6.8.0-45-generic',
  runner: null,
}
const none = { cores: null, memoryBytes: null }

test('V6: a class of host is readable, and equal for machines of one kind', () => {
  expect(hostClass(host, none)).toMatch(/^linux-x64-4c-16g-[0-9a-f]{12}$/)
  const alike = { ...host, kernel: '6.8.0-101-generic', memoryBytes: 16 * 1024 ** 3 - 300e6 }
  expect(hostClass(alike, none)).toBe(hostClass(host, none))
})

test('V6: what decides about speed makes another class', () => {
  const others = [
    hostClass({ ...host, cpu: 'AMD EPYC 9V74' }, none),
    hostClass({ ...host, cores: 2 }, none),
    hostClass({ ...host, memoryBytes: 8 * 1024 ** 3 }, none),
    hostClass({ ...host, platform: 'linux arm64' }, none),
    hostClass({ ...host, kernel: '6.11.0-1-generic' }, none),
    hostClass({ ...host, runner: 'github-hosted ubuntu24 X64' }, none),
    hostClass(host, { cores: 1.5, memoryBytes: null }),
  ]
  expect(new Set([hostClass(host, none), ...others]).size).toBe(others.length + 1)
})

test('limits of a container: the tightest from its own group to the root', () => {
  const files: Record<string, string> = {
    '/proc/self/cgroup': '0::/kubepods/pod1/app\n',
    '/sys/fs/cgroup/kubepods/pod1/app/cpu.max': 'max 100000\n',
    '/sys/fs/cgroup/kubepods/pod1/cpu.max': '150000 100000\n',
    '/sys/fs/cgroup/kubepods/cpu.max': '400000 100000\n',
    '/sys/fs/cgroup/kubepods/pod1/app/memory.max': '1073741824\n',
    '/sys/fs/cgroup/kubepods/memory.max': '8589934592\n',
  }
  expect(containerLimits((path) => files[path] ?? null)).toEqual({ cores: 1.5, memoryBytes: 1024 ** 3 })
})

test('without limits, without cgroups and on another system there are none', () => {
  const open: Record<string, string> = {
    '/proc/self/cgroup': '0::/\n',
    '/sys/fs/cgroup/cpu.max': 'max 100000',
    '/sys/fs/cgroup/memory.max': 'max',
  }
  expect(containerLimits((path) => open[path] ?? null)).toEqual(none)
  expect(containerLimits(() => null)).toEqual(none)
  expect(containerLimits(() => '4:cpu:/old\n')).toEqual(none)
})

test('a runner is named by its kind, not by the name that changes with each job', () => {
  const github = {
    GITHUB_ACTIONS: 'true',
    RUNNER_ENVIRONMENT: 'github-hosted',
    ImageOS: 'ubuntu24',
    RUNNER_ARCH: 'X64',
  }
  expect(ciRunner({ ...github, RUNNER_NAME: 'GitHub Actions 17' })).toBe('github-hosted ubuntu24 X64')
  expect(ciRunner({ ...github, PGSTEWARD_RUNNER: 'bench-pool' })).toBe('bench-pool')
  expect(ciRunner({ GITLAB_CI: 'true', CI_RUNNER_TAGS: 'metal' })).toBe('gitlab metal')
  expect(ciRunner({ CI: 'true' })).toBe('ci')
  expect(ciRunner({})).toBeNull()
})
