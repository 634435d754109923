import type { Column } from '../table/DataTable'
import { visible } from '../tokens/visible'
import { Figure } from '../ui/definitions'
import { even, number, percent } from '../ui/format'
import { HoverLink } from '../ui/HoverLink'
import type { ListedFeature } from './useFeatures'

/** @param byToken whether the list is of features that fire on certain tokens */
export function featureColumns(dictionary: string, byToken: boolean): Column<ListedFeature>[] {
  const match: Column<ListedFeature> = {
    id: 'match',
    name: 'mean on the token',
    header: 'On token',
    width: 96,
    numeric: true,
    sortBy: ({ match }) => match ?? null,
    cell: ({ match }) => (
      <span title="Largest mean activation on one of the chosen tokens, over all of its occurrences">
        {even(match)}
      </span>
    ),
  }
  return [
    {
      id: 'index',
      name: 'index',
      header: '#',
      width: 76,
      numeric: true,
      sortBy: ({ index }) => index,
      cell: ({ index }) => (
        <HoverLink href={`/dictionaries/${dictionary}/features/${index}`} className="text-accent hover:underline">
          {index}
        </HoverLink>
      ),
    },
    ...(byToken ? [match] : []),
    {
      id: 'label',
      name: 'label',
      header: 'Label',
      width: 180,
      grow: true,
      sortBy: ({ label }) => label?.text ?? null,
      cell: ({ label }) =>
        label ? <span title={label.text}>{label.text}</span> : <span className="text-ink-soft">–</span>,
    },
    {
      id: 'tokens',
      name: 'strongest tokens',
      header: 'Fires most on',
      width: 400,
      cell: (feature) => <TopTokens {...feature} />,
    },
    {
      id: 'density',
      name: 'density',
      header: <Figure of="density" />,
      width: 104,
      numeric: true,
      sortBy: ({ density }) => density,
      cell: ({ density }) => percent(density),
    },
    {
      id: 'max',
      name: 'largest activation',
      header: <Figure of="maxActivation" />,
      width: 84,
      numeric: true,
      sortBy: ({ maxActivation }) => maxActivation,
      cell: ({ maxActivation }) => even(maxActivation),
    },
    {
      id: 'mean',
      name: 'mean activation',
      header: <Figure of="meanActivation" />,
      width: 84,
      numeric: true,
      sortBy: ({ meanActivation }) => meanActivation,
      cell: ({ meanActivation }) => even(meanActivation),
    },
  ]
}

/** Tinted by mean activation on the token, on the scale of the feature's maximum. */
function TopTokens({ topTokens, maxActivation, fireCount }: ListedFeature) {
  if (fireCount === 0) return <span className="text-ink-soft">dead</span>
  return (
    <span className="flex gap-1">
      {topTokens.map(({ token, text, mean }) => (
        <span
          key={token}
          title={`${JSON.stringify(text)}: mean ${number(mean)}`}
          className="font-reading shrink-0 rounded-[2px] border px-1 whitespace-pre"
          style={{
            background: `rgb(var(--activation) / ${(maxActivation > 0 ? Math.min(1, mean / maxActivation) * 0.6 : 0).toFixed(3)})`,
          }}
        >
          {visible(text)}
        </span>
      ))}
    </span>
  )
}
