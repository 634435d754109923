import { expect, it } from 'vitest'
import { ok } from '../../lib/api/client/client'
import { demoDictionary, featureOn, openPage, textOf, type Bench } from './bench'

const SENTENCE = 'The Constitution of the United States'
const STEER_MS = 120_000

/** From the first page to a steered answer, by clicks and keys alone. */
export function describeNewcomer(bench: Bench): void {
  it('finds the dictionary, a feature that fires on their sentence, and steers with it', async () => {
    const { name } = await demoDictionary(bench)
    await using opened = await openPage(bench, '/')
    const { page, errors } = opened
    await page.getByRole('table', { name: 'Dictionaries' }).getByText(name).first().click()
    await page.waitForURL('**/dictionaries/*')
    await page.getByRole('table', { name: 'Features' }).locator('[data-row]').first().waitFor()

    await page.keyboard.press('/')
    await page.getByPlaceholder(/feature’s number/).fill('states')
    await page.locator('[cmdk-item]').filter({ hasText: /^#/ }).first().waitFor()
    await page.keyboard.press('Enter')
    await page.waitForURL('**/features/*')
    const index = Number(page.url().split('/').at(-1))

    await page.getByRole('textbox', { name: 'Your own text' }).fill(SENTENCE)
    const own = page.getByRole('group', { name: 'Your own text with activations' })
    await own.waitFor()
    expect((await own.locator('[data-token]').allInnerTexts()).join('')).toContain('Constitution')

    await page.getByRole('link', { name: 'Steer', exact: true }).last().click()
    await page.waitForURL('**/steer?*')
    await page.getByText(`#${index}`).first().waitFor()
    await page.getByRole('button', { name: /^Run/ }).click()
    await page.getByRole('button', { name: 'Keep' }).click({ timeout: STEER_MS })
    await page.getByRole('link', { name: 'Open the kept answer' }).click()
    await page.waitForURL('**/steer/*')
    await page.getByRole('button', { name: 'Run again' }).click()
    await page.getByText('The same, token for token.').waitFor({ timeout: STEER_MS })
    expect(errors).toEqual([])
  }, 300_000)

  it('steps through features by keys, and labels one', async () => {
    const { id } = await demoDictionary(bench)
    const index = await featureOn(bench, id, 'states')
    await using opened = await openPage(bench, `/dictionaries/${id}/features/${index}`)
    const { page } = opened
    await page.getByRole('button', { name: /label/i }).first().click()
    await page.getByRole('textbox', { name: /^Label of feature/ }).fill('the union')
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { level: 1 }).getByText('the union').waitFor()
    await page.locator('body').click({ position: { x: 2, y: 2 } })
    await page.keyboard.press(']')
    await page.waitForURL(new RegExp(`/features/(?!${index}$)\\d+$`))
    await page.goto(`/dictionaries/${id}?label=union`)
    await page.getByRole('table', { name: 'Features' }).getByText('the union').waitFor()
  }, 120_000)

  it('sees every token of a text with its features, at an address', async () => {
    const { id } = await demoDictionary(bench)
    await using opened = await openPage(bench, `/prompt?dictionaries=${id}&text=${encodeURIComponent(SENTENCE)}`)
    const rows = opened.page.getByRole('list', { name: 'Tokens with their strongest features' })
    await rows.waitFor({ timeout: 60_000 })
    expect(await rows.innerText()).toMatch(/Constitution/)
    expect(await rows.getByRole('button').count()).toBeGreaterThan(5)
  }, 120_000)

  it('goes back from an address to the same sorted table', async () => {
    const { id } = await demoDictionary(bench)
    await using opened = await openPage(bench, `/dictionaries/${id}?sort=density.desc`)
    const { page } = opened
    const table = page.getByRole('table', { name: 'Features' })
    await table.locator('[data-row]').first().waitFor()
    await page.getByRole('button', { name: /^Sort by largest activation/i }).click()
    await page.waitForURL(/sort=max/)
    const params = { path: { id }, query: { sort: 'max' as const, order: 'desc' as const, limit: 1 } }
    const { features } = await ok(bench.workbench.api.GET('/api/v1/dictionaries/{id}/features', { params }))
    const first = async () => (await table.locator('[data-row="0"]').innerText()).split(/\s/)[0]
    await expect.poll(first, { timeout: 20_000 }).toBe(String(features[0]!.index))
    await page.reload()
    await expect.poll(first, { timeout: 20_000 }).toBe(String(features[0]!.index))
    expect(await textOf(page)).toContain('512')
  }, 120_000)
}
