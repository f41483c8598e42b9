import { Link, Outlet, useLocation } from '@tanstack/react-router'
import { useEffect, useRef } from 'react'
import { setSessionEnded, useSessionEnded } from '../api/session'
import { settings } from '../settings'
import { Button } from '../ui/Button'
import { ForeignPlace, PlaceChoice, usePlace } from './PlaceChoice'
import css from './shell.module.css'
import { useViewer, ViewerProvider } from './viewer'

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

/** In the demo alone: another person, as a browser cannot name one in its headers. The page stays. */
function PersonChoice() {
  const people = settings.people
  if (!people) return null
  const choose = async (name: string) => {
    await fetch(people.endpoint, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ name }) })
    location.reload()
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
        <PlaceChoice />
        {settings.people ? <PersonChoice /> : <span className={css.choice}>{subject || 'Nobody is signed in'}</span>}
      </div>
    </header>
  )
}

/** The page itself. Another page takes the focus, so that the keyboard and a screen reader begin at its top. */
function Main() {
  const ref = useRef<HTMLElement>(null)
  const { pathname } = useLocation()
  const shown = useRef(pathname)
  useEffect(() => {
    if (shown.current === pathname) return
    shown.current = pathname
    ref.current?.focus({ preventScroll: true })
  }, [pathname])
  return (
    <main className={css.main} id="main" ref={ref} tabIndex={-1}>
      <ForeignPlace>
        <Outlet />
      </ForeignPlace>
    </main>
  )
}

/** What every page has around it. */
export function Shell() {
  return (
    <>
      <SessionBanner />
      <ViewerProvider>
        <Header />
        <Main />
      </ViewerProvider>
    </>
  )
}
