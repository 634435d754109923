/** A sweep as the command that starts it. Forms use it too. */
import { trainLine } from '../runs/command'

/** The specification is in the file `sweep.json`. */
export function sweepCommand(sweep: { harvest: string; name?: string | undefined; engine: string }): string {
  const { harvest, name, engine } = sweep
  return trainLine({ sweep: 'sweep.json', harvest, name, engine })
}
