import { expect, it } from 'vitest'
import { ok } from '../../lib/api/client/client'
import { openPage, type Bench } from './bench'

export function describeSweep(bench: Bench): void {
  it('started from its form is followed to its end, and two of its dictionaries are compared', async () => {
    const { api } = bench.workbench
    const { harvests } = await ok(api.GET('/api/v1/harvests'))
    await using opened = await openPage(bench, `/sweeps/new?harvest=${harvests[0]!.id}&batchSize=256`)
    const { page, errors } = opened
    await page.getByRole('textbox', { name: /^d_sae/ }).fill('128')
    await page.getByRole('textbox', { name: /^k\b/ }).fill('8')
    await page.getByRole('textbox', { name: /^tokens/ }).fill('5k')
    await page.getByRole('button', { name: 'Start 2 runs' }).click({ timeout: 30_000 })
    await page.waitForURL(/\/sweeps\/[0-9a-f-]{36}$/)
    const id = page.url().split('/').at(-1)!
    const finished = async () => {
      return (await ok(api.GET('/api/v1/sweeps/{id}', { params: { path: { id } } }))).sweep.runs.finished
    }
    await expect.poll(finished, { timeout: 120_000 }).toBe(2)
    await page.getByRole('group', { name: /^Explained variance against L0/ }).waitFor()
    for (const box of await page.getByRole('checkbox').all()) await box.check({ timeout: 20_000 })
    await page.getByRole('link', { name: 'Compare', exact: true }).click()
    await page.waitForURL(/\/compare\?/)
    await page.getByText(/features are each other’s best match/).waitFor({ timeout: 60_000 })
    expect(errors).toEqual([])
  }, 240_000)
}
