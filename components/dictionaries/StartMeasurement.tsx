'use client'

import { useState } from 'react'
import { Button, type ButtonLook } from '../ui/Button'
import { Select } from '../ui/Field'
import { Failure } from '../ui/States'
import { JobProgress } from './JobProgress'
import { MEASUREMENTS, useMeasurement, type MeasurementKind } from './useMeasurement'

export interface HarvestOption {
  id: string
  name: string
}

/** A button that starts a measurement and turns into its progress. */
export function StartMeasurement({
  dictionary,
  kind,
  running,
  harvests,
  look,
  compact = false,
  children,
}: {
  dictionary: string
  kind: MeasurementKind
  /** Id of an unfinished job. */
  running?: string | undefined
  /** Harvests to choose from, for a dictionary that was not trained here. */
  harvests?: readonly HarvestOption[] | undefined
  look?: ButtonLook
  /** One line, for cells of tables. */
  compact?: boolean
  children?: string
}) {
  const [harvest, setHarvest] = useState(harvests?.[0]?.id)
  const { job, isOver, start, problem, onEnd } = useMeasurement(dictionary, kind, running, harvest)
  const verb = children ?? MEASUREMENTS[kind].verb
  const canStart = !job || (isOver && !compact)
  return (
    <>
      {job && <JobProgress key={job} job={job} name={MEASUREMENTS[kind].name} onEnd={onEnd} compact={compact} />}
      {canStart && harvests && harvests.length > 1 && (
        <Select
          aria-label="Harvest to measure on"
          className="text-small mr-1 max-w-full font-mono"
          value={harvest}
          onChange={({ target }) => setHarvest(target.value)}
        >
          {harvests.map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </Select>
      )}
      {canStart && harvests?.length === 0 && (
        <span className="text-ink-soft">There is no finished harvest of its model and hook.</span>
      )}
      {canStart && harvests?.length !== 0 && (
        <Button look={look} onClick={start} className={compact ? 'h-6' : undefined}>
          {verb}
        </Button>
      )}
      {problem && compact && (
        <span
          role="alert"
          className="text-danger text-small ml-1"
          title={`${problem.message}\n${problem.remedy ?? ''}`}
        >
          failed
        </span>
      )}
      {problem && !compact && (
        <div className="mt-2 text-left">
          <Failure problem={problem} />
        </div>
      )}
    </>
  )
}
