/** Builds the pages as `loupe start` does, for a later start or for tests: `npm run build`. */
import { ensureBuilt } from '../../lib/web/build'

const { built, seconds } = await ensureBuilt({ signal: new AbortController().signal })
console.log(built ? `the pages are built (${Math.round(seconds)} s)` : 'the pages are up to date')
