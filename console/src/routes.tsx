// The addresses of the console. Everything that a page shows is in its address: place, filter, order, page, tab.
import { createRootRoute, createRoute, createRouter, lazyRouteComponent, Link, redirect } from '@tanstack/react-router'
import { settings } from './settings'
import { Shell } from './shell/Shell'
import { Empty } from './ui/Page'

export const TABS = ['lineage', 'jobs', 'snapshots', 'deployments', 'assets'] as const
export type Tab = (typeof TABS)[number]

interface ModelsSearch {
  name?: string
  imported?: 'yes' | 'no'
  live?: 'yes' | 'no'
  sort?: 'name' | 'created'
  direction?: 'asc' | 'desc'
  after?: string
}

interface ModelSearch {
  tab?: Tab
  /** The kinds of job that the tab of jobs shows: training and transform jobs, or the others. */
  jobs?: 'other'
  after?: string
}

type Search = Record<string, unknown>
const text = (value: unknown) => (typeof value === 'string' && value !== '' ? value : undefined)
const oneOf = <T extends string>(value: unknown, ...allowed: T[]) => allowed.find(each => each === value)

const root = createRootRoute({
  component: Shell,
  notFoundComponent: () => (
    <Empty>
      <h1>There is no such page</h1>
      <Link to="/">To the inbox</Link>
    </Empty>
  ),
})

const home = createRoute({
  getParentRoute: () => root,
  path: '/',
  beforeLoad: () => {
    throw redirect({ to: '/inbox' })
  },
})

const inbox = createRoute({
  getParentRoute: () => root,
  path: '/inbox',
  component: lazyRouteComponent(() => import('./pages/inbox/Inbox'), 'Inbox'),
})

const deployment = createRoute({
  getParentRoute: () => root,
  path: '/deployments/$id',
  component: lazyRouteComponent(() => import('./pages/deployment/DeploymentPage'), 'DeploymentPage'),
})

const models = createRoute({
  getParentRoute: () => root,
  path: '/at/$group/$region/models',
  validateSearch: (search: Search): ModelsSearch => ({
    name: text(search.name),
    imported: oneOf(search.imported, 'yes', 'no'),
    live: oneOf(search.live, 'yes', 'no'),
    sort: oneOf(search.sort, 'name', 'created'),
    direction: oneOf(search.direction, 'asc', 'desc'),
    after: text(search.after),
  }),
  component: lazyRouteComponent(() => import('./pages/models/Models'), 'Models'),
})

const model = createRoute({
  getParentRoute: () => root,
  path: '/at/$group/$region/models/$name',
  validateSearch: (search: Search): ModelSearch => ({ tab: oneOf(search.tab, ...TABS), jobs: oneOf(search.jobs, 'other'), after: text(search.after) }),
  component: lazyRouteComponent(() => import('./pages/model/ModelPage'), 'ModelPage'),
})

const runtimes = createRoute({
  getParentRoute: () => root,
  path: '/at/$group/$region/runtimes',
  validateSearch: (search: Search): { name?: string; status?: string; after?: string } => ({ name: text(search.name), status: text(search.status), after: text(search.after) }),
  component: lazyRouteComponent(() => import('./pages/runtimes/Runtimes'), 'Runtimes'),
})

const runtime = createRoute({
  getParentRoute: () => root,
  path: '/at/$group/$region/runtimes/$name',
  component: lazyRouteComponent(() => import('./pages/runtime/RuntimePage'), 'RuntimePage'),
})

const importModel = createRoute({
  getParentRoute: () => root,
  path: '/at/$group/$region/import',
  validateSearch: (search: Search): { name?: string; run?: string } => ({ name: text(search.name), run: text(search.run) }),
  component: lazyRouteComponent(() => import('./pages/import/Import'), 'Import'),
})

export const router = createRouter({
  routeTree: root.addChildren([home, inbox, deployment, models, model, runtimes, runtime, importModel]),
  basepath: settings.base,
  scrollRestoration: true,
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}
