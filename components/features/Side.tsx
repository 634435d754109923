/** The right column of a feature's page: activations, effect on the output, strongest tokens, and neighbours. */
import type { ReactNode } from 'react'
import type { FeaturePage, ShownEffect } from '../../lib/features/schema'
import { Bars } from '../charts/Bars'
import { visible } from '../tokens/visible'
import { cx } from '../ui/cx'
import { Figure } from '../ui/definitions'
import { count, even, fixed, number, percent } from '../ui/format'
import { HoverLink } from '../ui/HoverLink'
import { Panel } from '../ui/States'

export function Activations({ page: { histogram, examples, fireCount } }: { page: FeaturePage }) {
  const ticks = examples.intervals
    .filter(({ from }) => from > 0)
    .map(({ from, lower }) => ({ at: lower, name: `${+(from * 100).toFixed(1)} %` }))
  return (
    <Panel title="Activations">
      <Bars
        {...histogram}
        ticks={ticks}
        format={(value) => number(value, 2)}
        label={`Histogram of ${count(fireCount)} activations; the y axis is logarithmic`}
        xLabel="activation"
      />
    </Panel>
  )
}

const METHODS: Record<FeaturePage['logits']['method'], string> = {
  'final-norm+unembedding': 'Decoder direction × final norm’s gain × unembedding, per unit of activation.',
  unembedding: 'Decoder direction × unembedding, per unit of activation.',
  none: 'The hook does not write to the residual stream, so it has no direct path to the next token.',
}

export function Output({ logits: { method, top, bottom } }: { logits: FeaturePage['logits'] }) {
  const most = Math.max(...[...top, ...bottom].map(({ logit }) => Math.abs(logit)), 1e-9)
  return (
    <Panel title={<Figure of="logitEffect" />}>
      {method !== 'none' && (
        <div className="mb-2 grid grid-cols-2 gap-4">
          <Effects name="Promotes" effects={top} most={most} hue="--activation" />
          <Effects name="Suppresses" effects={bottom} most={most} hue="--opposite" />
        </div>
      )}
      <p className="text-ink-soft text-small">{METHODS[method]}</p>
    </Panel>
  )
}

/** Effects that are shown before a click on "more". */
const FEW = 10

function Effects({ name, effects, most, hue }: { name: string; effects: ShownEffect[]; most: number; hue: string }) {
  return (
    <div className="min-w-0">
      <h3 className="text-ink-soft mb-1 px-1">{name}</h3>
      <EffectList effects={effects.slice(0, FEW)} most={most} hue={hue} />
      {effects.length > FEW && (
        <details className="mt-px">
          <summary className="text-ink-soft text-small hover:text-ink px-1">{effects.length - FEW} more</summary>
          <EffectList effects={effects.slice(FEW)} most={most} hue={hue} />
        </details>
      )}
    </div>
  )
}

function EffectList({ effects, most, hue }: { effects: ShownEffect[]; most: number; hue: string }) {
  return (
    <ol className="flex flex-col gap-px">
      {effects.map(({ token, text, logit }) => (
        <li key={token} className="relative flex items-baseline justify-between gap-2 px-1">
          <Bar share={Math.abs(logit) / most} hue={hue} />
          <TokenName text={text} id={token} />
          <span className="text-small relative font-mono">{fixed(logit, 2)}</span>
        </li>
      ))}
    </ol>
  )
}

/** Background of a row: its share of the largest value. */
function Bar({ share, hue }: { share: number; hue: string }) {
  return (
    <span
      aria-hidden
      className="absolute inset-y-0 left-0 rounded-[2px]"
      style={{ width: `${Math.min(1, share) * 100}%`, background: `rgb(var(${hue}) / 0.16)` }}
    />
  )
}

function TokenName({ text, id }: { text: string; id: number }) {
  return (
    <span
      className="font-reading relative min-w-0 truncate whitespace-pre"
      title={`${JSON.stringify(text)}, token ${id}`}
    >
      {visible(text)}
    </span>
  )
}

export function FiresOn({ dictionary, topTokens }: { dictionary: string; topTokens: FeaturePage['topTokens'] }) {
  const most = Math.max(...topTokens.map(({ mean }) => mean), 1e-9)
  return (
    <Panel title="Fires on">
      <Rows
        empty="It fires on no token of the sample."
        heads={['token', 'mean', 'fires on']}
        rows={topTokens.map(({ token, text, mean, fires, occurrences }) => ({
          key: token,
          share: mean / most,
          cells: [
            <HoverLink
              key="token"
              href={`/dictionaries/${dictionary}?token=${token}&sort=match.desc`}
              className="font-reading hover:text-accent whitespace-pre hover:underline"
              title={`${JSON.stringify(text)}, token ${token}: show all features that fire on it`}
            >
              {visible(text)}
            </HoverLink>,
            even(mean),
            <span key="fires" title={`${count(fires)} of ${count(occurrences)} occurrences`}>
              {percent(occurrences > 0 ? fires / occurrences : null, 2)}
            </span>,
          ],
        }))}
        note="Mean over all occurrences of the token, silent ones included; share of its occurrences on which the feature fires."
      />
    </Panel>
  )
}

export function Neighbours({ dictionary, neighbours }: { dictionary: string; neighbours: FeaturePage['neighbours'] }) {
  return (
    <Panel title="Neighbours">
      <Rows
        empty="The dictionary has no other feature."
        heads={['feature', <Figure key="cosine" of="cosine" />, <Figure key="density" of="density" />]}
        rows={neighbours.map(({ feature, cosine, density, label }) => ({
          key: feature,
          share: Math.max(0, cosine),
          cells: [
            <HoverLink
              key="feature"
              href={`/dictionaries/${dictionary}/features/${feature}`}
              className="hover:text-accent hover:underline"
              title={label?.text}
            >
              <span className="text-small font-mono">#{feature}</span> {label?.text}
            </HoverLink>,
            fixed(cosine, 2),
            percent(density, 2),
          ],
        }))}
      />
    </Panel>
  )
}

interface Row {
  key: number
  /** Length of the bar in the background. */
  share: number
  cells: [ReactNode, ReactNode, ReactNode]
}

function Rows({ heads, rows, empty, note }: { heads: ReactNode[]; rows: Row[]; empty: string; note?: string }) {
  if (rows.length === 0) return <p className="text-ink-soft">{empty}</p>
  return (
    <>
      <table className="w-full table-fixed">
        <thead>
          <tr className="text-ink-soft">
            {heads.map((head, at) => (
              <th
                key={at}
                scope="col"
                className={cx('px-1 pb-1 font-normal', at === 0 ? 'text-left' : 'w-18 text-right')}
              >
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ key, share, cells }) => (
            <tr
              key={key}
              style={{
                background: `linear-gradient(to right, rgb(var(--activation) / 0.16) ${share * 100}%, transparent 0)`,
              }}
            >
              {cells.map((cell, at) => (
                <td key={at} className={cx('px-1', at === 0 ? 'truncate' : 'text-small text-right font-mono')}>
                  {cell}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {note && <p className="text-ink-soft text-small mt-2">{note}</p>}
    </>
  )
}
