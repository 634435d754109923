import { number } from '../ui/format'

/** A row of small bars, one per value, all from zero. */
export function Sparkline({
  values,
  max,
  label,
  height = 24,
}: {
  values: readonly number[]
  max: number
  label: string
  height?: number
}) {
  const step = 6
  return (
    <svg width={values.length * step} height={height} role="img" aria-label={label} className="overflow-visible">
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
