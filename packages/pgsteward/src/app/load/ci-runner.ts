// A CI runner's label, from what the common services put into the environment: runs on different kinds of runner are not comparable.

/** `github-hosted ubuntu24 X64`; null outside of CI. PGSTEWARD_RUNNER wins: it names a pool of machines that are known to be alike. */
export function ciRunner(env: Readonly<Record<string, string | undefined>>): string | null {
  const words = (...names: readonly string[]) =>
    names
      .map((name) => env[name])
      .filter((value) => value !== undefined && value !== '')
      .join(' ')
  if (env.PGSTEWARD_RUNNER) return env.PGSTEWARD_RUNNER
  // not the runner's name: hosted ones have another with every job
  if (env.GITHUB_ACTIONS) return words('RUNNER_ENVIRONMENT', 'ImageOS', 'RUNNER_ARCH') || 'github'
  if (env.GITLAB_CI) return `gitlab ${words('CI_RUNNER_TAGS') || 'runner'}`
  if (env.CIRCLECI) return 'circleci'
  if (env.BUILDKITE) return `buildkite ${words('BUILDKITE_AGENT_META_DATA_QUEUE') || 'agent'}`
  if (env.TF_BUILD) return `azure ${words('AGENT_OS', 'AGENT_OSARCHITECTURE')}`.trim()
  if (env.JENKINS_URL) return `jenkins ${words('NODE_LABELS')}`.trim()
  return env.CI ? 'ci' : null
}
