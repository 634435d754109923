import type { ReactNode } from 'react'
import { Cloud } from '../charts/Cloud'
import { StartMeasurement } from './StartMeasurement'
import { Definition } from '../ui/Definition'
import { count, fixed } from '../ui/format'
import { Panel } from '../ui/States'
import type { MeasuredSample } from '../../lib/evaluations/schema'
import { Engine } from '../ui/Engine'

/** Adaptive computation: what a dictionary spends on a token, against how large it is. */
export function AgainstNorm({
  sample: { l0, norm },
  r,
  of,
  engine,
}: {
  sample: { l0: readonly number[]; norm: readonly number[] }
  r: number | null
  /** What the tokens are. */
  of: string
  /** Fingerprint of the engine that measured them, where the page does not say it elsewhere. */
  engine?: string
}) {
  return (
    <Tokens
      title="L0 against norm"
      what="Latents that are on for a token, by the rule of inference, against ‖x‖, the norm of its activation."
      l0={l0}
      r={r}
      of={of}
      engine={engine}
      by={norm}
      xLabel="‖x‖, log"
      logX
    />
  )
}

/** Adaptive computation: what a dictionary spends on a token, against how hard its next token is to predict. */
export function AgainstCrossEntropy({
  tokens,
  dictionary,
}: {
  tokens: MeasuredSample | null
  dictionary: { id: string; name: string }
}) {
  const title = 'L0 against cross-entropy'
  const what =
    'Latents that are on for a token, by the rule of inference, against −log p of the next token by the untouched model.'
  if (!tokens) {
    return (
      <Panel title={<Title term={title} what={what} />}>
        <p className="text-ink-soft mb-2">
          Not measured yet: training runs without the model. An evaluation of the dictionary runs the model and keeps
          tokens.
        </p>
        <StartMeasurement dictionary={dictionary.id} kind="evaluate" running={undefined} />
      </Panel>
    )
  }
  const { l0, crossEntropy, l0CrossEntropyCorrelation: r, engine } = tokens
  return (
    <Tokens
      title={title}
      what={what}
      l0={l0}
      r={r}
      by={crossEntropy}
      of="held-out tokens of the newest evaluation"
      engine={engine}
      xLabel="cross-entropy of the next token, nats"
    />
  )
}

function Tokens({
  title,
  what,
  l0,
  by,
  r,
  of,
  engine,
  xLabel,
  logX = false,
}: {
  title: string
  what: string
  l0: readonly number[]
  by: readonly number[]
  r: number | null
  of: string
  engine?: string | undefined
  xLabel: string
  logX?: boolean
}) {
  const isConstant = l0.every((value) => value === l0[0])
  return (
    <Panel title={<Title term={title} what={what} />}>
      {!isConstant && (
        <Cloud
          series={[{ name: 'tokens', x: by, y: l0 }]}
          label={`${title} of ${count(l0.length)} tokens, r = ${fixed(r, 2)}`}
          xLabel={xLabel}
          logX={logX}
          yLabel="L0"
        />
      )}
      <p className="text-ink-soft">
        {isConstant ? (
          `Every token gets ${count(l0[0])} latents, so nothing adapts to it`
        ) : (
          <span className="text-ink font-mono">r = {fixed(r, 2)}</span>
        )}
        ; n = {count(l0.length)} {of}
        {engine !== undefined && (
          <>
            , <Engine>{engine}</Engine>
          </>
        )}
        .
      </p>
    </Panel>
  )
}

function Title({ term, what }: { term: ReactNode; what: string }) {
  return (
    <Definition term={term}>
      <p>{what}</p>
      <p className="text-ink-soft mt-1">r: Pearson’s correlation of the two. Up to 2,000 tokens are drawn.</p>
    </Definition>
  )
}
