// Judges a project's New Relic set-up line by line: what is there, what is lost without it, what to do.

import type { Diagnosis } from '../../evaluate/diagnose.ts'
import { type AgentConfig, leakedAttributes } from '../../export/newrelic/agent-leaks.ts'
import type { NewRelicProject } from './newrelic-project.ts'

type Environment = Readonly<Record<string, string | undefined>>

export function verifyProject(project: NewRelicProject, env: Environment): readonly Diagnosis[] {
  return [
    packageLine(project),
    configLine(project),
    ...(project.config === null ? [] : redactionLines(project.config, env)),
    orderLine(project),
    ...environmentLines(project.config, env),
  ]
}

function packageLine({ declaredAs, installedVersion }: NewRelicProject): Diagnosis {
  const aspect = 'package'
  if (declaredAs !== 'dependencies')
    return {
      aspect,
      status: 'missing',
      message:
        declaredAs === null
          ? 'newrelic is not in package.json'
          : 'newrelic is among devDependencies, which production installs leave out',
      lost: 'no traces of transactions; metrics over OTLP need no agent',
      mend: ['npm install newrelic'],
    }
  return installedVersion === null
    ? { aspect, status: 'missing', message: 'newrelic is declared, but not installed', mend: ['npm ci'] }
    : { aspect, status: 'ok', message: `newrelic ${installedVersion}` }
}

function configLine({ configFile, configProblem, isModule }: NewRelicProject): Diagnosis {
  const aspect = 'configuration'
  const mend = ['pgsteward newrelic config > newrelic.cjs']
  if (configFile === null)
    return {
      aspect,
      status: 'missing',
      message: 'there is no newrelic.cjs',
      lost: "the agent's defaults, which know nothing of your secrets",
      mend,
    }
  const name = configFile.slice(configFile.lastIndexOf('/') + 1)
  if (isModule && name === 'newrelic.js')
    return {
      aspect,
      status: 'missing',
      message: 'newrelic.js is an ES module in this package, which the agent cannot read',
      mend: ['mv newrelic.js newrelic.cjs'],
    }
  if (configProblem !== null)
    return { aspect, status: 'missing', message: `${name} cannot be read: ${configProblem}`, mend }
  return { aspect, status: 'ok', message: name }
}

function redactionLines(config: AgentConfig, env: Environment): readonly Diagnosis[] {
  const leaked = leakedAttributes(config)
  const recordSql = env.NEW_RELIC_RECORD_SQL ?? config.transaction_tracer?.record_sql ?? 'obfuscated'
  return [
    leaked.length === 0
      ? {
          aspect: 'redaction',
          status: 'ok',
          message: 'headers, cookies and parameters with secrets are not sent',
        }
      : {
          aspect: 'redaction',
          status: 'missing',
          message: `sent to New Relic: ${leaked.join(', ')}`,
          mend: ["attributes.exclude: 'request.headers.*', 'response.headers.*', 'request.parameters.*'"],
        },
    recordSql === 'raw'
      ? {
          aspect: 'statements',
          status: 'missing',
          message: 'record_sql is raw: literals of statements are sent',
          mend: ["transaction_tracer.record_sql: 'obfuscated'"],
        }
      : { aspect: 'statements', status: 'ok', message: `record_sql is ${recordSql}` },
    ...(config.distributed_tracing?.enabled === false
      ? [
          {
            aspect: 'tracing',
            status: 'note' as const,
            message: 'distributed tracing is off',
            lost: 'slow queries are not linked to traces',
            mend: ['distributed_tracing.enabled: true'],
          },
        ]
      : []),
  ]
}

function orderLine({ start, scriptName, isModule, firstImport, hasEntry }: NewRelicProject): Diagnosis {
  const aspect = 'import order'
  const lost = 'what is loaded before the agent is not measured'
  if (start === null)
    return {
      aspect,
      status: 'unavailable',
      message: `package.json has no script ${scriptName}`,
      mend: ['give --script NAME'],
    }
  const isRequired = start.required.includes('newrelic') || start.imported.includes('newrelic')
  const hasLoader = start.imported.some((each) => each.startsWith('newrelic/esm-loader'))
  const entry = start.entry ?? 'server.js'
  const isEsm = entry.endsWith('.mjs') || entry.endsWith('.mts') || (isModule && !/\.c[jt]s$/.test(entry))
  if (isEsm) {
    const mend = [`node --import newrelic/esm-loader.mjs -r newrelic ${entry}`]
    if (isRequired && hasLoader)
      return { aspect, status: 'ok', message: `${scriptName} loads the agent and its loader first` }
    const message =
      isRequired || firstImport === 'newrelic'
        ? `${scriptName} runs ES modules without newrelic/esm-loader.mjs`
        : `${scriptName} does not load the agent first`
    return { aspect, status: 'missing', message, lost, mend }
  }
  if (isRequired) return { aspect, status: 'ok', message: `${scriptName} loads the agent first (-r)` }
  if (firstImport === 'newrelic') return { aspect, status: 'ok', message: `${entry} loads the agent first` }
  const mend = [`node -r newrelic ${entry}`]
  if (start.entry === null)
    return { aspect, status: 'unavailable', message: `what ${scriptName} runs could not be made out`, mend }
  if (!hasEntry)
    return { aspect, status: 'unavailable', message: `${entry} is not there: build it first`, mend }
  return {
    aspect,
    status: 'missing',
    message:
      firstImport === null
        ? `${entry} does not load the agent`
        : `${entry} loads ${firstImport} before the agent`,
    lost,
    mend,
  }
}

function environmentLines(config: AgentConfig | null, env: Environment): readonly Diagnosis[] {
  const lines: Diagnosis[] = []
  const key = env.NEW_RELIC_LICENSE_KEY
  const keyInFile = config?.license_key !== undefined && config.license_key !== ''
  if (key !== undefined && key !== '')
    lines.push(
      key.length === 40
        ? { aspect: 'license key', status: 'ok', message: 'NEW_RELIC_LICENSE_KEY is set' }
        : {
            aspect: 'license key',
            status: 'missing',
            message: `NEW_RELIC_LICENSE_KEY has ${key.length} characters; license keys have 40`,
            mend: ['New Relic, API keys, type INGEST - LICENSE'],
          },
    )
  else if (keyInFile)
    lines.push({
      aspect: 'license key',
      status: 'note',
      message: 'the key stands in the configuration file',
      lost: 'whoever reads the repository has it',
      mend: ['take it out and set NEW_RELIC_LICENSE_KEY'],
    })
  else
    lines.push({
      aspect: 'license key',
      status: 'missing',
      message: 'NEW_RELIC_LICENSE_KEY is not set in this environment',
      lost: 'the agent sends nothing',
      mend: ['set it where the application runs'],
    })
  const hasName = env.NEW_RELIC_APP_NAME !== undefined || (config?.app_name ?? []).length > 0
  lines.push(
    hasName
      ? {
          aspect: 'application name',
          status: 'ok',
          message:
            env.NEW_RELIC_APP_NAME === undefined ? 'of the configuration file' : 'NEW_RELIC_APP_NAME is set',
        }
      : {
          aspect: 'application name',
          status: 'missing',
          message: 'there is neither NEW_RELIC_APP_NAME nor app_name',
          lost: 'the agent does not start',
          mend: ['set NEW_RELIC_APP_NAME to the service name of @pgsteward/instrument'],
        },
  )
  if (
    env.NEW_RELIC_ENABLED === 'false' ||
    (env.NEW_RELIC_ENABLED === undefined && config?.agent_enabled === false)
  )
    lines.push({
      aspect: 'agent',
      status: 'missing',
      message: 'the agent is switched off',
      mend: ['NEW_RELIC_ENABLED=true'],
    })
  return lines
}
