import { loadModel, requireModel, type Model } from '../../lib/models/rows'
import type { LoadedModel } from '../../trainer/model/types'
import type { Context } from './context'

/** The row of a model; one that Loupe knows by name is fetched on first use. */
export async function findModel(context: Context, name: string): Promise<Model> {
  const database = await context.database()
  await context.backend()
  const stage = context.terminal.stage('model', 'B')
  return requireModel(database, name, stage).finally(() => stage.end())
}

/** A model ready to run. The process ends with the command, and its memory with it. */
export async function openModel(context: Context, name: string): Promise<{ row: Model; loaded: LoadedModel }> {
  const row = await findModel(context, name)
  const stage = context.terminal.stage('model', 'B')
  return { row, loaded: await loadModel(await context.database(), row, stage).finally(() => stage.end()) }
}
