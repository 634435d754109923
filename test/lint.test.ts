/** The lint rules on layers and roles fail on the imports that they forbid. */
import { ESLint } from 'eslint'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

const root = fileURLToPath(new URL('..', import.meta.url))

/** Only the rule on imports: without types, so that a text can stand for any file. */
const eslint = new ESLint({
  cwd: root,
  ruleFilter: ({ ruleId }) => ruleId === 'boundaries/dependencies',
  overrideConfig: { languageOptions: { parserOptions: { projectService: false } } },
})

/** Lints a text as if it were the file at `path`, and returns the messages. */
async function lint(path: string, text: string): Promise<string[]> {
  const [result] = await eslint.lintText(text, { filePath: join(root, path) })
  return result!.messages.map(({ message }) => message)
}

describe('the lint rule on imports', () => {
  it.each([
    ['rows of one domain import the view of another', 'lib/harvests/rows.ts', '../runs/view'],
    ['a schema imports rows of its own domain', 'lib/harvests/schema.ts', './rows'],
    ['rows import the start of their own domain', 'lib/runs/rows.ts', './start'],
    ['a view imports the start of its own domain', 'lib/runs/view.ts', './start'],
    ['a view imports the job of another domain', 'lib/catalog/view.ts', '../harvests/job'],
    ['a job imports a view', 'lib/runs/job.ts', './view'],
    ['a start imports a job', 'lib/harvests/start.ts', './job'],
    ['a command imports rows', 'lib/runs/command.ts', './rows'],
    ['the machinery of jobs imports a domain', 'lib/jobs/queue.ts', '../runs/rows'],
    ['the database imports a domain', 'lib/db/client.ts', '../runs/rows'],
    ['a domain imports the API', 'lib/runs/view.ts', '../api/dispatch'],
    ['the trainer imports lib', 'trainer/harvest/batch.ts', '../../lib/db/client'],
    ['a lower layer of the trainer imports a higher one', 'trainer/sae/kernels/sparse.ts', '../engines/index'],
    ['a file right in trainer/ imports a layer', 'trainer/errors.ts', './sae/engines'],
    ['a folder of trainer/ that no layer names imports a layer', 'trainer/unlisted/file.ts', '../store/database'],
    ['a file between the layers of trainer/sae imports lib', 'trainer/sae/loose.ts', '../../lib/runs/rows'],
    ['a page imports a job', 'app/runs/page.tsx', '../../lib/runs/job'],
    ['a page imports a command', 'app/runs/page.tsx', '../../scripts/cli/table'],
    ['a component imports the machinery of the API', 'components/runs/RunView.tsx', '../../lib/api/dispatch'],
    ['a component imports the configuration', 'components/runs/RunView.tsx', '../../lib/base/config'],
    ['a component imports a value of a schema', 'components/runs/RunView.tsx', '../../lib/runs/schema'],
    ['a component imports rows', 'components/runs/RunView.tsx', '../../lib/runs/rows'],
    ['a component imports a page', 'components/shell/Rail.tsx', '../../app/places'],
  ])('fails when %s', async (_case, path, imported) => {
    const messages = await lint(path, `import { something } from '${imported}'\nsomething()\n`)
    expect(messages).toHaveLength(1)
    expect(messages[0]).toMatch(/may not import/)
  })

  it.each([
    ['exports', `export { something } from './start'`],
    ['exports everything of', `export * from './start'`],
    ['loads', `export const load = () => import('./start')`],
    ['imports types of', `import type { Something } from './start'\nexport type Other = Something`],
    ['runs', `import './start'`],
  ])('fails when a file %s what it may not import', async (_case, text) => {
    expect(await lint('lib/harvests/rows.ts', `${text}\n`)).toEqual([
      expect.stringMatching(/^a rows file may not import lib\/harvests\/start\.ts/),
    ])
  })

  it('says what to do', async () => {
    expect(await lint('lib/runs/view.ts', `import { start } from './start'\nstart()\n`)).toEqual([
      'a view file may not import lib/runs/start.ts: a view only reads; let the caller start the work, and move what both need to rows.ts',
    ])
  })

  it.each([
    ['rows import a schema', 'lib/runs/rows.ts', '../harvests/schema'],
    ['a start imports rows', 'lib/sweeps/start.ts', '../runs/rows'],
    ['a view imports rows', 'lib/catalog/view.ts', '../dictionaries/rows'],
    ['the list of kinds imports a job', 'lib/jobKinds.ts', './runs/job'],
    ['a component imports the client of the API', 'components/runs/RunView.tsx', '../../lib/api/client/client'],
    ['a layer of the trainer imports what stands right in trainer/', 'trainer/store/database.ts', '../errors'],
  ])('passes when %s', async (_case, path, imported) => {
    expect(await lint(path, `import { something } from '${imported}'\nsomething()\n`)).toEqual([])
  })

  it('lets a component take the type of a schema', async () => {
    const text = `import type { RunSummary } from '../../lib/runs/schema'\nexport type Row = RunSummary\n`
    expect(await lint('components/runs/RunView.tsx', text)).toEqual([])
  })

  it('asks for a role where a file of a domain has none', async () => {
    const text = `import { listRuns } from './rows'\nlistRuns()\n`
    expect((await lint('lib/runs/helpers.ts', text))[0]).toMatch(/has no role/)
  })
})

it('lib has one source file at its root: the list of job kinds', () => {
  const entries = readdirSync(join(root, 'lib'), { withFileTypes: true })
  expect(entries.filter((entry) => entry.isFile()).map(({ name }) => name)).toEqual(['jobKinds.ts'])
})
