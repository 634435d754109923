import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

/**
 * The longest files, in the order of their start, so that no worker is busy alone at the end. The second browser test
 * is not first, because it would wait idly for the workbench that the first one starts.
 */
const LONGEST = [
  'test/browser/workbench.test.ts',
  'test/cli/dictionary.test.ts',
  'test/cli/harvest.test.ts',
  'test/processes.test.ts',
  'test/browser/everyPage.test.ts',
  'trainer/sae/training/varyingL0.test.ts',
  'trainer/model/families/llama/smollm2.test.ts',
  'test/cli/usage.test.ts',
]

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification) => {
      const place = LONGEST.findIndex((name) => moduleId.endsWith(name))
      return place < 0 ? LONGEST.length : place
    }
    return (await super.sort(files)).sort((a, b) => rank(a) - rank(b))
  }
}

export default defineConfig({
  test: {
    include: ['**/*.test.ts'],
    globalSetup: ['test/support/globalSetup.ts'],
    exclude: ['node_modules/**', '.loupe/**', '.next/**'],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    pool: 'forks',
    // One more than two cores: many tests wait for other processes.
    maxWorkers: 3,
    sequence: { sequencer: LongestFirst },
  },
})
