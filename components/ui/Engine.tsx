import { engineName } from './engineName'
import { Tooltip } from './Tooltip'

/** The short name of an engine; its full fingerprint on hover and on focus. */
export function Engine({
  children: fingerprint,
  inTable = false,
}: {
  children: string
  /** On hover only: a stop of the tab key in every row would be too many. */
  inTable?: boolean
}) {
  const name = engineName(fingerprint)
  if (name === fingerprint) return <span>{name}</span>
  if (inTable) return <span title={fingerprint}>{name}</span>
  return (
    <Tooltip text={fingerprint}>
      <span tabIndex={0} className="decoration-line-strong underline decoration-dotted underline-offset-3">
        {name}
      </span>
    </Tooltip>
  )
}
