/** A worker in a separate process, for tests that kill it: `node --import tsx trainWorker.testing.ts URL`. */
import { loadBackend } from '../../../trainer/tensors/backend'
import { connectDatabase } from '../../db/connect'
import { trainKind } from '../job'
import { startWorker } from '../../jobs/worker'

const database = connectDatabase(process.argv[2]!)
await startWorker({ database, backend: await loadBackend('cpu'), kinds: [trainKind] })
