import type { EvaluationFigure, EvaluationRecord } from '../../lib/evaluations/schema'
import { Engine } from '../ui/Engine'
import { count, number } from '../ui/format'
import { Time } from '../ui/Time'

/** Every stored measurement with every figure and its formula. */
export function Evaluations({ evaluations }: { evaluations: readonly EvaluationRecord[] }) {
  if (evaluations.length === 0) return null
  return (
    <details className="rounded border">
      <summary className="px-3 py-2 font-medium">
        All measurements and their formulas <span className="text-ink-soft font-normal">({evaluations.length})</span>
      </summary>
      <div className="flex flex-col gap-4 overflow-x-auto border-t p-3">
        {evaluations.map((evaluation) => (
          <Evaluation key={evaluation.id} {...evaluation} />
        ))}
      </div>
    </details>
  )
}

function Evaluation({ createdAt, engine, harvest, includeExcluded, crossEntropyTokens, figures }: EvaluationRecord) {
  return (
    <table className="w-full min-w-160">
      <caption className="text-ink-soft mb-1 text-left">
        <Time at={createdAt} /> on {harvest ?? 'a deleted harvest'}, <Engine>{engine}</Engine>; cross-entropy over{' '}
        {count(crossEntropyTokens)} tokens; first positions and attention sinks{' '}
        {includeExcluded ? 'counted too' : 'left out'}
      </caption>
      <thead>
        <tr className="text-ink-soft text-left">
          <th scope="col" className="border-b py-1 pr-3 font-normal">
            Figure
          </th>
          <th scope="col" className="border-b py-1 pr-3 text-right font-normal">
            Held-out
          </th>
          <th scope="col" className="border-b py-1 pr-3 text-right font-normal">
            Training
          </th>
          <th scope="col" className="border-b py-1 pr-3 font-normal">
            Unit
          </th>
          <th scope="col" className="border-b py-1 font-normal">
            Formula
          </th>
        </tr>
      </thead>
      <tbody>
        {figures.map((figure) => (
          <tr key={figure.name}>
            <td className="py-0.5 pr-3 whitespace-nowrap">{figure.label}</td>
            <td className="text-small py-0.5 pr-3 text-right font-mono">{shown(figure, figure.heldOut)}</td>
            <td className="text-small py-0.5 pr-3 text-right font-mono">{shown(figure, figure.training)}</td>
            <td className="text-ink-soft py-0.5 pr-3 whitespace-nowrap">{figure.unit}</td>
            <td className="text-ink-soft py-0.5">{figure.formula}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function shown({ name }: EvaluationFigure, value: number | null | undefined): string {
  if (value === undefined) return ''
  return name === 'tokens' ? count(value) : number(value, 5)
}
