import css from './ui.module.css'

type Tone = 'good' | 'busy' | 'bad' | 'idle'

const TONES: Record<string, Tone> = Object.fromEntries(
  (
    [
      ['good', 'IN_SERVICE IMPORTED PASSED COMPLETED DEPLOYED DONE SUCCEEDED APPROVED OK'],
      ['busy', 'CREATING UPDATING SYSTEM_UPDATING ROLLING_BACK IN_PROGRESS STOPPING VERIFYING REHEARSING LAUNCHING RUNNING WAITING AWAITING_APPROVAL EXECUTING INSUFFICIENT_DATA'],
      ['bad', 'FAILED REJECTED UPDATE_ROLLBACK_FAILED BLOCKED ALARM OUT_OF_SERVICE COMPLETED_WITH_FAILURES'],
    ] as const
  ).flatMap(([tone, words]) => words.split(' ').map(word => [word, tone])),
)

const PATHS: Record<Tone, string> = {
  good: 'M3 8.5 6.5 12 13 4.5',
  busy: 'M8 3.5V8l3 2',
  bad: 'M4 4l8 8M12 4l-8 8',
  idle: 'M4 8h8',
}

/** A word of a closed set as people read it: `IN_SERVICE` is "In service". */
export function words(value: string): string {
  const lower = value.toLowerCase().replaceAll('_', ' ')
  return lower.charAt(0).toUpperCase() + lower.slice(1)
}

/** A status: an icon and a word, so that nobody has to tell colours apart. `raw` is AWS's own word for one not known here. */
export function Status({ value, raw }: { value: string; raw?: string | null }) {
  const tone = TONES[value] ?? 'idle'
  return (
    <span className={`${css.status} ${css[tone]}`}>
      <svg width="16" height="16" viewBox="0 0 16 16" fill="none" stroke="currentColor" strokeWidth="2" strokeLinecap="round" aria-hidden="true">
        {tone === 'busy' && <circle cx="8" cy="8" r="6.5" strokeWidth="1.5" />}
        <path d={PATHS[tone]} />
      </svg>
      {value === 'UNKNOWN' && raw ? raw : words(value)}
    </span>
  )
}
