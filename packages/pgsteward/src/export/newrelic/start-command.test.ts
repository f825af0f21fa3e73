import { expect, test } from 'vitest'
import { firstImport, readStartCommand } from './start-command.ts'

test.each([
  ['node server.js', '', [], [], 'server.js'],
  ['node -r newrelic dist/server.js', '', ['newrelic'], [], 'dist/server.js'],
  ['node --require=newrelic ./server.cjs --port 3', '', ['newrelic'], [], './server.cjs'],
  [
    'node --import newrelic/esm-loader.mjs -r newrelic src/main.mjs',
    '',
    ['newrelic'],
    ['newrelic/esm-loader.mjs'],
    'src/main.mjs',
  ],
  [
    'node --experimental-loader=newrelic/esm-loader.mjs --env-file .env app.js',
    '',
    [],
    ['newrelic/esm-loader.mjs'],
    'app.js',
  ],
  ['prisma migrate deploy && node dist/main', '', [], [], 'dist/main'],
  ["NODE_ENV=production NODE_OPTIONS='-r newrelic' node server.js", '', ['newrelic'], [], 'server.js'],
  [
    'cross-env NODE_OPTIONS="--require newrelic" tsx watch src/server.ts',
    '',
    ['newrelic'],
    [],
    'src/server.ts',
  ],
  ['node server.js', '--require newrelic', ['newrelic'], [], 'server.js'],
  ['next start', '', [], [], null],
])('%s with NODE_OPTIONS "%s" (X2)', (script, nodeOptions, required, imported, entry) => {
  expect(readStartCommand(script, nodeOptions)).toEqual({ required, imported, entry })
})

test.each([
  ["'use strict'\nrequire('newrelic')\nconst x = require('express')", 'newrelic'],
  [
    "#!/usr/bin/env node\n// require('newrelic')\nconst express = require('express')\nrequire('newrelic')",
    'express',
  ],
  ["/* import 'newrelic' */\nimport express from 'express'\nimport 'newrelic'", 'express'],
  ["import type { Pool } from 'pg'\nimport 'newrelic'", 'newrelic'],
  ["import {\n  a,\n  b,\n} from './first.ts'\nimport 'newrelic'", './first.ts'],
  ['const x = 1', null],
])('%j loads %s first (X2)', (source, first) => {
  expect(firstImport(source)).toBe(first)
})
