import { Empty } from '../ui/States'
import { StartAnalysis, type HarvestOption } from './StartAnalysis'

/** Where a dictionary's features would be, before they have been counted. */
export function NoStatistics({
  dictionary: { id, name },
  running,
  hasModel,
  harvests,
}: {
  dictionary: { id: string; name: string }
  /** The job that counts them now. */
  running: string | undefined
  /** Whether it belongs to a model and hook here. */
  hasModel: boolean
  harvests: readonly HarvestOption[] | undefined
}) {
  if (!hasModel) {
    return (
      <Empty
        title="The features have no statistics"
        command={`npx loupe import FOLDER --model MODEL --hook HOOK --name NAME`}
      >
        <p>This dictionary is attached to no model here, so there is no text to count its features on.</p>
      </Empty>
    )
  }
  return (
    <Empty title="The features have no statistics yet" command={`npx loupe dashboards --dictionary ${name}`}>
      <p className="mb-3">
        One pass over a harvest counts every feature: how often and how strongly it fires, on which tokens, with
        examples.
      </p>
      <StartAnalysis dictionary={id} kind="dashboards" running={running} harvests={harvests} />
    </Empty>
  )
}
