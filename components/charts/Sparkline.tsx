import { number } from '../ui/format'

/** A row of small bars, one per value, all from zero. */
export function Sparkline({
  values,
  max,
  label,
  height = 24,
  fluid = false,
}: {
  values: readonly number[]
  max: number
  label: string
  height?: number
  /** Narrower bars where there is less room. */
  fluid?: boolean
}) {
  const step = 6
  const width = values.length * step
  return (
    <svg
      width={fluid ? '100%' : width}
      height={height}
      viewBox={`0 0 ${width} ${height}`}
      preserveAspectRatio="none"
      style={{ maxWidth: width }}
      role="img"
      aria-label={label}
      className="overflow-visible"
    >
      {values.map((value, at) => {
        const size = max > 0 ? Math.max(value > 0 ? 1 : 0, (value / max) * height) : 0
        return (
          <rect key={at} x={at * step} y={height - size} width={step - 1} height={size} className="fill-contrary">
            <title>{`${at}: ${number(value)}`}</title>
          </rect>
        )
      })}
    </svg>
  )
}
