import { Empty } from '../ui/States'
import { StartMeasurement, type HarvestOption } from './StartMeasurement'

/** Stands for the features of a dictionary before their statistics are counted. */
export function NoStatistics({
  dictionary: { id, name },
  running,
  hasModel,
  harvests,
}: {
  dictionary: { id: string; name: string }
  /** Id of the job that counts them now. */
  running: string | undefined
  /** Whether it is attached to a model and a hook. */
  hasModel: boolean
  harvests: readonly HarvestOption[] | undefined
}) {
  if (!hasModel) {
    return (
      <Empty title="No feature statistics" command={`npx loupe import FOLDER --model MODEL --hook HOOK --name NAME`}>
        <p>This dictionary is attached to no model here, so there is no text to count its features on.</p>
      </Empty>
    )
  }
  return (
    <Empty title="No feature statistics yet" command={`npx loupe dashboards --dictionary ${name}`}>
      <p className="mb-3">
        One pass over a harvest counts every feature: how often and how strongly it fires, on which tokens, with
        examples.
      </p>
      <StartMeasurement dictionary={id} kind="statistics" running={running} harvests={harvests} />
    </Empty>
  )
}
