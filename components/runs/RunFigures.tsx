import { METRICS, type MetricName } from '../../trainer/evaluate/metrics'
import type { RunPicture } from '../../lib/runs/pictureSchema'
import type { RunDetail } from '../../lib/runs/schema'
import { Definition } from '../ui/Definition'
import { count, number, percent } from '../ui/format'

const SHARES = new Set<MetricName>(['explainedVariance', 'nmse', 'deadShare'])
const BY_BOTH = ['l0', 'explainedVariance', 'nmse', 'deadShare'] as const
const BY_INFERENCE = ['mse', 'cosine', 'l2Ratio', 'reconstructionBias'] as const

/** The newest held-out figures by both rules, with their formulas; at the end also those of all held-out tokens. */
export function RunFigures({
  run: { metrics, engine, device, holdsOut },
  report,
  isLive,
}: {
  run: Pick<RunDetail, 'metrics' | 'engine' | 'device' | 'holdsOut'>
  report: RunPicture['report']
  isLive: boolean
}) {
  const heldOut = metrics?.heldOut
  if (!heldOut || Object.keys(heldOut).length === 0) return <p className="text-ink-soft">{whyNone(holdsOut, isLive)}</p>
  const { byTraining } = heldOut
  return (
    <>
      <table className="w-full">
        <thead>
          <tr className="text-ink-soft text-right">
            <th scope="col" className="text-left font-normal">
              {count(heldOut.tokens)} tokens
            </th>
            <th scope="col" className="pl-3 font-normal">
              <Rule of="inference" />
            </th>
            <th scope="col" className="pl-3 font-normal">
              <Rule of="training" />
            </th>
          </tr>
        </thead>
        <tbody>
          {BY_BOTH.map((name) => (
            <Row
              key={name}
              name={name}
              inference={heldOut[name]}
              training={(byTraining ?? (report ? heldOut : {}))[name]}
            />
          ))}
          {BY_INFERENCE.map((name) => (
            <Row key={name} name={name} inference={heldOut[name]} />
          ))}
        </tbody>
        {report && <AllTokens {...report} />}
      </table>
      <p className="text-ink-soft text-small mt-2">
        Held-out tokens, on {engine}
        {device && `, ${device}`}. {!byTraining && same(report)}
      </p>
    </>
  )
}

export function whyNone(holdsOut: boolean, isLive: boolean): string {
  if (!holdsOut)
    return 'Not measured: the harvest of this run has no held-out tokens. The curves are of training batches.'
  return isLive
    ? 'Not measured yet: held-out figures are measured ten times along the run.'
    : 'The run ended before the first measurement.'
}

const same = (report: RunPicture['report']) =>
  report ? 'Both rules select the same.' : 'The training rule selects the same, or was not measured.'

function AllTokens({ tokens, rules: { inference, training } }: NonNullable<RunPicture['report']>) {
  return (
    <tbody>
      <tr className="text-ink-soft">
        <th scope="rowgroup" colSpan={3} className="border-t pt-1 text-left font-normal">
          all {count(tokens)} tokens
        </th>
      </tr>
      {(['l0', 'deadShare'] as const).map((name) => (
        <Row key={name} name={name} inference={inference[name]} training={(training ?? inference)[name]} />
      ))}
    </tbody>
  )
}

function Rule({ of }: { of: 'inference' | 'training' }) {
  return (
    <Definition term={of}>
      {of === 'inference'
        ? 'By the inference rule: each token on its own, as on pages and in exports.'
        : 'By the training rule: a batch selected together, or by gradients, as in a training step.'}
    </Definition>
  )
}

function Row({
  name,
  inference,
  training,
}: {
  name: MetricName
  inference: number | null | undefined
  training?: number | null | undefined
}) {
  if (inference === undefined) return null
  const { label, formula, unit } = METRICS[name]
  const shown = (value: number | null) => (SHARES.has(name) ? percent(value) : number(value, 4))
  return (
    <tr>
      <th scope="row" className="text-ink-soft text-left font-normal [&>button]:text-left">
        <Definition term={label.replace(/^./, (letter) => letter.toUpperCase())}>
          {formula}
          {unit && `, in ${unit}`}
        </Definition>
      </th>
      <td className="text-small pl-3 text-right font-mono whitespace-nowrap">{shown(inference)}</td>
      <td className="text-small pl-3 text-right font-mono whitespace-nowrap">
        {training === undefined ? '' : shown(training)}
      </td>
    </tr>
  )
}
