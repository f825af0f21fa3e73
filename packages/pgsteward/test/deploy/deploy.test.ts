// The container's definition, compose file and Kubernetes manifest: what they name is there, and what they configure is taken.

import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { expect, test } from 'vitest'
import { parse, parseAllDocuments } from 'yaml'
import { loadConfig } from '../../src/app/config/load-config.ts'
import { ALL_CHECKS } from '../../src/checks/all.ts'

const ROOT = resolve(import.meta.dirname, '../../../..')
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8')
const DATABASE_URL = 'postgres://watcher:secret@db:5432/shop'
const SECRETS: Readonly<Record<string, string>> = {
  DATABASE_URL,
  PGSTEWARD_STORE_URL: 'postgres://pgsteward:secret@store:5432/pgsteward',
  PGSTEWARD_ADMIN_TOKEN: 'a-token-of-some-length',
  PGSTEWARD_INGEST_TOKEN: 'another-of-some-length',
}

interface Variable {
  readonly name: string
  readonly value?: string
}

/** As the process in the container would. */
async function configured(
  env: Readonly<Record<string, string>>,
  flags: Readonly<Record<string, unknown>>,
  file?: string,
) {
  const cwd = mkdtempSync(join(tmpdir(), 'pgsteward-deploy-'))
  if (file !== undefined) writeFileSync(join(cwd, 'pgsteward.config.mjs'), file)
  const before = process.env.DATABASE_URL
  process.env.DATABASE_URL = DATABASE_URL
  try {
    return (await loadConfig({ checks: ALL_CHECKS, cwd, env, flags })).config
  } finally {
    if (before === undefined) delete process.env.DATABASE_URL
    else process.env.DATABASE_URL = before
  }
}

/** Of the image, as its ENV lines give them. */
function imageEnvironment(): Record<string, string> {
  return Object.fromEntries(
    [...read('deploy/Dockerfile').matchAll(/^ENV (.*)$/gm)].flatMap(([, line]) =>
      line!.split(' ').map((pair) => pair.split('=') as [string, string]),
    ),
  )
}

test('the image is built of what is there, runs as nobody special, and asks for its health where it is told', () => {
  const text = read('deploy/Dockerfile')
  for (const [, path] of text.matchAll(/--workspace (\S+)/g))
    expect(existsSync(join(ROOT, path!, 'package.json'))).toBe(true)
  expect(existsSync(join(ROOT, 'scripts/bootstrap.mjs'))).toBe(true)
  expect(text).toMatch(/^USER node$/m)
  expect(text).toContain("'http://127.0.0.1:7432/health'")
  expect(imageEnvironment()).toMatchObject({ PGSTEWARD_HOST: '0.0.0.0', PGSTEWARD_PORT: '7432' })
})

test('compose starts pgsteward with a configuration that it takes, and no secret has a default', async () => {
  const { services } = parse(read('deploy/compose.yaml'))
  const { command, environment, ports } = services.pgsteward
  const required = JSON.stringify([command, environment, services.store.environment]).match(/\$\{[^}]*\}/g)!
  expect(required.every((each) => each.includes(':?'))).toBe(true)
  expect(ports).toEqual(['127.0.0.1:7432:7432'])
  const told: Record<string, string> = { ...imageEnvironment() }
  for (const name of Object.keys(environment)) told[name] = SECRETS[name]!
  const config = await configured(told, { targets: [{ url: DATABASE_URL }] })
  expect(config).toMatchObject({
    server: { host: '0.0.0.0', port: 7432, adminToken: SECRETS.PGSTEWARD_ADMIN_TOKEN },
    store: { url: SECRETS.PGSTEWARD_STORE_URL },
  })
})

test('the manifest is whole: names match, secrets are asked for, its configuration is taken', async () => {
  const documents = parseAllDocuments(read('deploy/kubernetes.yaml')).map((each) => each.toJS())
  const of = (kind: string) => documents.find((each) => each.kind === kind)
  expect(documents.map(({ kind }) => kind)).toEqual(['Namespace', 'ConfigMap', 'Deployment', 'Service'])
  const { template, selector } = of('Deployment').spec
  const [container] = template.spec.containers
  expect(selector.matchLabels).toEqual(template.metadata.labels)
  expect(of('Service').spec.selector).toEqual(template.metadata.labels)
  const volumes = template.spec.volumes.map(({ name }: Variable) => name)
  expect(container.volumeMounts.map(({ name }: Variable) => name).sort()).toEqual(volumes.sort())
  const variables: readonly Variable[] = container.env
  expect(variables.every(({ value }) => value === undefined)).toBe(true)
  const told = {
    ...imageEnvironment(),
    ...Object.fromEntries(variables.map(({ name }) => [name, SECRETS[name]!])),
  }
  const config = await configured(told, {}, of('ConfigMap').data['pgsteward.config.mjs'])
  expect(config).toMatchObject({
    targets: [{ id: 'production', url: DATABASE_URL }],
    server: { host: '0.0.0.0' },
    store: { url: SECRETS.PGSTEWARD_STORE_URL },
  })
})
