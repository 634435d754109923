import AxeBuilder from '@axe-core/playwright'
import { expect, it } from 'vitest'
import { ok } from '../../lib/api/client/client'
import { demoDictionary, featureOn, openPage, type Bench } from './bench'

async function paths(bench: Bench): Promise<string[]> {
  const { api } = bench.workbench
  const { id } = await demoDictionary(bench)
  const [{ runs }, { jobs }, { harvests }, { generations }, { sweeps }] = await Promise.all([
    ok(api.GET('/api/v1/runs')),
    ok(api.GET('/api/v1/jobs')),
    ok(api.GET('/api/v1/harvests')),
    ok(api.GET('/api/v1/generations')),
    ok(api.GET('/api/v1/sweeps')),
  ])
  const feature = await featureOn(bench, id, 'states')
  return [
    '/',
    `/dictionaries/${id}`,
    `/dictionaries/${id}/features/${feature}`,
    `/prompt?dictionaries=${id}&text=We+the+people`,
    `/steer?dictionary=${id}&feature=${feature}`,
    ...generations.slice(0, 1).map((kept) => `/steer/${kept.id}`),
    '/sweeps',
    '/sweeps/new',
    `/sweeps/${sweeps[0]!.id}`,
    '/compare',
    `/compare?a=${id}&b=${id}`,
    '/runs',
    '/runs/new',
    `/runs/${runs[0]!.id}`,
    '/jobs',
    `/jobs/${jobs[0]!.id}`,
    '/harvests',
    `/harvests/${harvests[0]!.id}`,
    '/docs/api',
  ]
}

/** What a narrow window and other colours can change; the rest of the document is the same. */
const LOOK = ['color-contrast', 'scrollable-region-focusable', 'button-name', 'link-name', 'label']

const WINDOWS = [
  { viewport: { width: 1280, height: 900 }, colorScheme: 'light', rules: undefined },
  { viewport: { width: 390, height: 844 }, colorScheme: 'dark', rules: LOOK },
] as const

/** How wide the page is, and what reaches furthest to the right without being cut off. Runs in the browser. */
function widestElement(): { width: number; widest: string } {
  const isClipped = (element: Element): boolean => {
    const parent = element.parentElement
    return !!parent && (getComputedStyle(parent).overflowX !== 'visible' || isClipped(parent))
  }
  let [edge, widest] = [0, '']
  for (const element of document.body.querySelectorAll('*')) {
    const { right } = element.getBoundingClientRect()
    if (right > edge && !isClipped(element)) [edge, widest] = [right, element.outerHTML.slice(0, 160)]
  }
  return { width: document.documentElement.scrollWidth, widest }
}

export function describeEveryPage(bench: Bench): void {
  it.each(WINDOWS)(
    'is free of accessibility faults and errors, and fits: $viewport.width px, $colorScheme',
    async ({ rules, ...window }) => {
      const faults: string[] = []
      await using opened = await openPage(bench, '/', window)
      const { page, errors } = opened
      for (const path of await paths(bench)) {
        await page.goto(path, { waitUntil: 'load' })
        await page.getByRole('heading', { level: 1 }).waitFor()
        await page.waitForTimeout(1000)
        const axe = new AxeBuilder({ page })
        const { violations } = await (rules ? axe.withRules(rules) : axe).analyze()
        faults.push(...violations.map(({ id, nodes }) => `${path}: ${id} at ${nodes[0]!.html.slice(0, 160)}`))
        faults.push(...errors.splice(0).map((error) => `${path}: ${error}`))
        const { width, widest } = await page.evaluate(widestElement)
        if (width > window.viewport.width) faults.push(`${path}: ${width} px wide, by ${widest}`)
      }
      expect(faults).toEqual([])
    },
    300_000,
  )

  it('answers for what is not there', async () => {
    for (const path of [
      '/dictionaries/none',
      '/dictionaries/none/features/0',
      '/runs/none',
      '/sweeps/none',
      '/compare?a=none',
      '/jobs/none',
      '/nowhere',
    ]) {
      const response = await fetch(bench.workbench.url + path)
      expect([path, response.status]).toEqual([path, 404])
    }
  })
}
