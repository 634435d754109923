import { NONE } from '../../lib/base/settingsText'
import type { RunDetail } from '../../lib/runs/schema'
import { count } from '../ui/format'
import { Tooltip } from '../ui/Tooltip'

/** Every setting with its meaning on hover. Settings that differ from their defaults are in bold. */
export function RunSettings({
  run: { config, settings },
  descriptions,
}: {
  run: RunDetail
  descriptions: Readonly<Record<string, string>>
}) {
  const known = Object.keys(descriptions).filter((name) => name in config)
  const names = [...known, ...Object.keys(config).filter((name) => !known.includes(name))]
  const isChosen = (name: string) => name in settings
  const ordered = [...names.filter(isChosen), ...names.filter((name) => !isChosen(name))]
  return (
    <>
      <dl className="grid grid-cols-[max-content_1fr] gap-x-5 gap-y-0.5">
        {ordered.map((name) => (
          <Setting
            key={name}
            name={name}
            value={config[name]}
            isChosen={isChosen(name)}
            description={descriptions[name]}
          />
        ))}
      </dl>
      <p className="text-ink-soft text-small mt-2">Faint settings are defaults, or follow from the others.</p>
    </>
  )
}

function Setting({
  name,
  value,
  isChosen,
  description,
}: {
  name: string
  value: unknown
  isChosen: boolean
  description: string | undefined
}) {
  const label = <span className="font-mono text-small">{name}</span>
  return (
    <>
      <dt className="text-ink-soft">
        {description ? (
          <Tooltip text={description}>
            <button
              type="button"
              className="decoration-line-strong cursor-help underline decoration-dotted underline-offset-3"
            >
              {label}
            </button>
          </Tooltip>
        ) : (
          label
        )}
      </dt>
      <dd
        className={
          isChosen
            ? 'min-w-0 font-mono text-small font-medium break-all'
            : 'text-ink-soft min-w-0 font-mono text-small break-all'
        }
      >
        {shown(value)}
      </dd>
    </>
  )
}

function shown(value: unknown): string {
  if (value === null) return NONE
  if (typeof value === 'number') return Number.isSafeInteger(value) ? count(value) : String(value)
  return typeof value === 'string' ? value : JSON.stringify(value)
}
