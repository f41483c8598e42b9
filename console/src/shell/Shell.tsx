import { Link, Outlet, useLocation, useNavigate, useParams } from '@tanstack/react-router'
import { setSessionEnded, useSessionEnded } from '../api/session'
import { settings } from '../settings'
import { Button } from '../ui/Button'
import css from './shell.module.css'
import { useViewer, ViewerProvider, type Place } from './viewer'

function Mark() {
  return (
    <svg width="20" height="20" viewBox="0 0 16 16" aria-hidden="true">
      <path d="M8 2 3 12h10z" fill="none" stroke="currentColor" strokeWidth="1.5" />
      <g fill="currentColor">
        <circle cx="8" cy="2.5" r="2" />
        <circle cx="3" cy="12" r="2" />
        <circle cx="13" cy="12" r="2" />
      </g>
    </svg>
  )
}

/** The place that the address names, or the person's own. */
export function usePlace(): Place | undefined {
  const { group, region } = useParams({ strict: false })
  const { home } = useViewer()
  return group && region ? { group, region } : home
}

/** The list that a page belongs to: another place shows the same kind of thing, not the same thing. */
function listOf(path: string): '/at/$group/$region/models' | '/at/$group/$region/runtimes' | '/at/$group/$region/import' {
  const [, kind] = /\/at\/[^/]+\/[^/]+\/(\w+)/.exec(path) ?? []
  if (kind === 'runtimes' || kind === 'import') return `/at/$group/$region/${kind}`
  return '/at/$group/$region/models'
}

function PlaceChoice({ place }: { place: Place }) {
  const { places } = useViewer()
  const navigate = useNavigate()
  const { pathname } = useLocation()
  const known = places.some(({ group, region }) => group === place.group && region === place.region) ? places : [place, ...places]
  const choose = (value: string) => {
    const chosen = known[Number(value)]
    if (chosen) void navigate({ to: listOf(pathname), params: { group: chosen.group, region: chosen.region } })
  }
  return (
    <label className={css.choice}>
      Group and region
      <select
        className={css.select}
        value={known.findIndex(({ group, region }) => group === place.group && region === place.region)}
        onChange={event => choose(event.target.value)}
      >
        {known.map(({ group, region }, index) => (
          <option key={`${group} ${region}`} value={index}>
            {group} · {region}
          </option>
        ))}
      </select>
    </label>
  )
}

/** In the demo alone: another person, as a browser cannot name one in its headers. */
function PersonChoice() {
  const people = settings.people
  if (!people) return null
  const choose = async (name: string) => {
    await fetch(people.endpoint, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ name }) })
    location.assign(settings.base)
  }
  return (
    <label className={css.choice}>
      Person
      <select className={css.select} value={people.current} onChange={event => void choose(event.target.value)}>
        {people.list.map(({ name, about }) => (
          <option key={name} value={name}>
            {name} · {about}
          </option>
        ))}
      </select>
    </label>
  )
}

function Nav() {
  const place = usePlace()
  const { home } = useViewer()
  return (
    <nav className={css.nav} aria-label="Console">
      <Link to="/inbox">Inbox</Link>
      {place && (
        <>
          <Link to="/at/$group/$region/models" params={{ ...place }}>
            Models
          </Link>
          <Link to="/at/$group/$region/runtimes" params={{ ...place }}>
            Runtimes
          </Link>
          <Link to="/at/$group/$region/import" params={{ ...place }}>
            Import
          </Link>
        </>
      )}
      {!home && <span />}
    </nav>
  )
}

function SessionBanner() {
  if (!useSessionEnded()) return null
  return (
    <div className={css.banner} role="alert">
      <span>Your session has ended. What you have typed stays on this page.</span>
      <a href={settings.base} target="_blank" rel="noreferrer">
        Sign in, in a new tab
      </a>
      <Button onPress={() => setSessionEnded(false)}>I have signed in</Button>
    </div>
  )
}

function Header() {
  const place = usePlace()
  const { subject } = useViewer()
  return (
    <header className={css.header}>
      <a className={css.skip} href="#main">
        Skip to the content
      </a>
      <div className={css.bar}>
        <Link to="/" className={css.brand}>
          <Mark /> SageGraph
        </Link>
        <Nav />
        {place && <PlaceChoice place={place} />}
        {settings.people ? <PersonChoice /> : <span className={css.choice}>{subject || 'Nobody is signed in'}</span>}
      </div>
    </header>
  )
}

/** What every page has around it. */
export function Shell() {
  return (
    <>
      <SessionBanner />
      <ViewerProvider>
        <Header />
        <main className={css.main} id="main">
          <Outlet />
        </main>
      </ViewerProvider>
    </>
  )
}
