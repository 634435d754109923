'use client'

import { parseAsBoolean, parseAsString, useQueryStates } from 'nuqs'
import { Tabs } from 'radix-ui'
import { useState } from 'react'
import useSWRImmutable from 'swr/immutable'
import { api, ok } from '../api'
import { TokenLegend } from '../tokens/TokenText'
import { Toggle } from '../ui/Toggle'
import { Failure, type Problem } from '../ui/States'
import { ExampleLine } from './ExampleLine'
import { exampleGroups, withoutRepeats, type ExampleGroup, type PackedExample } from './examples'

const TAB =
  'text-ink-soft hover:text-ink data-[state=active]:border-accent data-[state=active]:text-ink -mb-px border-b-2 border-transparent px-2 py-2 whitespace-nowrap data-[state=active]:font-medium'

/** Where a feature fires: strongest, by quantile interval, at random. */
export function Examples({
  dictionary,
  feature,
  groups,
  max,
}: {
  dictionary: string
  feature: number
  groups: readonly ExampleGroup[]
  /** The activation with the full hue. */
  max: number
}) {
  const [view, setView] = useQueryStates(
    {
      examples: parseAsString.withDefault('top'),
      values: parseAsBoolean.withDefault(false),
      dedupe: parseAsBoolean.withDefault(false),
      expand: parseAsBoolean.withDefault(false),
    },
    { history: 'replace', scroll: false },
  )
  const group = groups.find(({ id }) => id === view.examples) ?? groups[0]!
  return (
    <Tabs.Root
      value={group.id}
      onValueChange={(examples) => void setView({ examples })}
      className="min-w-0 rounded border"
    >
      <div className="flex flex-wrap items-center gap-x-3 border-b px-3">
        <h2 className="font-medium">Examples</h2>
        <Tabs.List aria-label="Groups of examples" className="flex min-w-0 overflow-x-auto [scrollbar-width:none]">
          {groups.map(({ id, name }) => (
            <Tabs.Trigger key={id} value={id} className={TAB}>
              {name}
            </Tabs.Trigger>
          ))}
        </Tabs.List>
      </div>
      <Tabs.Content value={group.id} className="outline-none" tabIndex={-1}>
        <Group
          key={group.id}
          dictionary={dictionary}
          feature={feature}
          group={group}
          max={max}
          {...view}
          setView={(change) => void setView(change)}
        />
      </Tabs.Content>
    </Tabs.Root>
  )
}

function Group(props: {
  dictionary: string
  feature: number
  group: ExampleGroup
  max: number
  values: boolean
  dedupe: boolean
  expand: boolean
  setView: (change: Partial<Record<'values' | 'dedupe' | 'expand', boolean>>) => void
}) {
  const { dictionary, feature, group, max, values, dedupe, expand, setView } = props
  const [opened, setOpened] = useState<ReadonlySet<PackedExample>>(new Set())
  const { whole, problem } = useWhole(dictionary, feature, expand || opened.size > 0)
  const shown = dedupe ? withoutRepeats(group.examples) : group.examples
  const hidden = group.examples.length - shown.length
  const flip = (example: PackedExample) =>
    setOpened((before) => {
      const after = new Set(before)
      if (!after.delete(example)) after.add(example)
      return after
    })
  return (
    <>
      <div className="text-ink-soft flex flex-wrap items-center gap-x-4 gap-y-1 px-3 pt-2">
        <TokenLegend max={max} />
        <span>{group.about}</span>
        {hidden > 0 && <span>{hidden} repeats hidden</span>}
        <div className="ml-auto flex items-center gap-1">
          <Toggle on={expand} onChange={(expand) => setView({ expand })} title="Show the whole context of each">
            expand
          </Toggle>
          <Toggle on={values} onChange={(values) => setView({ values })} title="Print each activation below its token">
            values
          </Toggle>
          <Toggle
            on={dedupe}
            onChange={(dedupe) => setView({ dedupe })}
            title="Show one of the examples that share the last six tokens"
          >
            dedupe
          </Toggle>
        </div>
      </div>
      {problem && (
        <div className="p-3">
          <Failure problem={problem} />
        </div>
      )}
      <ol className="divide-y px-3 py-1">
        {shown.map((example) => {
          const isOpen = expand || opened.has(example)
          const full = isOpen ? whole?.get(keyOf(example)) : undefined
          return (
            <ExampleLine
              key={keyOf(example)}
              example={full ?? example}
              isWhole={full !== undefined}
              max={max}
              values={values}
              isOpen={isOpen}
              onFlip={expand ? undefined : () => flip(example)}
            />
          )
        })}
      </ol>
    </>
  )
}

const keyOf = ({ context, position }: { context: number; position: number }) => `${context}:${position}`

/** The whole contexts of all examples, requested when the first one is opened. */
function useWhole(dictionary: string, feature: number, wanted: boolean) {
  const { data, ...answer } = useSWRImmutable(wanted ? ['whole examples', dictionary, feature] : null, async () => {
    const page = await ok(
      api.GET('/api/v1/dictionaries/{id}/features/{index}', {
        params: { path: { id: dictionary, index: feature }, query: { full: 'true' } },
      }),
    )
    const examples = exampleGroups(page).flatMap((group) => group.examples)
    return new Map(examples.map((example) => [keyOf(example), example]))
  })
  return { whole: data, problem: answer.error as Problem | undefined }
}
