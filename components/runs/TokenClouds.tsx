import type { ReactNode } from 'react'
import { Cloud } from '../charts/Cloud'
import { StartAnalysis } from '../dictionaries/StartAnalysis'
import { Definition } from '../ui/Definition'
import { count, fixed } from '../ui/format'
import { Panel } from '../ui/States'
import type { RunPicture } from './types'

/** Adaptive computation: what a dictionary spends on a token, against how large it is. */
export function AgainstNorm({
  sample: { l0, norm },
  r,
  of,
}: {
  sample: { l0: readonly number[]; norm: readonly number[] }
  r: number | null
  /** What the tokens are. */
  of: string
}) {
  return (
    <Tokens
      title="L0 against norm"
      what="Latents that are on for a token, by the rule of inference, against ‖x‖, the norm of its activation."
      {...{ l0, r, of, by: norm }}
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
  tokens: RunPicture['tokens']
  dictionary: { id: string; name: string }
}) {
  const title = 'L0 against cross-entropy'
  const what =
    'Latents that are on for a token, by the rule of inference, against −log p of the next token by the untouched model.'
  if (!tokens) {
    return (
      <Panel title={<Title term={title} what={what} />}>
        <p className="text-ink-soft mb-2">
          Not measured yet: training has no model at hand. An evaluation of the dictionary runs the model and keeps
          tokens.
        </p>
        <StartAnalysis dictionary={dictionary.id} kind="evaluate" running={undefined} />
      </Panel>
    )
  }
  const { l0, crossEntropy, l0CrossEntropyCorrelation: r, engine } = tokens
  return (
    <Tokens
      {...{ title, what, l0, r, by: crossEntropy }}
      of={`held-out tokens of the newest evaluation, ${engine}`}
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
  xLabel,
  logX = false,
}: {
  title: string
  what: string
  l0: readonly number[]
  by: readonly number[]
  r: number | null
  of: string
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
          {...{ xLabel, logX }}
          yLabel="L0"
        />
      )}
      <p className="text-ink-soft">
        {isConstant ? (
          `Every token gets ${count(l0[0])} latents, so nothing adapts to it`
        ) : (
          <span className="text-ink font-mono">r = {fixed(r, 2)}</span>
        )}
        ; n = {count(l0.length)} {of}.
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
