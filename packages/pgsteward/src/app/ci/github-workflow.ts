// The workflow for GitHub Actions: base and head of a pull request measured against each other on one runner, its migrations planned at
// production's sizes, and both told in one comment each. Code of the pull request runs with a token that reads only; what may write
// (comment, code scanning) runs in a job that runs none of it, and is left out for forks.

import type { DetectedProject, PackageManager } from './detect-project.ts'

export interface WorkflowChoices {
  readonly scenario: string
  readonly design: 'interleaved' | 'duet'
  /** Path of the health check. */
  readonly health: string
  /** Looks for known vulnerabilities of what is shipped. */
  readonly isAudited: boolean
}

const INSTALL: Readonly<Record<PackageManager, string>> = {
  npm: 'npm ci',
  pnpm: 'corepack enable && pnpm install --frozen-lockfile',
  yarn: 'corepack enable && yarn install --immutable',
}
/** By the lock file, without development's dependencies; fails from high on. */
const AUDIT: Readonly<Record<PackageManager, string>> = {
  npm: 'npm audit --omit=dev --audit-level=high',
  pnpm: 'corepack enable && pnpm audit --prod --audit-level high',
  yarn: 'corepack enable && yarn npm audit --recursive --environment production --severity high',
}
const EXEC: Readonly<Record<PackageManager, string>> = { npm: 'npx', pnpm: 'pnpm exec', yarn: 'yarn' }

export function githubWorkflow(
  project: DetectedProject,
  { scenario, design, health, isAudited }: WorkflowChoices,
): string {
  const { packageManager, hasBuild, hasStart, hasSeed, prismaMigrations, nodeVersionFile } = project
  const exec = EXEC[packageManager]
  const node = nodeVersionFile === null ? 'node-version: 24' : `node-version-file: head/${nodeVersionFile}`
  const start = hasStart ? `${packageManager} start` : 'node server.js'
  const prepare = [
    INSTALL[packageManager],
    ...(hasBuild ? [`${packageManager} run build`] : []),
    prismaMigrations === null
      ? `echo 'adapt: create the tables here, by the migrations of this project'`
      : `${exec} prisma migrate deploy`,
    hasSeed
      ? `${packageManager} run seed`
      : `echo 'adapt: fill them here; figures of empty tables say little'`,
  ]
  const migrations = prismaMigrations ?? 'migrations'
  return `# Written by pgsteward init ci; lines marked "adapt" want a look. docs/guides/ci.md explains each part.
name: pgsteward

on:
  pull_request:

# a newer push makes the older measurement pointless
concurrency:
  group: pgsteward-\${{ github.ref }}
  cancel-in-progress: true

# code of the pull request runs with no more than this
permissions:
  contents: read

jobs:
  load:
    name: Load, base against head
    runs-on: ubuntu-latest
    timeout-minutes: 45
    services:
      postgres:
        # adapt: the major version of production
        image: postgres:18
        env:
          POSTGRES_PASSWORD: postgres
          POSTGRES_DB: base
        ports:
          - 5432:5432
        options: --health-cmd "pg_isready -U postgres" --health-interval 2s --health-retries 30
    env:
      # a database each, so that neither finds what the other wrote
      BASE_DATABASE_URL: postgres://postgres:postgres@127.0.0.1:5432/base
      HEAD_DATABASE_URL: postgres://postgres:postgres@127.0.0.1:5432/head
    steps:
      - uses: actions/checkout@v4
        with:
          path: head
          persist-credentials: false
      - uses: actions/checkout@v4
        with:
          path: base
          ref: \${{ github.event.pull_request.base.sha }}
          persist-credentials: false
      - uses: actions/setup-node@v4
        with:
          ${node}

      # a service takes no arguments, and this library is loaded at the start alone
      - name: Count statements
        env:
          SERVICE: \${{ job.services.postgres.id }}
        run: |
          docker exec "$SERVICE" psql -U postgres -d base -c "alter system set shared_preload_libraries = 'pg_stat_statements'"
          docker restart "$SERVICE"
          until docker exec "$SERVICE" pg_isready -U postgres -d base; do sleep 1; done
          docker exec "$SERVICE" psql -U postgres -d base -c 'create database head'
          docker exec "$SERVICE" psql -U postgres -d base -c 'create extension pg_stat_statements'
          docker exec "$SERVICE" psql -U postgres -d head -c 'create extension pg_stat_statements'

      - name: Prepare base
        working-directory: base
        env:
          DATABASE_URL: postgres://postgres:postgres@127.0.0.1:5432/base
        run: |
${indented(prepare, 10)}
      - name: Prepare head
        working-directory: head
        env:
          DATABASE_URL: postgres://postgres:postgres@127.0.0.1:5432/head
        run: |
${indented(prepare, 10)}

      # both on this runner within minutes: runners differ by more than most slowdowns
      # adapt: the commands, and a path that answers as soon as the application serves
      - name: Load, base against head
        working-directory: head
        run: >
          ${exec} pgsteward load ab ${scenario}
          --base-command 'DATABASE_URL="$BASE_DATABASE_URL" ${start}' --base-dir ../base --base-database "$BASE_DATABASE_URL"
          --head-command 'DATABASE_URL="$HEAD_DATABASE_URL" ${start}' --head-database "$HEAD_DATABASE_URL"
          --design ${design} --repetitions 9 --for 20s --health ${health}
          --markdown ../reports/load.md --junit ../reports/load.xml --sarif ../reports/load.sarif --out ../reports/load-runs.json

      - name: Summary of the job
        if: \${{ !cancelled() }}
        run: test ! -f reports/load.md || cat reports/load.md >> "$GITHUB_STEP_SUMMARY"
      - uses: actions/upload-artifact@v4
        if: \${{ !cancelled() }}
        with:
          name: pgsteward-load
          path: reports
          if-no-files-found: ignore

  plan-check:
    name: Plans at production's sizes
    runs-on: ubuntu-latest
    timeout-minutes: 15
    steps:
      - uses: actions/checkout@v4
        with:
          path: head
          persist-credentials: false
      # examples/github-actions/export-statistics.yml fills this branch once a week, redacted
      - name: Production's statistics and workload
        id: statistics
        continue-on-error: true
        uses: actions/checkout@v4
        with:
          ref: pgsteward-statistics
          path: statistics
          persist-credentials: false
      - name: Without statistics
        if: \${{ steps.statistics.outcome != 'success' }}
        run: echo 'Plans are not checked, there is no branch pgsteward-statistics; docs/guides/plan-check.md tells how to fill it.' >> "$GITHUB_STEP_SUMMARY"
      - uses: actions/setup-node@v4
        if: \${{ steps.statistics.outcome == 'success' }}
        with:
          ${node}
      - name: Install
        if: \${{ steps.statistics.outcome == 'success' }}
        working-directory: head
        run: ${INSTALL[packageManager]}
      # adapt: --migrations and, where there is one, --policy
      - name: Plan check
        if: \${{ steps.statistics.outcome == 'success' }}
        working-directory: head
        run: >
          ${exec} pgsteward plan-check --stats ../statistics/statistics.json --workload ../statistics/workload.json
          --migrations ${migrations} --markdown ../reports/plan-check.md --junit ../reports/plan-check.xml
      - name: Summary of the job
        if: \${{ !cancelled() }}
        run: test ! -f reports/plan-check.md || cat reports/plan-check.md >> "$GITHUB_STEP_SUMMARY"
      - uses: actions/upload-artifact@v4
        if: \${{ !cancelled() }}
        with:
          name: pgsteward-plan-check
          path: reports
          if-no-files-found: ignore

${isAudited ? auditJob(packageManager, node) : ''}  report:
    name: Comment
    needs: [load, plan-check]
    # a fork's token may not write; its summaries and artifacts are there all the same
    if: \${{ !cancelled() && github.event.pull_request.head.repo.full_name == github.repository }}
    runs-on: ubuntu-latest
    timeout-minutes: 5
    # runs nothing of the pull request, so it may write
    permissions:
      pull-requests: write
      security-events: write
    steps:
      - uses: actions/download-artifact@v4
        with:
          pattern: pgsteward-*
          path: reports
          merge-multiple: true
      # each report has a hidden first line, by which its comment is found again and updated
      - name: Comment on the pull request
        env:
          GH_TOKEN: \${{ github.token }}
          PULL_REQUEST: \${{ github.event.pull_request.number }}
        run: |
          for report in load plan-check; do
            test -f "reports/$report.md" || continue
            { echo "<!-- pgsteward $report -->"; cat "reports/$report.md"; } > comment.md
            export MARKER="<!-- pgsteward $report -->"
            id=$(gh api --paginate "repos/$GITHUB_REPOSITORY/issues/$PULL_REQUEST/comments" \\
              --jq '.[] | select(.user.login == "github-actions[bot]" and (.body | startswith(env.MARKER))) | .id' | head -n 1)
            if [ -n "$id" ]; then
              gh api --silent --method PATCH "repos/$GITHUB_REPOSITORY/issues/comments/$id" -F body=@comment.md
            else
              gh api --silent "repos/$GITHUB_REPOSITORY/issues/$PULL_REQUEST/comments" -F body=@comment.md
            fi
          done
      # shown beside the pull request where code scanning is on
      - uses: github/codeql-action/upload-sarif@v3
        if: \${{ hashFiles('reports/load.sarif') != '' }}
        continue-on-error: true
        with:
          sarif_file: reports/load.sarif
          category: pgsteward-load
`
}

/** Needs the lock file alone: nothing of the pull request is installed or run. */
function auditJob(packageManager: PackageManager, node: string): string {
  return `  audit:
    name: Known vulnerabilities
    runs-on: ubuntu-latest
    timeout-minutes: 5
    steps:
      - uses: actions/checkout@v4
        with:
          path: head
          persist-credentials: false
      - uses: actions/setup-node@v4
        with:
          ${node}
      # adapt: with continue-on-error it tells of what nobody has mended yet, and stops nobody
      - name: Audit
        working-directory: head
        run: ${AUDIT[packageManager]}

`
}

function indented(lines: readonly string[], columns: number): string {
  return lines.map((line) => `${' '.repeat(columns)}${line}`).join('\n')
}
