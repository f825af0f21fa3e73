// The frame around every page, and which page the address means.

import type { SessionWire, TargetWire } from 'pgsteward/wire'
import { type ReactNode, Suspense, useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { onUnknown } from './data/connection.ts'
import { useResource } from './data/use-resource.ts'
import { Banner } from './frame/banner.tsx'
import { Help } from './frame/help.tsx'
import { useKeys } from './frame/keys.ts'
import { PageFault } from './frame/page-fault.tsx'
import { Rail } from './frame/rail.tsx'
import { SessionContext } from './frame/session.ts'
import { SignIn } from './frame/sign-in.tsx'
import { TargetsContext } from './frame/targets.ts'
import { TopBar } from './frame/top-bar.tsx'
import { Link } from './link.tsx'
import {
  AccessPage,
  ActivityPage,
  AdvicePage,
  AdvisedIndexPage,
  AlertsPage,
  ApplicationPage,
  ApplicationsPage,
  AvailabilityPage,
  CapacityPage,
  ChangePage,
  ChangesPage,
  ChecksPage,
  FindingPage,
  FindingsPage,
  IncidentPage,
  IncidentsPage,
  IndexesPage,
  JobPage,
  LoadPage,
  LoadRunPage,
  LogsPage,
  MaintenancePage,
  OnCallPage,
  OptimizationPage,
  OptimizationsPage,
  OverviewPage,
  ReportPage,
  ReportsPage,
  SlowQueriesPage,
  StatementPage,
  StatementsPage,
  TablesPage,
} from './pages/lazy-pages.ts'
import { parseRoute, pathOf, type Route } from './route.ts'
import { SearchBox } from './search/search-box.tsx'
import { PageFailure, Skeleton } from './states.tsx'
import { useAddress } from './use-address.ts'

export function App(): ReactNode {
  const { route, params } = useAddress()
  const [isHelpOpen, setHelpOpen] = useState(false)
  const [isSearchOpen, setSearchOpen] = useState(false)
  const openSearch = useCallback(() => setSearchOpen(true), [])
  useKeys(
    useCallback(() => setHelpOpen(true), []),
    openSearch,
  )
  const targets = useResource<readonly TargetWire[]>({ path: '/api/v1/targets', everyMs: 10_000 })
  const session = useResource<SessionWire>({ path: '/api/v1/session', everyMs: 60_000 })
  const known = useMemo(
    () => ({
      who: session.data,
      refresh: () => {
        session.refresh()
        targets.refresh()
      },
    }),
    [session.data, session.refresh, targets.refresh],
  )
  useEffect(() => onUnknown(targets.refresh), [targets.refresh])
  const wanted = params.get('target')
  const current = targets.data?.find(({ id }) => id === wanted) ?? targets.data?.[0] ?? null
  const context = useMemo(
    () => (targets.data === null || current === null ? null : { all: targets.data, current }),
    [targets.data, current],
  )
  const main = useRef<HTMLElement>(null)
  const path = pathOf(route)
  const firstPath = useRef(path)
  useEffect(() => {
    // a new page begins at its top, for eyes and for screen readers; the first one is left to the browser
    if (firstPath.current === path) return
    firstPath.current = ''
    window.scrollTo(0, 0)
    main.current?.focus({ preventScroll: true })
  }, [path])

  return (
    <SessionContext value={known}>
      <div className="frame">
        <a className="skip" href="#main">
          Skip to the page
        </a>
        <Rail route={route} findings={current?.findings ?? null} />
        <TopBar
          targets={targets.data ?? []}
          current={current}
          onHelp={() => setHelpOpen(true)}
          onSearch={openSearch}
        />
        <main id="main" ref={main} tabIndex={-1}>
          <Banner />
          {targets.error?.isUnauthorised === true ? (
            <SignIn onSignedIn={known.refresh} />
          ) : targets.data === null ? (
            targets.error === null ? (
              <Skeleton rows={8} />
            ) : (
              <PageFailure error={targets.error} onRetry={targets.refresh} />
            )
          ) : context === null ? (
            <NoTargets />
          ) : (
            <TargetsContext value={context}>
              {wanted !== null && wanted !== context.current.id ? (
                <p className="note">
                  There is no target {wanted}; this is {context.current.id}.
                </p>
              ) : null}
              {/* another target is another page: nothing of the one before may remain */}
              <PageFault key={`${context.current.id} ${path}`}>
                <Suspense fallback={<Skeleton rows={8} />}>
                  <Page route={route} />
                </Suspense>
              </PageFault>
            </TargetsContext>
          )}
        </main>
        {isSearchOpen ? (
          <SearchBox targets={targets.data ?? []} current={current} onClose={() => setSearchOpen(false)} />
        ) : null}
        {isHelpOpen ? <Help onClose={() => setHelpOpen(false)} /> : null}
      </div>
    </SessionContext>
  )
}

function Page(props: { readonly route: Route }): ReactNode {
  const { route } = props
  switch (route.page) {
    case 'overview':
      return <OverviewPage />
    case 'findings':
      return <FindingsPage />
    case 'finding':
      return <FindingPage findingKey={route.key} />
    case 'alerts':
      return <AlertsPage />
    case 'on-call':
      return <OnCallPage />
    case 'incidents':
      return <IncidentsPage />
    case 'incident':
      return <IncidentPage name={route.name} />
    case 'optimizations':
      return <OptimizationsPage />
    case 'optimization':
      return <OptimizationPage name={route.name} />
    case 'availability':
      return <AvailabilityPage />
    case 'applications':
      return <ApplicationsPage />
    case 'application':
      return <ApplicationPage name={route.name} />
    case 'slow-queries':
      return <SlowQueriesPage />
    case 'logs':
      return <LogsPage />
    case 'activity':
      return <ActivityPage />
    case 'statements':
      return <StatementsPage />
    case 'statement':
      return <StatementPage queryId={route.queryId} />
    case 'tables':
      return <TablesPage />
    case 'indexes':
      return <IndexesPage />
    case 'advice':
      return <AdvicePage />
    case 'advised-index':
      return <AdvisedIndexPage name={route.name} />
    case 'maintenance':
      return <MaintenancePage />
    case 'job':
      return <JobPage id={route.id} />
    case 'changes':
      return <ChangesPage />
    case 'change':
      return <ChangePage name={route.name} />
    case 'load':
      return <LoadPage />
    case 'load-run':
      return <LoadRunPage id={route.id} />
    case 'capacity':
      return <CapacityPage />
    case 'reports':
      return <ReportsPage />
    case 'report':
      return <ReportPage kind={route.kind} name={route.name} />
    case 'checks':
      return <ChecksPage />
    case 'access':
      return <AccessPage />
    case 'not-found':
      return <NotFound />
  }
}

function NotFound(): ReactNode {
  return (
    <>
      <title>Not found · pgsteward</title>
      <h1>There is no such page</h1>
      <p>
        Nothing is at <code>{window.location.pathname}</code>.{' '}
        <Link to={parseRoute('/')}>To the overview</Link>
      </p>
    </>
  )
}

function NoTargets(): ReactNode {
  return (
    <>
      <title>No targets · pgsteward</title>
      <h1>Nothing is watched yet</h1>
      <p>
        Start with a database's address and it appears here: <code>npx pgsteward watch postgres://…</code>
      </p>
    </>
  )
}
