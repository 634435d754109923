import type { FeaturePage } from '../../lib/features/schema'
import { count } from '../ui/format'
import { Empty } from '../ui/States'
import { Examples } from './Examples'
import { exampleGroups } from './examples'
import { OwnText } from './OwnText'
import { Activations, FiresOn, Neighbours, Output } from './Side'

/** Everything that is known about a feature: examples at the left, figures at the right. */
export function FeatureView({ dictionary, page }: { dictionary: string; page: FeaturePage }) {
  const isDead = page.fireCount === 0
  const groups = exampleGroups(page)
  return (
    <div className="grid gap-4 lg:grid-cols-[minmax(0,1fr)_20rem] xl:grid-cols-[minmax(0,1fr)_23rem]">
      <div className="flex min-w-0 flex-col gap-4">
        {isDead ? (
          <Empty title="This feature is dead">
            It fired on none of the {count(page.tokens)} counted tokens of {page.harvest.name}, so there are no
            examples. It may still fire on other text: try some below.
          </Empty>
        ) : (
          <Examples dictionary={dictionary} feature={page.index} groups={groups} max={page.maxActivation} />
        )}
        <OwnText dictionary={dictionary} feature={page.index} max={page.maxActivation} />
      </div>
      <div className="flex min-w-0 flex-col gap-4">
        {!isDead && <Activations page={page} />}
        <Output logits={page.logits} />
        {!isDead && <FiresOn dictionary={dictionary} topTokens={page.topTokens} />}
        <Neighbours dictionary={dictionary} neighbours={page.neighbours} />
      </div>
    </div>
  )
}
