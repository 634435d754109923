/** Models for commands: found by name, fetched and loaded with progress. */
import { loadModel, requireModel } from '../../lib/models/load'
import type { Model } from '../../lib/models/rows'
import type { LoadedModel } from '../../trainer/model/types'
import type { Context } from './context'

/** The row of a model. A model that Loupe knows by name is fetched on first use. */
export async function findModel(context: Context, name: string): Promise<Model> {
  const database = await context.database()
  await context.backend()
  const stage = context.terminal.stage('model', 'B')
  return requireModel(database, name, stage).finally(() => stage.end())
}

/** A model ready to run. Its memory is freed when the process ends with the command. */
export async function openModel(context: Context, name: string): Promise<{ row: Model; loaded: LoadedModel }> {
  const row = await findModel(context, name)
  const stage = context.terminal.stage('model', 'B')
  return { row, loaded: await loadModel(await context.database(), row, stage).finally(() => stage.end()) }
}
