import { cx } from '../ui/cx'
import { HoverLink } from '../ui/HoverLink'
import { LongName } from '../ui/LongName'
import type { JobSummary } from '../../lib/jobs/schema'

const PLACES = { run: '/runs', dictionary: '/dictionaries', harvest: '/harvests' } as const

/** What a job works on. The first thing is what it makes or measures. */
export function JobAbout({ about, all = false }: { about: JobSummary['about']; all?: boolean }) {
  const kinds = (['run', 'dictionary', 'harvest'] as const).filter((kind) => about[kind])
  if (kinds.length === 0) return '–'
  return (all ? kinds : kinds.slice(0, 1)).map((kind) => (
    <span key={kind} className={all ? 'block' : 'block min-w-0'}>
      {all && <span className="text-ink-soft">{kind} </span>}
      <HoverLink
        href={`${PLACES[kind]}/${about[kind]!.id}`}
        className={cx(
          'font-mono text-small hover:underline',
          all ? 'text-accent break-all' : 'hover:text-accent block',
        )}
      >
        {all ? about[kind]!.name : <LongName>{about[kind]!.name}</LongName>}
      </HoverLink>
    </span>
  ))
}
