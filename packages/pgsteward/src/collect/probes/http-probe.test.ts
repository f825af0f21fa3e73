import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer, type RequestListener } from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import { type AddressInfo, createServer as createTcpServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import { afterAll, afterEach, describe, expect, test } from 'vitest'
import { type HttpProbe, httpProbe } from './http-probe.ts'
import { probeErrorWords } from './probe-error.ts'

const hasOpenssl = spawnSync('openssl', ['version']).status === 0
const never = new AbortController().signal
const open: { close: () => unknown; closeAllConnections?: () => void }[] = []
afterEach(() => {
  for (const server of open.splice(0)) {
    server.closeAllConnections?.()
    server.close()
  }
})

async function serving(answer: RequestListener): Promise<string> {
  const server = createServer(answer)
  return listening(server)
}

async function listening(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()))
  open.push(server)
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/health?deep=1`
}

const ask = (url: string, over: Partial<HttpProbe> = {}, signal = never) =>
  httpProbe(
    {
      url,
      method: 'GET',
      headers: {},
      timeoutMs: 5_000,
      expect: { fromStatus: 200, toStatus: 399 },
      ...over,
    },
    signal,
  )
const expecting = (expect: Partial<HttpProbe['expect']>) => ({
  expect: { fromStatus: 200, toStatus: 399, ...expect },
})

test('an address that answers is up, with what each phase took (N5)', async () => {
  const asked: unknown[] = []
  const url = await serving(({ method, url, headers }, response) => {
    asked.push([method, url, headers['x-key'], headers['user-agent']])
    response.end('ok')
  })
  const found = await ask(url, { method: 'HEAD', headers: { 'x-key': 'secret' } })
  expect(found).toMatchObject({ isUp: true, error: null, status: 200, certificateExpiresAt: null })
  expect(Object.keys(found.phases)).toEqual(['connect', 'answer'])
  expect(asked).toEqual([['HEAD', '/health?deep=1', 'secret', 'pgsteward']])
})

test('a host name is looked up first', async () => {
  const url = await serving((_, response) => response.end())
  const { phases } = await ask(url.replace('127.0.0.1', 'localhost'))
  expect(Object.keys(phases)).toEqual(['resolve', 'connect', 'answer'])
})

test('a status that is not expected is down, and says which', async () => {
  const url = await serving((_, response) => response.writeHead(503).end())
  expect(await ask(url)).toMatchObject({ isUp: false, error: 'it answered 503', status: 503 })
  expect(await ask(url, expecting({ toStatus: 599 }))).toMatchObject({ isUp: true })
})

test('a redirect is not followed', async () => {
  let asked = 0
  const url = await serving((_, response) => {
    asked += 1
    response.writeHead(302, { location: 'http://169.254.169.254/' }).end()
  })
  expect(await ask(url)).toMatchObject({ isUp: true, status: 302 })
  expect(await ask(url, expecting({ toStatus: 299 }))).toMatchObject({ error: 'it answered 302' })
  expect(asked).toBe(2)
})

test('a body without the text, or with other JSON, is down', async () => {
  const url = await serving((_, response) => response.end('{"status":"degraded","checks":{"db":false}}'))
  const errorOf = async (expect: Partial<HttpProbe['expect']>) => (await ask(url, expecting(expect))).error
  expect(await errorOf({ text: 'degraded' })).toBeNull()
  expect(await errorOf({ text: 'status ok' })).toBe('its answer lacks "status ok"')
  expect(await errorOf({ json: { checks: { db: false } } })).toBeNull()
  expect(await errorOf({ json: { status: 'ok' } })).toBe(
    'its answer is not as expected: status is "degraded", not "ok"',
  )
  expect(await errorOf({ json: { checks: { cache: true } } })).toBe(
    'its answer is not as expected: checks.cache is missing',
  )
})

test('what is no JSON says so', async () => {
  const url = await serving((_, response) => response.end('<html>'))
  expect(await ask(url, expecting({ json: {} }))).toMatchObject({ error: 'its answer is not JSON' })
})

test('an endless body is read to its bound, and the connection closed', async () => {
  let closed = 0
  const url = await serving((_, response) => {
    response.on('close', () => {
      closed += 1
    })
    const pour = () => {
      while (!response.destroyed && response.write('x'.repeat(16_384))) {}
    }
    response.on('drain', pour)
    pour()
  })
  expect(await ask(url, expecting({ text: 'never' }))).toMatchObject({ error: 'its answer lacks "never"' })
  expect(await ask(url)).toMatchObject({ isUp: true })
  await expect.poll(() => closed).toBe(2)
})

test('no answer within the time is down, and says how far it came', async () => {
  const url = await serving(() => undefined)
  expect(await ask(url, { timeoutMs: 100 })).toMatchObject({
    isUp: false,
    error: 'no answer within 100 ms to the request',
    status: null,
  })
  const mute = await listening(createTcpServer(() => undefined))
  expect(await ask(mute.replace('http:', 'https:'), { timeoutMs: 100 })).toMatchObject({
    error: 'no answer within 100 ms: TLS was not agreed',
  })
})

test('a refused connection, a name that is not known and an answer that is no HTTP are told in words', async () => {
  expect(await ask('http://127.0.0.1:1/')).toMatchObject({ error: 'it refused the connection', phases: {} })
  expect(await ask('http://nobody.invalid/')).toMatchObject({
    error: expect.stringMatching(/^its host name (is not known|could not be looked up)/),
  })
  const rude = await listening(createTcpServer((socket) => socket.end('SSH-2.0-OpenSSH\r\n')))
  expect(await ask(rude)).toMatchObject({ error: 'its answer is not HTTP' })
  const gone = await listening(createTcpServer((socket) => socket.on('data', () => socket.destroy())))
  expect(await ask(gone)).toMatchObject({ error: 'it broke the connection off' })
})

test('TLS that an address does not speak is told', async () => {
  const url = await serving((_, response) => response.end())
  expect(await ask(url.replace('http:', 'https:'))).toMatchObject({
    error: 'TLS could not be agreed with it',
  })
})

describe.skipIf(!hasOpenssl)('over TLS', () => {
  const dir = mkdtempSync(join(tmpdir(), 'pgsteward-tls-'))
  const trusted = getCACertificates('default')
  afterAll(() => {
    setDefaultCACertificates(trusted)
    rmSync(dir, { recursive: true, force: true })
  })

  /** Signed by itself, for localhost, from now to so many days on. */
  async function serving(days: number): Promise<{ readonly url: string; readonly certificate: string }> {
    const files = [join(dir, `${days}.key`), join(dir, `${days}.pem`)] as const
    const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost']
    execFileSync(
      'openssl',
      [
        'req',
        '-x509',
        '-newkey',
        'ec',
        '-pkeyopt',
        'ec_paramgen_curve:prime256v1',
        '-nodes',
        '-keyout',
        files[0],
        '-out',
        files[1],
        ...subject,
        '-days',
        `${days}`,
      ],
      { stdio: 'ignore' },
    )
    const [key, certificate] = files.map((file) => readFileSync(file, 'utf8')) as [string, string]
    const url = await listening(
      createHttpsServer({ key, cert: certificate }, (_, response) => response.end('ok')),
    )
    return { url: url.replace('http://127.0.0.1', 'https://localhost'), certificate }
  }

  test('the end of the certificate is told, and TLS is a phase (N5)', async () => {
    const { url, certificate } = await serving(9)
    expect(await ask(url)).toMatchObject({ isUp: false, error: 'its certificate is signed by itself' })
    setDefaultCACertificates([...trusted, certificate])
    const found = await ask(url)
    expect(found).toMatchObject({ isUp: true, error: null })
    expect(Object.keys(found.phases)).toEqual(['resolve', 'connect', 'encrypt', 'answer'])
    const days = (found.certificateExpiresAt!.getTime() - Date.now()) / 86_400_000
    expect(Math.round(days)).toBe(9)
    expect(await ask(url.replace('localhost', '127.0.0.1'))).toMatchObject({
      error: 'its certificate is for another host',
    })
  })
})

test('a certificate that has expired is told as such, also where it is one of several reasons', () => {
  expect(probeErrorWords({ code: 'CERT_HAS_EXPIRED' })).toBe('its certificate has expired')
  expect(probeErrorWords({ errors: [{ code: 'ECONNREFUSED' }, { code: 'ENETUNREACH' }] })).toBe(
    'it refused the connection',
  )
  expect(probeErrorWords(new Error('odd'))).toBe('it could not be asked: odd')
})
