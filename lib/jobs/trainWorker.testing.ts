/** A worker in a process of its own, for tests that kill it: `node --import tsx trainWorker.testing.ts URL`. */
import { loadBackend } from '../../trainer/tensors/backend'
import { connectDatabase } from '../db/connect'
import { trainKind } from './kinds/train'
import { startWorker } from './worker'

const database = connectDatabase(process.argv[2]!)
await startWorker({ database, backend: await loadBackend('cpu'), kinds: [trainKind] })
